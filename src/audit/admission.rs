//! What the two rules about admissions share: finding them in cells, beyond the template and on alert pages.

use crate::audit::Fleet;
use crate::audit::place::{Asked, locate, quoted, some_of};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::document::Document;
use crate::model::id::Id;
use crate::model::runbook::{ALERT_SECTIONS, Home, Part};
use crate::model::state::State;
use crate::model::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Every admission of one state: an error in a section, a warning beyond the template.
pub fn admitted(fleet: &Fleet, rule: &Rule, state: State, admits: &str, help: &str) -> Vec<Diagnostic> {
    let mut found = in_sections(fleet, rule, state, admits, help);
    for (runbook, service) in fleet.counted() {
        let document = &*runbook.document;
        let whose = service.map_or(&*document.origin.repo, |s| &s.name);
        let mut say = |severity, what: &str, place: Location, quote: &str| {
            let said = rule.says(format!("{whose}: {what} {admits}{}", quoted(quote)), Some(place), help);
            let said = service.map_or(said.clone(), |s| said.about(&s.id));
            found.push(Diagnostic { severity, ..said });
        };
        let mut told = BTreeSet::new();
        for alert in &runbook.alerts {
            for (answer, (_, title)) in alert.answers.iter().zip(ALERT_SECTIONS).filter(|(a, _)| a.state == state) {
                let evidence = answer.evidence.first();
                let place = evidence
                    .map_or_else(|| Location::line(document.origin.clone(), alert.line), |e| locate(document, e.span));
                told.insert(place.line);
                let quote = evidence.map(|e| e.text.as_str()).unwrap_or_default();
                say(rule.severity, &format!("{title} of alert {}", alert.name), place, quote);
            }
        }
        for part in runbook.parts.iter().filter(|p| p.home == Home::Beyond && p.state == state) {
            let heading = part.heading.and_then(|h| document.headings.get(h.at()));
            let line = telling_line(fleet, document, part, state);
            let (title, place) = (heading.map_or(runbook.title.as_str(), |h| &h.title), locate(document, line));
            if !told.contains(&place.line) {
                say(Severity::Warning, title, place, line.of(&document.text));
            }
        }
    }
    found
}

/// Admissions in cells. Words under a parent reach several sections and are one admission all the same.
fn in_sections(fleet: &Fleet, rule: &Rule, state: State, admits: &str, help: &str) -> Vec<Diagnostic> {
    let mut places: BTreeMap<(Option<Location>, &Id), Vec<Asked>> = BTreeMap::new();
    for asked in fleet.asked().filter(|a| a.cell.state == state && !a.cell.waived) {
        places.entry((asked.place(), &asked.service.id)).or_default().push(asked);
    }
    let say = |asked: Vec<Asked>| {
        let titles: Vec<String> = asked.iter().map(|a| a.section.title.clone()).collect();
        let first = &asked[0];
        let message = format!("{}: {} {admits}{}", first.service.name, some_of(&titles), first.quote());
        first.says(rule, message, help)
    };
    places.into_values().map(say).collect()
}

/// The line of a part that admits it: the first that holds one of the state's phrases, else its first line.
fn telling_line(fleet: &Fleet, document: &Document, part: &Part, state: State) -> Span {
    let phrases = fleet.config.knowledge.vocabulary.phrases.get(state.id()).map(Vec::as_slice).unwrap_or_default();
    let text = part.span.of(&document.text);
    let start = part.span.start as usize;
    let lines = || {
        text.lines().filter(|line| !line.trim().is_empty()).map(move |line| {
            let line = line.trim();
            let at = start + (line.as_ptr() as usize - text.as_ptr() as usize);
            Span::new(at, at + line.len())
        })
    };
    let tells = |span: &Span| {
        let line = span.of(&document.text).to_lowercase();
        phrases.iter().any(|phrase| line.contains(phrase.as_str()))
    };
    lines().find(tells).or_else(|| lines().next()).unwrap_or(Span::new(start, start))
}

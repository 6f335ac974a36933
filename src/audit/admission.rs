//! What the two rules about admissions share: finding them in cells, beyond the template and on alert pages.

use crate::audit::Fleet;
use crate::audit::place::{locate, quoted};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::document::Document;
use crate::model::runbook::{ALERT_SECTIONS, Home, Part};
use crate::model::state::State;
use crate::model::text::Span;

/// Every admission of one state: an error in a section, a warning beyond the template.
pub fn admitted(fleet: &Fleet, rule: &Rule, state: State, admits: &str, help: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for asked in fleet.asked().filter(|a| a.cell.state == state && !a.cell.waived) {
        let message = format!("{}: {} {admits}{}", asked.service.name, asked.section.title, asked.quote());
        found.push(asked.says(rule, message, help));
    }
    for (runbook, service) in fleet.counted() {
        let document = &*runbook.document;
        let whose = service.map_or(&*document.origin.repo, |s| &s.name);
        let mut say = |severity, what: &str, place: Option<Location>, quote: &str| {
            let said = rule.says(format!("{whose}: {what} {admits}{}", quoted(quote)), place, help);
            let said = service.map_or(said.clone(), |s| said.about(&s.id));
            found.push(Diagnostic { severity, ..said });
        };
        for part in runbook.parts.iter().filter(|p| p.home == Home::Beyond && p.state == state) {
            let heading = part.heading.and_then(|h| document.headings.get(h.at()));
            let line = telling_line(fleet, document, part, state);
            let title = heading.map_or(runbook.title.as_str(), |h| h.title.as_str());
            say(Severity::Warning, title, Some(locate(document, line)), line.of(&document.text));
        }
        for alert in &runbook.alerts {
            for (answer, (_, title)) in alert.answers.iter().zip(ALERT_SECTIONS).filter(|(a, _)| a.state == state) {
                let evidence = answer.evidence.first();
                let place = evidence
                    .map_or_else(|| Location::line(document.origin.clone(), alert.line), |e| locate(document, e.span));
                let quote = evidence.map(|e| e.text.as_str()).unwrap_or_default();
                say(rule.severity, &format!("{title} of alert {}", alert.name), Some(place), quote);
            }
        }
    }
    found
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

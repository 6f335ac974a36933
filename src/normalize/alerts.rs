//! Alert pages: one alert a page, or many, each with meaning, impact, diagnosis and mitigation.

use super::Reading;
use super::answer::{Asked, verdict};
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;
use super::substance;
use super::units::Unit;
use crate::model::id::HeadingIx;
use crate::model::runbook::{ALERT_SECTIONS, AlertAnswer, AlertEntry};
use crate::model::state::{State, Substance};
use crate::model::text::Span;

/// The alerts a document describes; empty for anything that is no alert page.
pub fn alerts(reading: &Reading) -> Vec<AlertEntry> {
    let document = reading.document;
    let lexicon = &reading.reader.lexicon;
    let named = |(at, h): (usize, &crate::model::document::Heading)| {
        let answered =
            || h.title.len() <= 60 && has_alert_headings(reading, at + 1, (at + 5).min(reading.titles.len()));
        alert_name(&h.title, answered, lexicon).map(|name| (at, name))
    };
    let mut entries: Vec<(usize, String)> = document.headings.iter().enumerate().filter_map(named).collect();
    // Beside a name that is clearly an alert's, a shorter one is as well: "RedisDown" above "RedisOutOfMemory".
    if let Some(level) = entries.iter().map(|&(at, _)| document.headings[at].level).min() {
        let short = |(at, h): (usize, &crate::model::document::Heading)| {
            let known = entries.iter().any(|&(e, _)| e == at) || h.level != level;
            alert_name(&h.title, || true, lexicon).filter(|_| !known).map(|name| (at, name))
        };
        let more: Vec<_> = document.headings.iter().enumerate().filter_map(short).collect();
        entries.extend(more);
        entries.sort();
    }
    // Names below another alert's heading belong to it ("Related: OtherAlert").
    let level = entries.iter().map(|&(at, _)| document.headings[at].level).min().unwrap_or(1);
    entries.retain(|&(at, _)| document.headings[at].level == level);
    if entries.is_empty() {
        let several = by_their_questions(reading);
        return if several.len() > 1 { several } else { single_by_form(reading) };
    }
    let titled = entries.len() == 1 && entries[0].0 == 0;
    let answered = |&(at, _): &(usize, String)| {
        has_alert_headings(reading, at, end_of(reading, at)) || !reading.units_under(Some(at.into())).is_empty()
    };
    if titled && !has_alert_headings(reading, 0, document.headings.len()) {
        return Vec::new();
    }
    if !titled && entries.iter().filter(|e| answered(e)).count() * 2 < entries.len() {
        return Vec::new();
    }
    entries.into_iter().map(|(at, name)| entry(reading, at, end_of(reading, at), name)).collect()
}

/// `KubePodNotReady`, `Alert Name: "KubePodNotReady"`, `BOOKING_QUEUE_FULL`: one word that is clearly a made-up name.
fn alert_name(title: &str, answered: impl Fn() -> bool, lexicon: &Lexicon) -> Option<String> {
    let named =
        title.split_once(':').filter(|(label, _)| lexicon.is(List::AlertLabel, &fold(label))).map(|(_, name)| name);
    let word = named.unwrap_or(title).trim().trim_matches(['"', '`', '\'', '*', '“', '”']);
    if word.is_empty() || word.contains(char::is_whitespace) || word.len() > 120 {
        return None;
    }
    let humps = word.chars().filter(|c| c.is_uppercase()).count();
    let camel = humps >= 2
        && word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
        && word.chars().all(|c| c.is_alphanumeric())
        // "etcdNoLeader": a product's own small letters open the name.
        && (word.chars().next().is_some_and(char::is_uppercase) || answered());
    let shouting = word.matches('_').count() >= 1
        && word.len() > 6
        && word.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit());
    (camel && (named.is_some() || humps >= 3 || word.len() > 10 || answered())
        || shouting
        || named.is_some() && word.len() > 3)
        .then(|| word.to_owned())
}

fn end_of(reading: &Reading, at: usize) -> usize {
    let headings = &reading.document.headings;
    (at + 1..headings.len()).find(|&h| headings[h].level <= headings[at].level).unwrap_or(headings.len())
}

/// Which of the four a heading is, by the alert form's file.
fn question(reading: &Reading, at: usize) -> Option<usize> {
    question_of(reading, reading.titles[at].forms)
}

/// The same for the entries of forms that some words are.
fn question_of(reading: &Reading, entries: &[(usize, usize)]) -> Option<usize> {
    let &(form, entry) = entries.iter().find(|(form, _)| Some(*form) == reading.reader.alert_form)?;
    let id = reading.reader.knowledge.forms[form].headings[entry].sections.first()?;
    ALERT_SECTIONS.iter().position(|(section, _)| section == id)
}

fn has_alert_headings(reading: &Reading, from: usize, to: usize) -> bool {
    let mut seen = [false; 4];
    for at in from..to {
        if let Some(q) = question(reading, at) {
            seen[q] = true;
        }
    }
    seen.iter().filter(|s| **s).count() >= 2
}

/// Headings that each have the form's headings right below them: "Disk nearly full" with its own meaning and mitigation.
fn by_their_questions(reading: &Reading) -> Vec<AlertEntry> {
    let headings = &reading.document.headings;
    let asks = |at: usize| question(reading, at).is_some();
    let mut below = vec![0; headings.len()];
    for (at, heading) in headings.iter().enumerate().filter(|(at, _)| asks(*at)) {
        if let Some(parent) = heading.parent.filter(|p| p.at() < at && !asks(p.at())) {
            below[parent.at()] += 1;
        }
    }
    let named = (0..headings.len()).filter(|&at| below[at] >= 2);
    named.map(|at| entry(reading, at, end_of(reading, at), headings[at].title.clone())).collect()
}

/// A page with the form's headings whose alert is named by its file or title.
fn single_by_form(reading: &Reading) -> Vec<AlertEntry> {
    let document = reading.document;
    let exact = reading
        .titles
        .iter()
        .filter(|title| matches!(title.folded.trim(), "meaning" | "impact" | "diagnosis" | "mitigation"))
        .count();
    // Other words for the questions do where one of them asks about this alert.
    let asked = (0..document.headings.len()).filter_map(|at| question(reading, at));
    let asked: std::collections::BTreeSet<usize> = asked.collect();
    let of_alert = || {
        let about = |at: usize| reading.titles[at].folded.contains(" alert ") && question(reading, at).is_some();
        (0..reading.titles.len()).any(about)
    };
    if exact < 3 && !(asked.len() >= 3 && of_alert()) {
        return Vec::new();
    }
    let stem = document.origin.file_name().split('.').next().unwrap_or_default();
    let name = alert_name(stem, || true, &reading.reader.lexicon).unwrap_or_else(|| document.headings[0].title.clone());
    vec![entry(reading, 0, document.headings.len(), name)]
}

fn entry(reading: &Reading, from: usize, to: usize, name: String) -> AlertEntry {
    let document = reading.document;
    let mut units: [Vec<&Unit>; 4] = Default::default();
    let mut heads: [Option<HeadingIx>; 4] = [None; 4];
    let mut current = None;
    for at in from..to {
        let ix = HeadingIx::from(at);
        let own = if at == from { None } else { question(reading, at) };
        if own.is_some() {
            current = own;
        }
        let Some(q) = current.or((at == from).then_some(0)) else { continue };
        // What stands under the alert's own name says what it means; deeper headings follow the one above them.
        let question = if at == from { 0 } else { q };
        if at != from {
            heads[question] = heads[question].or(Some(ix));
        }
        units[question].extend(reading.units_under(Some(ix)));
    }
    if heads[0].is_some() {
        // A heading of its own says what it means; above it stand labels and links.
        let own = reading.units_under(Some(HeadingIx::from(from))).len();
        units[0].drain(..own.min(units[0].len()));
    }
    // One list may say it all: "+ *Severity*: critical", "+ *Action*: check the job".
    for unit in std::mem::take(&mut units[0]) {
        let forms = |_| reading.reader.headings.forms(unit.label_folded());
        let labelled = unit.label.map(forms).and_then(|entries| question_of(reading, entries));
        units[labelled.unwrap_or(0)].push(unit);
    }
    let answers = std::array::from_fn(|q| answer(reading, q, &units[q], heads[q]));
    let heading = &document.headings[from];
    let end = if to > from { document.headings[to - 1].body.end } else { heading.body.end };
    AlertEntry {
        name,
        line: document.line(heading.span.start),
        heading: Some(HeadingIx::from(from)),
        span: Span { start: heading.body.start, end },
        answers,
    }
}

fn answer(reading: &Reading, question: usize, units: &[&Unit], heading: Option<HeadingIx>) -> AlertAnswer {
    if units.is_empty() && heading.is_none() {
        return AlertAnswer {
            state: State::Missing,
            confidence: 0.8,
            substance: Substance::Prose,
            heading: None,
            evidence: vec![],
        };
    }
    let asked = Asked { questions_answer: question > 1, ..Asked::default() };
    let mut verdict = verdict(units, asked, &reading.reader.lexicon);
    // "No water at the inlet" is what an alert means, not the absence of a meaning; only an impact can be none.
    let says_what = question != 1 && author_words(units) > 2;
    if verdict.state == State::AnsweredAbsent && says_what {
        verdict.state = State::Answered;
    }
    let author: Vec<&Unit> = units.iter().copied().filter(|u| !u.residue).collect();
    AlertAnswer {
        state: verdict.state,
        confidence: 0.9 * verdict.clear,
        substance: substance::of(&author, &reading.reader.lexicon),
        heading,
        evidence: verdict.decisive.iter().take(3).map(|&at| reading.evidence(units[at])).collect(),
    }
}

fn author_words(units: &[&Unit]) -> usize {
    units.iter().filter(|u| !u.residue).map(|u| u.words()).sum()
}

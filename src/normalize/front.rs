//! Front matter that answers a section: "owner: Team Front" is a line a reader can quote.

use super::Reading;
use super::answer::verdict;
use super::fold::fold;
use super::lists::List;
use super::matching::Aim;
use super::sections::{Found, Place, asked, candidate};
use crate::model::document::Field;
use crate::model::id::SectionIx;
use crate::model::state::Reached;
use crate::model::text::Span;

/// Adds what the fields of the front matter answer.
pub fn fields(reading: &Reading, found: &mut Found) {
    let Some(front) = &reading.document.front_matter else { return };
    for field in front.fields.iter().take(100) {
        let Some(section) = section(reading, field) else { continue };
        let (Some(value), Some(span)) = (words(field), place(reading, front.span, &field.key)) else { continue };
        let unit = super::parts::unit(reading, span, None, value);
        let units = [&unit];
        let place =
            Place { heading: None, units: &units, reached: Reached::Alias, inherited: false, weight: 0, fit: 1.0 };
        let verdict = verdict(&units, asked(reading, section), &reading.reader.lexicon);
        let mut candidate = candidate(reading, section, &place, verdict);
        // The line as it stands there, with its key.
        let line = super::parts::unit(reading, span, None, span.of(&reading.document.text).to_owned());
        candidate.evidence = vec![reading.evidence(&line)];
        found.push(candidate);
    }
}

/// The section a field answers, of those whose label counts wherever it stands.
fn section(reading: &Reading, field: &Field) -> Option<SectionIx> {
    let template = &reading.reader.knowledge.template;
    let lexicon = &reading.reader.lexicon;
    let key = fold(&field.key);
    if lexicon.is(List::OwnerField, &key) {
        return template.section("service-owner");
    }
    let aims = reading.reader.headings.exactly_folded(&key).iter();
    aims.filter_map(|m| if let Aim::Section(section) = m.aim { Some(section) } else { None })
        .find(|s| lexicon.list(List::LabelAnywhere).contains(&template[*s].id))
}

/// A field's words: one value or a list of them.
fn words(field: &Field) -> Option<String> {
    let value = match &field.value {
        serde_json::Value::String(value) => value.trim().to_owned(),
        serde_json::Value::Array(list) => list.iter().filter_map(|v| v.as_str()).collect::<Vec<_>>().join(", "),
        _ => return None,
    };
    (!value.is_empty()).then_some(value)
}

/// Where a field stands: its line and those that belong to it.
fn place(reading: &Reading, front: Span, key: &str) -> Option<Span> {
    let text = front.of(&reading.document.text);
    let mut at = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let inner = line.starts_with([' ', '\t', '-', ']']);
        if let Some(start) = start.filter(|_| !inner || line.starts_with("---")) {
            return Some(Span::new(front.start as usize + start, front.start as usize + at));
        }
        if start.is_none() && line.trim_start_matches(['"', '\'']).starts_with(key) {
            start = Some(at);
        }
        at += line.len();
    }
    None
}

//! The author's voice: waivers and verified notes in comments; one that is not whole is a diagnostic.

use super::Reading;
use crate::model::diagnostic::{Diagnostic, Location, Rule};
use crate::model::document::Note;
use crate::model::id::{HeadingIx, SectionIx};
use crate::model::stated::{Verification, Waiver};
use jiff::civil::Date;

/// Rules spoken here.
pub const RULES: &[Rule] = &[INCOMPLETE_WAIVER, INCOMPLETE_VERIFICATION, UNKNOWN_NOTE];

const INCOMPLETE_WAIVER: Rule = Rule {
    id: "waiver-incomplete",
    severity: crate::model::diagnostic::Severity::Warning,
    summary: "a waiver lacks its reason, its date or its owner, and does nothing",
};
const INCOMPLETE_VERIFICATION: Rule = Rule {
    id: "verified-incomplete",
    severity: crate::model::diagnostic::Severity::Warning,
    summary: "a verified note lacks its date, its person or its evidence, and does nothing",
};
const UNKNOWN_NOTE: Rule = Rule {
    id: "note-unknown",
    severity: crate::model::diagnostic::Severity::Warning,
    summary: "an opsbook comment says nothing that opsbook understands",
};

/// What a document's comments say to us.
#[derive(Default)]
pub struct Notes {
    pub waivers: Vec<Waiver>,
    pub verifications: Vec<Verification>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads every `<!-- opsbook: ... -->` of a document.
pub fn notes(reading: &Reading) -> Notes {
    let mut found = Notes::default();
    for note in &reading.document.notes {
        match note.verb.as_str() {
            "" | "template" => claim(reading, note, &mut found),
            "accepted" | "not-applicable" => waiver(reading, note, &mut found),
            "verified" => verification(reading, note, &mut found),
            verb => {
                let known = ["accepted", "not-applicable", "verified", "section"];
                let near = known
                    .iter()
                    .min_by_key(|k| strsim::levenshtein(k, verb))
                    .filter(|k| strsim::levenshtein(k, verb) <= 3);
                let mean = near.map_or_else(String::new, |k| format!("; did you mean `{k}`?"));
                let message = format!("opsbook does not know `{verb}` in a comment{mean}");
                let help =
                    "write `section=ID`, `accepted ...`, `not-applicable ...` or `verified ...` behind `opsbook:`";
                found.diagnostics.push(UNKNOWN_NOTE.says(message, Some(at(reading, note)), help));
            }
        }
    }
    found
}

fn at(reading: &Reading, note: &Note) -> Location {
    let document = reading.document;
    let span = document.map.back_span(note.span);
    Location::span(document.origin.clone(), &document.source, &document.lines, span)
}

fn claim(reading: &Reading, note: &Note, found: &mut Notes) {
    let Some(ids) = note.get("section") else { return };
    for id in ids.split([',', ';', ' ']).map(str::trim).filter(|id| !id.is_empty()) {
        if reading.reader.knowledge.template.section(id).is_none() {
            let help = nearest_section(reading, id);
            found.diagnostics.push(UNKNOWN_NOTE.says(
                format!("no section is called `{id}`"),
                Some(at(reading, note)),
                help,
            ));
        }
    }
}

fn nearest_section(reading: &Reading, id: &str) -> String {
    let sections = &reading.reader.knowledge.template.sections;
    let near = sections.iter().min_by_key(|s| strsim::levenshtein(&s.id, id));
    near.map_or_else(String::new, |s| format!("use a section's id, such as `{}`", s.id))
}

/// The sections a note names, commas between them, else the one its heading answers; none where a name is unknown.
fn sections(reading: &Reading, note: &Note) -> Vec<SectionIx> {
    let Some(ids) = note.get("section") else {
        let of = |heading: HeadingIx| reading.aims[heading.at()].sections().next().map(|(s, _)| s);
        return note.heading.and_then(|h| of(h).or_else(|| label_at(reading, note))).into_iter().collect();
    };
    let named = ids.split([',', ';', ' ']).map(str::trim).filter(|id| !id.is_empty());
    named.map(|id| reading.reader.knowledge.template.section(id)).collect::<Option<_>>().unwrap_or_default()
}

/// What a note without a section lacks: a heading that answers one, or a name that is known.
fn lacks_section(note: &Note) -> String {
    note.get("section").map_or_else(|| "a section".to_owned(), |ids| format!("a section we know (`{ids}` is none)"))
}

/// A note inside a labelled bullet speaks for the label.
fn label_at(reading: &Reading, note: &Note) -> Option<SectionIx> {
    let unit = reading.units.iter().rfind(|u| u.heading == note.heading && u.span.start <= note.span.start)?;
    let (label, _) = super::labels::label_of(unit)?;
    reading.reader.headings.exactly(label).iter().find_map(|m| match m.aim {
        super::matching::Aim::Section(s) => Some(s),
        _ => None,
    })
}

fn date(text: Option<&str>) -> Option<Date> {
    text?.parse().ok()
}

fn waiver(reading: &Reading, note: &Note, found: &mut Notes) {
    let text = |key: &str| note.get(key).map(str::trim).filter(|v| !v.is_empty());
    let (sections, reason, until, owner) =
        (sections(reading, note), text("reason"), date(note.get("until")), text("owner"));
    if let ([_, ..], Some(reason), Some(until), Some(owner)) = (&sections[..], reason, until, owner) {
        found.waivers.extend(sections.into_iter().map(|section| Waiver {
            section,
            not_applicable: note.verb == "not-applicable",
            reason: reason.to_owned(),
            until,
            owner: owner.to_owned(),
            line: reading.document.line(note.span.start),
        }));
        return;
    }
    let lacks = [
        (&*lacks_section(note), sections.is_empty()),
        ("a reason", reason.is_none()),
        ("a date (until=YYYY-MM-DD)", until.is_none()),
        ("an owner", owner.is_none()),
    ];
    found.diagnostics.push(incomplete(&INCOMPLETE_WAIVER, "waiver", &lacks, reading, note));
}

fn verification(reading: &Reading, note: &Note, found: &mut Notes) {
    let text = |key: &str| note.get(key).map(str::trim).filter(|v| !v.is_empty());
    let own = |e: &&str| {
        let own_path = reading.document.origin.file_name();
        *e != own_path && !e.ends_with(&format!("/{own_path}"))
    };
    let (sections, on, by, evidence) =
        (sections(reading, note), date(note.get("on")), text("by"), text("evidence").filter(own));
    if let ([_, ..], Some(on), Some(by), Some(evidence)) = (&sections[..], on, by, evidence) {
        let line = reading.document.line(note.span.start);
        let one = |section| Verification { section, on, by: by.to_owned(), evidence: evidence.to_owned(), line };
        found.verifications.extend(sections.into_iter().map(one));
        return;
    }
    let lacks = [
        (&*lacks_section(note), sections.is_empty()),
        ("a date (on=YYYY-MM-DD)", on.is_none()),
        ("a name (by=...)", by.is_none()),
        ("evidence that is not the runbook itself", evidence.is_none()),
    ];
    found.diagnostics.push(incomplete(&INCOMPLETE_VERIFICATION, "verified note", &lacks, reading, note));
}

fn incomplete(rule: &Rule, what: &str, lacks: &[(&str, bool)], reading: &Reading, note: &Note) -> Diagnostic {
    let missing: Vec<&str> = lacks.iter().filter(|l| l.1).map(|l| l.0).collect();
    let message = format!("this {what} does nothing: it lacks {}", missing.join(" and "));
    rule.says(
        message,
        Some(at(reading, note)),
        "add what is missing; a decision nobody signed and dated is no decision",
    )
}

//! How one document is read: for a person as a table with the words behind it, for a program as JSON.

use super::harmless;
use super::underline::underlined;
use crate::model::config::Knowledge;
use crate::model::document::Document;
use crate::model::id::{HeadingIx, Id, SectionIx};
use crate::model::runbook::{ALERT_SECTIONS, AlertEntry, Candidate, Evidence, Home, Part, Runbook};
use crate::model::state::{Class, Kind, Reached, State, Substance};
use crate::model::stated::TargetType;
use crate::model::text::Span;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize, JsonSchema)]
struct Reading<'a> {
    schema: u32,
    path: &'a str,
    kind: Kind,
    service: Option<Service>,
    owners: Vec<Owner<'a>>,
    dependencies: Vec<Dependency<'a>>,
    sections: Vec<Section<'a>>,
    alerts: Vec<Alert<'a>>,
    unmapped: Vec<Unmapped<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Service {
    id: Id,
    name: String,
    /// 0 where the path says it.
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct Owner<'a> {
    name: &'a str,
    contact: &'a [String],
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct Dependency<'a> {
    name: &'a str,
    id: &'a Id,
    #[serde(rename = "type")]
    target: TargetType,
    purpose: Option<&'a str>,
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct Section<'a> {
    id: &'a str,
    state: State,
    confidence: Option<f64>,
    substance: Option<Substance>,
    heading: Option<&'a str>,
    line: Option<u32>,
    inherited: bool,
    evidence: Vec<Words<'a>>,
    #[serde(skip)]
    reached: Option<Reached>,
}

#[derive(Serialize, JsonSchema)]
struct Words<'a> {
    line: u32,
    text: &'a str,
    #[serde(skip)]
    span: Span,
}

#[derive(Serialize, JsonSchema)]
struct Alert<'a> {
    name: &'a str,
    line: u32,
    sections: Vec<Section<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Unmapped<'a> {
    heading: &'a str,
    line: u32,
    state: State,
    nearest: Option<&'a str>,
}

/// The readings of files as the JSON that other programs rely on: an array, one object a file.
pub fn explain_json(files: &[(&str, &Runbook)], knowledge: &Knowledge) -> String {
    let readings: Vec<Reading> = files.iter().map(|(path, runbook)| reading(path, runbook, knowledge)).collect();
    serde_json::to_string_pretty(&readings).unwrap_or_default() + "\n"
}

/// The shape of what `explain --format json` prints.
pub fn explain_schema() -> schemars::Schema {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<Vec<Reading>>()
}

fn reading<'a>(path: &'a str, runbook: &'a Runbook, knowledge: &'a Knowledge) -> Reading<'a> {
    let alert_page = runbook.kind == Kind::Alert;
    let sections = match (&runbook.alerts[..], alert_page) {
        ([only], true) => of_alert(only, &runbook.document),
        ([], true) => ALERT_SECTIONS.map(|(id, _)| missing(id)).into(),
        (_, true) => Vec::new(),
        _ => knowledge.template.all().map(|section| of_template(section, runbook, knowledge)).collect(),
    };
    let several = !alert_page || runbook.alerts.len() > 1;
    let alerts = runbook.alerts.iter().filter(|_| several).map(|alert| Alert {
        name: &alert.name,
        line: alert.line,
        sections: of_alert(alert, &runbook.document),
    });
    let owners = runbook.owners.iter().map(|o| Owner { name: &o.name, contact: &o.contacts, line: o.line });
    let dependencies = runbook.dependencies.iter().map(|d| Dependency {
        name: &d.name,
        id: &d.id,
        target: d.target,
        purpose: d.purpose.as_deref(),
        line: d.line,
    });
    Reading {
        schema: 1,
        path,
        kind: runbook.kind,
        service: service(runbook),
        owners: owners.collect(),
        dependencies: dependencies.collect(),
        sections,
        alerts: alerts.collect(),
        unmapped: unmapped(runbook, knowledge),
    }
}

/// The service a document speaks for, as far as it alone tells: by its words, else by its place.
fn service(runbook: &Runbook) -> Option<Service> {
    let placed = matches!(runbook.kind, Kind::Service | Kind::Procedure | Kind::Alert);
    let place = || runbook.place.clone().filter(|_| placed).map(|place| (place, 0));
    let (name, line) = runbook.name.as_ref().map(|name| (name.text.clone(), name.line)).or_else(place)?;
    Some(Service { id: Id::of(&name), name, line })
}

fn unmapped<'a>(runbook: &'a Runbook, knowledge: &'a Knowledge) -> Vec<Unmapped<'a>> {
    // A heading that only groups others ("Optional") says nothing that could be mapped.
    let groups = |part: &Part| {
        let children = |h: HeadingIx| runbook.document.children(h).next().is_some();
        part.state == State::Empty && part.heading.is_some_and(children)
    };
    let beyond = runbook.parts.iter().filter(|part: &&Part| part.home == Home::Beyond && !groups(part));
    let each = beyond.map(|part| Unmapped {
        heading: title(&runbook.document, part.heading).unwrap_or_default(),
        line: place(&runbook.document, part.heading).unwrap_or_else(|| runbook.document.line(part.span.start)),
        state: part.state,
        nearest: part.nearest.map(|section| knowledge.template[section].id.as_str()),
    });
    each.collect()
}

fn title(document: &Document, heading: Option<HeadingIx>) -> Option<&str> {
    heading.map(|h| document.headings[h.at()].title.as_str())
}

fn place(document: &Document, heading: Option<HeadingIx>) -> Option<u32> {
    heading.map(|h| document.line(document.headings[h.at()].span.start))
}

fn words(evidence: &[Evidence]) -> Vec<Words<'_>> {
    evidence.iter().map(|e| Words { line: e.line, text: &e.text, span: e.span }).collect()
}

/// Two digits say all a confidence has to say.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 100.0).round() / 100.0
}

fn missing(id: &str) -> Section<'_> {
    let (state, evidence) = (State::Missing, Vec::new());
    let (confidence, substance, heading, line, reached) = (None, None, None, None, None);
    Section { id, state, confidence, substance, heading, line, inherited: false, evidence, reached }
}

fn of_template<'a>(section: SectionIx, runbook: &'a Runbook, knowledge: &'a Knowledge) -> Section<'a> {
    let id = knowledge.template[section].id.as_str();
    let Some(best): Option<&Candidate> = runbook.answers(section).first() else { return missing(id) };
    Section {
        id,
        state: best.state,
        confidence: Some(rounded(best.confidence)),
        substance: Some(best.substance),
        heading: title(&runbook.document, best.heading),
        line: place(&runbook.document, best.heading).or(best.evidence.first().map(|e| e.line)),
        inherited: best.inherited,
        evidence: words(&best.evidence),
        reached: Some(best.reached),
    }
}

fn of_alert<'a>(alert: &'a AlertEntry, document: &'a Document) -> Vec<Section<'a>> {
    let each = ALERT_SECTIONS.iter().zip(&alert.answers).map(|((id, _), answer)| {
        if answer.state == State::Missing {
            return missing(id);
        }
        Section {
            id,
            state: answer.state,
            confidence: Some(rounded(answer.confidence)),
            substance: Some(answer.substance),
            heading: title(document, answer.heading),
            line: place(document, answer.heading).or(answer.evidence.first().map(|e| e.line)),
            inherited: false,
            evidence: words(&answer.evidence),
            reached: None,
        }
    });
    each.collect()
}

/// The reading of a file for a person: what it is, each section with its state, and the decisive words underlined.
pub fn explain_human(path: &str, runbook: &Runbook, knowledge: &Knowledge, colour: bool) -> String {
    let reading = reading(path, runbook, knowledge);
    let paint = |code: &str, text: &str| if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let mut text = format!("{}: {}\n", paint("1", &harmless(path)), reading.kind.id());
    match &reading.service {
        Some(Service { name, line: 0, .. }) => _ = writeln!(text, "  service  {} (by its place)", harmless(name)),
        Some(service) => _ = writeln!(text, "  service  {} (line {})", harmless(&service.name), service.line),
        None => text.push_str("  service  none named\n"),
    }
    for owner in &reading.owners {
        let contact = owner.contact.join(", ");
        let dash = if contact.is_empty() { "" } else { " - " };
        _ = writeln!(text, "  owner    {}{dash}{} (line {})", harmless(owner.name), harmless(&contact), owner.line);
    }
    for needed in &reading.dependencies {
        let purpose = needed.purpose.map_or_else(String::new, |purpose| format!(": {purpose}"));
        _ = writeln!(text, "  needs    {}{} (line {})", harmless(needed.name), harmless(&purpose), needed.line);
    }
    text.push('\n');
    let width = reading.sections.iter().map(|s| s.id.len()).max().unwrap_or(0);
    if !reading.sections.is_empty() {
        let head = format!("{:<width$}  {:<16}  sure worth       heading, line, why", "section", "state");
        _ = writeln!(text, "{}", paint("1", &head));
    }
    for section in &reading.sections {
        row(&mut text, section, width, runbook, &paint);
    }
    for alert in &reading.alerts {
        _ = writeln!(text, "\n{} (line {})", paint("1", &harmless(alert.name)), alert.line);
        for section in &alert.sections {
            row(&mut text, section, 10, runbook, &paint);
        }
    }
    if !reading.unmapped.is_empty() {
        _ = writeln!(text, "\n{}", paint("1", "Beyond the template"));
    }
    for part in &reading.unmapped {
        let nearest = part.nearest.map_or_else(String::new, |id| format!(", nearest {id}"));
        let heading = if part.heading.is_empty() { "(no heading)" } else { part.heading };
        _ = writeln!(text, "  {} (line {}): {}{nearest}", harmless(heading), part.line, part.state.id());
    }
    notes(&mut text, runbook, knowledge, &paint);
    text
}

/// What the author says to us in comments, as far as it is whole; what is not is a finding.
fn notes(text: &mut String, runbook: &Runbook, knowledge: &Knowledge, paint: &dyn Fn(&str, &str) -> String) {
    if !(runbook.waivers.is_empty() && runbook.verifications.is_empty()) {
        _ = writeln!(text, "\n{}", paint("1", "The author's notes"));
    }
    let id = |section: SectionIx| &knowledge.template[section].id;
    for w in &runbook.waivers {
        let what = if w.not_applicable { "not applicable" } else { "accepted as it is" };
        let (owner, reason) = (harmless(&w.owner), harmless(&w.reason));
        _ = writeln!(text, "  {} (line {}): {what} until {}, by {owner}: {reason}", id(w.section), w.line, w.until);
    }
    for v in &runbook.verifications {
        let (by, evidence) = (harmless(&v.by), harmless(&v.evidence));
        _ = writeln!(text, "  {} (line {}): verified on {} by {by}: {evidence}", id(v.section), v.line, v.on);
    }
}

fn row(text: &mut String, section: &Section, width: usize, runbook: &Runbook, paint: &dyn Fn(&str, &str) -> String) {
    let code = match section.state.class() {
        Class::Covered => "32",
        Class::Partial => "33",
        Class::Gap => "31",
        Class::Unwritten | Class::Missing => "90",
    };
    let state = paint(code, &format!("{:<16}", section.state.id()));
    _ = write!(text, "{:<width$}  {state}", section.id);
    if let (Some(confidence), Some(substance)) = (section.confidence, section.substance) {
        let substance = format!("{substance:?}").to_lowercase();
        let heading = section.heading.map_or_else(|| "(no heading)".to_owned(), |heading| format!("\"{heading}\""));
        let line = section.line.map_or_else(String::new, |line| format!(" line {line}"));
        let why = match (section.inherited, section.reached) {
            (true, _) | (_, Some(Reached::Inherited)) => ", from its parent",
            (_, Some(Reached::Claimed)) => ", claimed by its author",
            (_, Some(Reached::Heading)) => ", by its heading",
            (_, Some(Reached::Alias)) => ", by an alias",
            (_, Some(Reached::Words)) => ", by its words",
            (_, Some(Reached::Elsewhere)) => ", said elsewhere",
            _ => "",
        };
        _ = write!(text, "  {confidence:.2} {substance:<10}  {}{line}{why}", harmless(&heading));
    }
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
    for evidence in section.evidence.iter().take(1) {
        underlined(text, evidence.span, &runbook.document);
    }
}

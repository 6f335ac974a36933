//! Pages of documents: alerts, notes and other documents to read, and every published document as written.

use crate::model::catalog::{AlertRule, RunbookLead};
use crate::model::diagnostic::Diagnostic;
use crate::model::document::Repair;
use crate::model::id::{HeadingIx, RunbookIx, ServiceIx};
use crate::model::runbook::{ALERT_SECTIONS, AlertEntry};
use crate::model::state::Kind;
use crate::render::address::href;
use crate::render::links;
use crate::render::markdown::{Ids, escape_into};
use crate::render::night::{Contact, Owner, contact, owners};
use crate::render::passages::{Passages, Shown};
use crate::render::views::{Named, Place};
use crate::render::words::{self, Sign};
use crate::render::{Frame, Site};
use serde::Serialize;
use std::collections::HashSet;

#[derive(Serialize)]
struct DocumentView {
    title: String,
    kind: &'static str,
    place: Place,
    service: Option<Named>,
    readable: Option<String>,
    repairs: Vec<&'static str>,
    names: Vec<Named>,
}

fn view(site: &Site, ix: RunbookIx) -> DocumentView {
    let catalog = site.input.catalog;
    let runbook = &catalog[ix];
    let own = catalog.speaks_for[ix.at()];
    DocumentView {
        title: runbook.title.clone(),
        kind: kind(runbook.kind),
        place: site.place(&runbook.document.origin, 0),
        service: own.map(|s| site.service_link(s)),
        readable: links::page_of(site, ix, None),
        repairs: runbook.document.repairs.iter().map(|&r| repair(r)).collect(),
        names: site.named[ix.at()].iter().filter(|&&s| Some(s) != own).map(|&s| site.service_link(s)).collect(),
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Service => "runbook",
        Kind::Procedure => "procedure",
        Kind::Alert => "alerts",
        Kind::Template => "form, not filled in",
        Kind::Notes => "notes",
        Kind::Index => "index",
        Kind::Other => "other",
    }
}

fn kinds(kind: Kind) -> &'static str {
    match kind {
        Kind::Service => "Runbooks",
        Kind::Procedure => "Procedures",
        Kind::Alert => "Alert pages",
        Kind::Template => "Forms, not filled in",
        Kind::Notes => "Notes",
        Kind::Index => "Indexes",
        Kind::Other => "Others",
    }
}

fn repair(repair: Repair) -> &'static str {
    match repair {
        Repair::LineEnds => "line ends made alike",
        Repair::LostNewlines => "lost line breaks put back",
        Repair::HeadingSpace => "headings without a space given one",
        Repair::UnclosedFence => "a code block closed that never ended",
        Repair::UnclosedComment => "a comment closed that never ended",
        Repair::DeepNesting => "nesting too deep to read made flat",
        Repair::BoldHeadings => "bold lines taken as headings",
        Repair::TemplateCode => "template code left as text",
        Repair::PlainOutline => "plain lines taken as headings",
        Repair::Rst => "reStructuredText made readable",
    }
}

#[derive(Serialize)]
struct Listed {
    kind: &'static str,
    count: usize,
    documents: Vec<DocumentView>,
}

/// `documents/`: every document that was read, those that are no runbooks first.
pub fn list(site: &Site) -> (String, Option<Diagnostic>) {
    let order = [Kind::Notes, Kind::Procedure, Kind::Alert, Kind::Index, Kind::Other, Kind::Template, Kind::Service];
    let catalog = site.input.catalog;
    let of = |wanted: Kind| -> Vec<DocumentView> {
        let all = (0..catalog.runbooks.len()).map(RunbookIx::from);
        all.filter(|&r| catalog[r].kind == wanted).map(|r| view(site, r)).collect()
    };
    let kinds: Vec<Listed> = order
        .into_iter()
        .map(|k| {
            let count = catalog.runbooks.iter().filter(|r| r.kind == k).count();
            // A runbook is found by its service; a list of thousands helps nobody.
            let shown = if k == Kind::Service && count > 300 { Vec::new() } else { of(k) };
            Listed { kind: kinds(k), count, documents: shown }
        })
        .filter(|l| l.count > 0)
        .collect();
    site.frame("documents.html", Frame::at("documents/index.html", "Documents", "documents"), &kinds)
}

#[derive(Serialize)]
struct Readable {
    document: DocumentView,
    outline: Vec<(String, String)>,
    passages: Vec<Shown>,
}

/// A document to read, in its own order.
pub fn readable(site: &Site, ix: RunbookIx) -> (String, Option<Diagnostic>) {
    let runbook = &site.input.catalog[ix];
    let path = site.addresses.readable[ix.at()].as_deref().unwrap_or_default();
    let frame = Frame::at(path, &runbook.title, "documents").below("Documents", "documents/index.html");
    let chapter = (site.input.reading)(ix);
    let mut ids = Ids::default();
    let mut shown = Passages { site, root: &frame.root, ids: &mut ids, rest: &[] };
    let mut passages: Vec<Shown> = chapter.passages.iter().map(|p| shown.show(p, String::new())).collect();
    // The first heading is the page's own title.
    if let (Some(first), Some(heading)) = (passages.first_mut(), runbook.document.headings.first())
        && heading.level == 1
        && heading.title == runbook.title
        && first.is_headed()
    {
        first.fold_heading();
    }
    Shown::order(&mut passages);
    let outline =
        runbook.document.headings.iter().filter(|h| h.level == 2).map(|h| (links::id_of(&h.anchor), h.title.clone()));
    let view = Readable { document: view(site, ix), outline: outline.collect(), passages };
    site.frame("document.html", frame, &view)
}

#[derive(Serialize)]
struct Written {
    document: DocumentView,
    lines: String,
    redacted: bool,
}

/// A document as written, every line with its anchor.
pub fn written(site: &Site, ix: RunbookIx) -> (String, Option<Diagnostic>) {
    let runbook = &site.input.catalog[ix];
    let document = &runbook.document;
    let path = site.addresses.written[ix.at()].as_deref().unwrap_or_default();
    let mut frame = Frame::at(path, format!("{}, as written", document.origin.label()), "documents");
    frame = frame.below("Documents", "documents/index.html");
    let source = &*document.source;
    let count = document.lines.count(source);
    let mut lines = String::with_capacity(source.len() + source.len() / 8 + count as usize * 34);
    for line in 1..=count {
        let text = document.lines.span(source, line).of(source).trim_end_matches(['\n', '\r']);
        lines.push_str("<li id=\"L");
        lines.push_str(&line.to_string());
        lines.push_str("\"><code>");
        if text.contains('\0') {
            escape_into(&mut lines, &text.replace('\0', "\u{fffd}"));
        } else {
            escape_into(&mut lines, text);
        }
        lines.push_str("</code></li>\n");
    }
    let view = Written { document: view(site, ix), lines, redacted: source.contains("[redacted:") };
    site.frame("written.html", frame, &view)
}

/// How many services of one alert the list names.
const NAMED: usize = 8;

#[derive(Serialize)]
struct AlertLine {
    alert: Named,
    services: Vec<Named>,
    /// How many services are not named.
    more: usize,
    severity: Option<String>,
    summary: Option<String>,
    answers: Vec<(&'static str, Sign)>,
    /// Where a rule says that the runbook is, where no page describes the alert.
    runbook: Option<Contact>,
    /// Whether all it says leads to nothing.
    nowhere: bool,
}

/// Where a rule says that the runbook is: a page of the site where it was collected; nothing where the address is dead.
fn runbook(site: &Site, root: &str, rule: &AlertRule) -> Option<Contact> {
    match &rule.leads {
        RunbookLead::Unsaid | RunbookLead::Nowhere => None,
        RunbookLead::Elsewhere => rule.runbook.as_deref().map(contact),
        RunbookLead::Document(ix, anchor) => {
            let page = links::page_of(site, *ix, Some(anchor.as_str()).filter(|a| !a.is_empty()))?;
            let text = site.input.catalog[*ix].document.origin.label();
            Some(Contact { text, href: Some(format!("{root}{page}")) })
        }
    }
}

fn entries<'a>(site: &'a Site, at: u32) -> impl Iterator<Item = (RunbookIx, &'a AlertEntry)> {
    let catalog = site.input.catalog;
    let pages = &catalog.alerts[at as usize].pages;
    pages.iter().filter_map(|p| Some((p.runbook, catalog[p.runbook].alerts.get(p.entry as usize)?)))
}

fn answers(entry: &AlertEntry) -> Vec<(&'static str, Sign)> {
    ALERT_SECTIONS.iter().zip(&entry.answers).map(|((_, title), answer)| (*title, words::sign(answer.state))).collect()
}

/// `alerts/`: every alert, with what its page answers.
pub fn alerts(site: &Site) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let frame = Frame::at("alerts/index.html", "Alerts", "alerts");
    let line = |at: usize| {
        let alert = &catalog.alerts[at];
        let first = entries(site, at as u32).next();
        AlertLine {
            alert: Named { name: alert.name.clone(), href: href(&site.addresses.alerts[at]) },
            services: alert.services.iter().take(NAMED).map(|&s| site.service_link(s)).collect(),
            more: alert.services.len().saturating_sub(NAMED),
            severity: alert.rules.iter().find_map(|r| r.severity.clone()),
            summary: alert.rules.iter().find_map(|r| r.summary.clone()),
            answers: first.map(|(_, entry)| answers(entry)).unwrap_or_default(),
            runbook: alert.rules.iter().find_map(|r| runbook(site, &frame.root, r)),
            nowhere: alert.rules.iter().any(|r| r.leads == RunbookLead::Nowhere),
        }
    };
    let all: Vec<AlertLine> = (0..catalog.alerts.len()).map(line).collect();
    site.frame("alerts.html", frame, &all)
}

#[derive(Serialize)]
struct AlertView {
    name: String,
    services: Vec<Fires>,
    /// Where its rules say that the runbook is, where no page describes it.
    elsewhere: Vec<Contact>,
    rules: Vec<RuleView>,
    pages: Vec<AlertPageView>,
}

/// A service an alert fires for, and who is called.
#[derive(Serialize)]
struct Fires {
    service: Named,
    owners: Vec<Owner>,
    call: Vec<Contact>,
    /// Whether other services have a page of it, or an address, and this one has neither.
    without: bool,
}

#[derive(Serialize)]
struct RuleView {
    place: Place,
    /// Where rules of several services raise it: the one this rule is of.
    service: Option<Named>,
    severity: Option<String>,
    summary: Option<String>,
    runbook: Option<Contact>,
    /// The address as written, where it leads to nothing.
    dead: Option<String>,
}

#[derive(Serialize)]
struct AlertPageView {
    document: DocumentView,
    /// Where several services have the alert: the one this page speaks for.
    service: Option<Named>,
    line: Place,
    answers: Vec<(&'static str, Sign)>,
    passages: Vec<Shown>,
}

/// `alerts/<name>/`: what an alert means and what to do.
pub fn alert(site: &Site, at: u32) -> (String, Option<Diagnostic>) {
    let catalog = site.input.catalog;
    let alert = &catalog.alerts[at as usize];
    let path = &site.addresses.alerts[at as usize];
    let frame = Frame::at(path, &alert.name, "alerts").below("Alerts", "alerts/index.html");
    let mut ids = Ids::default();
    let mut pages = Vec::new();
    let apart = |service: Option<ServiceIx>| service.filter(|_| alert.services.len() > 1).map(|s| site.service_link(s));
    for (ix, entry) in entries(site, at) {
        let runbook = &catalog[ix];
        let chapter = (site.input.reading)(ix);
        let mut shown = Passages { site, root: &frame.root, ids: &mut ids, rest: &[] };
        let below = |h: HeadingIx| entry.heading.is_none_or(|top| under(runbook, h, top));
        let mine = |part: usize| match runbook.parts.get(part).and_then(|p| p.heading) {
            Some(h) => below(h),
            None => entry.heading.is_none(),
        };
        let passages =
            chapter.passages.iter().filter(|p| p.heading.as_ref().map_or(mine(p.part.at()), |h| below(h.heading)));
        let mut passages: Vec<Shown> = passages.map(|p| shown.show(p, String::new())).collect();
        if let Some(first) = passages.first_mut().filter(|f| f.is_headed()) {
            first.fold_heading();
        }
        Shown::order(&mut passages);
        pages.push(AlertPageView {
            document: view(site, ix),
            service: apart(catalog.speaks_for[ix.at()]),
            line: site.place(&runbook.document.origin, entry.line),
            answers: answers(entry),
            passages,
        });
    }
    let rule = |r: &AlertRule| RuleView {
        place: site.place(&r.origin, r.line),
        service: apart(r.service),
        severity: r.severity.clone(),
        summary: r.summary.clone(),
        runbook: runbook(site, &frame.root, r),
        dead: r.runbook.clone().filter(|_| r.leads == RunbookLead::Nowhere),
    };
    let leads = |r: &&AlertRule| !matches!(r.leads, RunbookLead::Unsaid | RunbookLead::Nowhere);
    let pages_of = alert.pages.iter().map(|p| catalog.speaks_for[p.runbook.at()]);
    let answered: HashSet<Option<ServiceIx>> =
        pages_of.chain(alert.rules.iter().filter(leads).filter_map(|r| r.service.map(Some))).collect();
    let told = |ix: ServiceIx| answered.contains(&None) || answered.contains(&Some(ix));
    let several = alert.services.len() > 1 && alert.services.iter().any(|ix| told(*ix));
    let fires = |&ix: &ServiceIx| Fires {
        without: several && !told(ix),
        service: site.service_link(ix),
        owners: owners(site, &catalog[ix]),
        call: catalog[ix].on_call.iter().map(|c| contact(&c.value)).collect(),
    };
    let elsewhere = alert.rules.iter().filter(|_| pages.is_empty()).filter_map(|r| runbook(site, &frame.root, r));
    let view = AlertView {
        elsewhere: elsewhere.collect(),
        name: alert.name.clone(),
        services: alert.services.iter().map(fires).collect(),
        rules: alert.rules.iter().map(rule).collect(),
        pages,
    };
    site.frame("alert.html", frame, &view)
}

/// Whether a heading is another one or stands below it.
fn under(runbook: &crate::model::runbook::Runbook, mut heading: HeadingIx, top: HeadingIx) -> bool {
    loop {
        if heading == top {
            return true;
        }
        match runbook.document.headings.get(heading.at()).and_then(|h| h.parent) {
            Some(parent) if parent < heading => heading = parent,
            _ => return false,
        }
    }
}

//! The order of the phases, and the only place that knows it.

use crate::model::catalog::Catalog;
use crate::model::claim::Claim;
use crate::model::config::{Config, RegistryConfig};
use crate::model::coverage::{Coverage, Totals};
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::id::RunbookIx;
use crate::model::runbook::Runbook;
use crate::model::site::Theme;
use crate::model::source::{Collected, RawFile, Source};
use crate::normalize::Reader;
use crate::{audit, compare, compose, configure, link, measure, normalize, parse, redact, render, report, survey};
use jiff::civil::Date;
use rayon::prelude::*;
use std::sync::Arc;

/// Every rule there is, in the order of the phases.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        configure::RULES,
        redact::RULES,
        parse::RULES,
        survey::RULES,
        normalize::RULES,
        compare::RULES,
        link::RULES,
        measure::RULES,
        audit::RULES,
        render::RULES,
    ]
    .into_iter()
    .flatten()
}

/// What one file said: a document, claims, or nothing but diagnostics. Depends on the file alone.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The document as read, where the file is one.
    pub runbook: Option<Arc<Runbook>>,
    /// Facts, where it is a file of a surveyed format.
    pub claims: Vec<Claim>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a path is worth collecting as a document.
pub fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    if survey::wants(path) {
        return false;
    }
    match lower.rsplit_once('.') {
        None => true,
        Some(("", _)) => false,
        Some((_, ending)) => {
            matches!(ending, "md" | "markdown" | "txt" | "rst" | "erb")
                && (ending != "erb" || lower.ends_with(".md.erb"))
        }
    }
}

/// Whether a path is worth collecting for its facts.
pub fn is_survey(path: &str) -> bool {
    survey::wants(path)
}

/// Reads one file.
pub fn read(file: RawFile, reader: &Reader) -> Reading {
    let surveyed = survey::wants(&file.origin.path);
    let (text, mut diagnostics) = redact::redact(file);
    let Some(text) = text else { return Reading { diagnostics, ..Reading::default() } };
    if surveyed {
        let (claims, found) = survey::survey(&text);
        diagnostics.extend(found);
        return Reading { claims, diagnostics, runbook: None };
    }
    let (document, found) = parse::parse(text);
    diagnostics.extend(found);
    let runbook = Arc::new(reader.read(Arc::new(document)));
    diagnostics.extend(runbook.diagnostics.iter().cloned());
    Reading { runbook: Some(runbook), claims: Vec::new(), diagnostics }
}

/// Whether a text that pages would show as it is, a drawing, holds what looks like a credential.
pub fn holds_credential(file: RawFile) -> bool {
    let (text, _) = redact::redact(file);
    text.is_none_or(|text| !text.redacted.is_empty())
}

/// Reads one file of the organisation's own registry.
pub fn read_registry(file: RawFile, config: &RegistryConfig) -> Reading {
    let (text, mut diagnostics) = redact::redact(file);
    let Some(text) = text else { return Reading { diagnostics, ..Reading::default() } };
    let (claims, found) = survey::registry(&text, config);
    diagnostics.extend(found);
    Reading { claims, diagnostics, runbook: None }
}

/// A fleet, read, linked, measured and audited.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// Services and what they need.
    pub catalog: Catalog,
    /// The matrix.
    pub coverage: Coverage,
    /// What is wrong, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads everything that was collected; `tick` is called once a file.
pub fn read_all(collected: Collected, reader: &Reader, tick: &(dyn Fn() + Sync)) -> (Vec<Source>, Vec<Reading>) {
    let readings = collected
        .files
        .into_par_iter()
        .map(|file| {
            let reading = read(file, reader);
            tick();
            reading
        })
        .collect();
    (collected.sources, readings)
}

/// From readings to an audited fleet. Readings come sorted by origin; any order gives the same fleet.
pub fn assemble(sources: Vec<Source>, readings: Vec<Reading>, config: &Config, today: Date) -> Fleet {
    let mut runbooks = Vec::new();
    let mut claims = Vec::new();
    let mut diagnostics = Vec::new();
    for reading in readings {
        runbooks.extend(reading.runbook);
        claims.extend(reading.claims);
        diagnostics.extend(reading.diagnostics);
    }
    runbooks.sort_by(|a, b| a.document.origin.cmp(&b.document.origin));
    let runbooks = compare::compare(runbooks, &config.knowledge);
    let catalog = link::link(sources, runbooks, claims, config);
    let coverage = measure::measure(&catalog, config, today);
    diagnostics.extend(catalog.diagnostics.iter().cloned());
    diagnostics.extend(audit::audit(&audit::Fleet { catalog: &catalog, coverage: &coverage, config, today }));
    for diagnostic in &mut diagnostics {
        if let Some(Some(severity)) = config.severities.get(diagnostic.rule) {
            diagnostic.severity = *severity;
        }
    }
    diagnostics.retain(|d| config.severities.get(d.rule) != Some(&None));
    diagnostics.par_sort_by(|a, b| (&a.location, a.rule, &a.message).cmp(&(&b.location, b.rule, &b.message)));
    diagnostics.dedup();
    Fleet { catalog, coverage, diagnostics }
}

/// The shapes of the JSON we write, by name.
pub fn schemas() -> Vec<(&'static str, schemars::Schema)> {
    let mut all = render::schemas();
    all.push(("explain", report::explain_schema()));
    all
}

/// The line of history this fleet is worth; nothing where no answer has changed since the last one.
pub fn record(fleet: &Fleet, config: &Config, today: Date) -> Option<String> {
    config.history.as_ref()?;
    render::record(&config.recorded, &fleet.catalog, &fleet.coverage, &config.knowledge.template, today)
}

/// Puts a document's next version in the place of its last one, and works its own service out again; which document it
/// is, or nothing where more than its own answers may have changed and only [`assemble`] tells.
///
/// The fleet's sums, its findings and what other services say stay as they were until the fleet is assembled again.
pub fn replace(fleet: &mut Fleet, next: &Arc<Runbook>, config: &Config, today: Date) -> Option<RunbookIx> {
    let catalog = &mut fleet.catalog;
    let at = catalog.runbooks.binary_search_by(|r| r.document.origin.cmp(&next.document.origin)).ok()?;
    let last = &catalog.runbooks[at];
    let next = compare::carry(last, next.clone());
    let name = |r: &Runbook| r.name.as_ref().map(|n| n.text.clone());
    let alerts = |r: &Runbook| r.alerts.iter().map(|a| (a.name.clone(), a.heading)).collect::<Vec<_>>();
    let same =
        (last.kind, name(last), &last.place, alerts(last)) == (next.kind, name(&next), &next.place, alerts(&next));
    // What leads to an alert's heading from a rule's address counts headings.
    let counted = |ix: RunbookIx| catalog.alerts.iter().any(|a| a.pages.iter().any(|p| p.runbook == ix));
    let headings = last.document.headings.len() == next.document.headings.len();
    if !same || !headings && counted(at.into()) {
        return None;
    }
    catalog.runbooks[at] = next;
    if let Some(service) = catalog.speaks_for[at] {
        link::again(catalog, service);
        measure::again(catalog, config, today, &mut fleet.coverage, service);
    }
    Some(at.into())
}

/// The fleet's sums as they are after documents were replaced.
pub fn totals(fleet: &Fleet, config: &Config) -> Totals {
    measure::totals(&fleet.catalog, config, &fleet.coverage.rows)
}

/// Lays out the site of a fleet and hands it to `use_it` while its parts are alive.
pub fn with_site<T>(
    fleet: &Fleet,
    config: &Config,
    theme: &Theme,
    use_it: impl FnOnce(&render::Site, Vec<Diagnostic>) -> T,
) -> T {
    with_input(fleet, config, |input| {
        let (site, diagnostics) = render::Site::new(input, theme);
        use_it(&site, diagnostics)
    })
}

/// The same for a fleet that was laid out before, as long as it has the same services and documents.
pub fn over_layout<T>(
    fleet: &Fleet,
    config: &Config,
    layout: &Arc<render::Layout>,
    use_it: impl FnOnce(&render::Site) -> T,
) -> T {
    with_input(fleet, config, |input| use_it(&render::Site::over(input, layout.clone())))
}

fn with_input<T>(fleet: &Fleet, config: &Config, use_it: impl FnOnce(render::Input) -> T) -> T {
    let chapter = |service| compose::chapter(&fleet.catalog, &config.knowledge.template, service);
    let reading = |runbook| compose::reading(runbook, &fleet.catalog[runbook]);
    use_it(render::Input {
        catalog: &fleet.catalog,
        coverage: &fleet.coverage,
        diagnostics: &fleet.diagnostics,
        config,
        chapter: &chapter,
        reading: &reading,
    })
}

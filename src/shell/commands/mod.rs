//! The commands: each a short story told in calls to the pipeline.

mod build;
mod check;
mod collect;
mod explain;
mod new;
mod summary;

use super::Outcome;
use super::args::{Args, Command};
use super::collect::Harvest;
use super::session::Session;
use super::terminal;
use crate::model::diagnostic::Diagnostic;
use crate::model::source::Collected;
use crate::pipeline::{self, Fleet};
use crate::report;
use anyhow::{Result, bail};
use jiff::civil::Date;

/// Does what the command line says.
pub fn run(args: Args) -> Result<Outcome> {
    match args.command {
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Collect(args) => collect::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Normalize(args) => explain::normalize(&args),
        Command::New(args) => new::runbook(&args),
        Command::Init => new::configuration(),
    }
}

/// Reads what was collected, with a bar on long runs, and puts the fleet together.
fn assemble(session: &Session, collected: Collected, mut found: Vec<Diagnostic>, today: Date) -> Fleet {
    let bar = terminal::progress(collected.files.len(), "reading");
    let (sources, readings) = pipeline::read_all(collected, &session.reader, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut fleet = pipeline::assemble(sources, readings, &session.config, today);
    found.retain(|d| session.config.severities.get(d.rule) != Some(&None));
    for diagnostic in &mut found {
        if let Some(Some(severity)) = session.config.severities.get(diagnostic.rule) {
            diagnostic.severity = *severity;
        }
    }
    fleet.diagnostics.extend(found);
    fleet.diagnostics.sort_by(|a, b| (&a.location, a.rule, &a.message).cmp(&(&b.location, b.rule, &b.message)));
    fleet
}

/// Ends the run where there is nothing to say anything about.
fn refuse_nothing(session: &Session, harvest: &Harvest, looked_in: &[String]) -> Result<()> {
    if harvest.tally.read > 0 {
        return Ok(());
    }
    let sources = looked_in.join(", ");
    let left = match harvest.tally {
        t if t.discovered == 0 => {
            "looked for .md, .markdown, .txt, .rst, .md.erb and text without an ending".to_owned()
        }
        t => format!("{} found, {} excluded, {} could not be read", t.discovered, t.excluded, t.failed),
    };
    if !harvest.found.is_empty() {
        eprint!("{}", report::human(&harvest.found, false));
    }
    let hint = if session.config.origin.is_some() { "; mend `path`, `include` or `exclude`" } else { "" };
    bail!("no document to read in {sources} ({left}){hint}");
}

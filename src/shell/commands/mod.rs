//! The commands: each a short story told in calls to the pipeline.

mod build;
mod check;
mod collect;
mod explain;
mod export;
mod new;
mod serve;
mod summary;

use super::Outcome;
use super::args::{Args, Command};
use super::collect::{Harvest, places::Place};
use super::session::Session;
use super::terminal;
use crate::pipeline::{self, Fleet, Reading};
use crate::report;
use anyhow::{Result, bail};
use jiff::civil::Date;

/// Does what the command line says.
pub fn run(args: Args) -> Result<Outcome> {
    match args.command {
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::Collect(args) => collect::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Normalize(args) => explain::normalize(&args),
        Command::New(args) => new::runbook(&args),
        Command::Export(args) => export::run(&args),
        Command::Schema(args) => export::schema(&args),
        Command::Init => new::configuration(),
    }
}

/// Reads what was collected, with a bar on long runs, and puts the fleet together.
fn assemble(session: &Session, harvest: Harvest, today: Date) -> Fleet {
    let bar = terminal::progress(harvest.collected.files.len(), "reading");
    let (sources, mut readings) = pipeline::read_all(harvest.collected, &session.reader, &|| bar.inc(1));
    bar.finish_and_clear();
    // What collecting found goes the way of all findings: severities as configured, sorted by place.
    let registries = &session.config.registries;
    readings.extend(harvest.registries.into_iter().map(|(file, at)| pipeline::read_registry(file, &registries[at])));
    let diagnostics = session.found.iter().cloned().chain(harvest.found).collect();
    readings.push(Reading { diagnostics, ..Reading::default() });
    pipeline::assemble(sources, readings, &session.config, today)
}

/// Ends the run where there is nothing to say anything about.
fn refuse_nothing(session: &Session, harvest: &Harvest, places: &[Place]) -> Result<()> {
    if harvest.tally.read > 0 {
        return Ok(());
    }
    const NAMED: usize = 5;
    let mut looked_in: Vec<String> = places.iter().take(NAMED).map(|place| place.dir.display().to_string()).collect();
    if places.len() > NAMED {
        looked_in.push(format!("{} more", places.len() - NAMED));
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

//! `opsbook build`: collect, read, link, measure, render, publish.

use super::{assemble, refuse_nothing, summary};
use crate::model::site::Pages;
use crate::pipeline;
use crate::report;
use crate::shell::args::Build;
use crate::shell::session::{self, Session};
use crate::shell::{Outcome, collect, publish, terminal};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

pub fn run(args: &Build) -> Result<Outcome> {
    let begun = Instant::now();
    let today = session::today(args.fleet.today)?;
    let mut session = Session::of_fleet(&args.fleet)?;
    if args.record && session.config.history.is_none() {
        bail!("--record has nowhere to write: name a file with `history` in the configuration");
    }
    let theme = session.theme()?;
    let places = session.places()?;
    let folders: Vec<_> = places.iter().map(|place| place.dir.as_path()).collect();
    let out: PathBuf = args.out.clone().unwrap_or_else(|| session.base.join(&session.config.out));
    let output = publish::guard::check(&out, &folders)?;
    let harvest = collect::collect(&places, &session.config, &session.base)?;
    refuse_nothing(&session, &harvest, &places)?;
    let tally = harvest.tally;
    let fleet = assemble(&session, harvest, today);
    let before = session.config.recorded.len();
    if args.record
        && let Some(line) = pipeline::record(&fleet, &session.config, today)
    {
        let recorded = &mut session.config.recorded;
        recorded.push_str(if recorded.is_empty() || recorded.ends_with('\n') { "" } else { "\n" });
        recorded.push_str(&line);
        recorded.push('\n');
    }
    let (published, theme_found) = pipeline::with_site(&fleet, &session.config, &theme, |site, found| {
        let bar = terminal::progress(site.entries().len(), "writing");
        let published = publish::publish(site, &output, &|| bar.inc(1));
        bar.finish_and_clear();
        published.map(|published| (published, found))
    })?;
    if !theme_found.is_empty() {
        eprint!("{}", report::human(&theme_found, false));
    }
    // A line is kept only of a site that stands.
    if let (Some(path), added @ 1..) = (&session.config.history, session.config.recorded.len() - before) {
        let path = session.base.join(path);
        let line = &session.config.recorded[session.config.recorded.len() - added..];
        let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
        file.and_then(|mut file| file.write_all(line.as_bytes()))
            .with_context(|| format!("the history {} cannot be written", path.display()))?;
    }
    let end = summary::End { fleet: &fleet, tally, published, out: &out, took: begun.elapsed() };
    terminal::print(&end.say(&session.config.knowledge.template, terminal::colours()));
    Ok(Outcome::Fine)
}

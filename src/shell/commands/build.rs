//! `opsbook build`: collect, read, link, measure, render, publish.

use super::{assemble, refuse_nothing, summary};
use crate::model::site::Pages;
use crate::pipeline;
use crate::report;
use crate::shell::args::Build;
use crate::shell::session::{self, Session};
use crate::shell::{Outcome, collect, publish, terminal};
use anyhow::Result;
use std::path::PathBuf;
use std::time::Instant;

pub fn run(args: &Build) -> Result<Outcome> {
    let begun = Instant::now();
    let today = session::today(args.fleet.today)?;
    let session = Session::of_fleet(&args.fleet)?;
    let theme = session.theme()?;
    let places = session.places()?;
    let folders: Vec<_> = places.iter().map(|place| place.dir.as_path()).collect();
    let out: PathBuf = args.out.clone().unwrap_or_else(|| session.base.join(&session.config.out));
    let output = publish::guard::check(&out, &folders)?;
    let harvest = collect::collect(&places, &session.config, &session.base)?;
    refuse_nothing(&session, &harvest, &places)?;
    let tally = harvest.tally;
    let fleet = assemble(&session, harvest, today);
    let (published, theme_found) = pipeline::with_site(&fleet, &session.config, &theme, |site, found| {
        let bar = terminal::progress(site.entries().len(), "writing");
        let published = publish::publish(site, &output, &|| bar.inc(1));
        bar.finish_and_clear();
        published.map(|published| (published, found))
    })?;
    if !theme_found.is_empty() {
        eprint!("{}", report::human(&theme_found, false));
    }
    let end = summary::End { fleet: &fleet, tally, published, out: &out, took: begun.elapsed() };
    terminal::print(&end.say(&session.config.knowledge.template, terminal::colours()));
    Ok(Outcome::Fine)
}

//! `opsbook check`: everything that is wrong, and a verdict that comes from it alone.

use super::{assemble, refuse_nothing};
use crate::model::diagnostic::Severity;
use crate::report;
use crate::shell::args::Check;
use crate::shell::session::{self, Session};
use crate::shell::{Outcome, collect, terminal};
use anyhow::Result;

pub fn run(args: &Check) -> Result<Outcome> {
    let today = session::today(args.fleet.today)?;
    let session = Session::of_fleet(&args.fleet)?;
    let places = session.places()?;
    let harvest = collect::collect(&places, &session.config, &session.base)?;
    refuse_nothing(&session, &harvest, &places)?;
    let tally = harvest.tally;
    let fleet = assemble(&session, harvest, today);
    let mut text = report::human(&fleet.diagnostics, terminal::colours());
    let counts = [tally.discovered, tally.read, tally.excluded, tally.failed].map(|n| n.to_string());
    let [discovered, checked, excluded, failed] = counts;
    text.push_str(&format!("{discovered} discovered = {checked} checked + {excluded} excluded + {failed} failed\n"));
    terminal::print(&text);
    let fails = fleet.diagnostics.iter().any(|d| d.severity == Severity::Error);
    Ok(if fails { Outcome::Findings } else { Outcome::Fine })
}

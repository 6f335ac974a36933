//! `opsbook collect`: what would be read, what would not, and why.

use super::refuse_nothing;
use crate::report;
use crate::shell::args::Fleet;
use crate::shell::session::Session;
use crate::shell::{Outcome, collect, terminal};
use anyhow::Result;
use std::fmt::Write;

pub fn run(args: &Fleet) -> Result<Outcome> {
    let session = Session::of_fleet(args)?;
    let places = session.places()?;
    let harvest = collect::collect(&places, &session.config, &session.base)?;
    refuse_nothing(&session, &harvest, &places)?;
    let mut text = String::new();
    for source in &harvest.collected.sources {
        let commit = source.commit.as_deref().map_or("no commit", |id| id.get(..12).unwrap_or(id));
        let dated = source.as_of.map_or_else(String::new, |date| format!(", {date}"));
        let files = harvest.collected.files.iter().filter(|file| file.origin.repo == source.name);
        _ = writeln!(text, "{} ({commit}{dated})", report::harmless(&source.name));
        for file in files {
            _ = writeln!(text, "  {:>9}  {}", file.bytes.len(), report::harmless(&file.origin.path));
        }
    }
    for (file, _) in &harvest.registries {
        _ = writeln!(text, "registry {}, {} bytes", report::harmless(&file.origin.label()), file.bytes.len());
    }
    if !harvest.found.is_empty() {
        _ = write!(text, "\n{}", report::human(&harvest.found, terminal::colours()));
    }
    let t = harvest.tally;
    let counts = (t.discovered, t.read, t.excluded, t.failed);
    _ = writeln!(text, "\n{} discovered = {} read + {} excluded + {} failed", counts.0, counts.1, counts.2, counts.3);
    terminal::print(&text);
    Ok(Outcome::Fine)
}

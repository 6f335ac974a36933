//! A whole fleet, made beside the loop from everything that was read.

use crate::model::diagnostic::Diagnostic;
use crate::model::site::Theme;
use crate::model::source::Source;
use crate::pipeline::{self, Fleet, Reading};
use crate::render::Layout;
use crate::shell::session::{self, Session};
use crate::shell::terminal;
use anyhow::Result;
use jiff::civil::Date;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What is said of a fault of ours.
pub const FAULT: &str = "opsbook has a fault of its own: the terminal names it\n";

/// What a fleet is made from.
pub struct Task {
    /// Where the readings come from.
    pub sources: Vec<Source>,
    /// Everything that was read.
    pub readings: Vec<Reading>,
    /// What it was read with.
    pub session: Arc<Session>,
    /// The theme as it is.
    pub theme: Arc<Theme>,
    /// The last theme in which nothing was wrong.
    pub good: Arc<Theme>,
    /// The date that was given, if any was.
    pub today: Option<Date>,
}

/// A fleet that can be served.
pub struct Built {
    /// The fleet.
    pub fleet: Fleet,
    /// Its site.
    pub layout: Arc<Layout>,
    /// What it was read with.
    pub session: Arc<Session>,
    /// The theme its pages are made with.
    pub theme: Arc<Theme>,
    /// What is wrong with the theme as it is.
    pub theme_found: Vec<Diagnostic>,
}

impl Task {
    /// Makes the fleet; a fault of ours is told as one, and takes nothing else with it.
    pub fn run(self) -> Result<Box<Built>, String> {
        match catch_unwind(AssertUnwindSafe(|| self.make())) {
            Ok(Ok(built)) => Ok(Box::new(built)),
            Ok(Err(error)) => Err(terminal::said(&error, false)),
            Err(_) => Err(FAULT.to_owned()),
        }
    }

    fn make(self) -> Result<Built> {
        let Self { sources, readings, session, theme, good, today } = self;
        let fleet = pipeline::assemble(sources, readings, &session.config, session::today(today)?);
        let lay_out =
            |theme: &Theme| pipeline::with_site(&fleet, &session.config, theme, |site, found| (site.layout(), found));
        let (layout, theme_found) = lay_out(&theme);
        // The last theme that could be used whole stays until this one is mended.
        let (layout, theme) = match theme_found.is_empty() || theme.files == good.files {
            true => (layout, theme),
            false => (lay_out(&good).0, good),
        };
        Ok(Built { fleet, layout, session, theme, theme_found })
    }
}

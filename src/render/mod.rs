//! Book, catalog, coverage and diagnostics to a site: pages, their links rewritten, hostile text made harmless.

use crate::model::catalog::Catalog;
use crate::model::config::Config;
use crate::model::coverage::Coverage;
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::id::ServiceIx;
use crate::model::site::{Entry, Pages, Theme};

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Everything pages show.
pub struct Input<'a> {
    /// The fleet.
    pub catalog: &'a Catalog,
    /// The matrix.
    pub coverage: &'a Coverage,
    /// What was found.
    pub diagnostics: &'a [Diagnostic],
    /// What the run was told.
    pub config: &'a Config,
    /// Templates, styles, scripts.
    pub theme: &'a Theme,
    /// The composed chapter of a service, preprocessors applied.
    pub chapter: &'a (dyn Fn(ServiceIx) -> String + Sync),
}

/// A site ready to be asked for its pages.
pub struct Site<'a> {
    _input: Input<'a>,
    entries: Vec<Entry>,
}

impl<'a> Site<'a> {
    /// Lays the site out; a theme that cannot be used is a diagnostic, and ours stands in file by file.
    pub fn new(input: Input<'a>) -> (Self, Vec<Diagnostic>) {
        (Self { _input: input, entries: Vec::new() }, Vec::new())
    }
}

impl Pages for Site<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn page(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}

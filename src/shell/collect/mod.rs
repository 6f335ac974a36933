//! Brings the files home: which folders are repositories, what in them is worth reading, and what was left and why.

mod git;
pub mod local;
mod pictures;
pub mod places;
pub mod registry;

use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::source::{Collected, RawFile};
use anyhow::Result;
use places::Place;
use rayon::prelude::*;
use std::path::Path;

/// Rules this room speaks.
pub const RULES: &[Rule] = &[TOO_LARGE, UNREADABLE, SYMLINK, NOT_UTF8];

const TOO_LARGE: Rule = Rule {
    id: "document-too-large",
    severity: Severity::Warning,
    summary: "a document is larger than `max-document-size` and was not read",
};
const UNREADABLE: Rule =
    Rule { id: "unreadable-file", severity: Severity::Warning, summary: "a file or a folder could not be read" };
const SYMLINK: Rule = Rule {
    id: "symlink-skipped",
    severity: Severity::Warning,
    summary: "a link leads out of its repository, or nowhere, and was not followed",
};
const NOT_UTF8: Rule = Rule {
    id: "path-not-utf8",
    severity: Severity::Warning,
    summary: "a file's name is no readable text, so that no page could lead to it",
};

/// What was found on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that look like documents or like files of a surveyed format.
    pub discovered: usize,
    /// Those that were read.
    pub read: usize,
    /// Those that `include` and `exclude` left out.
    pub excluded: usize,
    /// Those that could not be read.
    pub failed: usize,
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |a, b| Self {
            discovered: a.discovered + b.discovered,
            read: a.read + b.read,
            excluded: a.excluded + b.excluded,
            failed: a.failed + b.failed,
        })
    }
}

/// What the shell brought home, and what it says about the way.
#[derive(Debug, Default)]
pub struct Harvest {
    pub collected: Collected,
    /// Files of `[[registry]]` tables, each with its table's place in the configuration.
    pub registries: Vec<(RawFile, usize)>,
    pub tally: Tally,
    pub found: Vec<Diagnostic>,
}

/// Reads every place, and the registries below `base`. What cannot be read is a finding; its neighbours are read all the same.
pub fn collect(places: &[Place], config: &Config, base: &Path) -> Result<Harvest> {
    let parts: Vec<local::Part> = places.par_iter().map(|place| local::read(place, config)).collect::<Result<_>>()?;
    let mut harvest = Harvest { tally: parts.iter().map(|part| part.tally).sum(), ..Harvest::default() };
    for part in parts {
        harvest.collected.sources.push(part.source);
        harvest.collected.files.extend(part.files);
        harvest.found.extend(part.found);
    }
    harvest.collected.files.sort_by(|a, b| a.origin.cmp(&b.origin));
    registry::collect(&mut harvest, places, config, base)?;
    Ok(harvest)
}

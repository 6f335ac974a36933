//! The configuration as meant: valid by construction, made from `opsbook.toml` by the configure phase.

use crate::model::diagnostic::Location;
use crate::model::form::Form;
use crate::model::id::{Id, Tier, Trait};
use crate::model::profile::Profiles;
use crate::model::source::Origin;
use crate::model::template::Template;
use crate::model::vocabulary::Vocabulary;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything a run is told.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where it was read from; `None` when `--source` replaces all configuration.
    pub origin: Option<Origin>,
    /// What pages call the site.
    pub title: String,
    /// Whether search engines may index it.
    pub public: bool,
    /// Where the site will live, for absolute addresses; without a trailing slash.
    pub base_url: Option<String>,
    /// Sources in the order given.
    pub sources: Vec<SourceConfig>,
    /// Folder with theme files that replace ours.
    pub theme: Option<String>,
    /// Output folder; `site` unless set.
    pub out: String,
    /// What is known of services beforehand.
    pub services: Vec<ServiceConfig>,
    /// Other names of owners: alias id to the name that counts.
    pub owner_aliases: BTreeMap<Id, String>,
    /// Files of the organisation's own that list services.
    pub registries: Vec<RegistryConfig>,
    /// Documents larger than this many bytes are not read (a diagnostic says so).
    pub max_bytes: u64,
    /// Days a `verified` note holds.
    pub verified_for: u32,
    /// Severities the configuration sets for rules.
    pub severities: BTreeMap<String, Option<crate::model::diagnostic::Severity>>,
    /// File that `build --record` adds a line to.
    pub history: Option<String>,
    /// What that file holds.
    pub recorded: String,
    /// Files that replace our own knowledge, relative to the configuration.
    pub replacements: Replacements,
    /// mdBook preprocessor commands to run over the composed book, in order.
    pub preprocessors: Vec<String>,
    /// The knowledge documents are read with.
    pub knowledge: Arc<Knowledge>,
}

/// Paths of files that replace or add to the knowledge we ship.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replacements {
    /// Markdown file with chapters and sections.
    pub template: Option<String>,
    /// TOML file with profiles.
    pub profiles: Option<String>,
    /// TOML files with technologies, added to ours.
    pub technologies: Vec<String>,
    /// TOML files with forms, added to ours.
    pub forms: Vec<String>,
}

/// What reading needs to know. Shared by all documents of a run.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The template runbooks are normalized to.
    pub template: Template,
    /// Forms of other houses.
    pub forms: Vec<Form>,
    /// Technologies and phrases.
    pub vocabulary: Vocabulary,
    /// What is asked of whom.
    pub profiles: Profiles,
}

/// One `[[source]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceConfig {
    /// Folder or glob, relative to the configuration (or to the working directory for `--source`).
    pub path: String,
    /// The repository's name, where it is not the last part of its path.
    pub name: Option<String>,
    /// Only files that match one of these globs, where there are any.
    pub include: Vec<String>,
    /// No files that match one of these.
    pub exclude: Vec<String>,
    /// Whether `path` is one repository as it stands (`--source`), never a glob.
    pub literal: bool,
    /// `https://host/owner/repo`, where links should be built on it.
    pub web: Option<String>,
    /// Where its path is written; nothing for `--source`.
    pub place: Option<Location>,
}

/// One `[[registry]]`: files that list services with their owners, tiers and the like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryConfig {
    /// File or glob, relative to the configuration.
    pub path: String,
    /// What we ask for (`owner`) to the columns or keys it stands under there, the first that is there wins.
    pub columns: BTreeMap<String, Vec<String>>,
    /// The registry's own words for tiers.
    pub tiers: BTreeMap<Id, Tier>,
}

/// One `[services.<id>]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceConfig {
    /// Which service.
    pub id: Id,
    /// The id as written.
    pub written: String,
    /// The line of `opsbook.toml` that names it.
    pub line: u32,
    /// What people call it.
    pub name: Option<String>,
    /// How critical it is.
    pub tier: Option<Tier>,
    /// What is true of it.
    pub traits: Vec<Trait>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Who is called.
    pub on_call: Option<String>,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    /// The only repository that may claim it.
    pub repo: Option<String>,
}

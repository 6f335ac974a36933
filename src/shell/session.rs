//! A run's beginning: configuration, knowledge, theme, date and places, read once.

use super::args;
use super::collect::{
    self,
    places::{self, Place},
    registry,
};
use super::terminal::Stopped;
use super::theme;
use crate::configure::{self, KnowledgeFile, KnowledgeTexts};
use crate::model::config::{Config, SourceConfig};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::site::Theme;
use crate::model::source::Origin;
use crate::normalize::Reader;
use crate::pipeline;
use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The configuration's name where nobody gives another.
pub const CONFIG: &str = "opsbook.toml";

/// What a run knows before it looks at any document.
pub struct Session {
    pub config: Config,
    /// Folder that paths of the configuration are relative to.
    pub base: PathBuf,
    pub reader: Reader,
    /// Findings about the configuration that do not stop the run.
    pub found: Vec<Diagnostic>,
}

impl Session {
    /// Reads a configuration and the knowledge it names; without one, ours.
    pub fn open(config: Option<&Path>) -> Result<Self> {
        let (mut config, mut found, base) = match config {
            None => (configure::defaults(), Vec::new(), PathBuf::new()),
            Some(path) => {
                let text = read_text(path, "the configuration")?;
                let rules: Vec<&str> = pipeline::rules().chain(collect::RULES).map(|rule| rule.id).collect();
                let (config, found) = configure::config(&text, Origin::of_ours(&path.to_string_lossy()), &rules);
                (config, found, path.parent().unwrap_or(Path::new("")).to_owned())
            }
        };
        stop_on_errors(&found)?;
        if let Some(path) = &config.history {
            let path = base.join(path);
            config.recorded = match std::fs::read_to_string(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                read => read.with_context(|| format!("the history {} cannot be read", path.display()))?,
            };
        }
        let (knowledge, wrong) = configure::knowledge(&knowledge_texts(&config, &base)?);
        found.extend(wrong);
        stop_on_errors(&found)?;
        config.knowledge = Arc::new(knowledge);
        let reader = Reader::new(&config.knowledge);
        Ok(Self { config, base, reader, found })
    }

    /// Reads the configuration as the flags of a fleet's command say.
    pub fn of_fleet(fleet: &args::Fleet) -> Result<Self> {
        let given = fleet.config.as_deref();
        let near = Path::new(CONFIG);
        let config = given.or_else(|| (fleet.source.is_empty() && near.is_file()).then_some(near));
        let mut session = Self::open(config)?;
        if !fleet.source.is_empty() {
            let folder = |dir: &PathBuf| {
                let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.clone());
                SourceConfig {
                    path: dir.to_string_lossy().into_owned(),
                    name: None,
                    include: Vec::new(),
                    exclude: Vec::new(),
                    literal: true,
                    web: None,
                    place: None,
                }
            };
            session.config.sources = fleet.source.iter().map(folder).collect();
        }
        if session.config.sources.is_empty() {
            let here = std::env::current_dir().unwrap_or_default();
            match config {
                Some(path) => bail!("{} names no source: add a [[source]] with its `path`", path.display()),
                None => bail!(
                    "no source: there is no {CONFIG} in {} and no --source DIR was given (`opsbook init` writes a configuration)",
                    here.display()
                ),
            }
        }
        Ok(session)
    }

    /// The folders to read, one a repository.
    pub fn places(&self) -> Result<Vec<Place>> {
        places::find(&self.config.sources, &self.base)
    }

    /// The configuration, and the history it names.
    pub fn own_files(&self) -> Vec<PathBuf> {
        let config = self.config.origin.iter().map(|origin| PathBuf::from(&*origin.path));
        config.chain(self.config.history.iter().map(|path| self.base.join(path))).collect()
    }

    /// The files of knowledge that the configuration names.
    pub fn knowledge_files(&self) -> Vec<PathBuf> {
        let named = &self.config.replacements;
        let single = named.template.iter().chain(&named.profiles);
        single.chain(&named.technologies).chain(&named.forms).map(|path| self.base.join(path)).collect()
    }

    /// The files of its registries, as far as they are there.
    pub fn registries(&self) -> Vec<PathBuf> {
        let files = |path: &String| registry::files(path, &self.base).unwrap_or_default();
        self.config.registries.iter().flat_map(|registry| files(&registry.path)).collect()
    }

    /// The folder of the organisation's theme.
    pub fn theme_folder(&self) -> Option<PathBuf> {
        self.config.theme.as_ref().map(|dir| self.base.join(dir))
    }

    /// The theme pages are made with.
    pub fn theme(&self) -> Result<Theme> {
        theme::load(self.theme_folder().as_deref())
    }
}

fn stop_on_errors(found: &[Diagnostic]) -> Result<()> {
    if found.iter().any(|d| d.severity == Severity::Error) {
        bail!(Stopped(found.to_vec()));
    }
    Ok(())
}

/// A text file of the organisation's; `what` it is to the run.
fn read_text(path: &Path, what: &str) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("{what} {} cannot be read", path.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(_) => bail!("{what} {} is not UTF-8 text", path.display()),
    }
}

fn knowledge_texts(config: &Config, base: &Path) -> Result<KnowledgeTexts> {
    let read = |path: &String| -> Result<KnowledgeFile> {
        let at = base.join(path);
        Ok(KnowledgeFile { text: read_text(&at, "the file")?, path: at.to_string_lossy().into_owned() })
    };
    let files = &config.replacements;
    Ok(KnowledgeTexts {
        template: files.template.as_ref().map(read).transpose()?,
        profiles: files.profiles.as_ref().map(read).transpose()?,
        technologies: files.technologies.iter().map(read).collect::<Result<_>>()?,
        forms: files.forms.iter().map(read).collect::<Result<_>>()?,
    })
}

/// The date of the run: as given, else SOURCE_DATE_EPOCH, else the clock. Nothing else reads it.
pub fn today(given: Option<Date>) -> Result<Date> {
    if let Some(date) = given {
        return Ok(date);
    }
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .trim()
            .parse()
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .with_context(|| format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"))?,
        Err(_) => jiff::Timestamp::now(),
    };
    Ok(now.to_zoned(jiff::tz::TimeZone::UTC).date())
}

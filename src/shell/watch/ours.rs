//! The files of ours: configuration, knowledge and theme, read again when they change, the last good ones kept.

use crate::model::diagnostic::Diagnostic;
use crate::model::site::Theme;
use crate::report;
use crate::shell::args;
use crate::shell::collect::places;
use crate::shell::session::Session;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything of ours.
pub struct Ours {
    /// What documents are read with.
    pub session: Arc<Session>,
    /// The theme as it is.
    pub theme: Arc<Theme>,
    /// The last theme in which nothing was wrong.
    pub good: Arc<Theme>,
    files: BTreeSet<PathBuf>,
    registries: BTreeSet<PathBuf>,
    theme_folder: Option<PathBuf>,
    /// What the configuration and the knowledge said.
    said: Said,
}

/// Files of ours by their hashes.
#[derive(Clone, Default, PartialEq, Eq)]
struct Said {
    config: Vec<Option<blake3::Hash>>,
    knowledge: Vec<Option<blake3::Hash>>,
}

/// What has changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anew {
    /// Anything at all.
    pub any: bool,
    /// What places are looked at with.
    pub config: bool,
    /// What documents are read with.
    pub knowledge: bool,
}

impl Ours {
    /// Begins with a session and its theme.
    pub fn new(session: Session, theme: Theme) -> Self {
        let theme = Arc::new(theme);
        let mut ours = Self {
            session: Arc::new(session),
            good: theme.clone(),
            theme,
            files: BTreeSet::new(),
            registries: BTreeSet::new(),
            theme_folder: None,
            said: Said::default(),
        };
        ours.remember();
        ours
    }

    fn remember(&mut self) {
        // A file that is reached by a link is edited where it lies.
        let both = |path: &PathBuf| [Some(whole(path)), path.canonicalize().ok()].into_iter().flatten();
        self.files = self.session.own_files().iter().chain(&self.session.knowledge_files()).flat_map(both).collect();
        self.registries = self.session.registries().iter().flat_map(both).collect();
        self.theme_folder = self.session.theme_folder().map(|path| whole(&path));
        self.said = said(&self.session);
    }

    /// Whether a path is a file of ours, or a folder in which one stands.
    pub fn has(&self, path: &Path) -> bool {
        self.files.contains(path)
            || self.registries.contains(path)
            || self.theme_folder.as_ref().is_some_and(|dir| path.starts_with(dir))
    }

    /// Whether a file that is new may be one of a registry's.
    pub fn may_hold(&self, path: &Path) -> bool {
        path.parent().is_some_and(|folder| self.registries.iter().any(|registry| registry.parent() == Some(folder)))
    }

    /// Reads everything again; what it cannot read stays as it was.
    pub fn read(&mut self, flags: &args::Serve) -> Result<Anew> {
        let session = Session::of_fleet(&flags.fleet)?;
        let theme = session.theme()?;
        let now = said(&session);
        let knowledge = now.knowledge != self.said.knowledge;
        let config = now.config != self.said.config;
        let dress = theme.files != self.theme.files;
        if knowledge || config {
            self.session = Arc::new(session);
        }
        // Also where nothing says otherwise than before, a registry may have come, or a link lead elsewhere.
        self.remember();
        if dress {
            self.theme = Arc::new(theme);
        }
        Ok(Anew { any: knowledge || config || dress, config: knowledge || config, knowledge })
    }

    /// Pages are made with this theme from now on; whether they look otherwise than before.
    pub fn wears(&mut self, theme: Arc<Theme>) -> bool {
        let anew = theme.files != self.good.files;
        self.good = theme;
        anew
    }

    /// Findings about the theme as text, each with its line.
    pub fn say(&self, found: &[Diagnostic]) -> String {
        if found.is_empty() {
            return String::new();
        }
        let mut found = found.to_vec();
        for place in found.iter_mut().filter_map(|d| d.location.as_mut()) {
            let text = self.theme.files.get(&*place.origin.path).map(|bytes| String::from_utf8_lossy(bytes));
            let line = text.as_ref().and_then(|text| text.lines().nth((place.line as usize).checked_sub(1)?));
            if let Some(line) = line.filter(|_| place.excerpt.is_empty()) {
                place.excerpt = line.chars().take(200).collect();
                let start = place.excerpt.len() - place.excerpt.trim_start().len();
                place.mark = crate::model::text::Span::new(start, place.excerpt.trim_end().len().max(start));
                place.column = start as u32 + 1;
            }
        }
        report::human(&found, false)
    }

    /// The files to look at in turn.
    pub fn files(&self) -> Vec<PathBuf> {
        let theme = self.theme_folder.iter().flat_map(|dir| walkdir::WalkDir::new(dir).into_iter().flatten());
        self.files.iter().chain(&self.registries).cloned().chain(theme.map(|entry| entry.into_path())).collect()
    }

    /// The folders around places and files of ours: what is made or taken away there may be one of them.
    pub fn folders<'p>(&self, places: impl Iterator<Item = &'p PathBuf>) -> BTreeSet<PathBuf> {
        let base = whole(&self.session.base);
        let files = self.files.iter().chain(&self.registries);
        let mut folders: BTreeSet<PathBuf> = files.filter_map(|f| f.parent()).map(Path::to_owned).collect();
        for dir in places {
            folders.extend(dir.parent().map(Path::to_owned));
            // A glob may have more than one part that changes.
            folders.extend(dir.ancestors().skip(1).take_while(|above| above.starts_with(&base)).map(Path::to_owned));
        }
        // Where a source's folders are links, they come and go beside the link.
        for source in &self.session.config.sources {
            folders.extend(places::root(source, &self.session.base).canonicalize());
        }
        let theme = self.theme_folder.iter().flat_map(|dir| walkdir::WalkDir::new(dir).into_iter().flatten());
        folders.extend(theme.filter(|entry| entry.file_type().is_dir()).map(|entry| entry.into_path()));
        folders.extend(self.theme_folder.as_ref().and_then(|dir| dir.parent()).map(Path::to_owned));
        folders
    }
}

/// The path as the system's events name it.
fn whole(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let named = path.parent().zip(path.file_name()).and_then(|(parent, name)| {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        Some(parent.canonicalize().ok()?.join(name))
    });
    named.or_else(|| path.canonicalize().ok()).unwrap_or_else(|| path.to_owned())
}

fn said(session: &Session) -> Said {
    let hash = |path: &PathBuf| std::fs::read(path).ok().map(|bytes| blake3::hash(&bytes));
    let hashes = |files: Vec<PathBuf>| files.iter().map(hash).collect();
    Said { config: hashes(session.own_files()), knowledge: hashes(session.knowledge_files()) }
}

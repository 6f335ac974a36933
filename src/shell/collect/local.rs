//! Reads one folder: what git ignores stays out, links are not followed, nothing is larger than allowed.

use super::places::Place;
use super::{NOT_UTF8, SYMLINK, TOO_LARGE, Tally, UNREADABLE, git, pictures};
use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Location, Rule};
use crate::model::source::{Origin, RawFile, Source, SourceState};
use crate::model::text::harmless;
use crate::pipeline;
use crate::shell::publish::MANIFEST;
use anyhow::{Context, Result};
use ignore::{DirEntry, WalkBuilder};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Folders that hold other people's files or machines' output.
const SKIPPED: [&str; 4] = [".git", "node_modules", "vendor", "target"];
/// Hidden folders in which hosts look for files about a repository.
const HIDDEN: [&str; 2] = [".github", ".gitlab"];

const UNREADABLE_HELP: &str = "give the reader permission, or leave it out with `exclude` or .gitignore";

/// What one place gave.
#[derive(Debug)]
pub struct Part {
    pub source: Source,
    pub files: Vec<RawFile>,
    pub tally: Tally,
    pub found: Vec<Diagnostic>,
}

/// Reads a place.
pub fn read(place: &Place, config: &Config) -> Result<Part> {
    // A folder that cannot be listed at all is our world's fault; anything inside it is a finding.
    std::fs::read_dir(&place.dir).with_context(|| format!("the source {} cannot be read", place.dir.display()))?;
    let head = git::head(&place.dir, place.web.as_deref());
    let name: Arc<str> = place.name.as_str().into();
    let source = Source {
        name: name.clone(),
        state: SourceState::Fresh,
        commit: head.commit.clone(),
        as_of: head.as_of,
        web: head.web,
        reason: None,
        pictures: Vec::new(),
    };
    let part = Part { source, files: Vec::new(), tally: Tally::default(), found: Vec::new() };
    let mut reading = Reading { place, limit: config.max_bytes, name, commit: head.commit, part, images: Vec::new() };
    for entry in walk(&place.dir) {
        match entry {
            Ok(entry) if entry.depth() > 0 => reading.entry(&entry),
            Ok(_) => {}
            Err(error) => reading.unlisted(&error),
        }
    }
    reading.part.source.pictures = pictures::of(&place.dir, reading.images, &reading.part.files);
    Ok(reading.part)
}

/// Everything in a folder that may be looked at, in the order of names.
pub fn walk(dir: &Path) -> ignore::Walk {
    WalkBuilder::new(dir)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .require_git(false)
        .follow_links(false)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(|entry| entry.depth() == 0 || entered(entry))
        .build()
}

/// Whether to look into a folder (files always pass).
fn entered(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let hidden = name.starts_with('.') && !HIDDEN.contains(&&*name);
    // A site of ours is never read as documents.
    !hidden && !SKIPPED.contains(&&*name) && !entry.path().join(MANIFEST).exists()
}

struct Reading<'p> {
    place: &'p Place,
    limit: u64,
    name: Arc<str>,
    commit: Option<Arc<str>>,
    part: Part,
    /// Files that may be pictures.
    images: Vec<String>,
}

impl Reading<'_> {
    fn origin(&self, path: &str) -> Origin {
        Origin { repo: self.name.clone(), commit: self.commit.clone(), path: path.into() }
    }

    fn failed(&mut self, rule: &Rule, path: &str, message: String, help: &str) {
        let at = Location::file(self.origin(path));
        self.part.tally.failed += 1;
        self.part.found.push(rule.says(message, Some(at), help));
    }

    /// Something the walk could not enter or list.
    fn unlisted(&mut self, error: &ignore::Error) {
        let inside = path_of(error).and_then(|path| path.strip_prefix(&self.place.dir).ok());
        let path = inside.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        self.part.tally.discovered += 1;
        if self.place.exclude.is_match(&path) || self.place.exclude.is_match(format!("{path}/any")) {
            self.part.tally.excluded += 1;
            return;
        }
        self.failed(&UNREADABLE, &path, format!("this cannot be looked into: {why}"), UNREADABLE_HELP);
    }

    fn entry(&mut self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        if kind.is_dir() {
            return;
        }
        let inside = entry.path().strip_prefix(&self.place.dir).unwrap_or(entry.path());
        let Some(path) = inside.to_str() else {
            let shown = inside.to_string_lossy();
            if pipeline::is_document(&shown) || pipeline::is_survey(&shown) {
                self.part.tally.discovered += 1;
                let help = "give the file a name in UTF-8";
                self.failed(&NOT_UTF8, &shown, format!("the name of {} is no readable text", harmless(&shown)), help);
            }
            return;
        };
        if kind.is_symlink() {
            self.link(entry.path(), path);
        } else if kind.is_file() {
            self.file(entry.path(), path);
        }
    }

    fn file(&mut self, at: &Path, path: &str) {
        let survey = pipeline::is_survey(path);
        let hidden = path.split('/').any(|part| part.starts_with('.'));
        let document = !survey && !hidden && pipeline::is_document(path);
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if !hidden && ending.as_deref().is_some_and(|ending| pictures::ENDINGS.contains(&ending)) {
            self.images.push(path.to_owned());
        }
        if !survey && !document {
            return;
        }
        let bare = document && !path.rsplit('/').next().unwrap_or(path).contains('.');
        if bare && !starts_as_text(at) {
            return;
        }
        self.part.tally.discovered += 1;
        let left_out = document && self.place.include.as_ref().is_some_and(|globs| !globs.is_match(path));
        if left_out || self.place.exclude.is_match(path) {
            self.part.tally.excluded += 1;
            return;
        }
        match self.bytes(at) {
            Ok(Some(bytes)) => {
                self.part.tally.read += 1;
                self.part.files.push(RawFile { origin: self.origin(path), bytes });
            }
            Ok(None) => {
                let size = at.metadata().map_or(0, |m| m.len());
                let message = format!("this document has {size} bytes, more than the {} that are read", self.limit);
                let help = "split it, leave it out with `exclude`, or raise `max-document-size` in the configuration";
                self.failed(&TOO_LARGE, path, message, help);
            }
            Err(error) => {
                self.failed(&UNREADABLE, path, format!("this file cannot be read: {error}"), UNREADABLE_HELP);
            }
        }
    }

    /// The bytes of a file; `None` where it is too large. Reads one byte past the limit at most, however long the file is.
    fn bytes(&self, at: &Path) -> std::io::Result<Option<Vec<u8>>> {
        let file = std::fs::File::open(at)?;
        let mut bytes = Vec::with_capacity(file.metadata()?.len().min(self.limit) as usize + 1);
        file.take(self.limit + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= self.limit).then_some(bytes))
    }

    /// A link: what it leads to inside the repository is read there; what lies outside is named and left.
    fn link(&mut self, at: &Path, path: &str) {
        let target = at.canonicalize();
        let outside = target.as_ref().map_or(true, |target| !target.starts_with(&self.place.dir));
        let folder = target.as_ref().is_ok_and(|target| target.is_dir());
        if !outside || !(folder || pipeline::is_document(path) || pipeline::is_survey(path)) {
            return;
        }
        self.part.tally.discovered += 1;
        let where_to = if target.is_ok() { "out of its repository" } else { "nowhere" };
        let help = "put the file itself here, or name its folder as a source of its own";
        self.failed(&SYMLINK, path, format!("this link leads {where_to} and was not followed"), help);
    }
}

/// The path an error of the walk speaks of.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Whether the first KB of a file could be text: no NUL, hardly any other control character.
fn starts_as_text(at: &Path) -> bool {
    let mut start = Vec::with_capacity(1024);
    let read = std::fs::File::open(at).and_then(|file| file.take(1024).read_to_end(&mut start));
    let control = start.iter().filter(|&&b| b < 0x20 && !b.is_ascii_whitespace()).count();
    // What cannot be opened is left to the reading proper, which says why.
    read.is_err() || start.starts_with(&[0xff, 0xfe]) || !start.contains(&0) && control * 20 <= start.len()
}

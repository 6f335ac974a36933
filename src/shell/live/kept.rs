//! What was read, kept by place: a file is read again only when its bytes are others than before.

use crate::model::diagnostic::Diagnostic;
use crate::model::runbook::Runbook;
use crate::model::source::{Collected, Origin, RawFile, Source};
use crate::pipeline::{self, Reading};
use crate::shell::collect::places::Place;
use crate::shell::collect::{Harvest, Tally, local, registry};
use crate::shell::session::Session;
use anyhow::Result;
use rayon::prelude::*;
use rustix::fs::{Mode, OFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every place with what was found there.
#[derive(Default)]
pub struct Kept {
    here: BTreeMap<PathBuf, Here>,
    registries: Registries,
}

/// The organisation's registries: few files, read together.
#[derive(Default)]
struct Registries {
    hash: Option<blake3::Hash>,
    read: Vec<(Origin, Reading)>,
    tally: Tally,
    found: Vec<Diagnostic>,
}

/// One place.
struct Here {
    place: Place,
    source: Option<Source>,
    tally: Tally,
    found: Vec<Diagnostic>,
    files: BTreeMap<String, File>,
}

struct File {
    origin: Origin,
    hash: blake3::Hash,
    reading: Reading,
}

/// A file as an event names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Its place's folder.
    pub dir: PathBuf,
    /// Its path inside.
    pub path: String,
}

/// What reading a place again has changed.
#[derive(Default)]
pub struct Changes {
    /// Whether anything is otherwise than before.
    pub any: bool,
    /// Documents that were there before and say something else now.
    pub edited: Vec<At>,
}

impl Kept {
    /// Keeps to these places. Says which were not there before, and whether any has gone with what was read in it.
    pub fn keep_to(&mut self, places: Vec<Place>) -> (BTreeSet<PathBuf>, bool) {
        let mut fresh = BTreeSet::new();
        let mut last = std::mem::take(&mut self.here);
        for place in places {
            let dir = place.dir.clone();
            let here = match last.remove(&dir) {
                Some(here) if here.place.name == place.name => Here { place, ..here },
                _ => {
                    fresh.insert(dir.clone());
                    Here { place, source: None, tally: Tally::default(), found: Vec::new(), files: BTreeMap::new() }
                }
            };
            self.here.insert(dir, here);
        }
        (fresh, !last.is_empty())
    }

    /// Forgets every reading, because what they were made with has changed.
    pub fn forget(&mut self) {
        self.registries = Registries::default();
        self.here.values_mut().for_each(|here| here.files.clear());
    }

    /// The folders of all places.
    pub fn dirs(&self) -> impl Iterator<Item = &PathBuf> {
        self.here.keys()
    }

    /// The folders of places that lie in a folder, or are it.
    pub fn below(&self, folder: &Path) -> Vec<PathBuf> {
        let from = self.here.range(folder.to_owned()..).map(|(dir, _)| dir);
        from.take_while(|dir| dir.starts_with(folder)).cloned().collect()
    }

    /// The places a path lies in, the innermost first, and the path inside each.
    pub fn locate(&self, path: &Path) -> Vec<At> {
        let dirs = path.ancestors().filter(|dir| self.here.contains_key(*dir));
        let at = |dir: &Path| {
            let inside = path.strip_prefix(dir).ok()?.to_str()?.to_owned();
            Some(At { dir: dir.to_owned(), path: inside })
        };
        dirs.filter_map(at).collect()
    }

    /// Whether a file was read when its place was read last.
    pub fn knows(&self, at: &At) -> bool {
        self.here.get(&at.dir).is_some_and(|here| here.files.contains_key(&at.path))
    }

    /// Whether a file or folder with known files has gone.
    pub fn knows_below(&self, at: &At) -> bool {
        let Some(here) = self.here.get(&at.dir) else { return false };
        let below = format!("{}/", at.path);
        at.path.is_empty() || here.files.keys().any(|path| *path == at.path || path.starts_with(&below))
    }

    /// Reads one known file again. What is no plain file of a fair size any more is for the next look at its place.
    pub fn save(&mut self, at: &At, session: &Session) -> Saved {
        let Some(file) = self.here.get_mut(&at.dir).and_then(|here| here.files.get_mut(&at.path)) else {
            return Saved::Unclear;
        };
        let Some(bytes) = plain(at, session.config.max_bytes) else { return Saved::Unclear };
        let hash = blake3::hash(&bytes);
        if hash == file.hash {
            return Saved::Same;
        }
        file.hash = hash;
        file.reading = pipeline::read(RawFile { origin: file.origin.clone(), bytes }, &session.reader);
        Saved::Otherwise(file.reading.runbook.clone())
    }

    /// Looks at places again and reads what has changed there. A place that cannot be looked at keeps what it had.
    pub fn look(&mut self, dirs: &BTreeSet<PathBuf>, session: &Session, tick: &(dyn Fn() + Sync)) -> Result<Changes> {
        let looked: Vec<(&PathBuf, Result<local::Part>)> = dirs
            .par_iter()
            .filter_map(|dir| Some((dir, local::read(&self.here.get(dir)?.place, &session.config))))
            .collect();
        let mut changes = Changes::default();
        let (mut fresh, mut wrong) = (Vec::new(), None);
        for (dir, part) in looked {
            let Some(here) = self.here.get_mut(dir) else { continue };
            let part = match part {
                Ok(part) => part,
                Err(error) => {
                    wrong.get_or_insert(error);
                    continue;
                }
            };
            let now: BTreeSet<&str> = part.files.iter().map(|file| &*file.origin.path).collect();
            let before = here.files.len();
            here.files.retain(|path, _| now.contains(path.as_str()));
            changes.any |= here.files.len() != before || here.found != part.found;
            changes.any |= here.source.as_ref().is_none_or(|s| {
                (&s.commit, &s.web, &s.pictures) != (&part.source.commit, &part.source.web, &part.source.pictures)
            });
            (here.source, here.found, here.tally) = (Some(part.source), part.found, part.tally);
            for file in part.files {
                let hash = blake3::hash(&file.bytes);
                let known = here.files.get(&*file.origin.path);
                if known.is_none_or(|known| known.hash != hash || known.origin != file.origin) {
                    fresh.push((dir, known.is_some_and(|known| known.hash != hash), hash, file));
                }
            }
        }
        changes.any |= !fresh.is_empty();
        let read: Vec<(&PathBuf, bool, File)> = fresh
            .into_par_iter()
            .map(|(dir, edited, hash, file)| {
                let origin = file.origin.clone();
                let reading = pipeline::read(file, &session.reader);
                tick();
                (dir, edited, File { origin, hash, reading })
            })
            .collect();
        for (dir, edited, file) in read {
            let path = file.origin.path.to_string();
            if edited {
                changes.edited.push(At { dir: dir.clone(), path: path.clone() });
            }
            if let Some(here) = self.here.get_mut(dir) {
                here.files.insert(path, file);
            }
        }
        match wrong {
            Some(error) => Err(error),
            None => Ok(changes),
        }
    }

    /// Reads the registries again where any says something else; whether one does.
    pub fn look_at_registries(&mut self, session: &Session) -> Result<bool> {
        let sources = self.here.values().filter_map(|here| here.source.clone()).collect();
        let mut harvest = Harvest { collected: Collected { sources, ..Collected::default() }, ..Harvest::default() };
        let places: Vec<Place> = self.here.values().map(|here| here.place.clone()).collect();
        registry::collect(&mut harvest, &places, &session.config, &session.base)?;
        let mut hash = blake3::Hasher::new();
        for (file, at) in &harvest.registries {
            hash.update(file.origin.label().as_bytes()).update(&at.to_le_bytes()).update(&file.bytes);
        }
        let hash = Some(hash.finalize());
        let same = self.registries.hash == hash && self.registries.found == harvest.found;
        if !same {
            let read = |(file, at): (RawFile, usize)| {
                (file.origin.clone(), pipeline::read_registry(file, &session.config.registries[at]))
            };
            let read = harvest.registries.into_iter().map(read).collect();
            self.registries = Registries { hash, read, tally: harvest.tally, found: harvest.found };
        }
        Ok(!same)
    }

    /// What a known document says.
    pub fn runbook(&self, at: &At) -> Option<&Arc<Runbook>> {
        self.here.get(&at.dir)?.files.get(&at.path)?.reading.runbook.as_ref()
    }

    /// Everything, ready to be assembled; `found` is what the configuration has wrong.
    pub fn all(&self, found: &[Diagnostic]) -> (Vec<Source>, Vec<Reading>) {
        let here = || self.here.values();
        let mut sources: Vec<Source> = here().filter_map(|here| here.source.clone()).collect();
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        let registries = &self.registries;
        // A registry that looks like a file of another format is read once.
        let once = |file: &&File| registries.read.iter().all(|(origin, _)| *origin != file.origin);
        let files = here().flat_map(|here| here.files.values()).filter(once).map(|file| &file.reading);
        let mut readings: Vec<Reading> = files.chain(registries.read.iter().map(|(_, r)| r)).cloned().collect();
        let found = found.iter().chain(here().flat_map(|here| &here.found)).chain(&registries.found).cloned().collect();
        readings.push(Reading { diagnostics: found, ..Reading::default() });
        (sources, readings)
    }

    /// The tally of all places, as a harvest of nothing else.
    pub fn harvest(&self) -> Harvest {
        let tally = self.here.values().map(|here| here.tally).chain([self.registries.tally]).sum();
        let found = self.here.values().flat_map(|here| &here.found).chain(&self.registries.found).cloned().collect();
        Harvest { tally, found, ..Harvest::default() }
    }
}

/// What a save came to.
pub enum Saved {
    /// The file says what it said.
    Same,
    /// It says something else: its runbook, where it is a document.
    Otherwise(Option<Arc<Runbook>>),
    /// It cannot be read alone.
    Unclear,
}

/// The bytes of a plain file that is not larger than allowed; no link is followed, and nothing that is no file waited for.
fn plain(at: &At, limit: u64) -> Option<Vec<u8>> {
    let path = at.dir.join(&at.path);
    let folder = path.parent()?;
    folder.canonicalize().ok().filter(|real| real == folder)?;
    let file = rustix::fs::open(&path, OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let file = std::fs::File::from(file);
    let meta = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut bytes = Vec::with_capacity(meta.len().min(limit) as usize + 1);
    file.take(limit + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= limit).then_some(bytes)
}

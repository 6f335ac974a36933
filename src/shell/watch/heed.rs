//! What hints are worth: known files are read at once, everything else is looked at when the next fleet is made.

use super::eyes::Hint;
use super::{Sight, Watch, service};
use crate::pipeline;
use crate::shell::live::kept::{At, Saved};
use crate::shell::live::{Live, Save};
use crate::shell::publish::MANIFEST;
use crate::shell::session;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

impl Watch {
    /// Takes hints for what they are worth.
    pub(super) fn take(&mut self, hints: Vec<Hint>, live: &Live) {
        let mut saved = BTreeSet::new();
        for hint in hints {
            match hint {
                Hint::Saved(path) => {
                    self.writing.closed(&path);
                    saved.insert(path);
                }
                Hint::Touched(path) | Hint::Writing(path) if is_folder(&path) => _ = saved.insert(path),
                Hint::Writing(path) => {
                    saved.remove(&path);
                    self.touched(path, true);
                }
                Hint::Touched(path) => {
                    saved.remove(&path);
                    let empty = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.len() == 0);
                    self.touched(path, empty);
                }
                Hint::Gone(path) => {
                    self.writing.gone(&path);
                    saved.retain(|saved| !saved.starts_with(&path));
                    self.gone(&path);
                }
                Hint::Anything => {
                    if let Sight::Eyes(eyes) = &mut self.sight {
                        eyes.all_gone();
                    }
                    self.look = self.kept.dirs().cloned().collect();
                    (self.places, self.own) = (true, true);
                    self.settle.seen(Instant::now(), false);
                }
            }
        }
        saved.extend(self.writing.due(Instant::now()));
        for path in saved {
            self.saved(&path, live);
        }
    }

    /// Something is happening to a file.
    fn touched(&mut self, path: PathBuf, open: bool) {
        let places = self.kept.locate(&path);
        let matters = self.ours.has(&path) || places.iter().any(|at| self.kept.knows(at) || is_worth_a_look(&at.path));
        self.writing.touched(path, open, matters, Instant::now());
    }

    /// Something stands at a path that may not have stood there before.
    fn saved(&mut self, path: &Path, live: &Live) {
        let now = Instant::now();
        let places = self.kept.locate(path);
        // A link is followed where a source's folders are looked for, and nowhere else.
        let folder = is_folder(path) || places.is_empty() && path.is_dir();
        if folder && let Sight::Eyes(eyes) = &mut self.sight {
            eyes.gone(path);
        }
        let known = places.iter().any(|at| self.kept.knows(at));
        if self.ours.has(path) || !known && self.ours.may_hold(path) {
            self.own = true;
            self.settle.seen(now, false);
        }
        if places.is_empty() && folder {
            // With a folder around them places come back that may not be what they were.
            self.look.extend(self.kept.below(path));
            (self.places, self.own) = (true, true);
            self.settle.seen(now, false);
        }
        for at in places {
            if self.kept.knows(&at) {
                self.edit(at, live);
            } else if at.path.is_empty() || folder || is_worth_a_look(&at.path) {
                self.look.insert(at.dir);
                self.settle.seen(now, false);
            }
        }
    }

    /// Nothing stands at a path any more.
    fn gone(&mut self, path: &Path) {
        if let Sight::Eyes(eyes) = &mut self.sight {
            eyes.gone(path);
        }
        let places = self.kept.locate(path);
        self.own |= self.ours.has(path);
        self.places |= places.is_empty() || places.iter().any(|at| at.path.is_empty());
        let known = |at: &At| self.kept.knows_below(at) || is_worth_a_look(&at.path);
        let mut look: Vec<PathBuf> = places.into_iter().filter(known).map(|at| at.dir).collect();
        look.extend(self.kept.below(path));
        if self.own || self.places || !look.is_empty() {
            self.look.extend(look);
            self.settle.seen(Instant::now(), false);
        }
    }

    /// A known file was saved: it is read at once, and its pages follow before anything else does.
    fn edit(&mut self, at: At, live: &Live) {
        let now = Instant::now();
        if self.settle.storm() && self.settle.due().is_some() {
            self.later.insert(at);
            self.settle.seen(now, true);
            return;
        }
        let save = self.before(&at, live);
        match self.kept.save(&at, &self.ours.session) {
            Saved::Same => {}
            Saved::Unclear => {
                self.look.insert(at.dir);
                self.settle.seen(now, false);
            }
            Saved::Otherwise(runbook) => {
                self.changed = true;
                self.settle.seen(now, true);
                let today = session::today(self.flags.fleet.today).ok();
                let shown =
                    runbook.zip(today).is_some_and(|(runbook, today)| live.replace(&runbook, save.clone(), today));
                if let Some(save) = save.filter(|_| !shown) {
                    self.saves.push((at.clone(), save));
                }
                if self.building {
                    self.since.insert(at);
                }
            }
        }
    }

    /// How a document's service stands before a save.
    fn before(&self, at: &At, live: &Live) -> Option<Save> {
        let runbook = self.kept.runbook(at)?;
        let generation = live.now();
        let service = service(&generation.fleet, runbook)?;
        Some(Save { document: runbook.document.origin.label(), before: generation.states(service) })
    }
}

/// Whether a path could be a document, a file of facts, or a file that decides about others.
fn is_worth_a_look(path: &str) -> bool {
    if let Some(git) = path.strip_prefix(".git/") {
        return !git.ends_with(".lock");
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    name == ".gitignore" || name == MANIFEST || pipeline::is_document(path) || pipeline::is_survey(path)
}

/// Whether a folder stands there, and no link to one.
fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

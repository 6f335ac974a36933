//! From what was seen to a whole fleet: what has changed is read again, everything else is kept.

use super::eyes::Hint;
use super::eyes::Patrol;
use super::task::Task;
use super::writing::STILL;
use super::{AGAIN, Heard, Sight, Watch, say_limit};
use crate::shell::collect::local;
use crate::shell::live::kept::Saved;
use crate::shell::terminal;
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

impl Watch {
    /// Reads what is to be read and begins a fleet where anything has changed.
    pub(super) fn build(&mut self) {
        let (told, doubt) = (self.wrong.take(), std::mem::take(&mut self.doubt));
        match self.catch_up() {
            Err(error) => {
                let (says, now) = (terminal::said(&error, false), Instant::now());
                self.wrong = match says == doubt {
                    true => Some((says.clone(), Some(now + AGAIN))),
                    false => Some((told.map_or_else(String::new, |(told, _)| told), Some(now + STILL))),
                };
                self.doubt = says;
            }
            Ok(()) if !self.changed => {}
            Ok(()) => self.begin_fleet(),
        }
    }

    /// Brings what was read up to what stands on the disk.
    fn catch_up(&mut self) -> Result<()> {
        // A plain save is no registry's.
        let registries = self.own || self.places || !self.look.is_empty();
        if std::mem::take(&mut self.own) {
            let anew = self.ours.read(&self.flags).inspect_err(|_| self.own = true)?;
            self.changed |= anew.any;
            if anew.knowledge {
                self.kept.forget();
            }
            if anew.config {
                self.places = true;
                self.look.extend(self.kept.dirs().cloned());
            }
        }
        if std::mem::take(&mut self.places) {
            let places = self.flags.places(&self.ours.session).inspect_err(|_| self.places = true)?;
            let (fresh, gone) = self.kept.keep_to(places);
            self.look.extend(fresh);
            self.changed |= gone;
            let dirs: BTreeSet<PathBuf> = self.kept.dirs().cloned().collect();
            self.look.retain(|dir| dirs.contains(dir));
            self.watch(&BTreeSet::new());
        }
        let look = self.look.clone();
        self.watch(&look);
        for at in std::mem::take(&mut self.later) {
            if !look.contains(&at.dir) {
                match self.kept.save(&at, &self.ours.session) {
                    Saved::Same => {}
                    Saved::Otherwise(_) => self.changed = true,
                    Saved::Unclear => _ = self.look.insert(at.dir),
                }
            }
        }
        let look = std::mem::take(&mut self.look);
        let changes = self.kept.look(&look, &self.ours.session, &|| {}).inspect_err(|_| self.look = look)?;
        self.changed |= changes.any;
        if registries {
            self.changed |= self.kept.look_at_registries(&self.ours.session).inspect_err(|_| self.own = true)?;
        }
        if self.kept.harvest().tally.read == 0 {
            bail!("no document is left to read: the pages show the last ones there were");
        }
        Ok(())
    }

    /// Makes a fleet beside the loop.
    fn begin_fleet(&mut self) {
        self.changed = false;
        self.building = true;
        self.since.clear();
        let session = self.ours.session.clone();
        let (sources, readings) = self.kept.all(&session.found);
        let (theme, good) = (self.ours.theme.clone(), self.ours.good.clone());
        let (tell, today) = (self.tell.clone(), self.flags.fleet.today);
        let task = Task { sources, readings, session, theme, good, today };
        // The loop ends only with the program.
        std::thread::spawn(move || tell.send(Heard::Built(task.run())));
    }

    /// Watches the folders of places, and those around them in which places and files of ours may come and go.
    pub(super) fn watch(&mut self, dirs: &BTreeSet<PathBuf>) {
        let Sight::Eyes(eyes) = &mut self.sight else { return };
        let around = self.ours.folders(self.kept.dirs());
        // A folder that was made after its parent was listed and before it was watched is told of by nobody.
        let mut inside = |dir: &PathBuf| {
            while eyes.watch(&folders(dir))? {}
            Ok(())
        };
        if let Err(limit) = dirs.iter().try_for_each(&mut inside).and_then(|()| eyes.watch(&around).map(drop)) {
            say_limit(&limit);
            self.sight = Sight::Patrol(Patrol::default(), Instant::now());
            self.patrol();
        }
    }

    /// One look at every file.
    pub(super) fn patrol(&mut self) -> Vec<Hint> {
        let Sight::Patrol(patrol, next) = &mut self.sight else { return Vec::new() };
        let around = self.ours.folders(self.kept.dirs());
        let inside = self.kept.dirs().flat_map(|dir| local::walk(dir).flatten().map(|entry| entry.into_path()));
        let git = self.kept.dirs().flat_map(|dir| [".git/HEAD", ".git/logs/HEAD"].map(|told| dir.join(told)));
        let (hints, again) = patrol.look(around.into_iter().chain(inside).chain(git).chain(self.ours.files()));
        *next = again;
        hints
    }
}

/// The folders of a place in which something may happen; of git's own only the one that tells of a new commit.
fn folders(dir: &Path) -> Vec<PathBuf> {
    let walked = local::walk(dir).flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
    let git = dir.join(".git");
    walked.map(|entry| entry.into_path()).chain(git.is_dir().then_some(git)).collect()
}

//! What is seen of the disk: the system's own events folder by folder, or a look at every file in turn.
//!
//! Either gives hints only. What a file says is read from the file, and only its bytes decide whether anything changed.

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Something that may have happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A file was written and closed, or put in its place whole.
    Saved(PathBuf),
    /// A file is being written: the system tells when its writer closes it.
    Writing(PathBuf),
    /// Something has happened to a file, or may have.
    Touched(PathBuf),
    /// Something is not there any more.
    Gone(PathBuf),
    /// Events were lost: anything may have happened.
    Anything,
}

/// Why the system's events cannot be had.
#[derive(Debug)]
pub struct Limit {
    /// How many folders are watched.
    pub watched: usize,
    /// The system's words.
    pub says: String,
}

/// The hints of an event.
fn hints(event: notify::Result<Event>) -> Vec<Hint> {
    let Ok(event) = event else { return vec![Hint::Anything] };
    if event.need_rescan() {
        return vec![Hint::Anything];
    }
    let each = |hint: fn(PathBuf) -> Hint| event.paths.iter().cloned().map(hint).collect();
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => each(Hint::Saved),
        EventKind::Access(_) => Vec::new(),
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) | EventKind::Create(CreateKind::Folder) => {
            each(Hint::Saved)
        }
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) | EventKind::Remove(_) => each(Hint::Gone),
        // Both halves were told of before.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) if cfg!(target_os = "linux") => Vec::new(),
        EventKind::Modify(ModifyKind::Data(_)) if cfg!(target_os = "linux") => each(Hint::Writing),
        EventKind::Create(_) | EventKind::Modify(_) => each(Hint::Touched),
        // An event without a path says only that something happened.
        EventKind::Any | EventKind::Other => vec![Hint::Anything],
    }
}

/// The system's events.
pub struct Eyes {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Eyes {
    /// Begins with no folder; `tell` is called from another thread.
    pub fn open(tell: impl Fn(Vec<Hint>) + Send + 'static) -> Result<Self, Limit> {
        let told = move |event| {
            let hints = hints(event);
            if !hints.is_empty() {
                tell(hints);
            }
        };
        match notify::recommended_watcher(told) {
            Ok(watcher) => Ok(Self { watcher, watched: BTreeSet::new() }),
            Err(error) => Err(Limit { watched: 0, says: says(&error) }),
        }
    }

    /// Watches folders that are not watched yet; whether there was any. One that is not there is nothing to watch: its
    /// parent tells when it comes.
    pub fn watch<'p>(&mut self, folders: impl IntoIterator<Item = &'p PathBuf>) -> Result<bool, Limit> {
        let mut any = false;
        for folder in folders {
            if self.watched.contains(folder) {
                continue;
            }
            match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => any |= self.watched.insert(folder.clone()),
                Err(error) => match &error.kind {
                    ErrorKind::PathNotFound | ErrorKind::WatchNotFound => {}
                    ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::NotFound => {}
                    ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::PermissionDenied => {}
                    _ => return Err(Limit { watched: self.watched.len(), says: says(&error) }),
                },
            }
        }
        Ok(any)
    }

    /// A folder has gone, and what was watched below it: should it come back, it is another one.
    pub fn gone(&mut self, folder: &Path) {
        let below: Vec<PathBuf> =
            self.watched.range(folder.to_owned()..).take_while(|path| path.starts_with(folder)).cloned().collect();
        for path in below {
            self.watched.remove(&path);
            // The system has mostly taken it away by itself.
            _ = self.watcher.unwatch(&path);
        }
    }

    /// Every folder may be another one than it was.
    pub fn all_gone(&mut self) {
        for path in std::mem::take(&mut self.watched) {
            _ = self.watcher.unwatch(&path);
        }
    }
}

fn says(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => "the system watches no more folders".to_owned(),
        ErrorKind::Io(io) => io.to_string(),
        _ => error.to_string(),
    }
}

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
    /// Where a clock is coarse, a file may change once more without looking otherwise.
    recent: bool,
}

/// A look at every file in turn, for file systems that tell nothing.
#[derive(Default)]
pub struct Patrol {
    stamps: BTreeMap<PathBuf, Stamp>,
    walked: bool,
}

/// How old a change must be before its stamp is believed.
const COARSE: Duration = Duration::from_secs(3);
/// The shortest pause between two looks, and how many times a look's own time the pause lasts at least.
const PAUSE: Duration = Duration::from_millis(500);
const SHARE: u32 = 10;

impl Patrol {
    /// Looks at everything; the hints of this look, and when to look again. The first look only remembers.
    pub fn look(&mut self, paths: impl Iterator<Item = PathBuf>) -> (Vec<Hint>, Instant) {
        let begun = Instant::now();
        let now = SystemTime::now();
        let mut hints = Vec::new();
        let mut next = BTreeMap::new();
        for path in paths {
            let Ok(meta) = std::fs::symlink_metadata(&path) else { continue };
            let modified = meta.modified().ok();
            let recent =
                !meta.is_dir() && modified.is_none_or(|at| now.duration_since(at).is_ok_and(|age| age < COARSE));
            let stamp = Stamp { modified, length: meta.len(), number: number(&meta), recent };
            if self.stamps.get(&path) != Some(&stamp) || recent {
                hints.push(Hint::Touched(path.clone()));
            }
            next.insert(path, stamp);
        }
        hints.extend(self.stamps.keys().filter(|path| !next.contains_key(*path)).cloned().map(Hint::Gone));
        self.stamps = next;
        if !std::mem::replace(&mut self.walked, true) {
            hints.clear();
        }
        (hints, Instant::now() + PAUSE.max(begun.elapsed() * SHARE))
    }
}

/// Tells a file from another of the same name and length.
fn number(meta: &std::fs::Metadata) -> u64 {
    meta.ino() ^ meta.ctime_nsec().cast_unsigned() ^ meta.ctime().cast_unsigned().rotate_left(32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{DataChange, Flag, MetadataKind};

    #[test]
    fn events_are_hints_and_lost_events_are_a_hint_at_everything() {
        let path = PathBuf::from("/repos/pay/RUNBOOK.md");
        let of = |kind| hints(Ok(Event::new(kind).add_path(path.clone())));
        let (saved, touched, gone) = (Hint::Saved, Hint::Touched, Hint::Gone);
        for (kind, hint) in [
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), Some(saved(path.clone()))),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), None),
            (EventKind::Access(AccessKind::Close(AccessMode::Read)), None),
            (EventKind::Create(CreateKind::File), Some(touched(path.clone()))),
            (EventKind::Modify(ModifyKind::Data(DataChange::Any)), Some(Hint::Writing(path.clone()))),
            (EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)), Some(touched(path.clone()))),
            (EventKind::Modify(ModifyKind::Name(RenameMode::From)), Some(gone(path.clone()))),
            (EventKind::Modify(ModifyKind::Name(RenameMode::To)), Some(saved(path.clone()))),
            (EventKind::Remove(notify::event::RemoveKind::File), Some(gone(path.clone()))),
        ] {
            assert_eq!(of(kind), hint.into_iter().collect::<Vec<_>>(), "{kind:?}");
        }
        let rescan = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(hints(Ok(rescan)), [Hint::Anything], "an event without a path");
        assert_eq!(hints(Err(notify::Error::generic("lost"))), [Hint::Anything]);
    }

    #[test]
    fn a_patrol_sees_what_came_changed_and_went_and_nothing_twice() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let old = std::time::SystemTime::now() - Duration::from_secs(60);
        let write = |name: &str, text: &str| {
            std::fs::write(path(name), text).unwrap();
            std::fs::File::options().write(true).open(path(name)).unwrap().set_modified(old).unwrap();
        };
        let files = || ["a.md", "b.md", "c.md"].map(path).into_iter();
        write("a.md", "one");
        write("b.md", "one");
        let mut patrol = Patrol::default();
        assert_eq!(patrol.look(files()).0, [], "the first look only remembers");
        assert_eq!(patrol.look(files()).0, []);
        write("a.md", "two, longer");
        write("c.md", "new");
        std::fs::remove_file(path("b.md")).unwrap();
        let hints = patrol.look(files()).0;
        assert_eq!(hints, [Hint::Touched(path("a.md")), Hint::Touched(path("c.md")), Hint::Gone(path("b.md"))]);
        assert_eq!(patrol.look(files()).0, []);
        // What was written a moment ago may be written again without looking otherwise.
        std::fs::write(path("a.md"), "now").unwrap();
        patrol.look(files());
        assert_eq!(patrol.look(files()).0, [Hint::Touched(path("a.md"))]);
    }
}

//! Files being written: each is read when its writer closes it, or when it was left alone for so long that nobody will.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a file is left alone that something has happened to, where no more is known.
pub const STILL: Duration = Duration::from_millis(50);
/// How long one is left alone that somebody has open for writing, or that is empty: half of it is worth nothing.
const OPEN: Duration = Duration::from_secs(1);
/// A file that is written without end is read all the same.
const LONGEST: Duration = Duration::from_secs(3);

/// The files something is happening to.
#[derive(Debug, Default)]
pub struct Writing(BTreeMap<PathBuf, File>);

#[derive(Debug)]
struct File {
    first: Instant,
    /// When to read it, unless more happens to it.
    due: Instant,
    open: bool,
    /// Whether a fleet waits for it.
    matters: bool,
}

impl Writing {
    /// Something has happened to a file; `open` where its end is still to come.
    pub fn touched(&mut self, path: PathBuf, open: bool, matters: bool, now: Instant) {
        let file = self.0.entry(path).or_insert(File { first: now, due: now, open, matters });
        file.open |= open;
        file.due = (now + if file.open { OPEN } else { STILL }).min(file.first + LONGEST);
    }

    /// A file was closed.
    pub fn closed(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// A file has gone, or a folder with everything below it.
    pub fn gone(&mut self, path: &Path) {
        self.0.retain(|file, _| !file.starts_with(path));
    }

    /// When the next file is to be read.
    pub fn next(&self) -> Option<Instant> {
        self.0.values().map(|file| file.due).min()
    }

    /// Takes the files that are to be read now.
    pub fn due(&mut self, now: Instant) -> Vec<PathBuf> {
        self.0.extract_if(.., |_, file| file.due <= now).map(|(path, _)| path).collect()
    }

    /// What is due at one time, put off until nothing that matters is half-written, but not for ever.
    pub fn put_off(&self, due: Instant) -> Instant {
        let whole = self.0.values().filter(|file| file.matters).map(|file| file.due).max();
        whole.map_or(due, |whole| due.max(whole.min(due + OPEN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_when_it_is_whole_and_one_that_never_ends_all_the_same() {
        let (start, path) = (Instant::now(), |name: &str| PathBuf::from(name));
        let after = |ms: u64| start + Duration::from_millis(ms);
        let mut writing = Writing::default();
        writing.touched(path("a/touched.md"), false, true, start);
        writing.touched(path("a/open.md"), true, true, start);
        assert_eq!(writing.next(), Some(after(50)));
        assert_eq!(writing.due(after(60)), [path("a/touched.md")]);
        assert_eq!(writing.due(after(999)), [] as [PathBuf; 0], "its writer has not closed it");
        assert_eq!(writing.put_off(after(100)), after(1_000));
        writing.closed(&path("a/open.md"));
        assert_eq!((writing.next(), writing.put_off(after(100))), (None, after(100)));

        for ms in (0..10_000).step_by(100) {
            writing.touched(path("a/log.md"), true, true, after(ms));
            writing.touched(path("a/log.bin"), true, false, after(ms));
        }
        assert_eq!(writing.next(), Some(after(3_000)));
        assert_eq!(writing.put_off(after(100)), after(1_100), "nothing waits for ever");
        assert_eq!(writing.put_off(after(4_000)), after(4_000));
        writing.gone(&path("a"));
        assert_eq!(writing.next(), None);
    }
}

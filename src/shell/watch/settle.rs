//! When to build: at once for the first change after a quiet moment, and once more when what follows it has settled.

use std::time::{Duration, Instant};

/// A pause after which a change is a first one again, and what a few changes in a row wait for.
const QUIET: Duration = Duration::from_millis(100);
/// What many in a row wait for: a `git pull` pauses longer than a person.
const STORM: Duration = Duration::from_millis(300);
/// How many are many.
const MANY: u32 = 4;
/// Nothing waits longer, however long a storm lasts.
const LONGEST: Duration = Duration::from_secs(3);

/// The changes that no build has seen yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settle {
    last: Option<Instant>,
    run: u32,
    since: Option<Instant>,
    due: Option<Instant>,
}

impl Settle {
    /// A change was seen. One whose whole extent is not known yet (`sure` is false), such as a folder that went away,
    /// waits for what follows it even where it is the first.
    pub fn seen(&mut self, now: Instant, sure: bool) {
        let first = self.last.is_none_or(|last| now.duration_since(last) > QUIET);
        self.run = if first { 1 } else { self.run.saturating_add(1) };
        self.last = Some(now);
        let since = *self.since.get_or_insert(now);
        let wait = match self.run {
            1 if sure => Duration::ZERO,
            n if n < MANY => QUIET,
            _ => STORM,
        };
        let due = (now + wait).min(since + LONGEST);
        // A change that may be built at once is not held up by one that waits.
        self.due = Some(due);
    }

    /// Whether many changes came in a row, so that none is worth an answer of its own.
    pub fn storm(&self) -> bool {
        self.run >= MANY
    }

    /// When to build, where there is anything to build.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// A build has begun with everything seen so far.
    pub fn begun(&mut self) {
        (self.since, self.due) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_first_save_is_built_at_once_and_every_later_one_too() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        for second in 0..5 {
            let now = start + Duration::from_secs(second);
            settle.seen(now, true);
            assert_eq!(settle.due(), Some(now));
            assert!(!settle.storm());
            settle.begun();
            assert_eq!(settle.due(), None);
        }
    }

    #[test]
    fn three_hundred_files_are_two_builds() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        let mut builds = Vec::new();
        let mut now = start;
        for ms in 0..2_000 {
            now = start + after(ms);
            if ms < 900 && ms % 3 == 0 {
                settle.seen(now, true);
            }
            if settle.due().is_some_and(|due| due <= now) {
                builds.push(ms);
                settle.begun();
            }
        }
        assert_eq!(builds, [0, 897 + 300], "until {:?}", now - start);
    }

    #[test]
    fn what_is_not_known_whole_waits_and_a_storm_that_never_ends_does_not() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        settle.seen(start, false);
        assert_eq!(settle.due(), Some(start + QUIET));
        for ms in (0..60_000).step_by(50) {
            settle.seen(start + after(ms), true);
        }
        assert_eq!(settle.due(), Some(start + LONGEST));
    }
}

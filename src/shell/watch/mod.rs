//! The author's loop: what is seen on the disk becomes edits of the site at once, and a whole fleet soon after.

mod build;
pub mod eyes;
mod heed;
mod ours;
mod settle;
mod task;
mod writing;

use super::args;
use super::collect::places::Place;
use super::live::kept::{At, Kept};
use super::live::{Generation, Live, Save};
use super::session::{self, Session};
use crate::model::diagnostic::Diagnostic;
use crate::model::id::RunbookIx;
use crate::model::runbook::Runbook;
use crate::model::site::Theme;
use crate::pipeline::{self, Fleet};
use anyhow::Result;
use eyes::{Eyes, Hint, Limit, Patrol};
use ours::Ours;
use settle::Settle;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use task::Built;
use writing::Writing;

/// How often something that is wrong in our world is looked at again.
const AGAIN: Duration = Duration::from_secs(1);

/// What the loop hears.
enum Heard {
    Seen(Vec<Hint>),
    Built(Result<Box<Built>, String>),
}

/// How the disk is watched.
enum Sight {
    /// Not at all.
    Shut,
    Eyes(Eyes),
    Patrol(Patrol, Instant),
}

/// The loop, with everything it knows.
pub struct Watch {
    flags: args::Serve,
    ours: Ours,
    kept: Kept,
    sight: Sight,
    heard: Receiver<Heard>,
    tell: Sender<Heard>,
    settle: Settle,
    /// Files being written.
    writing: Writing,
    /// Places to look at again.
    look: BTreeSet<PathBuf>,
    /// Known files to read again, which came too many at a time.
    later: BTreeSet<At>,
    /// Whether folders may have become places, or places have gone.
    places: bool,
    /// Whether files of ours may have changed.
    own: bool,
    /// Whether something was read that no fleet has seen.
    changed: bool,
    building: bool,
    /// What was edited since the fleet that is being made was begun.
    since: BTreeSet<At>,
    /// Saves that could not be shown before the whole fleet is made.
    saves: Vec<(At, Save)>,
    /// What is wrong in our world, and when to look again; a fault of ours waits for the next change.
    wrong: Option<(String, Option<Instant>)>,
    /// What was found wrong once. A file may have been read while it was written: it is told when it is found twice.
    doubt: String,
    theme_wrong: String,
}

impl Watch {
    /// Looks at every place for the first time, its folders watched from before.
    pub fn begin(flags: args::Serve, session: Session, theme: Theme, places: Vec<Place>) -> Result<Self> {
        let (tell, heard) = channel();
        let mut kept = Kept::default();
        let (fresh, _) = kept.keep_to(places);
        let seen = tell.clone();
        let patrol = || Sight::Patrol(Patrol::default(), Instant::now());
        let sight = match (flags.watch, flags.poll) {
            (false, _) => Sight::Shut,
            (true, true) => patrol(),
            // Nobody hears the last hints of a loop that has ended.
            (true, false) => match Eyes::open(move |hints| _ = seen.send(Heard::Seen(hints))) {
                Ok(eyes) => Sight::Eyes(eyes),
                Err(limit) => {
                    say_limit(&limit);
                    patrol()
                }
            },
        };
        let ours = Ours::new(session, theme);
        let mut watch = Self {
            flags,
            ours,
            kept,
            sight,
            heard,
            tell,
            settle: Settle::default(),
            writing: Writing::default(),
            look: BTreeSet::new(),
            later: BTreeSet::new(),
            places: false,
            own: false,
            changed: false,
            building: false,
            since: BTreeSet::new(),
            saves: Vec::new(),
            wrong: None,
            doubt: String::new(),
            theme_wrong: String::new(),
        };
        watch.watch(&fresh);
        watch.patrol();
        let session = watch.ours.session.clone();
        watch.kept.look(&fresh, &session, &|| {})?;
        watch.kept.look_at_registries(&session)?;
        Ok(watch)
    }

    /// What was read, for the first fleet.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What it was read with, and what pages are made with.
    pub fn ours(&self) -> (Arc<Session>, Arc<Theme>) {
        (self.ours.session.clone(), self.ours.theme.clone())
    }

    /// What the theme of the first fleet has wrong.
    pub fn theme_found(&mut self, found: &[Diagnostic]) {
        self.theme_wrong = self.ours.say(found);
    }

    /// Follows the sources for as long as the program runs.
    pub fn run(mut self, live: &Live) {
        self.say(live);
        loop {
            let fault = catch_unwind(AssertUnwindSafe(|| self.turn(live)));
            match fault {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => {
                    self.building = false;
                    self.wrong = Some((task::FAULT.to_owned(), None));
                    self.say(live);
                }
            }
        }
    }

    /// One step; whether there may be another.
    fn turn(&mut self, live: &Live) -> bool {
        let patrol = match &self.sight {
            Sight::Patrol(_, next) => Some(*next),
            Sight::Eyes(_) | Sight::Shut => None,
        };
        let (due, again) = self.due();
        let next = [due, again, patrol, self.writing.next()].into_iter().flatten().min();
        let heard = match next {
            None => self.heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(next) => self.heard.recv_timeout(next.saturating_duration_since(Instant::now())),
        };
        if matches!(heard, Err(RecvTimeoutError::Disconnected)) {
            return false;
        }
        // What has piled up is one thing: a file that was written twice is read once.
        let all: Vec<Heard> = heard.into_iter().chain(std::iter::from_fn(|| self.heard.try_recv().ok())).collect();
        let mut hints = Vec::new();
        let mut built = None;
        for heard in all {
            match heard {
                Heard::Seen(seen) => hints.extend(seen),
                Heard::Built(result) => built = Some(result),
            }
        }
        if matches!(&self.sight, Sight::Patrol(_, next) if *next <= Instant::now()) {
            hints.extend(self.patrol());
        }
        self.take(hints, live);
        if let Some(built) = built {
            self.built(built, live);
        }
        let now = Instant::now();
        let (due, again) = self.due();
        let again = again.is_some_and(|again| again <= now);
        if again || due.is_some_and(|due| due <= now) {
            (self.own, self.places) = (self.own | again, self.places | again);
            self.settle.begun();
            self.build();
            self.say(live);
        }
        true
    }

    /// When to build, and when to look again at what is wrong: not before what is being written is whole.
    fn due(&self) -> (Option<Instant>, Option<Instant>) {
        if self.building {
            return (None, None);
        }
        let again = self.wrong.as_ref().and_then(|(_, again)| *again);
        let put_off = |due: Option<Instant>| due.map(|due| self.writing.put_off(due));
        (put_off(self.settle.due()), put_off(again))
    }

    /// Puts a fleet into the browser, with what was edited while it was made.
    fn built(&mut self, built: Result<Box<Built>, String>, live: &Live) {
        self.building = false;
        let built = match built {
            Ok(built) => *built,
            Err(says) => {
                self.changed = true;
                self.wrong = Some((says, None));
                self.say(live);
                return;
            }
        };
        let Built { mut fleet, layout, session, theme, theme_found } = built;
        if let Ok(today) = session::today(self.flags.fleet.today) {
            for at in &self.since {
                if let Some(runbook) = self.kept.runbook(at) {
                    pipeline::replace(&mut fleet, runbook, &session.config, today);
                }
            }
            if !self.since.is_empty() {
                fleet.coverage.totals = pipeline::totals(&fleet, &session.config);
            }
        }
        let mut saves = live.now().saves;
        for (at, save) in std::mem::take(&mut self.saves) {
            let service = self.kept.runbook(&at).and_then(|runbook| service(&fleet, runbook));
            if let Some(service) = service {
                Arc::make_mut(&mut saves).insert(fleet.catalog[service].id.clone(), save);
            }
        }
        let dressed_anew = self.ours.wears(theme);
        self.theme_wrong = self.ours.say(&theme_found);
        live.publish(Generation { fleet: Arc::new(fleet), layout, session, saves }, dressed_anew);
        self.say(live);
    }

    /// Tells the browser and the terminal what is wrong, or that nothing is any more.
    fn say(&self, live: &Live) {
        let wrong = self.wrong.as_ref().map_or("", |(says, _)| says);
        let text = format!("{wrong}{}", self.theme_wrong);
        if live.tell_mistake(text.clone()) {
            eprintln!("{}", if text.is_empty() { "mended" } else { text.trim_end() });
        }
    }
}

fn service(fleet: &Fleet, runbook: &Runbook) -> Option<crate::model::id::ServiceIx> {
    let origin = &runbook.document.origin;
    let at = fleet.catalog.runbooks.binary_search_by(|r| r.document.origin.cmp(origin)).ok()?;
    fleet.catalog.speaks_for[RunbookIx::from(at).at()]
}

fn say_limit(limit: &Limit) {
    let Limit { watched, says } = limit;
    eprintln!("{says} ({watched} are watched): from now on every file is looked at in turn, as with `--poll`");
}

//! Search: what the script in the browser fetches, and the page it shows it on.
//!
//! A script may load scripts wherever a page may be opened from, but not read files. So all data are scripts that call
//! one function with their name, a stamp and a value. `search/root.js` says which files there are; `search/w*.js` hold
//! words and where they stand, `search/n*.js` whole names such as `--force`; `search/d*.js` hold what is shown of pages. The stamps tell the script that the
//! site was published anew while a page was open.

mod index;
mod language;
mod pack;
mod plain;
mod token;
mod unit;

use crate::model::catalog::{Catalog, Presence};
use crate::model::diagnostic::Diagnostic;
use crate::model::state::State;
use crate::render::{Frame, Site, address, words};
use index::{Files, Index};
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use unit::{Thing, Unit};

/// The page that searches without a dialog.
pub const PAGE: &str = "search/index.html";

/// How many pages other than services stand in one file.
const TOGETHER: usize = 4;

/// Characters of a page's texts that are told; longer ones are told by their beginnings.
const TOLD: usize = 7000;

/// Places of a page that are told.
const MOST: usize = 250;

/// Which files of the search there are, and the index once somebody asks for it.
pub struct Search {
    things: Vec<Thing>,
    services: usize,
    files: Files,
    layout: String,
    index: OnceLock<Index>,
}

/// A file of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// Which files there are.
    Root,
    /// Words.
    Words(u32),
    /// Whole names, and what pages are filtered by.
    Names(u32),
    /// Pages.
    Pages(u32),
}

impl Search {
    /// Lays the files out; nothing is read yet.
    pub fn new(catalog: &Catalog, addresses: &address::Addresses, sections: usize) -> Self {
        let things = unit::things(catalog, addresses, sections);
        let bytes = catalog.runbooks.iter().map(|r| r.document.text.len()).sum();
        let mut layout = blake3::Hasher::new();
        for thing in &things {
            layout.update(unit::path(addresses, *thing).as_bytes());
            layout.update(b"\n");
        }
        let layout = layout.finalize().to_hex()[..8].to_owned();
        Self { services: catalog.services.len(), files: Files::of(bytes), layout, things, index: OnceLock::new() }
    }

    /// Every file with its path.
    pub fn all(&self) -> impl Iterator<Item = (String, File)> {
        let pages = self.services + (self.things.len() - self.services).div_ceil(TOGETHER);
        let words = (0..self.files.sorted as u32).map(|at| (format!("search/w{at}.js"), File::Words(at)));
        let names = (0..self.files.hashed as u32).map(|at| (format!("search/n{at}.js"), File::Names(at)));
        let pages = (0..pages as u32).map(|at| (format!("search/d{at}.js"), File::Pages(at)));
        [("search/root.js".to_owned(), File::Root)].into_iter().chain(words).chain(names).chain(pages)
    }
}

/// The bytes of a file.
pub fn file(site: &Site, file: File) -> Vec<u8> {
    let search = &site.search;
    let index = || search.index.get_or_init(|| index::build(site, &search.things, search.files));
    let (name, stamp, value) = match file {
        File::Root => ("root".to_owned(), search.layout.clone(), root(site, index())),
        File::Words(at) => {
            let index = index();
            let stamp = format!("{} {}", search.layout, index.starts[at as usize]);
            (format!("w{at}"), stamp, Value::from(index.sorted[at as usize].as_str()))
        }
        File::Names(at) => {
            let stamp = format!("{} {}", search.layout, search.files.hashed);
            (format!("n{at}"), stamp, Value::from(index().hashed[at as usize].as_str()))
        }
        File::Pages(at) => {
            let (at, services) = (at as usize, search.services);
            let run = if at < services {
                at..at + 1
            } else {
                let first = services + (at - services) * TOGETHER;
                first..(first + TOGETHER).min(search.things.len())
            };
            let pages = search.things[run].iter().map(|&thing| page(site, thing)).collect();
            (format!("d{at}"), search.layout.clone(), Value::Array(pages))
        }
    };
    format!("opsbookSearch({},{},{value})\n", Value::from(name), Value::from(stamp)).into_bytes()
}

/// What the script has to know before it can look for anything.
fn root(site: &Site, index: &Index) -> Value {
    let signs: serde_json::Map<String, Value> = State::ALL
        .into_iter()
        .map(words::sign)
        .map(|s| (s.letter.to_owned(), json!([s.state, s.class, s.glyph, s.says])))
        .collect();
    let sections: Vec<Value> = site.template().sections.iter().map(|s| json!([s.id, s.title])).collect();
    json!({
        "pages": site.search.things.len(),
        "services": site.search.services,
        "together": TOGETHER,
        "starts": index.starts.join(" "),
        "names": site.search.files.hashed,
        "small": index.small.join(" "),
        "sections": sections,
        "signs": signs,
    })
}

/// A page as results show it: name, address, kind, tier, owners, service, states, then its places.
fn page(site: &Site, thing: Thing) -> Value {
    let catalog = site.input.catalog;
    let subject = unit::subject(site, thing);
    let units = unit::units(site, thing);
    let owner = |&o: &crate::model::id::OwnerIx| json!([catalog[o].id.as_str(), catalog[o].name]);
    let service = subject.service.map(|s| &catalog[s]);
    let most = told(&units);
    let place = |unit: &Unit| {
        let anchor = match unit.section {
            Some(section) if site.template()[section].id == unit.anchor => "",
            _ => &unit.anchor,
        };
        let end = unit.text.char_indices().nth(most).map_or(unit.text.len(), |(at, _)| at);
        json!([
            unit.section.map_or(-1, |s| s.0 as i32),
            anchor,
            unit.heading,
            unit.state.map_or("", |s| words::sign(s).letter),
            unit.text[..end],
        ])
    };
    let without = service.filter(|s| matches!(thing, Thing::Service(_)) && s.presence != Presence::Filled);
    json!([
        subject.name,
        subject.aliases,
        subject.href,
        subject.kind,
        subject.tier,
        subject.owners.iter().map(owner).collect::<Vec<_>>(),
        service.map(|s| [s.id.as_str(), &s.name]),
        subject.states,
        without.map_or("", |s| if s.presence == Presence::Blank { "untouched form" } else { "no runbook" }),
        units.iter().take(MOST).map(place).collect::<Vec<_>>(),
    ])
}

/// How many characters of each place are told, so that a page stays small.
fn told(units: &[Unit]) -> usize {
    let fits = |most: &usize| units.iter().take(MOST).map(|u| u.text.len().min(*most)).sum::<usize>() <= TOLD;
    [4000, 2000, 1000, 700, 500, 350, 250, 180, 120, 80, 50].into_iter().find(fits).unwrap_or(30)
}

/// `search/`: the search as a page.
pub fn search_page(site: &Site) -> (String, Option<Diagnostic>) {
    site.frame("search.html", Frame::at(PAGE, "Search", "search"), &())
}

/// Does pieces of work on several threads, results in the order of the pieces. Plain threads, since one of them waits for
/// the index while others build it: a pool would let it begin to build it again.
fn parallel<T: Send>(pieces: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return done;
            }
            done.push((piece, work(piece)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..rayon::current_num_threads().min(pieces)).map(|_| scope.spawn(some)).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    all.sort_by_key(|(piece, _)| *piece);
    all.into_iter().map(|(_, done)| done).collect()
}

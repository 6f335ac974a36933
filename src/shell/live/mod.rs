//! The site as it is served: the fleet of this moment, pages rendered when somebody asks, and who is told of changes.

pub mod kept;

use crate::model::id::{Id, ServiceIx};
use crate::model::runbook::Runbook;
use crate::model::site::{Pages, media_type};
use crate::model::source::encode_path;
use crate::model::state::State;
use crate::pipeline::{self, Fleet};
use crate::render::{LastSave, Layout, Site};
use crate::shell::server::events::{Stream, Streams};
use crate::shell::session::Session;
use hyper::body::Bytes;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Bytes of pages that are kept until the fleet changes.
const KEPT: usize = 64 << 20;

/// A fleet with its layout: what pages are made from. Copies share everything.
#[derive(Clone)]
pub struct Generation {
    /// The fleet.
    pub fleet: Arc<Fleet>,
    /// Its site.
    pub layout: Arc<Layout>,
    /// What it was read with.
    pub session: Arc<Session>,
    /// The last save of each service.
    pub saves: Arc<BTreeMap<Id, Save>>,
}

/// What a save met.
#[derive(Clone, Debug)]
pub struct Save {
    /// The document that was saved.
    pub document: String,
    /// The states of its service before.
    pub before: Vec<State>,
}

impl Generation {
    /// The states of a service's sections.
    pub fn states(&self, service: ServiceIx) -> Vec<State> {
        let row = self.fleet.coverage.rows.get(service.at());
        row.map(|row| row.cells.iter().map(|cell| cell.state).collect()).unwrap_or_default()
    }
}

/// A page as it is sent.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its bytes.
    pub bytes: Bytes,
    /// Their hash, before the author's script was added.
    pub hash: String,
    /// Its media type.
    pub media: &'static str,
    /// Whether the site has it; else this is the page that says so.
    pub found: bool,
}

/// Pages of one version of the fleet.
#[derive(Default)]
struct Rendered {
    version: u64,
    pages: HashMap<String, Page>,
    bytes: usize,
}

/// The site of this moment.
pub struct Live {
    /// The fleet, and how often it has changed.
    now: RwLock<(u64, Generation)>,
    rendered: Mutex<Rendered>,
    /// Who has a page open.
    pub streams: Streams,
    /// What keeps the fleet from being read anew; empty where nothing does.
    mistake: Mutex<String>,
    builds: Mutex<u64>,
    watching: bool,
}

impl Live {
    /// Begins with a fleet; `watching` gives pages the author's script.
    pub fn new(first: Generation, watching: bool) -> Self {
        Self {
            now: RwLock::new((0, first)),
            rendered: Mutex::default(),
            streams: Streams::default(),
            mistake: Mutex::default(),
            builds: Mutex::new(1),
            watching,
        }
    }

    /// Whether pages follow the sources.
    pub fn watching(&self) -> bool {
        self.watching
    }

    /// The fleet of this moment.
    pub fn now(&self) -> Generation {
        self.versioned().1
    }

    fn versioned(&self) -> (u64, Generation) {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the site has something at a path.
    pub fn has(&self, path: &str) -> bool {
        self.now.read().unwrap_or_else(PoisonError::into_inner).1.layout.has(path)
    }

    /// A style or script of the author's view.
    pub fn asset(&self, name: &str) -> Vec<u8> {
        self.now().layout.live(name).to_owned()
    }

    /// A page that was made before and has not changed since.
    pub fn kept(&self, path: &str) -> Option<Page> {
        let version = self.now.read().unwrap_or_else(PoisonError::into_inner).0;
        let rendered = lock(&self.rendered);
        rendered.pages.get(path).filter(|_| rendered.version == version).cloned()
    }

    /// A page, made now where it was not made before.
    pub fn page(&self, path: &str) -> Page {
        if let Some(page) = self.kept(path) {
            return page;
        }
        let (version, generation) = self.versioned();
        let page = self.render(&generation, path);
        let mut rendered = lock(&self.rendered);
        // What is not there has no end of names, and one large file is not worth all others.
        if rendered.version == version && page.found && page.bytes.len() < KEPT / 4 {
            if rendered.bytes + page.bytes.len() > KEPT {
                (rendered.pages, rendered.bytes) = Default::default();
            }
            rendered.bytes += page.bytes.len();
            rendered.pages.insert(path.to_owned(), page.clone());
        }
        page
    }

    fn render(&self, generation: &Generation, path: &str) -> Page {
        let Generation { fleet, layout, session, saves } = generation;
        let found = layout.has(path);
        let (bytes, author) = pipeline::over_layout(fleet, &session.config, layout, |site| {
            let bytes = site.page(if found { path } else { "404.html" }).unwrap_or_default();
            let author = layout.service_at(path).map(|service| author(site, service, fleet, saves));
            (bytes, author)
        });
        let media = if found { media_type(path) } else { media_type("404.html") };
        if !media.starts_with("text/html") {
            return Page { hash: hash(&bytes), bytes: bytes.into(), media, found };
        }
        let mut html = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(author) = author {
            let main = html.find("<main").and_then(|at| Some(at + html[at..].find('>')? + 1));
            html.insert_str(main.unwrap_or(html.len()), &author);
        }
        let hash = hash(html.as_bytes());
        let style = "<link rel=\"stylesheet\" href=\"/_opsbook/live.css\">\n";
        let script = format!(
            "<script src=\"/_opsbook/live.js\" data-page=\"{}\" data-have=\"{hash}\" defer></script>\n",
            encode_path(path)
        );
        let head = html.find("</head>").unwrap_or(0);
        html.insert_str(head, &format!("{style}{}", if self.watching { &script } else { "" }));
        Page { bytes: html.into(), hash, media, found }
    }

    /// Puts a whole new fleet in the place of the last one and tells whoever has a page open that has changed.
    pub fn publish(&self, next: Generation, all_anew: bool) {
        let last = {
            let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
            now.0 += 1;
            *lock(&self.rendered) = Rendered { version: now.0, ..Rendered::default() };
            std::mem::replace(&mut now.1, next)
        };
        let builds = {
            let mut builds = lock(&self.builds);
            *builds += 1;
            *builds
        };
        if all_anew {
            self.streams.all("reload", &serde_json::json!({}));
        }
        self.refresh(|_| true);
        self.streams.all("built", &serde_json::json!({ "builds": builds }));
        // A large fleet takes its time to go, and the next save may come any moment.
        std::thread::spawn(move || drop(last));
    }

    /// Puts a document's next version in the place of its last one, as far as that is sure without the whole fleet.
    /// The pages that show its words come first; then the sums, and every other page that is open.
    pub fn replace(&self, next: &Arc<Runbook>, save: Option<Save>, today: Date) -> bool {
        let replaced = self.change(|generation| {
            let fleet = Arc::make_mut(&mut generation.fleet);
            let runbook = pipeline::replace(fleet, next, &generation.session.config, today)?;
            let service = fleet.catalog.speaks_for[runbook.at()];
            if let (Some(service), Some(save)) = (service, save) {
                let id = fleet.catalog[service].id.clone();
                Arc::make_mut(&mut generation.saves).insert(id, save);
            }
            let own = generation.layout.pages_of(runbook, service);
            Some((own.clone(), move |page: &str| own.iter().any(|own| own == page)))
        });
        let Some(own) = replaced else { return false };
        let is_own = |page: &str| own.iter().any(|own| own == page);
        self.refresh(is_own);
        // Adding up takes a moment in a large fleet: nobody waits for it.
        let totals = {
            let generation = self.now();
            pipeline::totals(&generation.fleet, &generation.session.config)
        };
        self.change(|generation| {
            Arc::make_mut(&mut generation.fleet).coverage.totals = totals;
            Some(((), |page: &str| !is_own(page)))
        });
        self.refresh(|page| !is_own(page));
        true
    }

    /// Changes the fleet in place and forgets the pages that changed with it, as `change` says.
    ///
    /// Whoever is in the middle of rendering keeps the fleet as it was; only then it is copied.
    fn change<T, F: Fn(&str) -> bool>(&self, change: impl FnOnce(&mut Generation) -> Option<(T, F)>) -> Option<T> {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let (value, changed) = change(&mut now.1)?;
        now.0 += 1;
        let mut rendered = lock(&self.rendered);
        rendered.version = now.0;
        rendered.pages.retain(|path, _| !changed(path));
        rendered.bytes = rendered.pages.values().map(|page| page.bytes.len()).sum();
        Some(value)
    }

    /// Renders pages that are open and tells those who have them otherwise.
    fn refresh(&self, which: impl Fn(&str) -> bool) {
        for path in self.streams.pages().into_iter().filter(|path| which(path)) {
            self.streams.page(&path, &self.page(&path).hash);
        }
    }

    /// A stream for somebody who has a page open, with what keeps the site from following; nothing where there are too many.
    pub fn listen(&self, path: &str, have: &str) -> Option<Stream> {
        let hello = serde_json::json!({ "mistake": *lock(&self.mistake), "builds": *lock(&self.builds) });
        self.streams.open(path, have, &hello)
    }

    /// Tells somebody who came back what has changed since.
    pub fn greet(&self, path: &str) {
        self.streams.page(path, &self.page(path).hash);
    }

    /// Says what keeps the site from following its sources, or (an empty text) that nothing does; whether that is news.
    pub fn tell_mistake(&self, text: String) -> bool {
        let mut mistake = lock(&self.mistake);
        let news = *mistake != text;
        if news {
            self.streams.all("mistake", &serde_json::json!({ "text": text }));
            *mistake = text;
        }
        news
    }
}

fn author(site: &Site, service: ServiceIx, fleet: &Fleet, saves: &BTreeMap<Id, Save>) -> String {
    let save = saves.get(&fleet.catalog[service].id);
    site.author(service, save.map(|save| LastSave { document: &save.document, before: &save.before }))
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..20].to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Book, catalog, coverage and diagnostics to a site: pages, their links rewritten, hostile text made harmless.
//!
//! A site is laid out first (which paths there are), and each page is rendered when it is asked for: nothing
//! holds all pages. Collected text reaches a page only as escaped values or through `markdown`.

mod address;
mod api;
mod author;
mod badge;
mod clean;
mod documents;
mod export;
mod fleet;
mod frame;
mod graph;
mod highlight;
mod history;
mod home;
mod layout;
mod lexer;
mod links;
mod lists;
mod markdown;
mod matrix;
mod neighbours;
mod night;
mod offline;
mod passages;
mod picture;
mod raw_html;
mod search;
mod service;
mod table;
mod teams;
mod theme;
mod views;
mod words;

pub use api::schemas;
pub use author::LastSave;
pub use history::record;
pub use layout::Layout;
pub use theme::builtin;

use crate::model::book::{Chapter, repeats};
use crate::model::catalog::Catalog;
use crate::model::config::Config;
use crate::model::coverage::{Coverage, Tally};
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::id::{HeadingIx, RunbookIx, ServiceIx};
use crate::model::runbook::{Home, Runbook};
use crate::model::site::{Entry, Pages, Theme};
use crate::model::template::Template;
use frame::Frame;
use layout::Page;
use serde::Serialize;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tera::Context;
use theme::Dress;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[theme::BROKEN];

/// Everything pages show.
pub struct Input<'a> {
    /// The fleet.
    pub catalog: &'a Catalog,
    /// The matrix.
    pub coverage: &'a Coverage,
    /// What was found.
    pub diagnostics: &'a [Diagnostic],
    /// What the run was told.
    pub config: &'a Config,
    /// The composed chapter of a service, preprocessors applied.
    pub chapter: &'a (dyn Fn(ServiceIx) -> Chapter + Sync),
    /// One document in its own order.
    pub reading: &'a (dyn Fn(RunbookIx) -> Chapter + Sync),
}

/// A site ready to be asked for its pages.
pub struct Site<'a> {
    input: Input<'a>,
    layout: Arc<Layout>,
    /// The document composed last: a page of a thousand alerts is asked for a thousand times in a row.
    last: Mutex<Option<(RunbookIx, Arc<Chapter>)>>,
}

impl std::ops::Deref for Site<'_> {
    type Target = Layout;
    fn deref(&self) -> &Layout {
        &self.layout
    }
}

impl<'a> Site<'a> {
    /// Lays the site out; a theme that cannot be used is a diagnostic, and ours stands in file by file.
    pub fn new(input: Input<'a>, theme: &Theme) -> (Self, Vec<Diagnostic>) {
        let (dress, mut diagnostics) = Dress::new(theme);
        let layout = Arc::new(Layout::new(&input, dress));
        let site = Self { input, layout, last: Mutex::default() };
        diagnostics.extend(site.trial());
        (site, diagnostics)
    }

    /// The site of a fleet that was laid out before.
    pub fn over(input: Input<'a>, layout: Arc<Layout>) -> Self {
        Self { input, layout, last: Mutex::default() }
    }

    /// One document in its own order.
    fn reading(&self, ix: RunbookIx) -> Arc<Chapter> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, chapter)) = last().as_ref().filter(|(of, _)| *of == ix) {
            return chapter.clone();
        }
        let chapter = Arc::new((self.input.reading)(ix));
        *last() = Some((ix, chapter.clone()));
        chapter
    }

    /// What other views of the same fleet are made over.
    pub fn layout(&self) -> Arc<Layout> {
        self.layout.clone()
    }

    /// Renders one page of each kind, so that a template that fails only when it is used is told of at once.
    fn trial(&self) -> Vec<Diagnostic> {
        if !self.dress.has_own() {
            return Vec::new();
        }
        let mut seen = Vec::new();
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for &page in &self.pages {
            let kind = std::mem::discriminant(&page);
            if !seen.contains(&kind) {
                seen.push(kind);
                diagnostics.extend(self.bytes(page).1);
            }
        }
        diagnostics.dedup();
        diagnostics
    }

    /// Every service's place.
    fn services(&self) -> impl Iterator<Item = ServiceIx> + use<> {
        (0..self.input.catalog.services.len()).map(ServiceIx::from)
    }

    fn template(&self) -> &'a Template {
        &self.input.config.knowledge.template
    }

    fn bytes(&self, page: Page) -> (Vec<u8>, Option<Diagnostic>) {
        let (html, diagnostic) = match page {
            Page::Home => home::page(self),
            Page::Matrix(part) => matrix::page(self, part),
            Page::Cells(service) => return (matrix::cells(self, service), None),
            Page::MatrixCsv => return (matrix::csv(self, self.services()).into_bytes(), None),
            Page::Services => lists::services(self),
            Page::Service(service) => service::page(self, service),
            Page::Owners => lists::owners(self),
            Page::Owner(owner, part) => lists::owner(self, owner, part),
            Page::Dependencies => lists::dependencies(self),
            Page::Technology(at) => lists::technology(self, at),
            Page::Sections => lists::sections(self),
            Page::Section(section, part) => lists::section(self, section, part),
            Page::Gaps(team) => fleet::gaps(self, team),
            Page::Risks => fleet::risks(self),
            Page::Alerts => documents::alerts(self),
            Page::Alert(at) => documents::alert(self, at),
            Page::Documents => documents::list(self),
            Page::Readable(runbook) => documents::readable(self, runbook),
            Page::Written(runbook) => documents::written(self, runbook),
            Page::Checks => fleet::checks(self),
            Page::Lost => home::lost(self),
            Page::CoverageJson => {
                let mut bytes = Vec::new();
                // A vector takes whatever is written to it.
                _ = api::coverage(self, &mut bytes);
                return (bytes, None);
            }
            Page::ServiceJson(service) => return (api::service(self, service), None),
            Page::OwnersJson => return (api::owners(self), None),
            Page::ServiceBadge(service, shape) => return (shape.of(&badge::service(self, service)), None),
            Page::OwnerBadge(owner, shape) => return (shape.of(&badge::owner(self, owner)), None),
            Page::Llms => return (api::llms(self).into_bytes(), None),
            Page::Manifest => return (offline::manifest(self), None),
            Page::Worker => return (offline::worker(self), None),
            Page::Search => search::search_page(self),
            Page::SearchFile(file) => return (search::file(self, file), None),
            Page::Robots => return (robots(self.input.config).into(), None),
            Page::Picture(source, at) => {
                let picture = &self.input.catalog.sources[source as usize].pictures[at as usize];
                return (picture.bytes.to_vec(), None);
            }
            Page::Asset(at) => return (self.dress.assets[at as usize].bytes.clone(), None),
        };
        (html.into_bytes(), diagnostic)
    }

    /// The id on its service's page under which a document's heading stands.
    fn place_id(&self, runbook: &Runbook, heading: HeadingIx) -> Option<String> {
        let part = runbook.parts.iter().find(|p| p.heading == Some(heading))?;
        let template = self.template();
        let place = views::place_id(part.home, template);
        if repeats(runbook, heading, part.home, template) || matches!(part.home, Home::Section(_)) {
            return Some(place);
        }
        Some(views::heading_id(&place, &runbook.document.headings[heading.at()].anchor))
    }

    /// Fills a page's frame.
    fn frame(&self, template: &str, frame: Frame, view: &impl Serialize) -> (String, Option<Diagnostic>) {
        let mut context = Context::new();
        context.insert("root", &frame.root);
        context.insert("title", &frame.title);
        context.insert("nav", frame.nav);
        context.insert("crumbs", &frame.crumbs);
        context.insert("page", view);
        self.dress.page(template, &context)
    }
}

impl Pages for Site<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn page(&self, path: &str) -> Option<Vec<u8>> {
        Some(self.render(self.entry_at(path)?))
    }

    fn render(&self, at: usize) -> Vec<u8> {
        self.bytes(self.pages[at]).0
    }

    fn write(&self, at: usize, to: &mut dyn Write) -> io::Result<()> {
        match self.pages[at] {
            Page::CoverageJson => api::coverage(self, to),
            page => to.write_all(&self.bytes(page).0),
        }
    }
}

fn robots(config: &Config) -> &'static str {
    if config.public { "User-agent: *\nAllow: /\n" } else { "User-agent: *\nDisallow: /\n" }
}

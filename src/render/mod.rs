//! Book, catalog, coverage and diagnostics to a site: pages, their links rewritten, hostile text made harmless.
//!
//! A site is laid out first (which paths there are), and each page is rendered when it is asked for: nothing
//! holds all pages. Collected text reaches a page only as escaped values or through `markdown`.

mod address;
mod api;
mod author;
mod clean;
mod documents;
mod fleet;
mod graph;
mod highlight;
mod history;
mod home;
mod lexer;
mod links;
mod lists;
mod markdown;
mod matrix;
mod neighbours;
mod night;
mod passages;
mod raw_html;
mod service;
mod table;
mod teams;
mod theme;
mod views;
mod words;

pub use author::LastSave;
pub use history::record;
pub use theme::builtin;

use crate::model::book::{Chapter, repeats};
use crate::model::catalog::Catalog;
use crate::model::config::Config;
use crate::model::coverage::{Coverage, Tally};
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::id::{HeadingIx, OwnerIx, RunbookIx, SectionIx, ServiceIx};
use crate::model::runbook::{Home, Runbook};
use crate::model::site::{Entry, Pages, Theme};
use crate::model::template::Template;
use address::Addresses;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;
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

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Home,
    Matrix(matrix::Part),
    MatrixCsv,
    Cells(ServiceIx),
    Services,
    Service(ServiceIx),
    Owners,
    Owner(OwnerIx, u32),
    Dependencies,
    Technology(u32),
    Sections,
    Section(SectionIx, u32),
    Gaps(Option<u32>),
    Risks,
    Alerts,
    Alert(u32),
    Documents,
    Readable(RunbookIx),
    Written(RunbookIx),
    Checks,
    Lost,
    CoverageJson,
    ServiceJson(ServiceIx),
    Robots,
    Asset(u32),
}

/// A site ready to be asked for its pages.
pub struct Site<'a> {
    input: Input<'a>,
    layout: Arc<Layout>,
}

/// What is worked out once for all pages of a fleet: it borrows nothing, so that whoever keeps the fleet can keep it too.
pub struct Layout {
    dress: Dress,
    addresses: Addresses,
    entries: Vec<Entry>,
    /// Beside `entries`.
    pages: Vec<Page>,
    /// Diagnostics of each service, beside the catalog's.
    found: Vec<Vec<u32>>,
    /// Services each document names and does not speak for, beside the catalog's runbooks.
    named: Vec<Vec<ServiceIx>>,
    /// Alerts of each service.
    alerts: Vec<Vec<u32>>,
    /// What the history holds.
    records: Vec<history::Record>,
    /// The fleet by teams, where it is too large for one page.
    teams: Vec<teams::Team>,
}

impl Layout {
    /// Whether something stands at a path.
    pub fn has(&self, path: &str) -> bool {
        self.entry_at(path).is_some()
    }

    /// The service a page is about.
    pub fn service_at(&self, path: &str) -> Option<ServiceIx> {
        match self.pages[self.entry_at(path)?] {
            Page::Service(service) => Some(service),
            _ => None,
        }
    }

    /// The pages that show a document's own words, its service's first.
    pub fn pages_of(&self, runbook: RunbookIx, service: Option<ServiceIx>) -> Vec<String> {
        let service = service.map(|service| self.addresses.service(service).to_owned());
        let json = service.as_deref().map(address::service_json);
        let own = [&self.addresses.readable, &self.addresses.written].map(|pages| pages[runbook.at()].clone());
        service.into_iter().chain(json).chain(own.into_iter().flatten()).collect()
    }

    /// A style or script of the author's view, which published sites do not have.
    pub fn live(&self, name: &str) -> &[u8] {
        self.dress.live(name)
    }

    fn entry_at(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|e| e.path.as_str().cmp(path)).ok()
    }
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
        let (mut dress, mut diagnostics) = Dress::new(theme);
        let title = if input.config.title.is_empty() { "Runbooks" } else { &input.config.title };
        let assets: BTreeMap<&str, String> = [
            ("css", "css/site.css"),
            ("code", "css/code.css"),
            ("graph", "css/graph.css"),
            ("theme", "js/theme.js"),
            ("js", "js/site.js"),
            ("matrix", "js/matrix.js"),
            ("commands", "js/commands.js"),
            ("icon", "img/icon.svg"),
        ]
        .into_iter()
        .map(|(key, name)| (key, dress.asset(name).to_owned()))
        .collect();
        dress.tell_all(|context| {
            context.insert("site", title);
            context.insert("public", &input.config.public);
            context.insert("assets", &assets);
            context.insert("has", &views::has(input.catalog));
        });
        let addresses = Addresses::of(input.catalog, &input.config.knowledge.template);
        let records = history::read(&input.config.recorded);
        let teams = teams::of(&input, &addresses);
        let (entries, pages) = lay_out(&input, &addresses, &dress, &teams);
        let found = fleet::diagnostics_by_service(&input);
        let named = fleet::named_by_document(input.catalog);
        let alerts = fleet::alerts_by_service(input.catalog);
        let layout = Arc::new(Layout { dress, addresses, entries, pages, found, named, alerts, records, teams });
        let site = Self { input, layout };
        diagnostics.extend(site.trial());
        (site, diagnostics)
    }

    /// The site of a fleet that was laid out before.
    pub fn over(input: Input<'a>, layout: Arc<Layout>) -> Self {
        Self { input, layout }
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

    fn template(&self) -> &'a Template {
        &self.input.config.knowledge.template
    }

    fn bytes(&self, page: Page) -> (Vec<u8>, Option<Diagnostic>) {
        let (html, diagnostic) = match page {
            Page::Home => home::page(self),
            Page::Matrix(part) => matrix::page(self, part),
            Page::Cells(service) => return (matrix::cells(self, service), None),
            Page::MatrixCsv => return (matrix::csv(self).into_bytes(), None),
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
            Page::Robots => return (robots(self.input.config).into(), None),
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

/// What every page says about itself.
struct Frame {
    /// The way up to the site's root: `../` for each folder.
    root: Cow<'static, str>,
    title: String,
    /// Which entry of the navigation it belongs to.
    nav: &'static str,
    /// Title and address of the pages above.
    crumbs: Vec<(&'static str, &'static str)>,
}

impl Frame {
    fn at(path: &str, title: impl Into<String>, nav: &'static str) -> Self {
        let root = "../".repeat(path.matches('/').count()).into();
        Self { root, title: title.into(), nav, crumbs: Vec::new() }
    }

    fn below(mut self, title: &'static str, address: &'static str) -> Self {
        self.crumbs.push((title, address));
        self
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

/// Every path there is, sorted, with what stands there.
fn lay_out(input: &Input, addresses: &Addresses, dress: &Dress, teams: &[teams::Team]) -> (Vec<Entry>, Vec<Page>) {
    let fixed = [
        ("index.html", Page::Home),
        ("404.html", Page::Lost),
        ("robots.txt", Page::Robots),
        ("matrix/matrix.csv", Page::MatrixCsv),
        ("services/index.html", Page::Services),
        ("owners/index.html", Page::Owners),
        ("dependencies/index.html", Page::Dependencies),
        ("sections/index.html", Page::Sections),
        ("risks/index.html", Page::Risks),
        ("alerts/index.html", Page::Alerts),
        ("documents/index.html", Page::Documents),
        ("checks/index.html", Page::Checks),
        ("api/coverage.json", Page::CoverageJson),
    ];
    let mut all: Vec<(String, Page)> = fixed.into_iter().map(|(path, page)| (path.to_owned(), page)).collect();
    all.push(("gaps/index.html".to_owned(), Page::Gaps(None)));
    all.extend(teams.iter().enumerate().map(|(at, team)| (fleet::gaps_path(team), Page::Gaps(Some(at as u32)))));
    let mut long = |page: &String, services: usize, what: &dyn Fn(u32) -> Page| {
        all.extend((0..teams::parts(services)).map(|part| (teams::further(page, part), what(part))));
    };
    for (at, page) in addresses.owners.iter().enumerate() {
        long(page, input.catalog.owners[at].services.len(), &|part| Page::Owner(at.into(), part));
    }
    for (at, page) in addresses.sections.iter().enumerate() {
        long(page, input.catalog.services.len(), &|part| Page::Section(at.into(), part));
    }
    let groups = std::iter::once(None).chain((0..teams.len() as u32).map(Some));
    for part in groups.flat_map(|team| [false, true].map(|all| matrix::Part { all, team })) {
        all.push((part.path(teams), Page::Matrix(part)));
    }
    let mut add = |paths: &[String], page: &dyn Fn(usize) -> Page| {
        all.extend(paths.iter().enumerate().map(|(at, path)| (path.clone(), page(at))));
    };
    add(&addresses.services, &|at| Page::Service(at.into()));
    add(&addresses.technologies, &|at| Page::Technology(at as u32));
    add(&addresses.alerts, &|at| Page::Alert(at as u32));
    let json: Vec<String> = addresses.services.iter().map(|page| address::service_json(page)).collect();
    add(&json, &|at| Page::ServiceJson(at.into()));
    let cells: Vec<String> =
        addresses.services.iter().map(|page| format!("matrix/cells/{}.js", address::segment_of(page))).collect();
    add(&cells, &|at| Page::Cells(at.into()));
    let assets: Vec<String> = dress.assets.iter().map(|a| a.path.clone()).collect();
    add(&assets, &|at| Page::Asset(at as u32));
    for at in 0..input.catalog.runbooks.len() {
        all.extend(addresses.readable[at].clone().map(|path| (path, Page::Readable(at.into()))));
        all.extend(addresses.written[at].clone().map(|path| (path, Page::Written(at.into()))));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    all.into_iter().map(|(path, page)| (Entry { path, anchors: Vec::new() }, page)).unzip()
}

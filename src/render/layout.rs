//! Which pages a site has: every path with what stands there, and what all pages look things up in.

use super::address::{self, Addresses};
use super::badge::{self, Badge};
use super::theme::Dress;
use super::{Input, fleet, history, matrix, picture, search, teams, views};
use crate::model::id::{OwnerIx, RunbookIx, SectionIx, ServiceIx};
use crate::model::site::Entry;
use std::collections::BTreeMap;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
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
    OwnersJson,
    ServiceBadge(ServiceIx, Shape),
    OwnerBadge(OwnerIx, Shape),
    Llms,
    Manifest,
    Worker,
    Robots,
    Search,
    SearchFile(search::File),
    Asset(u32),
    /// Of a source, in the catalog's order, one of its pictures.
    Picture(u32, u32),
}

/// What a badge comes as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Json,
    Svg,
}

impl Shape {
    /// A badge in this shape.
    pub fn of(self, badge: &Badge) -> Vec<u8> {
        match self {
            Self::Json => badge::json(badge),
            Self::Svg => badge::svg(badge),
        }
    }
}

/// What is worked out once for all pages of a fleet: it borrows nothing, so that whoever keeps the fleet can keep it too.
pub struct Layout {
    pub(super) dress: Dress,
    pub(super) addresses: Addresses,
    pub(super) entries: Vec<Entry>,
    /// Beside `entries`.
    pub(super) pages: Vec<Page>,
    /// Diagnostics of each service, beside the catalog's.
    pub(super) found: Vec<Vec<u32>>,
    /// Services each document names and does not speak for, beside the catalog's runbooks.
    pub(super) named: Vec<Vec<ServiceIx>>,
    /// Alerts of each service.
    pub(super) alerts: Vec<Vec<u32>>,
    /// What the history holds.
    pub(super) records: Vec<history::Record>,
    /// What is searched, and how.
    pub(super) search: search::Search,
    /// The fleet by teams, where it is too large for one page.
    pub(super) teams: Vec<teams::Team>,
}

impl Layout {
    /// Lays out the site of a fleet.
    pub(super) fn new(input: &Input, mut dress: Dress) -> Self {
        let title = if input.config.title.is_empty() { "Runbooks" } else { &input.config.title };
        let assets: BTreeMap<&str, String> = [
            ("css", "css/site.css"),
            ("media", "css/media.css"),
            ("code", "css/code.css"),
            ("graph", "css/graph.css"),
            ("theme", "js/theme.js"),
            ("js", "js/site.js"),
            ("matrix", "js/matrix.js"),
            ("commands", "js/commands.js"),
            ("icon", "img/icon.svg"),
            ("opener", "js/opener.js"),
            ("search", "js/search.js"),
            ("search_css", "css/search.css"),
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
        let teams = teams::of(input, &addresses);
        let search = search::Search::new(input.catalog, &addresses, input.config.knowledge.template.sections.len());
        let (entries, pages) = lay_out(input, &addresses, &dress, &teams, &search);
        let found = fleet::diagnostics_by_service(input);
        let named = fleet::named_by_document(input.catalog);
        let alerts = fleet::alerts_by_service(input.catalog);
        Self { dress, addresses, entries, pages, found, named, alerts, records, search, teams }
    }

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

    pub(super) fn entry_at(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|e| e.path.as_str().cmp(path)).ok()
    }
}

/// Every path there is, sorted, with what stands there.
fn lay_out(
    input: &Input,
    addresses: &Addresses,
    dress: &Dress,
    teams: &[teams::Team],
    search: &search::Search,
) -> (Vec<Entry>, Vec<Page>) {
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
        ("api/owners.json", Page::OwnersJson),
        ("llms.txt", Page::Llms),
        ("site.webmanifest", Page::Manifest),
        ("sw.js", Page::Worker),
        (search::PAGE, Page::Search),
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
    for (shape, ending) in [(Shape::Json, "json"), (Shape::Svg, "svg")] {
        let badge = |page: &String| format!("api/badges/{}.{ending}", page.trim_end_matches("/index.html"));
        let services: Vec<String> = addresses.services.iter().map(badge).collect();
        add(&services, &|at| Page::ServiceBadge(at.into(), shape));
        let owners: Vec<String> = addresses.owners.iter().map(badge).collect();
        add(&owners, &|at| Page::OwnerBadge(at.into(), shape));
    }
    let assets: Vec<String> = dress.assets.iter().map(|a| a.path.clone()).collect();
    add(&assets, &|at| Page::Asset(at as u32));
    for (source, of) in input.catalog.sources.iter().enumerate() {
        let page = |(at, one): (usize, _)| Some((picture::path(one)?, Page::Picture(source as u32, at as u32)));
        all.extend(of.pictures.iter().enumerate().filter_map(page));
    }
    for at in 0..input.catalog.runbooks.len() {
        all.extend(addresses.readable[at].clone().map(|path| (path, Page::Readable(at.into()))));
        all.extend(addresses.written[at].clone().map(|path| (path, Page::Written(at.into()))));
    }
    all.extend(search.all().map(|(path, file)| (path, Page::SearchFile(file))));
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    all.into_iter().map(|(path, page)| (Entry { path, anchors: Vec::new() }, page)).unzip()
}

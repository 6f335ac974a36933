//! What stands at which path: every page there is, before any of them is rendered.

use crate::model::id::{OwnerIx, RunbookIx, SectionIx, ServiceIx};
use crate::model::site::Entry;
use crate::render::address::{self, Addresses};
use crate::render::badge::{self, Badge};
use crate::render::theme::Dress;
use crate::render::{Input, fleet, matrix, teams};

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
    Asset(u32),
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

/// Every path there is, sorted, with what stands there.
pub fn lay_out(input: &Input, addresses: &Addresses, dress: &Dress, teams: &[teams::Team]) -> (Vec<Entry>, Vec<Page>) {
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
    for at in 0..input.catalog.runbooks.len() {
        all.extend(addresses.readable[at].clone().map(|path| (path, Page::Readable(at.into()))));
        all.extend(addresses.written[at].clone().map(|path| (path, Page::Written(at.into()))));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    all.into_iter().map(|(path, page)| (Entry { path, anchors: Vec::new() }, page)).unzip()
}

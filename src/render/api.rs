//! The machine doors: `api/coverage.json` and one file a service, by the contract in the handbook.

use crate::model::catalog::{Presence, Target};
use crate::model::coverage::{Cell, Counts, Tally};
use crate::model::id::{SectionIx, ServiceIx};
use crate::model::profile::Required;
use crate::model::state::{State, Substance};
use crate::render::Site;
use crate::render::views::presence;
use crate::render::words;
use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Serialize, JsonSchema)]
struct Fleet<'a> {
    schema: u32,
    /// The newest commit's date; nothing where every source is a plain folder.
    as_of: Option<String>,
    chapters: Vec<ChapterJson<'a>>,
    #[schemars(with = "Vec<ServiceJson<'static>>")]
    services: Rows<'a>,
    totals: TotalsJson<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ChapterJson<'a> {
    id: &'a str,
    title: &'a str,
    sections: Vec<SectionJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct SectionJson<'a> {
    id: &'a str,
    title: &'a str,
}

/// Every service, made one after the other.
struct Rows<'a>(&'a Site<'a>);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let services = self.0.input.catalog.services.len();
        serializer.collect_seq((0..services).map(|at| service_json(self.0, at.into(), 1)))
    }
}

#[derive(Serialize, JsonSchema)]
struct ServiceJson<'a> {
    id: &'a str,
    name: &'a str,
    owners: Vec<&'a str>,
    tier: Option<u8>,
    runbook: &'static str,
    required: Met,
    counts: Counts,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    conflict: &'a [String],
    /// Cells by section id, in template order; empty where there is no runbook.
    #[schemars(with = "BTreeMap<String, CellJson<'static>>")]
    cells: Cells<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Met {
    met: u32,
    of: u32,
}

impl From<Tally> for Met {
    fn from(tally: Tally) -> Self {
        Self { met: tally.met, of: tally.of }
    }
}

/// Cells by section id, in template order.
struct Cells<'a> {
    site: &'a Site<'a>,
    cells: &'a [Cell],
    /// How many quotes a cell shows: the file of the whole fleet has room for the decisive one.
    quotes: usize,
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (at, cell) in self.cells.iter().enumerate() {
            map.serialize_entry(&self.site.template().sections[at].id, &cell_json(self.site, cell, self.quotes))?;
        }
        map.end()
    }
}

#[derive(Serialize, JsonSchema)]
struct CellJson<'a> {
    state: State,
    required: Required,
    met: bool,
    waived: bool,
    confidence: f64,
    substance: Substance,
    inherited: bool,
    through: Option<ThroughJson<'a>>,
    source: Option<SourceJson<'a>>,
    evidence: Vec<EvidenceJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ThroughJson<'a> {
    service: &'a str,
    section: &'a str,
    state: State,
}

#[derive(Serialize, JsonSchema)]
struct SourceJson<'a> {
    repo: &'a str,
    /// The commit it was read at; nothing for plain folders.
    commit: Option<&'a str>,
    /// That commit's date.
    date: Option<String>,
    path: Cow<'a, str>,
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct EvidenceJson<'a> {
    path: Cow<'a, str>,
    line: u32,
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct TotalsJson<'a> {
    services: usize,
    filled: u32,
    blank: u32,
    none: u32,
    required: Met,
    counts: Counts,
    unsure: u32,
    promises: u32,
    sections: BTreeMap<&'a str, Counts>,
}

/// The day of the newest commit that was read.
pub fn as_of(site: &Site) -> Option<String> {
    site.input.catalog.sources.iter().filter_map(|s| s.as_of).max().map(|date| date.to_string())
}

fn date(site: &Site, repo: &str) -> Option<String> {
    site.input.catalog.source(repo)?.as_of.map(|date| date.to_string())
}

fn cell_json<'a>(site: &'a Site, cell: &Cell, quotes: usize) -> CellJson<'a> {
    let catalog = site.input.catalog;
    let found = site.candidate(cell);
    let source = found.map(|(candidate, origin)| {
        let document = &catalog.runbooks[cell.answer.map_or(0, |a| a.runbook.at())].document;
        let heading = candidate.heading.map(|h| document.line(document.headings[h.at()].span.start));
        SourceJson {
            repo: &origin.repo,
            commit: origin.commit.as_deref(),
            date: date(site, &origin.repo),
            path: origin.shown(),
            line: candidate.evidence.first().map(|e| e.line).or(heading).unwrap_or(1),
        }
    });
    let evidence = found.map(|(candidate, origin)| {
        let one =
            |e: &'a crate::model::runbook::Evidence| EvidenceJson { path: origin.shown(), line: e.line, text: &e.text };
        candidate.evidence.iter().take(quotes).map(one).collect()
    });
    CellJson {
        state: cell.state,
        required: cell.required,
        met: cell.met,
        waived: cell.waived,
        confidence: (f64::from(cell.confidence) * 100.0).round() / 100.0,
        substance: cell.substance,
        inherited: cell.inherited,
        through: cell.through.map(|t| ThroughJson {
            service: catalog[t.service].id.as_str(),
            section: &site.template()[t.section].id,
            state: t.state,
        }),
        source,
        evidence: evidence.unwrap_or_default(),
    }
}

fn service_json<'a>(site: &'a Site, ix: ServiceIx, quotes: usize) -> ServiceJson<'a> {
    let catalog = site.input.catalog;
    let service = &catalog[ix];
    let row = site.input.coverage.rows.get(ix.at());
    let cells = row.filter(|_| service.presence != Presence::None).map(|r| r.cells.as_slice());
    ServiceJson {
        id: service.id.as_str(),
        name: &service.name,
        owners: service.owners.iter().map(|o| catalog[o.value].name.as_str()).collect(),
        tier: service.tier.as_ref().map(|t| t.value.into()),
        runbook: presence(service),
        required: row.map(|r| r.required).unwrap_or_default().into(),
        counts: row.map(|r| r.counts).unwrap_or_default(),
        conflict: &service.conflict,
        cells: Cells { site, cells: cells.unwrap_or_default(), quotes },
    }
}

/// `api/coverage.json`, written row by row: of a large fleet nothing else is as long.
pub fn coverage(site: &Site, to: &mut dyn Write) -> io::Result<()> {
    let template = site.template();
    let totals = &site.input.coverage.totals;
    let section = |s: SectionIx| SectionJson { id: &template[s].id, title: &template[s].title };
    let fleet = Fleet {
        schema: 1,
        as_of: as_of(site),
        chapters: template
            .chapters
            .iter()
            .enumerate()
            .map(|(at, c)| ChapterJson {
                id: &c.id,
                title: &c.title,
                sections: template.sections_of(at.into()).map(section).collect(),
            })
            .collect(),
        services: Rows(site),
        totals: TotalsJson {
            services: site.input.catalog.services.len(),
            filled: totals.filled,
            blank: totals.blank,
            none: totals.none,
            required: totals.required.into(),
            counts: totals.counts,
            unsure: totals.unsure,
            promises: totals.promises,
            sections: template.sections.iter().zip(&totals.sections).map(|(s, c)| (s.id.as_str(), *c)).collect(),
        },
    };
    let mut to = io::BufWriter::with_capacity(1 << 16, to);
    serde_json::to_writer(&mut to, &fleet)?;
    to.flush()
}

#[derive(Serialize, JsonSchema)]
struct OneService<'a> {
    schema: u32,
    as_of: Option<String>,
    #[serde(flatten)]
    service: ServiceJson<'a>,
    dependencies: Vec<EdgeJson<'a>>,
    dependants: Vec<&'a str>,
    blast_radius: u32,
}

#[derive(Serialize, JsonSchema)]
struct EdgeJson<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    purpose: Option<&'a str>,
    source: Option<SourceJson<'a>>,
}

/// `api/services/<id>.json`: one service with what it needs and who needs it.
pub fn service(site: &Site, ix: ServiceIx) -> Vec<u8> {
    let catalog = site.input.catalog;
    let row = site.input.coverage.rows.get(ix.at());
    let dependencies = catalog.needs(ix).iter().map(|e| {
        let (id, name, kind) = match e.to {
            Target::Service(s) => (catalog[s].id.as_str(), catalog[s].name.as_str(), "service"),
            Target::Technology(t) => {
                let t = &catalog.technologies[t as usize];
                (t.id.as_str(), t.name.as_str(), "technology")
            }
        };
        let source = e.stated.first().map(|s| SourceJson {
            repo: &s.origin.repo,
            commit: s.origin.commit.as_deref(),
            date: date(site, &s.origin.repo),
            path: s.origin.shown(),
            line: s.line,
        });
        EdgeJson { id, name, kind, purpose: e.purpose.as_deref(), source }
    });
    let view = OneService {
        schema: 1,
        as_of: as_of(site),
        service: service_json(site, ix, usize::MAX),
        dependencies: dependencies.collect(),
        dependants: row.map(|r| r.dependants.iter().map(|&s| catalog[s].id.as_str()).collect()).unwrap_or_default(),
        blast_radius: row.map_or(0, |r| r.blast_radius),
    };
    serde_json::to_vec(&view).unwrap_or_default()
}

#[derive(Serialize, JsonSchema)]
struct Owners<'a> {
    schema: u32,
    as_of: Option<String>,
    owners: Vec<OwnerJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct OwnerJson<'a> {
    id: &'a str,
    name: &'a str,
    contacts: &'a [String],
    services: Vec<&'a str>,
    required: Met,
    counts: Counts,
}

/// `api/owners.json`: who owns what, and how they stand.
pub fn owners(site: &Site) -> Vec<u8> {
    let catalog = site.input.catalog;
    let one = |at: usize| {
        let (tally, counts) = site.input.coverage.totals.owners.get(at).copied().unwrap_or_default();
        let owner = &catalog.owners[at];
        OwnerJson {
            id: owner.id.as_str(),
            name: &owner.name,
            contacts: &owner.contacts,
            services: owner.services.iter().map(|&s| catalog[s].id.as_str()).collect(),
            required: tally.into(),
            counts,
        }
    };
    let owners = Owners { schema: 1, as_of: as_of(site), owners: (0..catalog.owners.len()).map(one).collect() };
    serde_json::to_vec(&owners).unwrap_or_default()
}

/// The shapes of the files under `api/` and of a line of the history, by name.
pub fn schemas() -> Vec<(&'static str, schemars::Schema)> {
    let generator = || schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    vec![
        ("coverage", generator().into_root_schema_for::<Fleet>()),
        ("service", generator().into_root_schema_for::<OneService>()),
        ("owners", generator().into_root_schema_for::<Owners>()),
        ("badge", generator().into_root_schema_for::<crate::render::badge::Badge>()),
        ("record", generator().into_root_schema_for::<crate::render::history::Record>()),
    ]
}

/// `llms.txt`: where a machine that reads text finds what.
pub fn llms(site: &Site) -> String {
    let catalog = site.input.catalog;
    let base = site.input.config.base_url.as_deref().map(|b| format!("{b}/")).unwrap_or_default();
    let title = if site.input.config.title.is_empty() { "Runbooks" } else { &site.input.config.title };
    let mut out = format!(
        "# {title}\n\n> Runbooks of {}, read from their repositories{}. Every answer has a state: an answer that is \
        missing, promised or unsure is said to be so. Never take a gap for an answer.\n\n## Data\n\n\
        - [Coverage]({base}api/coverage.json): every service by every section: state, confidence, source line and quote\n\
        - [Owners]({base}api/owners.json): who owns what, and how to reach them\n\n## Services\n\n",
        words::count(catalog.services.len(), "service", "services"),
        as_of(site).map(|d| format!(", as of {d}")).unwrap_or_default(),
    );
    for ix in (0..catalog.services.len()).map(ServiceIx::from) {
        let view = site.service_view(ix);
        let tier = view.tier.map(|t| format!("tier {t}, ")).unwrap_or_default();
        let name = view.name.replace(['[', ']', '\n'], " ");
        let json = super::address::href(&super::address::service_json(site.addresses.service(ix)));
        out.push_str(&format!("- [{name}]({base}{json}): {tier}{}; [page]({base}{})\n", view.coverage, view.href));
    }
    out
}

//! Link and measure over fleets of several sizes: growth must stay near linear.
//!
//! `cargo bench --bench fleet`. Each service has one runbook of 49 answers and four dependencies.

use opsbook::model::catalog::Catalog;
use opsbook::model::config::Config;
use opsbook::model::document::Document;
use opsbook::model::id::{Id, PartIx, SectionIx, Tier};
use opsbook::model::runbook::{Candidate, Runbook};
use opsbook::model::source::Origin;
use opsbook::model::state::{Kind, Reached, State, Substance};
use opsbook::model::stated::{NameSource, Relation, StatedDependency, StatedName, StatedOwner, TargetType};
use opsbook::model::text::{LineIndex, Span, SpanMap};
use opsbook::{configure, link, measure};
use std::sync::Arc;

const SIZES: [usize; 3] = [1_000, 10_000, 50_000];
const EDGES: usize = 4;

fn main() {
    divan::main();
}

fn config() -> Config {
    let (knowledge, _) = configure::knowledge(&configure::KnowledgeTexts::default());
    Config { knowledge: Arc::new(knowledge), verified_for: 365, ..configure::defaults() }
}

/// A number that looks random and is the same every time.
fn pick(n: usize, of: usize) -> usize {
    let mixed = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)) % of as u64) as usize
}

fn runbooks(count: usize, config: &Config) -> Vec<Arc<Runbook>> {
    let sections = config.knowledge.template.sections.len();
    let name = |at: usize| format!("service-{at:05}");
    (0..count)
        .map(|at| {
            let text: Arc<str> = format!("# {} Run Book\n", name(at)).into();
            let dependency = |nth: usize| {
                let name = name(pick(at * EDGES + nth, count));
                let (id, target, relation) = (Id::of(&name), TargetType::Unknown, Relation::Uses);
                StatedDependency { name, id, target, relation, purpose: None, line: 9 }
            };
            let candidate = |section: usize| Candidate {
                section: SectionIx::from(section),
                part: PartIx::from(section),
                heading: None,
                state: State::ALL[pick(at * 64 + section, State::ALL.len())],
                confidence: 0.9,
                substance: Substance::Prose,
                inherited: false,
                reached: Reached::Heading,
                weight: 0,
                evidence: vec![],
                delegate: Some("the Cloud Platform team".to_owned()),
                runs: vec![],
            };
            Arc::new(Runbook {
                document: Arc::new(Document {
                    origin: Origin { repo: name(at).into(), commit: None, path: "RUNBOOK.md".into() },
                    hash: *blake3::hash(text.as_bytes()).as_bytes(),
                    lines: LineIndex::of(&text),
                    source: text.clone(),
                    text,
                    map: SpanMap::default(),
                    front_matter: None,
                    body: Span::default(),
                    headings: vec![],
                    blocks: vec![],
                    links: vec![],
                    notes: vec![],
                    repairs: vec![],
                }),
                kind: Kind::Service,
                form: None,
                blank: false,
                title: name(at),
                name: Some(StatedName { text: name(at), line: 1, by: NameSource::Title }),
                place: Some(name(at)),
                owners: vec![StatedOwner { name: format!("Team {}", at / 15), contacts: vec![], line: 3 }],
                dependencies: (0..EDGES).map(dependency).collect(),
                links: vec![],
                reviewed: None,
                tier: Tier::of(pick(at, 4) as i64).map(|tier| (tier, 2)),
                traits: vec![],
                parts: vec![],
                candidates: (0..sections).map(candidate).collect(),
                alerts: vec![],
                waivers: vec![],
                verifications: vec![],
                diagnostics: vec![],
            })
        })
        .collect()
}

fn linked(count: usize, config: &Config) -> Catalog {
    link::link(Vec::new(), runbooks(count, config), Vec::new(), config)
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn link_fleet(bencher: divan::Bencher, count: usize) {
    let config = config();
    let runbooks = runbooks(count, &config);
    bencher
        .with_inputs(|| runbooks.clone())
        .bench_values(|runbooks| link::link(Vec::new(), runbooks, Vec::new(), &config));
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn measure_fleet(bencher: divan::Bencher, count: usize) {
    let config = config();
    let catalog = linked(count, &config);
    bencher.bench(|| measure::measure(&catalog, &config, jiff::civil::date(2026, 11, 21)));
}

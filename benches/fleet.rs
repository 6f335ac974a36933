//! Link and measure over fleets of several sizes: growth must stay near linear.
//!
//! `cargo bench --bench fleet` prints CPU time, on Linux. Each service has one runbook of 49 answers and four dependencies.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use opsbook::model::config::Config;
use opsbook::model::document::Document;
use opsbook::model::id::{Id, PartIx, SectionIx, Tier};
use opsbook::model::runbook::{Candidate, Runbook};
use opsbook::model::source::Origin;
use opsbook::model::state::{Kind, Reached, State, Substance};
use opsbook::model::stated::{NameSource, Relation, StatedDependency, StatedName, StatedOwner, TargetType};
use opsbook::{configure, link, measure};
use std::sync::Arc;

const SIZES: [usize; 3] = [1_000, 10_000, 50_000];
const EDGES: usize = 4;
const RUNS: usize = 7;

/// What the program runs with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo test` runs benchmarks to see that they run; once and small will do for that.
    let bench = std::env::args().any(|arg| arg == "--bench");
    let config = config();
    println!("services     link  measure     both   CPU ms, the least of {RUNS} runs");
    for count in SIZES.into_iter().take(if bench { SIZES.len() } else { 1 }) {
        let runbooks = runbooks(count, &config);
        let (linking, catalog) = least(|| link::link(Vec::new(), runbooks.clone(), Vec::new(), &config));
        let (measuring, coverage) = least(|| measure::measure(&catalog, &config, jiff::civil::date(2026, 11, 21)));
        assert_eq!((catalog.services.len(), coverage.rows.len()), (count, count));
        println!("{count:>8} {linking:>8.1} {measuring:>8.1} {:>8.1}", linking + measuring);
    }
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
            let origin = Origin { repo: name(at).into(), commit: None, path: "RUNBOOK.md".into() };
            let document = Arc::new(Document::new(origin, *blake3::hash(text.as_bytes()).as_bytes(), text));
            Arc::new(Runbook {
                title: name(at),
                name: Some(StatedName { text: name(at), line: 1, by: NameSource::Title }),
                place: Some(name(at)),
                owners: vec![StatedOwner { name: format!("Team {}", at / 15), contacts: vec![], line: 3 }],
                dependencies: (0..EDGES).map(dependency).collect(),
                tier: Tier::of(pick(at, 4) as i64).map(|tier| (tier, 2)),
                candidates: (0..sections).map(candidate).collect(),
                ..Runbook::new(document, Kind::Service)
            })
        })
        .collect()
}

/// CPU time of this thread so far, in milliseconds: a busy machine makes it no longer.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds") / 1e6
}

/// The least of several runs, and what the last one gave.
fn least<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut best = f64::MAX;
    let mut given = None;
    for _ in 0..RUNS {
        let begun = cpu();
        let value = run();
        best = best.min(cpu() - begun);
        given = Some(value);
    }
    (best, given.expect("a run"))
}

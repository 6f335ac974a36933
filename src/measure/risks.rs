//! Risks: gaps as their dependants see them, ranked.

use crate::measure::graph::Graph;
use crate::model::catalog::{Catalog, Presence, Target};
use crate::model::config::Config;
use crate::model::coverage::{Cell, Risk, RiskKind, Row};
use crate::model::id::{SectionIx, ServiceIx, Tier};
use crate::model::profile::Required;
use crate::model::state::{Class, State};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sections that say whether a service survives the loss of one of its parts.
const SURVIVES: [&str; 2] = ["resilience", "failover"];

/// Every risk of the fleet, worst first; at most one a service and section.
pub(super) fn risks(catalog: &Catalog, config: &Config, graph: &Graph, rows: &[Row]) -> Vec<Risk> {
    let mut risks: Vec<Risk> = Vec::new();
    let inverted = inversions(catalog, graph);
    let mut marks = vec![0; rows.len()];
    let tier_one = catalog.services.iter().filter(|s| s.tier.as_ref().is_some_and(|t| t.value == Tier::One)).count();
    for (at, row) in rows.iter().enumerate() {
        let ix = ServiceIx::from(at);
        let seen = Seen::of(catalog, graph, ix, &mut marks);
        let first = risks.len();
        let mut add = |kind, section: Option<SectionIx>, state, weight| {
            let (service, affected, owner) = (ix, seen.affected.clone(), seen.owner);
            risks.push(Risk { kind, service, section, state, affected, owner, weight: weight * seen.weight });
        };
        match catalog[ix].presence {
            Presence::None if seen.affected.is_empty() => {}
            Presence::None => add(RiskKind::NoRunbook, None, State::Missing, 30),
            Presence::Blank => add(RiskKind::Blank, None, State::Residue, 40),
            Presence::Filled => {
                for (section, cell) in row.cells.iter().enumerate() {
                    let section = SectionIx::from(section);
                    if let Some(kind) = kind(cell) {
                        let steps = if config.knowledge.profiles.procedural.contains(&section) { 3 } else { 2 };
                        add(kind, Some(section), cell.state, weight(cell) * steps / 2);
                    }
                }
            }
        }
        let others = tier_one - usize::from(graph.order[ix.at()] == 0);
        if others >= 2 && graph.critical[at] as usize == others && !survives(config, row) {
            add(RiskKind::SinglePoint, None, State::Missing, 24);
        }
        if let Some(needed_by) = inverted.get(&ix) {
            let (service, affected, owner) = (ix, needed_by.clone().into(), seen.owner);
            let weight = 12 * u64::from(4 - graph.order[needed_by[0].at()]) * seen.weight;
            risks.push(Risk {
                kind: RiskKind::TierInversion,
                service,
                section: None,
                state: State::Answered,
                affected,
                owner,
                weight,
            });
        }
        // The next gap of one service tells less than the first of another: the list stays worth reading.
        risks[first..].sort_unstable_by(|a, b| (b.weight, a.section, a.kind).cmp(&(a.weight, b.section, b.kind)));
        for (nth, risk) in (0..).zip(&mut risks[first..]) {
            risk.weight = risk.weight * 4 / (4 + nth);
        }
    }
    risks.sort_unstable_by(|a, b| {
        (b.weight, a.service, a.section, a.kind).cmp(&(a.weight, b.service, b.section, b.kind))
    });
    risks
}

/// What a service's gaps have in common.
struct Seen {
    affected: Arc<[ServiceIx]>,
    owner: Option<crate::model::id::OwnerIx>,
    weight: u64,
}

impl Seen {
    fn of(catalog: &Catalog, graph: &Graph, ix: ServiceIx, marks: &mut [u32]) -> Self {
        let needed: u64 = graph.dependants(ix).iter().map(|d| worth(graph, *d)).sum();
        let reach = needed + u64::from(graph.blast[ix.at()]) + 1;
        Self {
            affected: graph.affected(ix, marks).into(),
            owner: catalog[ix].owners.first().map(|o| o.value),
            // Twice as many dependants are one step worse, so that a hub does not drown everybody else's gaps.
            weight: worth(graph, ix) * u64::from(4 + reach.ilog2()),
        }
    }
}

fn worth(graph: &Graph, ix: ServiceIx) -> u64 {
    [8, 4, 3, 2][usize::from(graph.order[ix.at()])]
}

/// An author's own admission is a risk whether asked for or not; anything else where it is asked and not met.
fn kind(cell: &Cell) -> Option<RiskKind> {
    if cell.waived {
        None
    } else if cell.state.class() == Class::Gap {
        Some(RiskKind::Admitted)
    } else {
        (!cell.met).then_some(RiskKind::Gap)
    }
}

fn weight(cell: &Cell) -> u64 {
    let asked = match cell.required {
        Required::Covered => 4,
        Required::Answer => 2,
        Required::Shown => 1,
    };
    let state = match cell.state {
        State::NotInvestigated => 10,
        State::Promised => 8,
        State::Missing => 6,
        State::Residue | State::Empty => 5,
        State::AnsweredAbsent => 4,
        State::Delegated | State::LinkOnly => 3,
        State::Answered | State::NotApplicable | State::InDebt => 2,
    };
    asked * state
}

fn survives(config: &Config, row: &Row) -> bool {
    let sections = SURVIVES.iter().filter_map(|id| config.knowledge.template.section(id));
    sections.filter_map(|s| row.cells.get(s.at())).any(|cell| cell.state == State::Answered)
}

/// Less critical services with the more critical ones that need them, the most critical first.
fn inversions(catalog: &Catalog, graph: &Graph) -> BTreeMap<ServiceIx, Vec<ServiceIx>> {
    let mut found: BTreeMap<ServiceIx, Vec<ServiceIx>> = BTreeMap::new();
    let tier = |ix: ServiceIx| catalog[ix].tier.as_ref().map(|t| t.value);
    for edge in &catalog.edges {
        if let Target::Service(to) = edge.to
            && let (Some(needs), Some(is)) = (tier(edge.from), tier(to))
            && needs < is
        {
            found.entry(to).or_default().push(edge.from);
        }
    }
    for needed_by in found.values_mut() {
        needed_by.sort_by_key(|ix| (graph.order[ix.at()], *ix));
        needed_by.dedup();
    }
    found
}

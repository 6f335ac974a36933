//! Who stands beside a service or a team: who needs it, what it needs, who goes down with it; drawn, and as a list.

use crate::model::catalog::{Edge, Presence, Target};
use crate::model::id::{OwnerIx, ServiceIx};
use crate::model::profile::Required;
use crate::model::state::{Class, State};
use crate::model::stated::Relation;
use crate::render::Site;
use crate::render::address::href;
use crate::render::graph::{self, Graph, Node};
use crate::render::views::Named;
use crate::render::words;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many boxes a column of a drawing has.
const DRAWN: usize = 11;
/// How many names a list has.
const LISTED: usize = 60;

/// How a service stands: the state of its worst gap.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    class: &'static str,
    glyph: &'static str,
    says: String,
}

/// Everything around a service.
#[derive(Serialize)]
pub struct Neighbours {
    graph: Graph,
    needed_by: Vec<Neighbour>,
    needed_by_more: usize,
    needs: Vec<Neighbour>,
    needs_more: usize,
    /// Who goes down though they do not need it directly: who, and through whom.
    further: Vec<(Named, Named)>,
    further_more: usize,
}

#[derive(Serialize)]
struct Neighbour {
    named: Named,
    standing: Option<Standing>,
    relation: &'static str,
    purpose: Option<String>,
}

/// How a service stands.
pub fn standing(site: &Site, ix: ServiceIx) -> Standing {
    let row = site.input.coverage.rows.get(ix.at());
    let (class, glyph, says) = match site.input.catalog[ix].presence {
        Presence::None => (Class::Gap.id(), "!", "no runbook".to_owned()),
        Presence::Blank => (Class::Unwritten.id(), "▫", "untouched form".to_owned()),
        Presence::Filled => {
            let cells = row.into_iter().flat_map(|r| &r.cells).enumerate();
            let open = cells.filter(|(_, c)| c.state.class() == Class::Gap || !c.met && c.required != Required::Shown);
            // An admitted gap is worse than any other.
            let worst =
                open.max_by_key(|(at, c)| (c.state.class() == Class::Gap, c.state, c.required, usize::MAX - at));
            match worst {
                Some((at, cell)) => {
                    let sign = words::sign(cell.state);
                    let section = &site.template().sections[at].title;
                    (sign.class, sign.glyph, format!("{section}: {}", sign.says))
                }
                None => (Class::Covered.id(), words::sign(State::Answered).glyph, "nothing open".to_owned()),
            }
        }
    };
    Standing { class, glyph, says }
}

fn node(site: &Site, target: Target, here: bool) -> Node<Target> {
    let (named, standing) = match target {
        Target::Service(ix) => (site.service_link(ix), Some(standing(site, ix))),
        Target::Technology(at) => {
            let name = site.input.catalog.technologies[at as usize].name.clone();
            (Named { name, href: href(site.addresses.target(target)) }, None)
        }
    };
    Node { key: target, named, standing, here }
}

fn neighbour(site: &Site, target: Target, edge: Option<&Edge>) -> Neighbour {
    let Node { named, standing, .. } = node(site, target, false);
    let relation = words::relation(edge.map_or(Relation::Uses, |e| e.relation));
    Neighbour { named, standing, relation, purpose: edge.and_then(|e| e.purpose.clone()) }
}

/// The most critical first, products last.
fn weight(site: &Site, target: Target) -> (u8, Target) {
    let tier = |ix: ServiceIx| site.input.catalog[ix].tier.as_ref().map_or(4, |t| u8::from(t.value));
    (if let Target::Service(ix) = target { tier(ix) } else { 5 }, target)
}

/// What stands around a service; nothing where nothing does.
pub fn of_service(site: &Site, ix: ServiceIx) -> Option<Neighbours> {
    let catalog = site.input.catalog;
    let row = site.input.coverage.rows.get(ix.at())?;
    let mut needs: Vec<&Edge> = catalog.needs(ix).iter().collect();
    needs.sort_by_key(|e| weight(site, e.to));
    let mut needed_by = row.dependants.clone();
    needed_by.sort_by_key(|s| weight(site, Target::Service(*s)));
    if needs.is_empty() && needed_by.is_empty() {
        return None;
    }
    let own = Target::Service(ix);
    let edge = |from: ServiceIx| catalog.needs(from).iter().find(|e| e.to == own);
    let left = needed_by.iter().take(DRAWN).map(|s| node(site, Target::Service(*s), false)).collect();
    let others: Vec<&Edge> = needs.iter().copied().filter(|e| e.to != own).collect();
    let right = others.iter().take(DRAWN).map(|e| node(site, e.to, false)).collect();
    let runs_on = |e: &Edge| e.relation == Relation::RunsOn;
    let lines: Vec<_> = needed_by
        .iter()
        .take(DRAWN)
        .map(|s| (Target::Service(*s), own, edge(*s).is_some_and(runs_on)))
        .chain(others.iter().take(DRAWN).map(|e| (own, e.to, runs_on(e))))
        .chain(needs.iter().filter(|e| e.to == own).map(|e| (own, own, runs_on(e))))
        .collect();
    let name = &catalog[ix].name;
    let label = format!("{name} between the services that need it, on the left, and what it needs, on the right");
    let left_out = [needed_by.len().saturating_sub(DRAWN), 0, others.len().saturating_sub(DRAWN)];
    let (further, further_more) = further(site, ix, &needed_by);
    let of = |s: &ServiceIx| neighbour(site, Target::Service(*s), edge(*s));
    Some(Neighbours {
        graph: graph::draw(label, [left, vec![node(site, own, true)], right], left_out, &lines),
        needed_by: needed_by.iter().take(LISTED).map(of).collect(),
        needed_by_more: needed_by.len().saturating_sub(LISTED),
        needs: needs.iter().take(LISTED).map(|e| neighbour(site, e.to, Some(e))).collect(),
        needs_more: needs.len().saturating_sub(LISTED),
        further,
        further_more,
    })
}

/// Who goes down through a dependant, round by round, and how many more do.
fn further(site: &Site, ix: ServiceIx, direct: &[ServiceIx]) -> (Vec<(Named, Named)>, usize) {
    let rows = &site.input.coverage.rows;
    let all = (rows[ix.at()].blast_radius as usize).saturating_sub(direct.len());
    let mut known: BTreeSet<ServiceIx> = direct.iter().copied().chain([ix]).collect();
    let mut found: Vec<(ServiceIx, ServiceIx)> = Vec::new();
    let mut round: Vec<ServiceIx> = direct.to_vec();
    while !round.is_empty() && found.len() < LISTED.min(all) {
        let mut next = Vec::new();
        for through in round {
            for &who in rows[through.at()].dependants.iter().filter(|s| known.insert(**s)) {
                next.push(who);
                found.push((who, through));
            }
            if found.len() >= LISTED {
                break;
            }
        }
        round = next;
    }
    found.truncate(LISTED);
    let more = all.saturating_sub(found.len());
    (found.into_iter().map(|(who, through)| (site.service_link(who), site.service_link(through))).collect(), more)
}

/// A team's services, who of others needs them, and what they need of others.
pub fn of_team(site: &Site, owner: OwnerIx) -> Option<Graph> {
    const OWN: usize = 12;
    const SIDE: usize = 6;
    let catalog = site.input.catalog;
    let mut services = catalog[owner].services.clone();
    services.sort_by_key(|s| weight(site, Target::Service(*s)));
    let own: Vec<ServiceIx> = services.iter().copied().take(OWN).collect();
    let theirs: BTreeSet<ServiceIx> = services.iter().copied().collect();
    // What stands beside the drawn services, with how many of them it touches.
    let (mut left, mut right): (BTreeMap<Target, usize>, BTreeMap<Target, usize>) = Default::default();
    let mut lines = Vec::new();
    for &ix in &own {
        for edge in catalog.needs(ix) {
            let inside = matches!(edge.to, Target::Service(to) if theirs.contains(&to));
            lines.push((Target::Service(ix), edge.to, edge.relation == Relation::RunsOn));
            if !inside {
                *right.entry(edge.to).or_default() += 1;
            }
        }
        for &from in site.input.coverage.rows.get(ix.at()).into_iter().flat_map(|r| &r.dependants) {
            if !theirs.contains(&from) {
                lines.push((Target::Service(from), Target::Service(ix), false));
                *left.entry(Target::Service(from)).or_default() += 1;
            }
        }
    }
    if left.is_empty() && right.is_empty() && own.len() < 2 {
        return None;
    }
    let side = |beside: BTreeMap<Target, usize>| {
        let mut all: Vec<(Target, usize)> = beside.into_iter().collect();
        all.sort_by_key(|(target, touches)| {
            (matches!(target, Target::Technology(_)), std::cmp::Reverse(*touches), weight(site, *target))
        });
        let left_out = all.len().saturating_sub(SIDE);
        (all.into_iter().take(SIDE).map(|(target, _)| node(site, target, false)).collect::<Vec<_>>(), left_out)
    };
    let ((left, left_more), (right, right_more)) = (side(left), side(right));
    let middle = own.iter().map(|s| node(site, Target::Service(*s), true)).collect();
    let label = format!(
        "The services of {} in the middle, those of others that need them on the left, what they need on the right",
        catalog[owner].name
    );
    Some(graph::draw(label, [left, middle, right], [left_more, services.len() - own.len(), right_more], &lines))
}

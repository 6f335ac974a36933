//! Who needs whom: direct dependants, and everybody who fails with a service.

use crate::measure::scc::components;
use crate::model::catalog::{Catalog, Target};
use crate::model::id::{ServiceIx, Tier};

/// How many affected services a risk names.
const NAMED: usize = 50;
/// Words of 64 services that are followed at a time: whole bit sets of 50,000 services would not fit in memory.
const WORDS: usize = 64;

/// Dependants, direct and transitive.
pub(super) struct Graph {
    /// Where each service's dependants begin in `list`; one more at the end.
    starts: Vec<u32>,
    /// Dependants, most critical first within a service, then by id.
    list: Vec<ServiceIx>,
    /// How many services fail with each one.
    pub(super) blast: Vec<u32>,
    /// How many tier 1 services fail with each one.
    pub(super) critical: Vec<u32>,
    /// Each service's tier, from the most critical (0) to the least; an unknown one may be worse than tier 3.
    pub(super) order: Vec<u8>,
}

impl Graph {
    /// The graph of a catalog.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let count = catalog.services.len();
        let order: Vec<u8> = catalog.services.iter().map(|s| place(s.tier.as_ref().map(|t| t.value))).collect();
        let mut pairs: Vec<(u32, u8, ServiceIx)> = catalog
            .edges
            .iter()
            .filter_map(|edge| match edge.to {
                Target::Service(to) if to != edge.from => Some((to.0, order[edge.from.at()], edge.from)),
                _ => None,
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0; count + 1];
        pairs.iter().for_each(|(to, ..)| starts[*to as usize + 1] += 1);
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let list = pairs.into_iter().map(|(_, _, from)| from).collect();
        let mut graph = Self { starts, list, blast: vec![0; count], critical: vec![0; count], order };
        graph.spread();
        graph
    }

    /// Services that need one, the most critical first.
    pub(super) fn dependants(&self, service: ServiceIx) -> &[ServiceIx] {
        &self.list[self.starts[service.at()] as usize..self.starts[service.at() + 1] as usize]
    }

    /// The first services that fail with one: its dependants, then theirs, the most critical first in each round.
    ///
    /// `seen` marks each service with the last one it was found for; zeros to begin with, as many as services.
    pub(super) fn affected(&self, service: ServiceIx, seen: &mut [u32]) -> Vec<ServiceIx> {
        let mut found: Vec<ServiceIx> = self.dependants(service).iter().copied().take(NAMED).collect();
        let mut known = |ix: ServiceIx| std::mem::replace(&mut seen[ix.at()], service.0 + 1) == service.0 + 1;
        known(service);
        found.iter().for_each(|ix| {
            known(*ix);
        });
        let mut round = 0..found.len();
        while found.len() < NAMED && !round.is_empty() {
            let next = round.end;
            'round: for at in round {
                for &further in self.dependants(found[at]) {
                    if !known(further) {
                        found.push(further);
                    }
                    if found.len() == NAMED {
                        break 'round;
                    }
                }
            }
            found[next..].sort_unstable_by_key(|ix| (self.order[ix.at()], *ix));
            round = next..found.len();
        }
        found
    }

    /// Counts transitive dependants: over components, dependants first, a slice of the services' bits at a time.
    fn spread(&mut self) {
        let count = self.order.len();
        let next = |at: usize| self.dependants(ServiceIx::from(at)).iter().map(|ix| ix.at()).collect();
        let components = components(&next, count);
        let mut component = vec![0; count];
        for (at, members) in components.iter().enumerate() {
            members.iter().for_each(|member| component[*member] = at);
        }
        let above: Vec<Vec<usize>> = components
            .iter()
            .enumerate()
            .map(|(at, members)| {
                let all = members.iter().flat_map(|m| self.dependants(ServiceIx::from(*m)));
                let mut above: Vec<usize> = all.map(|ix| component[ix.at()]).filter(|other| *other != at).collect();
                above.sort_unstable();
                above.dedup();
                above
            })
            .collect();
        let tier_one: Vec<bool> = self.order.iter().map(|order| *order == 0).collect();
        let mut totals = vec![(0, 0); components.len()];
        for slice in (0..count).step_by(WORDS * 64) {
            let within = slice..count.min(slice + WORDS * 64);
            let mut critical = [0u64; WORDS];
            let mut reach = vec![[0u64; WORDS]; components.len()];
            for at in within {
                let (word, bit) = ((at - slice) / 64, 1 << ((at - slice) % 64));
                reach[component[at]][word] |= bit;
                critical[word] |= if tier_one[at] { bit } else { 0 };
            }
            for at in 0..components.len() {
                let (done, rest) = reach.split_at_mut(at);
                for &other in &above[at] {
                    rest[0].iter_mut().zip(&done[other]).for_each(|(mine, its)| *mine |= its);
                }
                for (bits, critical) in rest[0].iter().zip(&critical) {
                    totals[at].0 += bits.count_ones();
                    totals[at].1 += (bits & critical).count_ones();
                }
            }
        }
        for (at, members) in components.iter().enumerate() {
            for &member in members {
                self.blast[member] = totals[at].0 - 1;
                self.critical[member] = totals[at].1 - u32::from(tier_one[member]);
            }
        }
    }
}

fn place(tier: Option<Tier>) -> u8 {
    match tier {
        Some(Tier::One) => 0,
        Some(Tier::Two) => 1,
        None => 2,
        Some(Tier::Three) => 3,
    }
}

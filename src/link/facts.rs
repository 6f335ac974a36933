//! Facts of services with their ranks: tier, traits, on-call, system, lifecycle, addresses, and who disagrees.

use crate::link::ground::{Ground, Places, claims, strongest_first};
use crate::link::words::WORDS;
use crate::model::catalog::{Disagreement, Service, Stated};
use crate::model::claim::{Claim, Fact, Rank};
use crate::model::id::{Tier, Trait};
use std::collections::BTreeSet;

/// What is said of one service, in no order yet.
#[derive(Default)]
struct Said {
    tiers: Vec<Stated<Tier>>,
    traits: Vec<Stated<Trait>>,
    systems: Vec<Stated<String>>,
    lifecycles: Vec<Stated<String>>,
}

/// Fills in every fact but owners and dependencies.
pub(super) fn gather(ground: &Ground, services: &mut [Service]) {
    let mut said: Vec<Said> = services.iter().map(|_| Said::default()).collect();
    for (_, runbook, ix) in ground.spoken() {
        let places = Places::of(&runbook.document);
        let its = &mut said[ix.at()];
        its.tiers.extend(runbook.tier.map(|(tier, line)| places.states(tier, line)));
        its.traits.extend(runbook.traits.iter().map(|&(what, line)| places.states(what, line)));
        let links = runbook.links.iter();
        let links = links.map(|l| (l.purpose, places.states((l.label.clone(), l.target.clone()), l.line)));
        services[ix.at()].links.extend(links);
    }
    for claim in ground.claims {
        for &ix in ground.subjects(claim) {
            add(claim, &mut said[ix.at()], &mut services[ix.at()]);
        }
    }
    for (service, said) in services.iter_mut().zip(said) {
        decide(service, said);
    }
}

fn add(claim: &Claim, said: &mut Said, service: &mut Service) {
    match &claim.fact {
        Fact::Tier(tier) => said.tiers.push(claims(*tier, claim)),
        Fact::Trait(what) => said.traits.push(claims(*what, claim)),
        Fact::System(name) => said.systems.push(claims(name.clone(), claim)),
        Fact::Lifecycle(name) => said.lifecycles.push(claims(name.clone(), claim)),
        Fact::OnCall(who) => service.on_call.push(claims(who.clone(), claim)),
        Fact::Link { label, target } => {
            if let Some(purpose) = WORDS.purpose(label, target) {
                service.links.push((purpose, claims((label.clone(), target.clone()), claim)));
            }
        }
        _ => {}
    }
}

fn decide(service: &mut Service, mut said: Said) {
    strongest_first(&mut said.traits);
    for what in said.traits {
        if service.traits.iter().all(|t| t.value != what.value) {
            service.traits.push(what);
        }
    }
    service.traits.sort_by_key(|t| t.value);
    let told: Vec<Stated<String>> = said.tiers.iter().map(|t| t.map(|tier| u8::from(*tier).to_string())).collect();
    service.tier = tier(said.tiers);
    if let Some(winner) = &service.tier {
        disagree(service, "tier", &u8::from(winner.value).to_string(), told);
    }
    for (about, stated) in [("system", said.systems), ("lifecycle", said.lifecycles)] {
        let mut stated = stated;
        strongest_first(&mut stated);
        let Some(first) = stated.first().cloned() else { continue };
        disagree(service, about, &first.value.clone(), stated);
        *(if about == "system" { &mut service.system } else { &mut service.lifecycle }) = Some(first);
    }
    strongest_first(&mut service.on_call);
    let mut known = BTreeSet::new();
    service.on_call.retain(|who| known.insert(who.value.clone()));
    service.links.sort_by(|(a, x), (b, y)| {
        a.cmp(b)
            .then(y.rank.cmp(&x.rank))
            .then_with(|| (&x.origin, x.line, &x.value).cmp(&(&y.origin, y.line, &y.value)))
    });
    let mut known = BTreeSet::new();
    service.links.retain(|(purpose, link)| known.insert((*purpose, link.value.1.clone())));
}

/// The tier that counts: the strongest statement above documents, raised where a document says more critical.
fn tier(mut stated: Vec<Stated<Tier>>) -> Option<Stated<Tier>> {
    stated.sort_by(|a, b| {
        (b.rank, a.value).cmp(&(a.rank, b.value)).then_with(|| (&a.origin, a.line).cmp(&(&b.origin, b.line)))
    });
    let strongest = stated.first()?;
    let document = |t: &&Stated<Tier>| matches!(t.rank, Rank::Words | Rank::FrontMatter) && t.value < strongest.value;
    let raised =
        if strongest.rank > Rank::FrontMatter { stated.iter().filter(document).min_by_key(|t| t.value) } else { None };
    Some(raised.unwrap_or(strongest).clone())
}

/// Keeps the statements of a fact where they do not all say the same.
pub(super) fn disagree(service: &mut Service, about: &'static str, winner: &str, mut said: Vec<Stated<String>>) {
    if said.iter().any(|s| s.value != winner) {
        strongest_first(&mut said);
        said.sort_by_key(|s| s.value != winner);
        service.disagreements.push(Disagreement { about, said });
    }
}

impl<T> Stated<T> {
    /// The same statement with another value.
    pub(super) fn map<U>(&self, with: impl FnOnce(&T) -> U) -> Stated<U> {
        Stated { value: with(&self.value), origin: self.origin.clone(), line: self.line, rank: self.rank }
    }
}

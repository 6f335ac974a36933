//! Drift: what files say a service needs and its runbook does not, and the other way round; tiers worth a question.

use crate::link::ground::Ground;
use crate::model::catalog::{Edge, Presence, Service, Stated, Target, Technology};
use crate::model::claim::{Fact, Rank};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::{Id, ServiceIx, Tier};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Files know of a dependency, the runbook does not.
pub(super) const UNDOCUMENTED: Rule = Rule {
    id: "dependency-undocumented",
    severity: Severity::Note,
    summary: "a catalog, compose or chart file names a dependency that the runbook does not mention",
};

/// The runbook knows of a dependency, the catalog does not.
pub(super) const UNCATALOGUED: Rule = Rule {
    id: "dependency-uncatalogued",
    severity: Severity::Note,
    summary: "a runbook names a service as a dependency that the service's catalog entry leaves out",
};

/// A tier is unknown, and dependants suggest one.
pub(super) const TIER: Rule = Rule {
    id: "tier-suggested",
    severity: Severity::Note,
    summary: "a service of no known tier is needed by one whose tier is known",
};

/// Finds what files and runbooks do not agree on.
pub(super) fn find(
    ground: &Ground,
    services: &[Service],
    technologies: &[Technology],
    edges: &[Edge],
    said: &mut Vec<Diagnostic>,
) {
    // Who lists dependencies in a catalog at all: only there can one be left out.
    let mut listed: BTreeSet<ServiceIx> = BTreeSet::new();
    for claim in ground.claims.iter().filter(|c| c.rank >= Rank::CatalogFile) {
        if let Fact::Needs { .. } = &claim.fact {
            listed.extend(ground.subjects(claim));
        }
    }
    let mut texts: HashMap<ServiceIx, String> = HashMap::new();
    for edge in edges.iter().filter(|e| services[e.from.at()].presence == Presence::Filled) {
        let service = &services[edge.from.at()];
        let (name, id) = match edge.to {
            Target::Service(to) => (&services[to.at()].name, &services[to.at()].id),
            Target::Technology(to) => (&technologies[to as usize].name, &technologies[to as usize].id),
        };
        let document = |s: &&Stated<String>| matches!(s.rank, Rank::Words | Rank::FrontMatter);
        let file = edge.stated.iter().find(|s| !document(s));
        match (edge.stated.iter().find(document), file) {
            (None, Some(file)) => {
                let text = texts.entry(edge.from).or_insert_with(|| words(ground, service));
                if [name.as_str(), id.as_str(), file.value.as_str()].iter().any(|name| mentions(text, name)) {
                    continue;
                }
                let message = format!(
                    "{} needs {name} as {} has it; its runbook does not mention it",
                    service.name,
                    file.origin.label()
                );
                let place = Location::line(file.origin.clone(), file.line);
                let help = "add it to the runbook's dependencies, with what it is for";
                said.push(UNDOCUMENTED.says(message, Some(place), help).about(&service.id));
            }
            (Some(document), None) if matches!(edge.to, Target::Service(_)) && listed.contains(&edge.from) => {
                let message =
                    format!("{} needs {name} as its runbook has it; its catalog entry leaves it out", service.name);
                let place = Location::line(document.origin.clone(), document.line);
                let help = "add it to the catalog entry's dependencies, or take it out of the runbook";
                said.push(UNCATALOGUED.says(message, Some(place), help).about(&service.id));
            }
            _ => {}
        }
    }
    tiers(ground, services, edges, said);
}

/// All words of a service's documents, folded as names are, with a `-` around each.
fn words(ground: &Ground, service: &Service) -> String {
    let texts = service.documents.iter().map(|ix| Id::of(&ground.runbooks[ix.at()].document.text));
    texts.map(|folded| format!("-{folded}-")).collect()
}

/// Whether folded words hold a name: "auth" does not stand in "author". Scripts without blanks have no words to part.
fn mentions(words: &str, name: &str) -> bool {
    let id = Id::of(name);
    !id.is_empty()
        && if id.as_str().is_ascii() { words.contains(&format!("-{id}-")) } else { words.contains(id.as_str()) }
}

/// Asks for a tier where dependants suggest one.
fn tiers(ground: &Ground, services: &[Service], edges: &[Edge], said: &mut Vec<Diagnostic>) {
    let mut suggested: BTreeMap<ServiceIx, (Tier, ServiceIx, usize)> = BTreeMap::new();
    for (at, edge) in edges.iter().enumerate() {
        if let Target::Service(to) = edge.to
            && let (None, Some(tier)) = (&services[to.at()].tier, &services[edge.from.at()].tier)
            && to != edge.from
        {
            let most = suggested.entry(to).or_insert((tier.value, edge.from, at));
            *most = (*most).min((tier.value, edge.from, at));
        }
    }
    for (ix, (tier, by, edge)) in suggested {
        let (service, number) = (&services[ix.at()], u8::from(tier));
        let place = match service.documents.first() {
            Some(d) => Some(Location::file(ground.runbooks[d.at()].document.origin.clone())),
            None => edges[edge].stated.first().map(|s| Location::line(s.origin.clone(), s.line)),
        };
        let message =
            format!("is {} of tier {number}? {}, of tier {number}, needs it", service.name, services[by.at()].name);
        let help = format!(
            "say so in its runbook's front matter, in a catalog file, or in opsbook.toml: [services.{}]",
            service.id
        );
        said.push(TIER.says(message, place, help).about(&service.id));
    }
}

//! Dependencies: who needs what, how, what for, and every place that says so; services others name become rows.

use crate::link::ground::{Ground, Places, claims};
use crate::link::identity::Identity;
use crate::link::names::qualifier;
use crate::link::products::Products;
use crate::model::catalog::{Edge, Mention, Service, Stated, Target, Technology};
use crate::model::claim::{Claim, Fact, Rank};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::{Id, ServiceIx};
use crate::model::runbook::Runbook;
use crate::model::stated::{Relation, TargetType};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A dependency on a service that nobody describes.
pub(super) const UNKNOWN_SERVICE: Rule = Rule {
    id: "needs-unknown-service",
    severity: Severity::Warning,
    summary: "something needs a service that no document or catalog of the fleet describes",
};

/// A dependency that is neither a service nor a product.
pub(super) const UNKNOWN: Rule = Rule {
    id: "dependency-unknown",
    severity: Severity::Note,
    summary: "a dependency is neither a service of the fleet nor a known product",
};

/// A dependency on an interface that nobody provides.
pub(super) const NOBODY_PROVIDES: Rule = Rule {
    id: "nobody-provides",
    severity: Severity::Warning,
    summary: "a catalog file says that a service consumes an interface that no service provides",
};

/// Adds the services that others need and nobody describes.
pub(super) fn name_services(identity: &mut Identity, runbooks: &[Arc<Runbook>], claims: &[Claim], products: &Products) {
    let mut spelled: BTreeMap<Id, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut name = |name| {
        let id = identity.names.of(name);
        if !id.is_empty() && !identity.names.knows(&id) && products.get(&id).is_none() {
            *spelled.entry(id).or_default().entry(name).or_default() += 1;
        }
    };
    for (runbook, speaks) in runbooks.iter().zip(&identity.speaks_for) {
        let services = runbook.dependencies.iter().filter(|d| d.target == TargetType::Service);
        services.filter(|_| speaks.is_some()).for_each(|d| name(&d.name));
    }
    for claim in claims {
        if let Fact::Needs { name: needed, target: TargetType::Service, .. } = &claim.fact {
            name(needed);
        }
    }
    for (id, names) in spelled {
        // "Orders (EU)" beside "Orders": the shorter name's row is meant, where somebody else names it.
        let best =
            names.iter().max_by_key(|(name, count)| (**count, qualifier(name).is_none(), std::cmp::Reverse(**name)));
        if let Some((name, _)) = best {
            identity.services.entry(id).or_insert_with(|| (*name).to_owned());
        }
    }
}

/// One statement of a dependency, its target not yet placed.
struct Need<'a> {
    from: ServiceIx,
    to: To,
    stated_as: TargetType,
    relation: Relation,
    purpose: Option<&'a str>,
    stated: Stated<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum To {
    Service(ServiceIx),
    Technology(Id),
}

/// Every edge, with the technologies they lead to; mentions go to the services named.
pub(super) fn edges(
    ground: &Ground,
    products: &Products,
    services: &mut [Service],
    said: &mut Vec<Diagnostic>,
) -> (Vec<Technology>, Vec<Edge>) {
    let mut needs = Vec::new();
    let targets = |repo: &str, name: &str, id: &Id| {
        let mut services = ground.names.resolve_id(repo, id);
        if services.is_empty() {
            services = ground.names.resolve(repo, name);
        }
        let technology = || products.get(id).map_or_else(|| id.clone(), |t| Id::of(&t.id));
        let technology = services.is_empty().then(technology).map(To::Technology);
        services.iter().map(|to| To::Service(*to)).chain(technology)
    };
    for (_, runbook, from) in ground.spoken() {
        let places = Places::of(&runbook.document);
        for needed in runbook.dependencies.iter().filter(|d| !d.id.is_empty()) {
            for to in targets(&runbook.document.origin.repo, &needed.name, &needed.id) {
                let (stated_as, relation, purpose) = (needed.target, needed.relation, needed.purpose.as_deref());
                let stated = places.states(needed.name.clone(), needed.line);
                needs.push(Need { from, to, stated_as, relation, purpose, stated });
            }
        }
    }
    let providers = providers(ground);
    for claim in ground.claims {
        match &claim.fact {
            Fact::Needs { name, target, relation, purpose } if !Id::of(name).is_empty() => {
                for &from in ground.subjects(claim) {
                    for to in targets(&claim.origin.repo, name, &Id::of(name)) {
                        let (stated_as, purpose, stated) = (*target, purpose.as_deref(), claims(name.clone(), claim));
                        needs.push(Need { from, to, stated_as, relation: *relation, purpose, stated });
                    }
                }
            }
            Fact::Consumes(interface) => {
                let found = providers.get(&Id::of(interface));
                for &from in ground.subjects(claim) {
                    if found.is_none() {
                        said.push(unprovided(claim, interface, &services[from.at()]));
                    }
                    for &to in found.into_iter().flatten() {
                        let stated = claims(interface.clone(), claim);
                        let (relation, purpose) = (Relation::Calls, None);
                        needs.push(Need {
                            from,
                            to: To::Service(to),
                            stated_as: TargetType::Service,
                            relation,
                            purpose,
                            stated,
                        });
                    }
                }
            }
            _ => {}
        }
    }
    let kin = Kin::of(ground, services);
    for need in &needs {
        match &need.to {
            To::Service(to) => {
                mention(&mut services[to.at()], &need.stated);
                undescribed(ground, services, need, *to, &kin, said);
            }
            To::Technology(id) => {
                // Other files name images, charts and resources, not services.
                let document = matches!(need.stated.rank, Rank::Words | Rank::FrontMatter);
                let speaks = document && need.stated_as != TargetType::Technology;
                if speaks && products.get(id).is_none() {
                    let (from, name) = (&services[need.from.at()], &need.stated.value);
                    let message = format!(
                        "{} needs \"{name}\", which is no service of the fleet and no known product",
                        from.name
                    );
                    let help = format!(
                        "{}correct the name, add an alias in opsbook.toml, or name it among the technologies",
                        kin.question(id, services)
                    );
                    let place = Location::line(need.stated.origin.clone(), need.stated.line);
                    said.push(UNKNOWN.says(message, Some(place), help).about(&from.id));
                }
            }
        }
    }
    join(needs, products)
}

fn providers(ground: &Ground) -> HashMap<Id, Vec<ServiceIx>> {
    let mut found: HashMap<Id, Vec<ServiceIx>> = HashMap::new();
    for claim in ground.claims {
        if let Fact::Provides(interface) = &claim.fact {
            found.entry(Id::of(interface)).or_default().extend(ground.subjects(claim));
        }
    }
    found.retain(|_, services| {
        services.sort_unstable();
        services.dedup();
        !services.is_empty()
    });
    found
}

fn unprovided(claim: &Claim, interface: &str, service: &Service) -> Diagnostic {
    let place = Location { column: claim.column, ..Location::line(claim.origin.clone(), claim.line) };
    let message = format!("{} consumes \"{interface}\", which no service provides", service.name);
    let help = "correct the name, or add it to the provider's providesApis";
    NOBODY_PROVIDES.says(message, Some(place), help).about(&service.id)
}

/// Notes a place that names a service.
pub(super) fn mention(service: &mut Service, stated: &Stated<String>) {
    service.named_at.push(Mention { origin: stated.origin.clone(), line: stated.line, text: stated.value.clone() });
}

/// Services by the words of their names, for "was it renamed?".
struct Kin(HashMap<String, Option<ServiceIx>>);

impl Kin {
    /// Of services that somebody describes. A word that several share says nothing.
    fn of(ground: &Ground, services: &[Service]) -> Self {
        let mut words: HashMap<String, Option<ServiceIx>> = HashMap::new();
        for (at, service) in services.iter().enumerate().filter(|(_, s)| described(ground, s)) {
            for word in service.id.as_str().split('-').filter(|w| w.chars().count() > 3) {
                let ix = Some(ServiceIx::from(at));
                let known = words.entry(word.to_owned()).or_insert(ix);
                if *known != ix {
                    *known = None;
                }
            }
        }
        Self(words)
    }

    /// "is it Payments Core? ", where one service shares a word with a name.
    fn question(&self, id: &Id, services: &[Service]) -> String {
        let near = id.as_str().split('-').find_map(|word| *self.0.get(word)?);
        near.map_or_else(String::new, |ix| format!("is it {}? ", services[ix.at()].name))
    }
}

fn described(ground: &Ground, service: &Service) -> bool {
    !service.documents.is_empty() || ground.described.contains(&service.id)
}

fn undescribed(
    ground: &Ground,
    services: &[Service],
    need: &Need,
    to: ServiceIx,
    kin: &Kin,
    said: &mut Vec<Diagnostic>,
) {
    let (from, to) = (&services[need.from.at()], &services[to.at()]);
    if described(ground, to) {
        return;
    }
    let place = Location::line(need.stated.origin.clone(), need.stated.line);
    let message = format!("{} needs \"{}\", which no document or catalog describes", from.name, need.stated.value);
    let help = format!(
        "{}was it renamed or removed? correct the name, add an alias in opsbook.toml, or write its runbook",
        kin.question(&to.id, services)
    );
    said.push(UNKNOWN_SERVICE.says(message, Some(place), help).about(&from.id));
}

/// Joins statements of one dependency, and places technologies.
fn join(mut needs: Vec<Need>, products: &Products) -> (Vec<Technology>, Vec<Edge>) {
    let mut technologies: BTreeMap<&Id, (BTreeMap<&str, usize>, Vec<ServiceIx>)> = BTreeMap::new();
    for need in &needs {
        if let To::Technology(id) = &need.to {
            let (names, dependants) = technologies.entry(id).or_default();
            *names.entry(&need.stated.value).or_default() += 1;
            dependants.push(need.from);
        }
    }
    let technologies: Vec<Technology> = technologies
        .into_iter()
        .map(|(id, (names, mut dependants))| {
            dependants.sort_unstable();
            dependants.dedup();
            let known = products.get(id);
            let written = names.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
            let name = known.map_or_else(|| written.map_or("", |(n, _)| n).to_owned(), |t| t.name.clone());
            Technology { id: id.clone(), name, class: known.map_or_else(String::new, |t| t.class.clone()), dependants }
        })
        .collect();
    let place = |to: &To| match to {
        To::Service(ix) => Target::Service(*ix),
        To::Technology(id) => Target::Technology(technologies.partition_point(|t| t.id < *id) as u32),
    };
    needs.sort_by(|a, b| {
        (a.from, &a.to).cmp(&(b.from, &b.to)).then_with(|| b.stated.rank.cmp(&a.stated.rank)).then_with(|| {
            (&a.stated.origin, a.stated.line, &a.stated.value).cmp(&(&b.stated.origin, b.stated.line, &b.stated.value))
        })
    });
    let mut edges: Vec<Edge> = Vec::new();
    for need in needs {
        let to = place(&need.to);
        let purpose = need.purpose.map(str::to_owned);
        match edges.last_mut().filter(|e| e.from == need.from && e.to == to) {
            Some(edge) => {
                if edge.relation == Relation::Uses {
                    edge.relation = need.relation;
                }
                edge.purpose = edge.purpose.take().or(purpose);
                edge.stated.push(need.stated);
            }
            None => {
                let (from, stated_as, relation) = (need.from, need.stated_as, need.relation);
                edges.push(Edge { from, to, stated_as, relation, purpose, stated: vec![need.stated] });
            }
        }
    }
    (technologies, edges)
}

//! Platform answers: a question handed to a platform of the fleet is as good as the platform's own answer.

use crate::measure::cells::met;
use crate::model::catalog::{Catalog, Target};
use crate::model::coverage::{Cell, Through};
use crate::model::id::{Id, OwnerIx, SectionIx, ServiceIx};
use crate::model::profile::{Profiles, Required};
use crate::model::state::State;
use crate::model::stated::Relation;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Leans every delegated cell on the platform's cell of the same section, where there is such a platform.
pub(super) fn lean(catalog: &Catalog, profiles: &Profiles, rows: &mut [Vec<Cell>]) {
    let mut names = Names::of(catalog);
    let mut leaning: HashMap<(ServiceIx, SectionIx), ServiceIx> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let service = ServiceIx::from(at);
        for (section, cell) in row.iter().enumerate().filter(|(_, c)| c.state == State::Delegated) {
            let Some(answer) = cell.answer else { continue };
            let delegate = catalog[answer.runbook].candidates[answer.candidate as usize].delegate.as_deref();
            delegate.into_iter().for_each(|text| names.learn(text));
            if let Some(platform) = names.platform(service, delegate) {
                leaning.insert((service, SectionIx::from(section)), platform);
            }
        }
    }
    let mut ends: HashMap<(ServiceIx, SectionIx), Option<State>> = HashMap::new();
    let mut keys: Vec<_> = leaning.keys().copied().collect();
    keys.sort_unstable();
    for (service, section) in keys {
        let end = end(rows, &leaning, &mut ends, (service, section));
        let platform = leaning[&(service, section)];
        let state = rows[platform.at()].get(section.at()).map_or(State::Missing, |c| c.state);
        let tier = catalog[service].tier.as_ref().map(|t| t.value);
        let cell = &mut rows[service.at()][section.at()];
        cell.through = Some(Through { service: platform, section, state });
        if cell.required != Required::Shown && !cell.waived {
            cell.met = end.is_some_and(|state| met(profiles, section, cell.required, tier, state));
        }
    }
}

/// The state at the end of a chain of platforms; a ring of them has none.
fn end(
    rows: &[Vec<Cell>],
    leaning: &HashMap<(ServiceIx, SectionIx), ServiceIx>,
    ends: &mut HashMap<(ServiceIx, SectionIx), Option<State>>,
    from: (ServiceIx, SectionIx),
) -> Option<State> {
    let (mut at, mut path) = (from, Vec::new());
    let found = loop {
        if let Some(known) = ends.get(&at) {
            break *known;
        }
        match leaning.get(&at) {
            // Until its end is known, whoever stands on the path has none: that is what ends a ring.
            Some(&next) => {
                ends.insert(at, None);
                path.push(at);
                at = (next, at.1);
            }
            None => break Some(rows[at.0.at()].get(at.1.at()).map_or(State::Missing, |c| c.state)),
        }
    };
    for step in path {
        ends.insert(step, found);
    }
    found
}

/// The words of `src/data/platforms.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Words {
    platform: Vec<String>,
    around: Vec<String>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/platforms.toml")).expect("platforms.toml is tested"));

impl Words {
    /// Whether a text names nobody and means what the service runs on: "the platform team".
    fn means_platform(&self, text: &str) -> bool {
        let id = Id::of(text);
        let one = |words: &[String], part: &str| words.iter().any(|word| word == part);
        let mut parts = id.as_str().split('-');
        parts.clone().any(|part| one(&self.platform, part))
            && parts.all(|part| one(&self.platform, part) || one(&self.around, part))
    }
}

/// Services by every name, and the platforms each runs on.
struct Names<'a> {
    catalog: &'a Catalog,
    services: HashMap<Id, Option<ServiceIx>>,
    owners: HashMap<Id, OwnerIx>,
    known: HashMap<&'a str, (Option<ServiceIx>, Option<OwnerIx>)>,
}

impl<'a> Names<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let mut services: HashMap<Id, Option<ServiceIx>> = HashMap::new();
        let mut add = |name: Id, ix: ServiceIx| {
            let known = services.entry(name).or_insert(Some(ix));
            if *known != Some(ix) {
                *known = None;
            }
        };
        let mut owners = HashMap::new();
        for (at, service) in catalog.services.iter().enumerate() {
            let ix = ServiceIx::from(at);
            add(service.id.clone(), ix);
            let names = service.aliases.iter().map(|a| &a.value).chain([&service.name]);
            names.map(|n| Id::of(n)).filter(|n| *n != service.id).for_each(|n| add(n, ix));
        }
        for (at, owner) in catalog.owners.iter().enumerate() {
            let names = owner.aliases.iter().chain([&owner.name]).map(|n| Id::of(n));
            for id in names.chain([owner.id.clone()]) {
                owners.entry(id).or_insert(OwnerIx::from(at));
            }
        }
        Self { catalog, services, owners, known: HashMap::new() }
    }

    /// Finds out whom a text means, once: "the Cloud Platform team" is the team, the platform it runs, or both.
    fn learn(&mut self, delegate: &'a str) {
        if self.known.contains_key(delegate) {
            return;
        }
        let id = Id::of(delegate);
        let parts: Vec<&str> = id.as_str().split('-').collect();
        let shorter = parts.len().saturating_sub(2).max(1)..=parts.len();
        let names: Vec<Id> = shorter
            .rev()
            .flat_map(|end| {
                let skip = usize::from(parts[0] == "the" && end > 1);
                [Id::of(&parts[..end].join("-")), Id::of(&parts[skip..end].join("-"))]
            })
            .collect();
        let service = names.iter().find_map(|name| self.services.get(name).copied().flatten());
        let owner = names.iter().find_map(|name| self.owners.get(name).copied());
        self.known.insert(delegate, (service, owner));
    }

    /// The platform a service hands a question to: the service it names, else the one it runs on that fits the name.
    fn platform(&self, service: ServiceIx, delegate: Option<&str>) -> Option<ServiceIx> {
        let other = |ix: &ServiceIx| *ix != service;
        let (named, owner) = match delegate {
            Some(text) => self.known.get(text).copied().unwrap_or_default(),
            None => (None, None),
        };
        let anybody = named.is_none() && owner.is_none() && delegate.is_none_or(|text| WORDS.means_platform(text));
        if !anybody && (named.is_some_and(|ix| ix != service) || owner.is_none()) {
            return named.filter(other);
        }
        let runs_on = self.catalog.needs(service).iter().filter(|e| e.relation == Relation::RunsOn);
        let mut platforms = runs_on.filter_map(|e| match e.to {
            Target::Service(ix) => Some(ix).filter(other),
            Target::Technology(_) => None,
        });
        match owner {
            Some(owner) => platforms.find(|ix| self.catalog[*ix].owners.iter().any(|o| o.value == owner)),
            None => platforms.next().filter(|_| platforms.next().is_none()),
        }
    }
}

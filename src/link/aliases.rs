//! Other names of services: what configuration, catalogs, qualifiers, places and spellings give away.

use crate::link::identity::Entity;
use crate::link::names::{Names, qualifier, squashed};
use crate::model::catalog::Stated;
use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::config::Config;
use crate::model::id::Id;
use crate::model::runbook::Runbook;
use crate::model::source::Origin;
use crate::model::state::Kind;
use crate::model::stated::NameSource;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A name of a service as one place gives it.
pub(super) struct Named<'a> {
    /// As written.
    pub(super) text: &'a str,
    line: u32,
    rank: Rank,
}

/// The name a `service` document gives itself, never from its path.
pub(super) fn own_name(runbook: &Runbook) -> Option<Named<'_>> {
    let name = runbook.name.as_ref().filter(|n| n.by != NameSource::Path && !Id::of(&n.text).is_empty())?;
    let rank = if name.by == NameSource::FrontMatter { Rank::FrontMatter } else { Rank::Words };
    Some(Named { text: &name.text, line: name.line, rank })
}

/// The name the path gives a document.
pub(super) fn place_name(runbook: &Runbook) -> Option<Named<'_>> {
    let text = runbook.place.as_deref().filter(|p| !Id::of(p).is_empty())?;
    Some(Named { text, line: 0, rank: Rank::Path })
}

fn stated(text: &str, origin: &Origin, line: u32, rank: Rank) -> Stated<String> {
    Stated { value: text.to_owned(), origin: origin.clone(), line, rank }
}

/// For each qualified name, the id without the qualifier, unless several qualifiers tell services apart.
pub(super) fn bases<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<Id, Id> {
    let mut forms: HashMap<Id, BTreeSet<Id>> = HashMap::new();
    for name in names {
        if let Some((base, _)) = qualifier(name) {
            forms.entry(Id::of(base)).or_default().insert(Id::of(name));
        }
    }
    let lone = forms.into_iter().filter(|(_, full)| full.len() == 1);
    lone.flat_map(|(base, full)| full.into_iter().map(move |f| (f, base.clone()))).collect()
}

/// The id of a name, its qualifier taken away where that is safe.
pub(super) fn base_id(bases: &HashMap<Id, Id>, name: &str) -> Id {
    let id = Id::of(name);
    bases.get(&id).cloned().unwrap_or(id)
}

/// Collects other names, the surest first: configuration, catalogs, qualifiers, places, lone neighbours, spellings.
pub(super) fn other_names(
    names: &mut Names,
    runbooks: &[Arc<Runbook>],
    claims: &[Claim],
    config: &Config,
    catalogued: &BTreeMap<Id, Entity>,
    base: &HashMap<Id, Id>,
) {
    let ours = config.origin.clone().unwrap_or_else(|| Origin::of_ours("opsbook.toml"));
    for service in &config.services {
        for alias in &service.aliases {
            names.stands_for(&Id::of(alias), &service.id, stated(alias, &ours, service.line, Rank::Configuration));
        }
    }
    let own: Vec<(&Runbook, Named, Id)> = runbooks
        .iter()
        .filter(|r| r.kind == Kind::Service)
        .filter_map(|r| own_name(r).map(|n| (&**r, base_id(base, n.text), n)).map(|(r, id, n)| (r, n, id)))
        .collect();
    let stated_ids: HashSet<&Id> = own.iter().map(|(_, _, id)| id).collect();
    titled(names, claims, catalogued, &own);
    for (runbook, named, id) in &own {
        let evidence = stated(named.text, &runbook.document.origin, named.line, named.rank);
        names.stands_for(&Id::of(named.text), id, evidence);
    }
    // A place whose text gives another name is another name, unless documents elsewhere bear it.
    let mut places: BTreeMap<Id, (BTreeSet<Id>, &Runbook, &str)> = BTreeMap::new();
    let at_home: HashSet<&Id> = own
        .iter()
        .filter(|(runbook, _, id)| place_name(runbook).is_some_and(|p| Id::of(p.text) == *id))
        .map(|(_, _, id)| id)
        .collect();
    // Where the named service has a document in its own place, this one may be a copy: its place stands for itself.
    for (runbook, _, id) in own.iter().filter(|(_, _, id)| !at_home.contains(id)) {
        if let Some(place) = place_name(runbook).map(|p| p.text).filter(|p| Id::of(p) != *id) {
            places.entry(Id::of(place)).or_insert((BTreeSet::new(), runbook, place)).0.insert(id.clone());
        }
    }
    for (place, (ids, runbook, text)) in &places {
        let (true, Some(id)) = (ids.len() == 1 && !stated_ids.contains(place), ids.first()) else { continue };
        let origin = &runbook.document.origin;
        let here = catalogued.get(place).is_some_and(|e| e.repos.contains_key(&*origin.repo));
        if here && !catalogued.contains_key(id) {
            let name = own_name(runbook);
            let line = name.as_ref().map_or(0, |n| n.line);
            names.stands_for(id, place, stated(name.map_or("", |n| n.text), origin, line, Rank::Words));
        } else if !catalogued.contains_key(place) {
            names.stands_for(place, id, stated(text, origin, 0, Rank::Path));
        }
    }
    lone_neighbours(names, &own, &stated_ids, catalogued);
    let mut spellings: HashMap<String, (&Runbook, &Named, &Id)> = HashMap::new();
    for (runbook, named, id) in &own {
        let key = squashed(id);
        if key.len() < 5 {
            continue;
        }
        let first = spellings.entry(key).or_insert((runbook, named, id));
        if first.2 != id {
            let evidence = stated(named.text, &runbook.document.origin, named.line, named.rank);
            names.stands_for(id, first.2, evidence);
        }
    }
    for (id, entity) in catalogued {
        if let Some((_, _, first)) = spellings.get(&squashed(id))
            && *first != id
            && let Some(claim) = entity.repos.values().next()
        {
            names.stands_for(id, first, stated(entity.name, &claim.origin, claim.line, claim.rank));
        }
    }
}

/// Other names and titles of catalogs and registries, but for those that several services bear, and titles that are
/// the name of a service at home elsewhere: who such a document speaks for is told by where it stands.
fn titled(names: &mut Names, claims: &[Claim], catalogued: &BTreeMap<Id, Entity>, own: &[(&Runbook, Named, Id)]) {
    let called = || {
        claims.iter().filter_map(|claim| match (&claim.subject, &claim.fact) {
            (Subject::Service(name), Fact::Alias(other) | Fact::Title(other)) => Some((claim, Id::of(name), other)),
            _ => None,
        })
    };
    let mut bearers: HashMap<Id, BTreeSet<Id>> = HashMap::new();
    for (_, id, other) in called() {
        bearers.entry(Id::of(other)).or_default().insert(names.canonical(&id).clone());
    }
    let mut homes: HashMap<&Id, BTreeSet<&str>> = HashMap::new();
    for (runbook, _, id) in own.iter().filter(|(r, _, id)| place_name(r).is_some_and(|p| Id::of(p.text) == *id)) {
        homes.entry(id).or_default().insert(&runbook.document.origin.repo);
    }
    for (claim, id, other) in called() {
        let alias = Id::of(other);
        let elsewhere = || homes.get(&alias).is_some_and(|repos| !repos.contains(&*claim.origin.repo));
        let title = matches!(claim.fact, Fact::Title(_)) && claim.rank == Rank::CatalogFile;
        if catalogued.contains_key(&alias) || bearers[&alias].len() > 1 || title && elsewhere() {
            continue;
        }
        names.stands_for(&alias, &id, stated(other, &claim.origin, claim.line, claim.rank));
    }
}

/// In a repository with one catalogued service and one runbook, both are the same one.
fn lone_neighbours(
    names: &mut Names,
    own: &[(&Runbook, Named, Id)],
    stated_ids: &HashSet<&Id>,
    catalogued: &BTreeMap<Id, Entity>,
) {
    let mut entities: BTreeMap<&str, Vec<&Id>> = BTreeMap::new();
    for (id, entity) in catalogued.iter().filter(|(_, e)| e.is_row) {
        entity.repos.keys().for_each(|repo| entities.entry(repo).or_default().push(id));
    }
    let mut written: BTreeMap<&str, BTreeMap<Id, usize>> = BTreeMap::new();
    for (at, (runbook, _, id)) in own.iter().enumerate() {
        written.entry(&runbook.document.origin.repo).or_default().entry(names.canonical(id).clone()).or_insert(at);
    }
    for (repo, ids) in written {
        let (Some((id, &at)), Some([entity])) = (ids.first_key_value(), entities.get(repo).map(Vec::as_slice)) else {
            continue;
        };
        if ids.len() == 1 && !catalogued.contains_key(id) && !stated_ids.contains(entity) {
            let (runbook, named, _) = &own[at];
            names.stands_for(id, entity, stated(named.text, &runbook.document.origin, named.line, named.rank));
        }
    }
}

//! Identity: which documents and claims make one service, and which service each document speaks for.

use crate::link::aliases::{base_id, bases, other_names, own_name, place_name};
use crate::link::names::Names;
use crate::link::speaker::{Homes, speaker};
use crate::link::words::WORDS;
use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::Id;
use crate::model::runbook::Runbook;
use crate::model::state::Kind;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Two repositories claim one service.
pub(super) const CLAIMED_TWICE: Rule = Rule {
    id: "service-claimed-twice",
    severity: Severity::Error,
    summary: "two repositories claim to be the same service",
};

/// A document names no service and none can be told from its place.
pub(super) const SPEAKS_FOR_NOBODY: Rule = Rule {
    id: "speaks-for-nobody",
    severity: Severity::Note,
    summary: "a runbook, procedure or alert page belongs to no known service",
};

/// Which service is which.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// Every name.
    pub(super) names: Names,
    /// The id of the service each runbook speaks for.
    pub(super) speaks_for: Vec<Option<Id>>,
    /// Ids that documents and catalogs treat as services, each with its name as written.
    pub(super) services: BTreeMap<Id, String>,
    /// Other repositories that claim the same id, under each claimant's id.
    pub(super) conflicts: BTreeMap<Id, Vec<String>>,
}

/// The service a claim says exists, with the kind of thing it is.
pub(super) fn exists(claim: &Claim) -> Option<(&str, &str)> {
    match (&claim.subject, &claim.fact) {
        (Subject::Service(name), Fact::Exists { kind }) => Some((name, kind)),
        _ => None,
    }
}

/// Finds out which service is which. Runbooks come sorted by origin, claims sorted.
pub(super) fn identify<'a>(
    runbooks: &'a [Arc<Runbook>],
    claims: &'a [Claim],
    config: &Config,
    said: &mut Vec<Diagnostic>,
) -> (Identity, Homes<'a>) {
    let catalogued = catalogued(claims);
    let mut identity = Identity::default();
    let texts = runbooks.iter().filter(|r| r.kind == Kind::Service).filter_map(|r| own_name(r)).map(|n| n.text);
    let base = bases(texts.chain(catalogued.values().map(|e| e.name)));
    other_names(&mut identity.names, runbooks, claims, config, &catalogued, &base);

    // Documents that are a service's runbook make it.
    let names = &identity.names;
    let mut made: BTreeMap<Id, Vec<(usize, &str)>> = BTreeMap::new();
    for (at, runbook) in runbooks.iter().enumerate().filter(|(_, r)| r.kind == Kind::Service) {
        if let Some(named) = own_name(runbook).or_else(|| place_name(runbook)) {
            let id = names.canonical(&base_id(&base, named.text)).clone();
            made.entry(id).or_default().push((at, named.text));
        }
    }
    identity.speaks_for = vec![None; runbooks.len()];
    let settled: HashMap<&Id, &str> =
        config.services.iter().filter_map(|s| Some((&s.id, s.repo.as_deref()?))).collect();
    for (id, documents) in made {
        claim(&mut identity, &id, &documents, runbooks, settled.get(&id).copied(), said);
    }
    for (id, entity) in &catalogued {
        let id = identity.names.canonical(id).clone();
        claimed_by_catalogs(&mut identity, &id, entity, settled.get(&id).copied(), said);
        if !identity.names.knows(&id) && entity.is_row {
            identity.services.entry(id).or_insert_with(|| entity.name.to_owned());
        }
    }
    identity.names.part();
    let ids: Vec<Id> = identity.services.keys().cloned().collect();
    identity.names.lay_out(&ids);
    let homes = Homes::of(&identity, runbooks, claims);
    for (at, runbook) in runbooks.iter().enumerate() {
        if identity.speaks_for[at].is_none() {
            identity.speaks_for[at] = speaker(&mut identity, &homes, runbook, said);
        }
    }
    (identity, homes)
}

/// What catalogs say of one id.
pub(super) struct Entity<'a> {
    /// Its name as written.
    pub(super) name: &'a str,
    /// Whether it is something somebody operates.
    pub(super) is_row: bool,
    /// Repositories whose catalog files describe it.
    pub(super) repos: BTreeMap<&'a str, &'a Claim>,
}

/// Entities catalogs speak of, by id.
fn catalogued(claims: &[Claim]) -> BTreeMap<Id, Entity<'_>> {
    let parents: BTreeSet<Id> = claims
        .iter()
        .filter_map(|c| match &c.fact {
            Fact::System(name) => Some(Id::of(name)),
            _ => None,
        })
        .collect();
    let mut found: BTreeMap<Id, Entity> = BTreeMap::new();
    for claim in claims {
        let Some((name, kind)) = exists(claim) else { continue };
        let id = Id::of(name);
        if id.is_empty() {
            continue;
        }
        let groups = WORDS.is_grouping(kind) && parents.contains(&id);
        let entity = found.entry(id).or_insert(Entity { name, is_row: false, repos: BTreeMap::new() });
        entity.is_row |= WORDS.is_service(kind) && !groups;
        if claim.rank == Rank::CatalogFile {
            entity.repos.entry(&*claim.origin.repo).or_insert(claim);
        }
    }
    found
}

/// Gives an id to the repository whose documents make it, or splits it where several do.
fn claim(
    identity: &mut Identity,
    id: &Id,
    documents: &[(usize, &str)],
    runbooks: &[Arc<Runbook>],
    settled: Option<&str>,
    said: &mut Vec<Diagnostic>,
) {
    let repo = |at: usize| &*runbooks[at].document.origin.repo;
    let filled: BTreeSet<&str> =
        documents.iter().filter(|(at, _)| !runbooks[*at].blank).map(|(at, _)| repo(*at)).collect();
    let all: BTreeSet<&str> = documents.iter().map(|(at, _)| repo(*at)).collect();
    let claimants = if filled.is_empty() { all } else { filled };
    let winner = settled.filter(|r| claimants.contains(r));
    let ids: Vec<(String, Id)> = match claimants.len() {
        1 => Vec::new(),
        _ => claimants
            .iter()
            .map(|r| (r.to_string(), if winner == Some(*r) { id.clone() } else { Id::claimed_by(r, id) }))
            .collect(),
    };
    for (at, text) in documents {
        let own = ids.iter().find(|(r, _)| r == repo(*at)).map_or(id, |(_, own)| own);
        // A blank form beside other repositories' claims belongs to whoever holds the plain id, else to the first.
        let own = if ids.is_empty() || claimants.contains(repo(*at)) { own } else { winner.map_or(&ids[0].1, |_| id) };
        identity.speaks_for[*at] = Some(own.clone());
        let name = identity.services.entry(own.clone()).or_insert_with(|| (*text).to_owned());
        if runbooks[*at].name.is_some() && Id::of(name) != *id && Id::of(text) == *id {
            *name = (*text).to_owned();
        }
    }
    if ids.is_empty() {
        return;
    }
    for (claimant, own) in &ids {
        let others = ids.iter().map(|(r, _)| r).filter(|r| *r != claimant);
        if winner != Some(claimant.as_str()) {
            identity.conflicts.insert(own.clone(), others.cloned().collect());
        }
        let Some((at, text)) = documents.iter().find(|(at, _)| repo(*at) == claimant) else { continue };
        if winner.is_none() {
            let list: Vec<&str> = ids.iter().map(|(r, _)| r.as_str()).collect();
            let line = runbooks[*at].name.as_ref().map_or(0, |n| n.line);
            let place = Location::line(runbooks[*at].document.origin.clone(), line);
            let help = format!(
                "name the service apart, or say whose it is in opsbook.toml: repo = \"{claimant}\" under [services.{id}]"
            );
            let message = format!("\"{text}\" is claimed by the repositories {}", list.join(", "));
            said.push(CLAIMED_TWICE.says(message, Some(place), help).about(own));
        }
    }
    identity.names.split(id, ids);
}

/// Says it where catalog files of several repositories describe one id; where it is settled whose it is, the others' say
/// nothing of it.
fn claimed_by_catalogs(
    identity: &mut Identity,
    id: &Id,
    entity: &Entity,
    settled: Option<&str>,
    said: &mut Vec<Diagnostic>,
) {
    // A repository whose documents claim the id, too, speaks of its own.
    let own = |repo: &str| identity.names.within(repo, id) != id;
    let repos: Vec<(&str, &Claim)> = entity.repos.iter().map(|(r, c)| (*r, *c)).filter(|(r, _)| !own(r)).collect();
    if repos.len() < 2 {
        return;
    }
    let list: Vec<&str> = repos.iter().map(|(repo, _)| *repo).collect();
    let winner = settled.filter(|repo| list.contains(repo));
    for (repo, claim) in &repos {
        let place = Location { column: claim.column, ..Location::line(claim.origin.clone(), claim.line) };
        let (severity, message, help) = match winner {
            Some(winner) if winner == *repo => continue,
            Some(winner) => {
                identity.names.set_aside(id, &claim.origin.repo);
                let message = format!("what {repo} says of \"{}\" is not used: it belongs to {winner}", entity.name);
                (Severity::Note, message, "remove this entry, or correct `repo` in opsbook.toml".to_owned())
            }
            None => {
                let all = list.join(", ");
                let message = format!("\"{}\" is described by catalog files of the repositories {all}", entity.name);
                let keep = "keep one catalog entry a service, in the repository that owns it";
                let help =
                    format!("{keep}, or say whose it is in opsbook.toml: repo = \"{repo}\" under [services.{id}]");
                (Severity::Warning, message, help)
            }
        };
        said.push(Diagnostic { severity, ..CLAIMED_TWICE.says(message, Some(place), help).about(id) });
    }
    if winner.is_none() {
        identity.conflicts.entry(id.clone()).or_insert_with(|| list.iter().map(|r| (*r).to_owned()).collect());
    }
}

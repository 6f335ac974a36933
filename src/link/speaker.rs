//! Whom a page speaks for that is not itself a service's runbook: by its words, its place, its neighbours.

use crate::link::identity::{Identity, SPEAKS_FOR_NOBODY, exists};
use crate::model::claim::{Claim, Rank};
use crate::model::diagnostic::{Diagnostic, Location};
use crate::model::id::Id;
use crate::model::runbook::Runbook;
use crate::model::source::Origin;
use crate::model::state::Kind;
use crate::model::stated::NameSource;
use std::collections::HashMap;
use std::sync::Arc;

/// How many words of a title are looked at.
const LONGEST: usize = 12;

/// Which services live below each folder.
pub(super) struct Homes<'a>(HashMap<(&'a str, &'a str), Option<Id>>);

impl<'a> Homes<'a> {
    /// From the documents and catalog entries whose service is known.
    pub(super) fn of(identity: &Identity, runbooks: &'a [Arc<Runbook>], claims: &'a [Claim]) -> Self {
        let mut homes = Self(HashMap::new());
        for (runbook, id) in runbooks.iter().zip(&identity.speaks_for) {
            if let Some(id) = id {
                homes.add(&runbook.document.origin, id);
            }
        }
        for claim in claims.iter().filter(|c| c.rank == Rank::CatalogFile) {
            if let Some((name, _)) = exists(claim) {
                let id = Id::of(name);
                let id = identity.names.within(&claim.origin.repo, identity.names.canonical(&id));
                if identity.services.contains_key(id) && !identity.names.is_aside(id, &claim.origin.repo) {
                    homes.add(&claim.origin, id);
                }
            }
        }
        homes
    }

    fn add(&mut self, origin: &'a Origin, id: &Id) {
        for folder in folders(&origin.path) {
            let home = self.0.entry((&origin.repo, folder)).or_insert_with(|| Some(id.clone()));
            if home.as_ref() != Some(id) {
                *home = None;
            }
        }
    }

    /// The only service of the nearest folder around a path that has any.
    pub(super) fn around(&self, repo: &str, path: &str) -> Option<Id> {
        // The key borrows for as long as the map does; a shorter-lived one is found by the same text.
        let homes: &HashMap<(&str, &str), Option<Id>> = &self.0;
        folders(path).find_map(|folder| homes.get(&(repo, folder)))?.clone()
    }
}

/// The folders around a path, the innermost first, the repository itself (`""`) last.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |p| (!p.is_empty()).then(|| p.rsplit_once('/').map_or("", |(up, _)| up))).skip(1)
}

/// The only known service whose name stands within a title: "Alerts of notify".
fn within(title: &str, known: &dyn Fn(&str) -> Option<Id>) -> Option<Id> {
    let id = Id::of(title);
    let parts: Vec<&str> = id.as_str().split('-').take(LONGEST).collect();
    let mut found: Vec<(usize, usize, Id)> = Vec::new();
    for length in (1..=parts.len()).rev() {
        for (start, words) in parts.windows(length).enumerate() {
            let inside = found.iter().any(|(from, to, _)| *from <= start && start + length <= *to);
            if let (false, Some(id)) = (inside, known(&words.join("-"))) {
                found.push((start, start + length, id));
            }
        }
    }
    let (_, _, first) = found.first()?;
    found.iter().all(|(_, _, id)| id == first).then(|| first.clone())
}

/// The service a document speaks for that is not itself a service's runbook, or that does not say whose.
pub(super) fn speaker(
    identity: &mut Identity,
    homes: &Homes,
    runbook: &Runbook,
    said: &mut Vec<Diagnostic>,
) -> Option<Id> {
    if !matches!(runbook.kind, Kind::Service | Kind::Procedure | Kind::Alert | Kind::Index) {
        return None;
    }
    let origin = &runbook.document.origin;
    let known = |name: &str| {
        let id = identity.names.of(name);
        let id = identity.names.within(&origin.repo, &id);
        identity.services.contains_key(id).then(|| id.clone())
    };
    let own = runbook.name.as_ref().filter(|n| !Id::of(&n.text).is_empty());
    let found = own.and_then(|n| known(&n.text)).or_else(|| runbook.place.as_deref().and_then(known));
    let sure = own.filter(|n| runbook.kind != Kind::Index && n.by <= NameSource::Label);
    if found.is_none()
        && let Some(name) = sure
    {
        let id = identity.names.of(&name.text);
        identity.services.entry(id.clone()).or_insert_with(|| name.text.clone());
        return Some(id);
    }
    let found = found.or_else(|| homes.around(&origin.repo, &origin.path)).or_else(|| within(&runbook.title, &known));
    if found.is_none() && runbook.kind != Kind::Index {
        let help = "give it a line `Service: <name>` at its top, or move it into its service's folder";
        let message = format!("this {} names no service, and its place names none", runbook.kind.id());
        said.push(SPEAKS_FOR_NOBODY.says(message, Some(Location::file(origin.clone())), help));
    }
    found
}

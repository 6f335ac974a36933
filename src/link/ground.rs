//! What every step after identity stands on: the documents and claims, and whom each speaks of.

use crate::link::identity::{Identity, exists};
use crate::link::names::Names;
use crate::link::speaker::Homes;
use crate::model::catalog::Stated;
use crate::model::claim::{Claim, Rank, Subject};
use crate::model::document::Document;
use crate::model::id::{Id, ServiceIx};
use crate::model::runbook::Runbook;
use crate::model::source::Origin;
use std::collections::HashSet;
use std::sync::Arc;

/// Documents and claims, with whom they speak of.
pub(super) struct Ground<'a> {
    /// Documents, sorted by origin.
    pub(super) runbooks: &'a [Arc<Runbook>],
    /// Claims, sorted by subject.
    pub(super) claims: &'a [Claim],
    /// Every name of a service.
    pub(super) names: &'a Names,
    /// The service each document speaks for.
    pub(super) speaks_for: Vec<Option<ServiceIx>>,
    /// Ids that some catalog describes.
    pub(super) described: HashSet<Id>,
    homes: Homes<'a>,
}

impl<'a> Ground<'a> {
    /// Lays the ground, once every service has its place.
    pub(super) fn new(
        runbooks: &'a [Arc<Runbook>],
        claims: &'a [Claim],
        identity: &'a Identity,
        homes: Homes<'a>,
    ) -> Self {
        let names = &identity.names;
        let speaks_for = identity.speaks_for.iter().map(|id| names.place(id.as_ref()?)).collect();
        let exist = claims.iter().filter_map(exists).map(|(name, _)| names.of(name));
        Self { runbooks, claims, names, speaks_for, described: exist.collect(), homes }
    }

    /// Documents with the service each speaks for.
    pub(super) fn spoken(&self) -> impl Iterator<Item = (usize, &'a Runbook, ServiceIx)> + '_ {
        let both = self.runbooks.iter().zip(&self.speaks_for).enumerate();
        both.filter_map(|(at, (runbook, service))| Some((at, &**runbook, (*service)?)))
    }

    /// The services a claim speaks about; none where it names one that is no row, or is about an owner.
    pub(super) fn subjects(&self, claim: &Claim) -> &[ServiceIx] {
        match &claim.subject {
            Subject::Service(name) if claim.rank == Rank::CatalogFile => {
                self.names.catalogued(&claim.origin.repo, name)
            }
            Subject::Service(name) => self.names.resolve(&claim.origin.repo, name),
            Subject::Path(path) => match self.homes.around(&claim.origin.repo, path) {
                Some(id) => self.names.resolve_id(&claim.origin.repo, &id),
                None => &[],
            },
            Subject::Owner(_) => &[],
        }
    }
}

/// Ranks what a document says by where it says it: front matter, or its own words.
pub(super) struct Places<'a> {
    origin: &'a Origin,
    front: u32,
}

impl<'a> Places<'a> {
    /// The places of a document.
    pub(super) fn of(document: &'a Document) -> Self {
        let front = document.front_matter.as_ref().filter(|f| f.error.is_none() && !f.span.is_empty());
        Self { origin: &document.origin, front: front.map_or(0, |f| document.line(f.span.end - 1)) }
    }

    /// A value the document states on a line.
    pub(super) fn states<T>(&self, value: T, line: u32) -> Stated<T> {
        let rank = if line > 0 && line <= self.front { Rank::FrontMatter } else { Rank::Words };
        Stated { value, origin: self.origin.clone(), line, rank }
    }
}

/// A value a claim states.
pub(super) fn claims<T>(value: T, claim: &Claim) -> Stated<T> {
    Stated { value, origin: claim.origin.clone(), line: claim.line, rank: claim.rank }
}

/// Brings statements into their order: the strongest first, then by place.
pub(super) fn strongest_first<T>(stated: &mut [Stated<T>]) {
    stated.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| (&a.origin, a.line).cmp(&(&b.origin, b.line))));
}

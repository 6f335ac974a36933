//! Runbooks and claims to a catalog: one service from many documents, both directions of every edge.
//!
//! In order: identity (which names are one service), the documents and answers of each, facts with their ranks,
//! owners, dependencies, drift, mentions, alerts.

use crate::link::ground::Ground;
use crate::model::catalog::Catalog;
use crate::model::claim::{Claim, Fact};
use crate::model::config::Config;
use crate::model::diagnostic::Rule;
use crate::model::runbook::Runbook;
use crate::model::source::Source;
use std::sync::Arc;

mod alerts;
mod aliases;
mod assemble;
mod configured;
mod drift;
mod edges;
mod facts;
mod ground;
mod identity;
mod mentions;
mod names;
mod owners;
mod patterns;
mod products;
mod resolve;
mod speaker;
mod twins;
mod words;

#[cfg(test)]
mod facts_tests;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod tests;

pub use assemble::again;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[
    identity::CLAIMED_TWICE,
    identity::SPEAKS_FOR_NOBODY,
    configured::UNKNOWN,
    assemble::ANSWERED_TWICE,
    twins::TWIN,
    twins::COPIED_NAME,
    edges::UNKNOWN_SERVICE,
    edges::UNKNOWN,
    edges::NOBODY_PROVIDES,
    mentions::DEAD,
    mentions::NO_ANCHOR,
    mentions::UNWRITTEN,
    alerts::NO_PAGE,
    alerts::DEAD,
    alerts::NO_RULE,
    alerts::UNKNOWN_SERVICE,
    drift::UNDOCUMENTED,
    drift::UNCATALOGUED,
    drift::TIER,
];

/// Links the fleet. Runbooks come sorted by origin.
pub fn link(sources: Vec<Source>, runbooks: Vec<Arc<Runbook>>, mut claims: Vec<Claim>, config: &Config) -> Catalog {
    let mut said = Vec::new();
    claims.extend(configured::claims(config));
    claims.sort_by(|a, b| {
        let key = |c: &Claim| (kind(&c.fact), c.rank);
        (&a.subject, key(a)).cmp(&(&b.subject, key(b))).then_with(|| (&b.origin, b.line).cmp(&(&a.origin, a.line)))
    });
    let (mut identity, homes) = identity::identify(&runbooks, &claims, config, &mut said);
    let products = products::Products::of(&config.knowledge.vocabulary);
    edges::name_services(&mut identity, &runbooks, &claims, &products);
    let ids: Vec<_> = identity.services.keys().cloned().collect();
    identity.names.lay_out(&ids);
    let ground = Ground::new(&runbooks, &claims, &identity, homes);

    let mut services = assemble::services(&ground, &identity, config, &mut said);
    facts::gather(&ground, &mut services);
    let owners = owners::gather(&ground, config, &mut services);
    let (technologies, edges) = edges::edges(&ground, &products, &mut services, &mut said);
    configured::unknown(&ground, config, &mut said);
    twins::find(&ground, &services, &mut said);
    drift::find(&ground, &services, &technologies, &edges, &mut said);
    let places = resolve::Places::of(&ground, &sources, config);
    mentions::find(&ground, &places, &mut services, &mut said);
    let alerts = alerts::alerts(&ground, &places, config, &mut said);

    let speaks_for = ground.speaks_for;
    Catalog { sources, speaks_for, services, owners, technologies, edges, alerts, diagnostics: said, runbooks, claims }
}

/// The place of a fact's kind in the order claims are kept in.
fn kind(fact: &Fact) -> u8 {
    match fact {
        Fact::Exists { .. } => 0,
        Fact::Title(_) => 1,
        Fact::Alias(_) => 2,
        Fact::Owner(_) => 3,
        Fact::Contact(_) => 4,
        Fact::OnCall(_) => 5,
        Fact::System(_) => 6,
        Fact::Tier(_) => 7,
        Fact::Lifecycle(_) => 8,
        Fact::Trait(_) => 9,
        Fact::Needs { .. } => 10,
        Fact::Provides(_) => 11,
        Fact::Consumes(_) => 12,
        Fact::Link { .. } => 13,
        Fact::LivesAt(_) => 14,
        Fact::Alert { .. } => 15,
    }
}

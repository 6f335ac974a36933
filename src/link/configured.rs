//! What `opsbook.toml` says of services, as claims of the highest rank.

use crate::link::ground::Ground;
use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::source::Origin;
use std::collections::BTreeSet;

/// The configuration speaks of a service nobody knows.
pub(super) const UNKNOWN: Rule = Rule {
    id: "configured-service-unknown",
    severity: Severity::Warning,
    summary: "opsbook.toml speaks of a service that no document, link or catalog names",
};

fn ours(config: &Config) -> Origin {
    config.origin.clone().unwrap_or_else(|| Origin::of_ours("opsbook.toml"))
}

/// The claims of `[services.<id>]` tables.
pub(super) fn claims(config: &Config) -> Vec<Claim> {
    let origin = ours(config);
    let mut claims = Vec::new();
    for service in &config.services {
        let mut say = |fact| {
            let subject = Subject::Service(service.written.clone());
            let (line, rank) = (service.line, Rank::Configuration);
            claims.push(Claim { subject, fact, origin: origin.clone(), line, column: 1, rank });
        };
        service.name.iter().for_each(|name| say(Fact::Title(name.clone())));
        service.owner.iter().for_each(|owner| say(Fact::Owner(owner.clone())));
        service.on_call.iter().for_each(|who| say(Fact::OnCall(who.clone())));
        service.tier.iter().for_each(|tier| say(Fact::Tier(*tier)));
        service.traits.iter().for_each(|t| say(Fact::Trait(*t)));
    }
    claims
}

/// Says which configured services nobody knows.
pub(super) fn unknown(ground: &Ground, config: &Config, said: &mut Vec<Diagnostic>) {
    let origin = ours(config);
    let repos: BTreeSet<&str> = ground.runbooks.iter().map(|r| &*r.document.origin.repo).collect();
    for service in &config.services {
        if let Some(repo) = service.repo.as_deref().filter(|repo| !repos.contains(repo)) {
            let message = format!(
                "[services.{}] gives it to \"{repo}\", and no source of that name has documents",
                service.written
            );
            let help = "was the repository renamed or removed? correct `repo`, or delete it";
            said.push(
                UNKNOWN.says(message, Some(Location::line(origin.clone(), service.line)), help).about(&service.id),
            );
        }
    }
    for service in config.services.iter().filter(|s| ground.names.resolve_id("", &s.id).is_empty()) {
        let message = format!("[services.{}] names a service that no document, link or catalog names", service.written);
        let help = "was it renamed or removed? correct the name, or delete the table";
        said.push(UNKNOWN.says(message, Some(Location::line(origin.clone(), service.line)), help).about(&service.id));
    }
}

//! Services from their documents: which speak for each, and which place answers each section.

use crate::link::ground::Ground;
use crate::link::identity::Identity;
use crate::model::catalog::{AnswerRef, Catalog, Presence, Service};
use crate::model::claim::{Fact, Subject};
use crate::model::config::Config;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::{Id, RunbookIx, ServiceIx};
use crate::model::runbook::{Candidate, Runbook};
use crate::model::state::{Class, Kind};
use std::cmp::Reverse;
use std::sync::Arc;

/// Documents of two repositories answer the same question.
pub(super) const ANSWERED_TWICE: Rule = Rule {
    id: "answered-in-two-repositories",
    severity: Severity::Note,
    summary: "documents of two repositories answer the same sections of one service",
};

/// Builds every service in the order of its id, documents and answers filled in.
pub(super) fn services(
    ground: &Ground,
    identity: &Identity,
    config: &Config,
    said: &mut Vec<Diagnostic>,
) -> Vec<Service> {
    let sections = config.knowledge.template.sections.len();
    let mut services: Vec<Service> = identity.services.iter().map(|(id, name)| bare(id, name, sections)).collect();
    for (id, conflict) in &identity.conflicts {
        if let Some(at) = ground.names.place(id) {
            services[at.at()].conflict = conflict.clone();
        }
    }
    for (at, _, service) in ground.spoken() {
        services[service.at()].documents.push(RunbookIx::from(at));
    }
    for service in &mut services {
        documents(service, ground.runbooks);
        answers(service, ground.runbooks);
        across(service, ground.runbooks, config, said);
    }
    for (id, evidence) in ground.names.evidence() {
        for &at in ground.names.resolve_id(&evidence.origin.repo, id) {
            let service: &mut Service = &mut services[at.at()];
            if evidence.value != service.name && service.aliases.iter().all(|a| a.value != evidence.value) {
                service.aliases.push(evidence.clone());
            }
        }
    }
    // The strongest title wins; what documents call it stays an alias.
    for claim in ground.claims {
        if let (Subject::Service(_), Fact::Title(title)) = (&claim.subject, &claim.fact) {
            for &at in ground.subjects(claim) {
                services[at.at()].name = title.clone();
            }
        }
    }
    // Two services of one name are told apart by who claims it.
    for service in services.iter_mut().filter(|s| s.id.is_claimed()) {
        if let Some(repo) = service.repos.first() {
            service.name = format!("{} ({repo})", service.name);
        }
    }
    services
}

/// Works a service's documents and answers out again, after one of its documents was replaced by what it says now.
pub fn again(catalog: &mut Catalog, service: ServiceIx) {
    let Some(service) = catalog.services.get_mut(service.at()) else { return };
    service.answers.iter_mut().for_each(Vec::clear);
    documents(service, &catalog.runbooks);
    answers(service, &catalog.runbooks);
}

fn bare(id: &Id, name: &str, sections: usize) -> Service {
    Service {
        id: id.clone(),
        name: name.to_owned(),
        aliases: Vec::new(),
        presence: Presence::None,
        repos: Vec::new(),
        conflict: Vec::new(),
        documents: Vec::new(),
        answers: vec![Vec::new(); sections],
        owners: Vec::new(),
        on_call: Vec::new(),
        tier: None,
        traits: Vec::new(),
        system: None,
        lifecycle: None,
        links: Vec::new(),
        disagreements: Vec::new(),
        named_at: Vec::new(),
    }
}

/// Presence, repositories, and documents in the order of how much they answer.
fn documents(service: &mut Service, runbooks: &[Arc<Runbook>]) {
    service.documents.sort_by_cached_key(|ix| {
        let runbook = &runbooks[ix.at()];
        (Reverse(answered(runbook)), runbook.kind, *ix)
    });
    let its = || service.documents.iter().map(|ix| &*runbooks[ix.at()]);
    let written = |r: &Runbook| matches!(r.kind, Kind::Service | Kind::Procedure | Kind::Index) && !r.blank;
    service.presence = if its().any(written) {
        Presence::Filled
    } else if its().any(|r| r.blank) {
        Presence::Blank
    } else {
        Presence::None
    };
    let mut repos: Vec<_> = its().map(|r| r.document.origin.repo.clone()).collect();
    repos.sort();
    repos.dedup();
    service.repos = repos;
}

/// How many sections a document answers, fully or in part.
fn answered(runbook: &Runbook) -> usize {
    // The best candidate of a section comes first.
    let best = runbook.candidates.chunk_by(|a, b| a.section == b.section).filter_map(|list| list.first());
    best.filter(|c| matches!(c.state.class(), Class::Covered | Class::Partial)).count()
}

/// Every place that answers a section, the deciding one first; a blank form never decides over a filled one.
fn answers(service: &mut Service, runbooks: &[Arc<Runbook>]) {
    for &ix in &service.documents {
        for (at, candidate) in runbooks[ix.at()].candidates.iter().enumerate() {
            if let Some(list) = service.answers.get_mut(candidate.section.at()) {
                // Nearly every section is answered once, and there are as many lists as cells.
                list.reserve_exact(usize::from(list.is_empty()));
                list.push(AnswerRef { runbook: ix, candidate: at as u32 });
            }
        }
    }
    for list in service.answers.iter_mut().filter(|l| l.len() > 1) {
        list.sort_by(|a, b| {
            let of = |r: &AnswerRef| &runbooks[r.runbook.at()].candidates[r.candidate as usize];
            let key = |r: &AnswerRef, c: &Candidate| {
                (runbooks[r.runbook.at()].blank, c.state, Reverse(c.weight), c.inherited)
            };
            let (x, y) = (of(a), of(b));
            key(a, x)
                .cmp(&key(b, y))
                .then(y.confidence.total_cmp(&x.confidence))
                .then((a.runbook, a.candidate).cmp(&(b.runbook, b.candidate)))
        });
    }
}

/// Says it where two repositories answer the same sections.
fn across(service: &Service, runbooks: &[Arc<Runbook>], config: &Config, said: &mut Vec<Diagnostic>) {
    if service.repos.len() < 2 {
        return;
    }
    let template = &config.knowledge.template;
    let mut twice: Vec<(&str, &AnswerRef)> = Vec::new();
    for (section, list) in template.sections.iter().zip(&service.answers) {
        let covered =
            |r: &&AnswerRef| runbooks[r.runbook.at()].candidates[r.candidate as usize].state.class() == Class::Covered;
        // An alert's page may well stand beside the rules instead of beside the runbook.
        let alert = |r: &&AnswerRef| runbooks[r.runbook.at()].kind == Kind::Alert;
        let repo = |r: &AnswerRef| &runbooks[r.runbook.at()].document.origin.repo;
        let mut good = list.iter().filter(covered).filter(|r| !alert(r));
        if let Some(first) = good.next()
            && let Some(other) = good.find(|r| repo(r) != repo(first))
        {
            twice.push((&section.id, other));
        }
    }
    let Some((_, other)) = twice.first() else { return };
    let runbook = &runbooks[other.runbook.at()];
    let line = runbook.candidates[other.candidate as usize].evidence.first().map_or(0, |e| e.line);
    let place = Location::line(runbook.document.origin.clone(), line);
    let list: Vec<&str> = twice.iter().map(|(id, _)| *id).collect();
    let message = format!("{} is answered by documents of several repositories: {}", service.name, list.join(", "));
    let help = "keep one of the answers and let the other point to it";
    said.push(ANSWERED_TWICE.says(message, Some(place), help).about(&service.id));
}

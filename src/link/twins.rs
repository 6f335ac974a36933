//! Copies: the same document in two repositories, and documents that still bear the name they were copied with.

use crate::link::ground::Ground;
use crate::model::catalog::Service;
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::id::Id;
use crate::model::runbook::Runbook;
use crate::model::state::Kind;
use std::collections::HashMap;

/// One document in two repositories.
pub(super) const TWIN: Rule =
    Rule { id: "twin-documents", severity: Severity::Warning, summary: "the same document stands in two repositories" };

/// A copy that still names the service it was copied from.
pub(super) const COPIED_NAME: Rule = Rule {
    id: "copied-name",
    severity: Severity::Warning,
    summary: "a document stands in one service's place and names another that has a document of its own",
};

/// Finds twins and copies; blank forms are expected to be alike and are left out.
pub(super) fn find(ground: &Ground, services: &[Service], said: &mut Vec<Diagnostic>) {
    let counts = |r: &Runbook| matches!(r.kind, Kind::Service | Kind::Procedure | Kind::Alert) && !r.blank;
    let mut first: HashMap<&[u8; 32], &Runbook> = HashMap::new();
    for runbook in ground.runbooks.iter().filter(|r| counts(r)) {
        let (document, twin) = (&runbook.document, *first.entry(&runbook.document.hash).or_insert(runbook));
        if twin.document.origin.repo != document.origin.repo {
            let message = format!("this document stands word for word in {} too", twin.document.origin.label());
            let help = "keep one of them, and let the other repository point to it";
            said.push(TWIN.says(message, Some(Location::file(document.origin.clone())), help));
        }
    }
    for (at, runbook, service) in ground.spoken().filter(|(_, r, _)| r.kind == Kind::Service && counts(r)) {
        let (Some(name), Some(place)) = (&runbook.name, &runbook.place) else { continue };
        if Id::of(place) == Id::of(&name.text) {
            continue;
        }
        let named = ground.names.resolve(&runbook.document.origin.repo, &name.text);
        let id = ground.names.of(&name.text);
        // Where the configuration gives the name to another repository, this document is still told by it.
        let lost = services[service.at()].id == Id::claimed_by(&runbook.document.origin.repo, &id);
        if ground.names.of(place) == id || !named.contains(&service) && !lost {
            continue;
        }
        // It names a service whose own place is elsewhere.
        let lives_there = |r: &Runbook| r.place.as_deref().is_some_and(|p| Id::of(p) == id);
        let elsewhere = ground.names.resolve("", &name.text).iter().flat_map(|ix| &services[ix.at()].documents);
        let Some(real) =
            elsewhere.filter(|ix| ix.at() != at).map(|ix| &ground.runbooks[ix.at()]).find(|r| lives_there(r))
        else {
            continue;
        };
        let message = format!(
            "this document stands in the place of \"{place}\" and names \"{}\", whose own document is {}",
            name.text,
            real.document.origin.label()
        );
        let help = format!("if it was copied, name it \"{place}\"");
        let location = Location::line(runbook.document.origin.clone(), name.line);
        said.push(COPIED_NAME.says(message, Some(location), help).about(&services[service.at()].id));
    }
}

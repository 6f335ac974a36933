//! Mentions: links to a service's documents, names of services in notes, anchors that do not exist, unwritten links.

use crate::link::edges::mention;
use crate::link::ground::{Ground, claims};
use crate::link::resolve::{Leads, Places, has_anchor};
use crate::link::words::WORDS;
use crate::model::catalog::{Service, Stated};
use crate::model::claim::{Fact, Rank, Subject};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::document::{Link, LinkKind};
use crate::model::id::ServiceIx;
use crate::model::runbook::Runbook;
use crate::model::state::Kind;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeMap, HashSet};

/// A link to a document that is not there.
pub(super) const DEAD: Rule = Rule {
    id: "link-dead",
    severity: Severity::Warning,
    summary: "a link leads to a document that is not there or was not read",
};

/// A link to a heading that is not there.
pub(super) const NO_ANCHOR: Rule = Rule {
    id: "anchor-missing",
    severity: Severity::Warning,
    summary: "a link leads to a heading that its document does not have",
};

/// A link that nobody wrote.
pub(super) const UNWRITTEN: Rule =
    Rule { id: "link-unwritten", severity: Severity::Warning, summary: "a link has no address yet" };

/// Follows every link of every document, and finds the services that notes name.
pub(super) fn find(ground: &Ground, places: &Places, services: &mut [Service], said: &mut Vec<Diagnostic>) {
    for (at, runbook) in ground.runbooks.iter().enumerate() {
        if runbook.kind == Kind::Template || runbook.blank {
            continue;
        }
        for link in &runbook.document.links {
            follow(ground, places, services, said, (at, runbook), link);
        }
    }
    // Where nobody documents a service, the file that lists it is the place to begin.
    for claim in ground.claims.iter().filter(|c| c.rank >= Rank::CatalogFile) {
        let (Subject::Service(name), Fact::Exists { .. }) = (&claim.subject, &claim.fact) else { continue };
        for &at in ground.subjects(claim) {
            if services[at.at()].documents.is_empty() {
                mention(&mut services[at.at()], &claims(name.clone(), claim));
            }
        }
    }
    notes(ground, services);
    for service in services {
        service.named_at.sort();
        service.named_at.dedup();
    }
}

fn follow(
    ground: &Ground,
    places: &Places,
    services: &mut [Service],
    said: &mut Vec<Diagnostic>,
    (at, runbook): (usize, &Runbook),
    link: &Link,
) {
    let document = &runbook.document;
    let place = || {
        Location::span(document.origin.clone(), &document.source, &document.lines, document.map.back_span(link.span))
    };
    if matches!(link.kind, LinkKind::Auto | LinkKind::Email | LinkKind::Dangling) {
        return;
    }
    if WORDS.is_unwritten(&link.target) {
        let message = format!("the link \"{}\" has no address yet", link.label.trim());
        said.push(UNWRITTEN.says(message, Some(place()), "write the address, or take the link away"));
        return;
    }
    let (to, anchor) = match places.resolve(&document.origin, &link.target) {
        Leads::Document(to, anchor) => (to, anchor),
        Leads::Nothing(path) if is_document(&path) => {
            let message = format!("the link \"{}\" leads to {path}, which was not read", link.label.trim());
            said.push(DEAD.says(message, Some(place()), "was the document moved or removed? correct the address"));
            return;
        }
        Leads::Gone(path) => {
            let message =
                format!("the link \"{}\" leads to {path}, a page that this site does not have", link.label.trim());
            let help = "was the service renamed or removed? correct the address";
            said.push(DEAD.says(message, Some(place()), help));
            return;
        }
        Leads::Nothing(_) | Leads::Elsewhere => return,
    };
    let target = &ground.runbooks[to.at()];
    if !has_anchor(target, &anchor) {
        let message = format!("{} has no heading #{anchor}", target.document.origin.label());
        said.push(NO_ANCHOR.says(message, Some(place()), "correct the anchor; was the heading renamed?"));
    }
    if let Some(to) = ground.speaks_for[to.at()].filter(|to| ground.speaks_for[at] != Some(*to)) {
        let (value, origin, line) = (link.label.clone(), document.origin.clone(), document.line(link.span.start));
        mention(&mut services[to.at()], &Stated { value, origin, line, rank: Rank::Words });
    }
}

/// Whether a path is one of a document that would have been read, were it there: code and hidden files may well be there.
fn is_document(path: &str) -> bool {
    let ending = [".md", ".markdown", ".rst"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
    let unread = |part: &str| part.starts_with('.') || matches!(part, "node_modules" | "vendor" | "target");
    ending && !path.split('/').any(unread)
}

/// Names of services in notes. A name of one plain word might be any word: it counts as code or in its own spelling.
fn notes(ground: &Ground, services: &mut [Service]) {
    let notes = || ground.runbooks.iter().filter(|r| r.kind == Kind::Notes);
    if notes().next().is_none() || services.is_empty() {
        return;
    }
    let mut names: BTreeMap<String, ServiceIx> = BTreeMap::new();
    for (at, service) in services.iter().enumerate() {
        let aliases = service.aliases.iter().map(|a| a.value.as_str());
        for name in [service.name.as_str(), service.id.as_str()].into_iter().chain(aliases) {
            if name.chars().count() >= 3 {
                names.entry(name.to_lowercase()).or_insert(ServiceIx::from(at));
            }
        }
    }
    let spelled: HashSet<String> = services.iter().map(|s| s.name.clone()).collect();
    let patterns: Vec<&String> = names.keys().collect();
    let found: Vec<ServiceIx> = names.values().copied().collect();
    let builder =
        AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(&patterns);
    let Ok(finder) = builder else { return };
    for runbook in notes() {
        let (document, text) = (&runbook.document, &*runbook.document.text);
        let mut known = HashSet::new();
        for hit in finder.find_iter(text) {
            let (before, after) = (&text[..hit.start()], &text[hit.end()..]);
            let joined = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '@');
            if before.ends_with(joined) || after.starts_with(joined) {
                continue;
            }
            let written = &text[hit.range()];
            let plain = !written.contains(|c: char| !c.is_alphanumeric());
            let code = before.ends_with('`') && after.starts_with('`');
            let proper = spelled.contains(written) && written.contains(char::is_uppercase);
            let service = found[hit.pattern().as_usize()];
            if plain && !code && !proper || !known.insert(service) {
                continue;
            }
            let (value, origin, line) =
                (written.to_owned(), document.origin.clone(), document.line(hit.start() as u32));
            mention(&mut services[service.at()], &Stated { value, origin, line, rank: Rank::Words });
        }
    }
}

//! Addresses to documents: relative paths, and links of code hosts that lead into a collected repository.

use crate::link::ground::Ground;
use crate::link::names::Names;
use crate::model::config::Config;
use crate::model::id::RunbookIx;
use crate::model::runbook::Runbook;
use crate::model::source::{Origin, Source};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To a document, at an anchor (empty for its top).
    Document(RunbookIx, String),
    /// Into a repository, to something that was not read as a document.
    Nothing(String),
    /// To a page of a service that our own site does not have.
    Gone(String),
    /// Somewhere else.
    Elsewhere,
}

/// Documents by repository and path.
pub(super) struct Places<'a> {
    documents: HashMap<(&'a str, &'a str), RunbookIx>,
    repos: BTreeSet<&'a str>,
    hosts: Vec<(&'a str, &'a str)>,
    site: Option<&'a str>,
    names: &'a Names,
}

/// What stands between a repository and a path in addresses of code hosts.
const MARKS: [&str; 5] = ["blob", "tree", "raw", "edit", "blame"];
/// How many parts a branch's name may have.
const BRANCH: usize = 4;
/// How long a name may be, in bytes, and still stand in addresses as it is.
pub(super) const LONG: usize = 80;

impl<'a> Places<'a> {
    /// The places of all documents.
    pub(super) fn of(ground: &Ground<'a>, sources: &'a [Source], config: &'a Config) -> Self {
        let (runbooks, names) = (ground.runbooks, ground.names);
        let origin = |r: &'a Arc<Runbook>| (&*r.document.origin.repo, &*r.document.origin.path);
        let documents = runbooks.iter().enumerate().map(|(at, r)| (origin(r), RunbookIx::from(at))).collect();
        let repos = sources.iter().map(|s| &*s.name).chain(runbooks.iter().map(|r| origin(r).0)).collect();
        let hosts = sources.iter().filter_map(|s| Some((s.web.as_ref()?.base.as_str(), &*s.name))).collect();
        Self { documents, repos, hosts, site: config.base_url.as_deref(), names }
    }

    /// Where an address in a file leads. Addresses in rules are relative to the repository or to the file.
    pub(super) fn resolve(&self, from: &Origin, address: &str) -> Leads {
        let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
        let path = path.split('?').next().unwrap_or_default();
        let anchor = anchor.to_owned();
        if let Some(name) = own_page(self.site, address, "services") {
            // A very long name is cut in addresses.
            let there = self.names.is_id(&name) || name.len() > LONG;
            return if there { Leads::Elsewhere } else { Leads::Gone(format!("services/{name}/")) };
        }
        if let Some((_, host)) = path.split_once("://") {
            return self.hosted(path, host, anchor);
        }
        if path.contains(':') || path.starts_with("//") {
            return Leads::Elsewhere;
        }
        let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(joined) = join(if path.starts_with('/') { "" } else { folder }, path) else {
            return self.beside(from, folder, path, anchor);
        };
        if path.is_empty() {
            let own = self.documents.get(&(&*from.repo, &*from.path));
            return own.map_or(Leads::Elsewhere, |ix| Leads::Document(*ix, anchor));
        }
        let top = join("", path);
        let found = self.document(&from.repo, &joined).or_else(|| self.document(&from.repo, top.as_deref()?));
        found.map_or(Leads::Nothing(joined), |ix| Leads::Document(ix, anchor))
    }

    /// A path that climbs out of its repository leads into the one that stands beside it: `../orders/RUNBOOK.md`.
    fn beside(&self, from: &Origin, folder: &str, path: &str, anchor: String) -> Leads {
        let within = format!("{}/{folder}", from.repo);
        let Some(joined) = join(&within, path) else { return Leads::Elsewhere };
        let (repo, path) = joined.split_once('/').unwrap_or((&joined, ""));
        match self.document(repo, path) {
            Some(ix) => Leads::Document(ix, anchor),
            None => Leads::Nothing(joined),
        }
    }

    fn hosted(&self, whole: &str, host: &str, anchor: String) -> Leads {
        let parts: Vec<&str> = host.split('/').filter(|p| !p.is_empty() && *p != "-").collect();
        let Some(mark) = parts.iter().position(|p| MARKS.contains(p)).filter(|at| *at > 0) else {
            return Leads::Elsewhere;
        };
        let known = self.hosts.iter().find(|(base, _)| whole.strip_prefix(base).is_some_and(|r| r.starts_with('/')));
        let repo = known.map_or(parts[mark - 1].trim_end_matches(".git"), |(_, name)| name);
        let behind = &parts[mark + 1..];
        for branch in 1..behind.len().min(BRANCH + 1) {
            if let Some(ix) = self.document(repo, &decode(&behind[branch..].join("/"))) {
                return Leads::Document(ix, anchor);
            }
        }
        if self.repos.contains(repo) && behind.len() > 1 {
            return Leads::Nothing(format!("{repo}/{}", behind[1..].join("/")));
        }
        Leads::Elsewhere
    }

    /// The document at a path, or the one that stands for a folder.
    fn document(&self, repo: &str, path: &str) -> Option<RunbookIx> {
        let documents: &HashMap<(&str, &str), RunbookIx> = &self.documents;
        let path = path.trim_end_matches('/');
        let own = documents.get(&(repo, path)).copied();
        own.or_else(|| {
            let inside = |name: &&str| if path.is_empty() { (*name).to_owned() } else { format!("{path}/{name}") };
            ["README.md", "index.md", "RUNBOOK.md"].iter().find_map(|n| documents.get(&(repo, &*inside(n))).copied())
        })
    }
}

/// A path inside a folder, `.` and `..` worked out; nothing where it climbs out.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(decode(&parts.join("/")))
}

/// Percent-decodes a path; what is no code stays as it is.
fn decode(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = path.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| path.to_owned())
}

/// Whether a document has an anchor: a heading's, a line's, or its own top.
pub(super) fn has_anchor(runbook: &Runbook, anchor: &str) -> bool {
    let anchor = decode(anchor);
    let anchor = anchor.strip_prefix("user-content-").unwrap_or(&anchor);
    let line = anchor.strip_prefix('L').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    let lower = anchor.to_lowercase();
    anchor.is_empty()
        || line
        || lower == "top"
        || runbook.document.headings.iter().any(|h| h.anchor == lower)
        || [format!("id=\"{anchor}\""), format!("name=\"{anchor}\"")]
            .iter()
            .any(|a| runbook.document.source.contains(a))
}

/// The name in an address on our own site that is a page of a folder, decoded: `orders` of `.../services/orders/`.
pub(super) fn own_page(base: Option<&str>, address: &str, folder: &str) -> Option<String> {
    let rest = address.strip_prefix(base?.trim_end_matches('/'))?.strip_prefix('/')?;
    let name = rest.strip_prefix(folder)?.strip_prefix('/')?.split(['/', '#', '?']).next()?;
    (!name.is_empty() && name != "index.html").then(|| decode(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_decoded() {
        assert_eq!(join("docs/a", "../b%20c.md").as_deref(), Some("docs/b c.md"));
        assert_eq!(join("docs", "../../x.md"), None);
        assert_eq!(decode("%zz%e"), "%zz%e");
        assert_eq!(decode("é%C3%A9"), "éé");
    }
}

//! Addresses: which path each thing of the fleet has below the site's root, safe whatever its name.

use crate::model::catalog::{Catalog, Target};
use crate::model::document::LinkKind;
use crate::model::id::{RunbookIx, SectionIx, ServiceIx};
use crate::model::source::{Origin, encode_path};
use crate::model::state::Kind;
use crate::model::template::Template;
use crate::render::links;
use std::collections::HashSet;

/// Every page that is about one thing. Paths are raw; [`href`] encodes them.
#[derive(Debug, Default)]
pub struct Addresses {
    /// Beside the catalog's services.
    pub services: Vec<String>,
    /// Beside the catalog's owners.
    pub owners: Vec<String>,
    /// Beside the catalog's technologies.
    pub technologies: Vec<String>,
    /// Beside the catalog's alerts.
    pub alerts: Vec<String>,
    /// Beside the template's sections.
    pub sections: Vec<String>,
    /// The "as written" page of each document that is published.
    pub written: Vec<Option<String>>,
    /// The readable page of each document that has one of its own.
    pub readable: Vec<Option<String>>,
}

impl Addresses {
    /// Gives everything its path; the same fleet gives the same paths.
    pub fn of(catalog: &Catalog, template: &Template) -> Self {
        let mut taken = HashSet::new();
        let mut pages = |folder: &str, names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            names
                .map(|name| free(&mut taken, name, |segment| format!("{folder}/{segment}/index.html"), Case::Lower))
                .collect()
        };
        let services = pages("services", &mut catalog.services.iter().map(|s| s.id.as_str()));
        let owners = pages("owners", &mut catalog.owners.iter().map(|o| o.id.as_str()));
        let technologies = pages("dependencies", &mut catalog.technologies.iter().map(|t| t.id.as_str()));
        let sections = pages("sections", &mut template.sections.iter().map(|s| s.id.as_str()));
        // An alert's rule points here by its name, so the address keeps its capitals.
        let alert = |name: &str| free(&mut taken, name, |segment| format!("alerts/{segment}/index.html"), Case::Kept);
        let alerts = catalog.alerts.iter().map(|a| a.name.as_str()).map(alert).collect();
        let mut addresses = Self { services, owners, technologies, alerts, sections, ..Self::default() };
        let published = published(catalog);
        for (at, runbook) in catalog.runbooks.iter().enumerate() {
            let origin = &runbook.document.origin;
            addresses.written.push(
                published[at]
                    .then(|| free(&mut taken, &origin.path, |path| document(origin, path, ".html"), Case::Lower)),
            );
            let own_page = match runbook.kind {
                Kind::Service => catalog.speaks_for[at].is_none(),
                Kind::Template => false,
                _ => published[at],
            };
            addresses
                .readable
                .push(own_page.then(|| {
                    free(&mut taken, &origin.path, |path| document(origin, path, "/index.html"), Case::Lower)
                }));
        }
        addresses
    }

    /// Where an edge leads.
    pub fn target(&self, target: Target) -> &str {
        match target {
            Target::Service(s) => &self.services[s.at()],
            Target::Technology(t) => &self.technologies[t as usize],
        }
    }

    /// A service's page.
    pub fn service(&self, service: ServiceIx) -> &str {
        &self.services[service.at()]
    }

    /// A section's answer on a service's page, as an encoded address.
    pub fn answer(&self, service: ServiceIx, section: &str) -> String {
        format!("{}#{section}", href(&self.services[service.at()]))
    }

    /// A section's own page.
    pub fn section(&self, section: SectionIx) -> &str {
        &self.sections[section.at()]
    }

    /// The line of a document as written, as an encoded address.
    pub fn line(&self, runbook: RunbookIx, line: u32) -> Option<String> {
        let path = href(self.written[runbook.at()].as_deref()?);
        Some(if line == 0 { path } else { format!("{path}#L{line}") })
    }
}

/// The address of a path: percent-encoded, still below the root.
pub fn href(path: &str) -> String {
    encode_path(path)
}

/// The JSON file beside a service's page.
pub fn service_json(page: &str) -> String {
    format!("api/{}.json", page.trim_end_matches("/index.html"))
}

/// The part of a page's path that names what it is about: `payments` of `services/payments/index.html`.
pub fn segment_of(page: &str) -> &str {
    page.trim_end_matches("/index.html").rsplit('/').next().unwrap_or_default()
}

fn document(origin: &Origin, path: &str, ending: &str) -> String {
    format!("documents/{}/{path}{ending}", segments(&origin.repo, false, Case::Lower))
}

/// Whether an address keeps the capitals of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Kept,
}

/// The path a name gets; a name that is not safe as it stands, or is taken by another, carries a part of its hash.
/// Two paths that differ in capitals alone are one on some systems.
fn free(taken: &mut HashSet<String>, name: &str, path: impl Fn(&str) -> String, case: Case) -> String {
    let plain = path(&segments(name, false, case));
    if taken.insert(plain.to_lowercase()) {
        return plain;
    }
    let marked = path(&segments(name, true, case));
    taken.insert(marked.to_lowercase());
    marked
}

fn segments(name: &str, marked: bool, case: Case) -> String {
    let last = name.split('/').count() - 1;
    let parts = name.split('/').enumerate();
    let parts: Vec<String> =
        parts.map(|(at, part)| segment(part, (marked && at == last).then_some(name), case)).collect();
    parts.join("/")
}

/// One safe part of a path: letters of any script, digits, `-`, `_` and `.` inside.
fn segment(part: &str, marked: Option<&str>, case: Case) -> String {
    let cased = if case == Case::Lower { part.chars().flat_map(char::to_lowercase).collect() } else { part.to_owned() };
    let safe = cased.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' });
    let mut safe: String = safe.collect();
    let mut cut = safe.len().min(80);
    while !safe.is_char_boundary(cut) {
        cut -= 1;
    }
    let long = cut < safe.len();
    safe.truncate(cut);
    let changed = !safe.eq_ignore_ascii_case(part) && safe != part.to_lowercase() && safe != part;
    // A leading dot hides a file, a trailing one vanishes on some systems, and a folder named like a page would clash.
    let odd = safe.is_empty() || safe.starts_with('.') || safe.ends_with(".html") || safe.ends_with('.');
    if changed || long || odd || marked.is_some() {
        let hash = blake3::hash(marked.unwrap_or(part).as_bytes()).to_hex();
        safe = format!("{}-{}", safe.trim_matches(['.', '-']).replace(".html", "-html"), &hash[..8]);
    }
    safe.trim_start_matches('-').to_owned()
}

/// Which documents have pages: all that speak, templates as a list entry, others only where a page links to them.
fn published(catalog: &Catalog) -> Vec<bool> {
    let mut published: Vec<bool> = catalog.runbooks.iter().map(|r| r.kind != Kind::Other).collect();
    for (at, runbook) in catalog.runbooks.iter().enumerate() {
        published[at] |= runbook.kind == Kind::Other && catalog.speaks_for[at].is_some();
    }
    let mut open: Vec<usize> = (0..published.len()).filter(|&at| published[at]).collect();
    while let Some(at) = open.pop() {
        let document = &catalog.runbooks[at].document;
        for link in document.links.iter().filter(|l| l.kind != LinkKind::Email) {
            if let Some(next) = links::collected(catalog, &document.origin, &link.target)
                && !std::mem::replace(&mut published[next.at()], true)
            {
                open.push(next.at());
            }
        }
    }
    published
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_folder() {
        for name in
            ["..", ".", "", "../../etc/passwd", "a/../b", "con\u{0}", "x\"><script>", "index.html", "C:\\x", ".git"]
        {
            let path = segments(name, false, Case::Lower);
            assert!(path.split('/').all(|p| !p.is_empty() && p != "." && p != ".." && !p.starts_with('.')), "{path}");
            assert!(path.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c)), "{path}");
        }
    }

    #[test]
    fn plain_names_stay_plain_and_clashes_part() {
        let mut taken = HashSet::new();
        let mut page = |name: &str| free(&mut taken, name, |s| format!("x/{s}/index.html"), Case::Lower);
        assert_eq!(page("docs/RUNBOOK.md"), "x/docs/runbook.md/index.html");
        assert_ne!(page("docs/runbook.md"), "x/docs/runbook.md/index.html");
        assert_eq!(page("оплата-2"), "x/оплата-2/index.html");
    }
}

//! Where a link of a document leads on the site: a page, a host, an address outside, or nowhere.

use crate::model::catalog::{Catalog, Presence};
use crate::model::id::RunbookIx;
use crate::model::source::Origin;
use crate::model::text::anchor;
use crate::render::Site;
use crate::render::address::href;
use crate::render::{picture, words};

/// What becomes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// A page of this site: an encoded path below the root, with its anchor.
    Page(String),
    /// An address outside.
    Outside(String),
    /// A file that was not collected and whose host is not known: its path inside the repository.
    Away(String),
    /// Nothing was written there yet.
    Unwritten,
    /// An address no page may hold.
    Forbidden,
}

/// Where a target written in a document leads.
pub fn lead(site: &Site, from: RunbookIx, target: &str) -> Lead {
    let target = target.trim();
    if words::is_unwritten_link(target) {
        return Lead::Unwritten;
    }
    if let Some(scheme) = scheme(target) {
        return match scheme.as_str() {
            "http" | "https" => inside(site, target).unwrap_or_else(|| Lead::Outside(target.to_owned())),
            "mailto" | "tel" | "slack" | "ssh" | "irc" | "ircs" | "xmpp" | "sip" | "geo" => {
                Lead::Outside(target.to_owned())
            }
            _ => Lead::Forbidden,
        };
    }
    if target.starts_with("//") {
        return Lead::Outside(format!("https:{target}"));
    }
    let catalog = site.input.catalog;
    let origin = &catalog[from].document.origin;
    let fragment = target.split_once('#').map(|(_, f)| f);
    if let Some(to) = collected(catalog, origin, target)
        && let Some(page) = page_of(site, to, fragment)
    {
        return Lead::Page(page);
    }
    let Some(path) = resolved(origin, target) else { return Lead::Forbidden };
    if let Some(picture) = picture::at(catalog, origin, &path).and_then(picture::path) {
        return Lead::Page(picture);
    }
    match catalog.source(&origin.repo).and_then(|s| s.web.as_ref()) {
        Some(web) => {
            let mut url = web.view(origin.commit.as_deref(), &path, 1);
            url.truncate(url.len() - "#L1".len());
            if let Some(fragment) = fragment {
                url.push('#');
                url.push_str(&href(fragment));
            }
            Lead::Outside(url)
        }
        None => Lead::Away(path),
    }
}

/// What an image with this target shows, where it is a picture of the document's repository.
pub fn picture(site: &Site, from: RunbookIx, target: &str) -> Option<String> {
    let catalog = site.input.catalog;
    let origin = &catalog[from].document.origin;
    if scheme(target).is_some() || target.starts_with("//") {
        return None;
    }
    picture::source(picture::at(catalog, origin, &resolved(origin, target)?)?)
}

/// The page a document is read on, at one of its headings where there is such a heading.
pub fn page_of(site: &Site, to: RunbookIx, fragment: Option<&str>) -> Option<String> {
    let catalog = site.input.catalog;
    let runbook = &catalog[to];
    let fragment = fragment.map(|f| anchor(&percent_decoded(f)));
    let heading = fragment.and_then(|f| runbook.document.headings.iter().position(|h| h.anchor == f));
    if let Some(own) = &site.addresses.readable[to.at()] {
        let at = heading.map_or(String::new(), |h| format!("#{}", id_of(&runbook.document.headings[h].anchor)));
        return Some(href(own) + &at);
    }
    if let Some(service) = catalog.speaks_for[to.at()] {
        let page = href(site.addresses.service(service));
        let laid_out = catalog[service].presence == Presence::Filled;
        let at = heading.filter(|_| laid_out).and_then(|h| site.place_id(runbook, h.into()));
        return Some(at.map_or(page.clone(), |at| format!("{page}#{at}")));
    }
    site.addresses.line(to, heading.map_or(0, |h| runbook.document.line(runbook.document.headings[h].span.start)))
}

/// An anchor as an `id` attribute and in an address: letters of any script, digits, `-`, `_`.
pub fn id_of(anchor: &str) -> String {
    anchor
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || (!c.is_ascii() && c.is_alphanumeric()))
        .collect()
}

/// The collected document a relative target of a document means.
pub fn collected(catalog: &Catalog, from: &Origin, target: &str) -> Option<RunbookIx> {
    if scheme(target).is_some() || target.starts_with("//") {
        return None;
    }
    let path = resolved(from, target)?;
    let find = |path: &str| document(catalog, &from.repo, path);
    find(&path).or_else(|| {
        let folder = if path.is_empty() { path } else { format!("{path}/") };
        ["README.md", "index.md", "RUNBOOK.md", "readme.md"].iter().find_map(|name| find(&format!("{folder}{name}")))
    })
}

/// The collected document at a path of a repository.
pub fn document(catalog: &Catalog, repo: &str, path: &str) -> Option<RunbookIx> {
    let key = |at: usize| {
        let origin = &catalog.runbooks[at].document.origin;
        (&*origin.repo, &*origin.path)
    };
    let from = catalog.runbooks.partition_point(|r| &*r.document.origin.repo < repo);
    let to = from + catalog.runbooks[from..].partition_point(|r| &*r.document.origin.repo == repo);
    let at = from + catalog.runbooks[from..to].partition_point(|r| &*r.document.origin.path < path);
    (at < to && key(at) == (repo, path)).then(|| RunbookIx::from(at))
}

/// An address on the host of a collected repository that means one of its collected documents.
fn inside(site: &Site, target: &str) -> Option<Lead> {
    let catalog = site.input.catalog;
    for source in &catalog.sources {
        let Some(rest) = source.web.as_ref().and_then(|w| target.strip_prefix(&w.base)) else { continue };
        let rest = rest.strip_prefix("/-").unwrap_or(rest);
        let Some((_, path)) = rest.strip_prefix("/blob/").and_then(|r| r.split_once('/')) else { continue };
        let (path, fragment) = path.split_once('#').map_or((path, None), |(p, f)| (p, Some(f)));
        let to = document(catalog, &source.name, &percent_decoded(path))?;
        return page_of(site, to, fragment).map(Lead::Page);
    }
    None
}

/// The path inside the repository a relative target means; nothing where it leaves the repository.
fn resolved(from: &Origin, target: &str) -> Option<String> {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() {
        return Some(from.path.to_string());
    }
    let path = percent_decoded(path);
    let mut parts: Vec<&str> = Vec::new();
    if !path.starts_with('/') {
        parts = from.path.split('/').collect();
        parts.pop();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The scheme of an address, lower case; characters browsers ignore do not hide it.
fn scheme(target: &str) -> Option<String> {
    let clean: String = target.chars().filter(|c| !c.is_control() && !c.is_whitespace()).take(40).collect();
    let (scheme, _) = clean.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    fits.then(|| scheme.to_ascii_lowercase())
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        match hex.filter(|_| bytes[at] == b'%').and_then(|h| u8::from_str_radix(h, 16).ok()) {
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
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(path: &str) -> Origin {
        Origin { repo: "r".into(), commit: None, path: path.into() }
    }

    #[test]
    fn relative_targets_stay_in_the_repository() {
        let from = origin("docs/runbooks/a.md");
        assert_eq!(resolved(&from, "../x.md#y").as_deref(), Some("docs/x.md"));
        assert_eq!(resolved(&from, "/x%20y.md").as_deref(), Some("x y.md"));
        assert_eq!(resolved(&from, "../../../etc/passwd"), None);
        assert_eq!(resolved(&from, "#here").as_deref(), Some("docs/runbooks/a.md"));
    }

    #[test]
    fn hidden_schemes_are_seen() {
        assert_eq!(scheme("java\nscript:alert(1)").as_deref(), Some("javascript"));
        assert_eq!(scheme(" JaVaScRiPt:x").as_deref(), Some("javascript"));
        assert_eq!(scheme("docs/a:b.md"), None);
        assert_eq!(scheme("http-check.md"), None);
    }
}

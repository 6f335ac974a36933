//! Services taken out of the site: one page that needs nothing beside it, for a binder or a stick; or their data.

use crate::model::id::ServiceIx;
use crate::model::site::Pages;
use crate::model::state::Kind;
use crate::render::layout::Page;
use crate::render::markdown::escape;
use crate::render::{Site, api, matrix, picture};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// The page's head. It runs nothing and loads nothing; its one style stands in it.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
    <meta name=\"color-scheme\" content=\"light dark\">";

/// A page of the site that a binder holds.
struct Part<'a> {
    path: &'a str,
    name: &'a str,
    page: Page,
}

impl Site<'_> {
    /// The pages of some services as one page of HTML.
    pub fn binder(&self, services: &[ServiceIx]) -> String {
        let title = if self.input.config.title.is_empty() { "Runbooks" } else { &self.input.config.title };
        let parts = self.bound(services);
        let prefixes: HashMap<&str, String> =
            parts.iter().enumerate().map(|(at, part)| (part.path, format!("s{at}--"))).collect();
        let mut out = format!("{HEAD}<title>{}</title><style>", escape(title));
        for sheet in ["css/site.css", "css/media.css", "css/code.css", "css/graph.css"] {
            out.push_str(&String::from_utf8_lossy(self.dress.bytes(sheet)).replace("</", "<\\/"));
        }
        out.push_str("</style></head><body class=\"binder\"><main class=\"service\">");
        if parts.len() > 1 {
            _ = write!(out, "<h1>{}</h1><ul class=\"toc\">", escape(title));
            for part in &parts {
                _ = write!(out, "<li><a href=\"#{}front\">{}</a></li>", prefixes[part.path], escape(part.name));
            }
            out.push_str("</ul>");
        }
        for part in &parts {
            let (page, _) = self.bytes(part.page);
            let page = String::from_utf8_lossy(&page);
            let main = page.split_once("<main").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
            let main = main.rsplit_once("</main>").map_or(main, |(main, _)| main);
            let id = match part.page {
                Page::Service(_) => String::new(),
                _ => format!(" id=\"{}front\" class=\"md\"", prefixes[part.path]),
            };
            _ = write!(out, "<article{id}>");
            self.rebind(&mut out, main, part.path, &prefixes);
            out.push_str("</article>\n");
        }
        out.push_str("</main></body></html>\n");
        out
    }

    /// Every page a binder holds: each service's own, and behind it its procedures and its alerts.
    fn bound(&self, services: &[ServiceIx]) -> Vec<Part<'_>> {
        let catalog = self.input.catalog;
        let mut parts = Vec::new();
        for &s in services {
            let service = &catalog[s];
            parts.push(Part { path: self.addresses.service(s), name: &service.name, page: Page::Service(s) });
            let own = service.documents.iter().filter(|&&d| catalog[d].kind == Kind::Procedure);
            parts.extend(own.filter_map(|&d| {
                let path = self.addresses.readable[d.at()].as_deref()?;
                Some(Part { path, name: &catalog[d].title, page: Page::Readable(d) })
            }));
            parts.extend(self.alerts[s.at()].iter().map(|&at| Part {
                path: &self.addresses.alerts[at as usize],
                name: &catalog.alerts[at as usize].name,
                page: Page::Alert(at),
            }));
        }
        let mut seen = HashSet::new();
        parts.retain(|part| seen.insert(part.path));
        parts
    }

    /// The data of some services, as their files under `api/` have it.
    pub fn data(&self, services: &[ServiceIx]) -> Vec<u8> {
        let mut out = b"{\"schema\":1,\"services\":[".to_vec();
        for (at, &s) in services.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend(api::service(self, s));
        }
        out.extend(b"]}\n");
        out
    }

    /// Some rows of the matrix as CSV.
    pub fn sheet(&self, services: &[ServiceIx]) -> String {
        matrix::csv(self, services.iter().copied())
    }

    /// A page's HTML with its ids made its own, and its links leading inside the binder, to the site, or nowhere.
    fn rebind(&self, out: &mut String, html: &str, path: &str, prefixes: &HashMap<&str, String>) {
        let own = prefixes.get(path).map_or("", String::as_str);
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let tag = &rest[..tag_end(rest)];
            rest = &rest[tag.len()..];
            // One page has a landmark of a name once, and this one holds several pages.
            let mut inner = tag;
            for (landmark, plain) in [("<nav", "<div"), ("</nav", "</div"), ("<aside", "<div"), ("</aside", "</div")] {
                if let Some(rest) = inner.strip_prefix(landmark) {
                    out.push_str(plain);
                    inner = rest;
                }
            }
            let unnamed = inner.len() < tag.len() || tag.starts_with("<section");
            // Attributes are quoted, by our templates and by the sanitizer.
            while let Some((before, after)) = inner.split_once("=\"") {
                let Some((value, next)) = after.split_once('"') else { break };
                let name = before.rsplit(' ').next().unwrap_or_default();
                let made = match name {
                    "aria-label" | "aria-labelledby" if unnamed => None,
                    "id" | "aria-labelledby" => Some(format!("{own}{value}")),
                    "href" => self.lead_out(value, path, own, prefixes),
                    "src" => Some(self.embedded(value)),
                    _ => Some(value.to_owned()),
                };
                match made {
                    Some(value) => _ = write!(out, "{before}=\"{value}\""),
                    None => out.push_str(before.trim_end_matches(name).trim_end()),
                }
                inner = next;
            }
            out.push_str(inner);
        }
        out.push_str(rest);
    }

    /// A picture of the site as an address that holds it.
    fn embedded(&self, source: &str) -> String {
        let path = source.trim_start_matches("../");
        match self.page(path) {
            Some(bytes) if path.starts_with("pictures/") => picture::embedded(path, &bytes),
            _ => source.to_owned(),
        }
    }

    /// Where a link of a page leads from inside the binder.
    fn lead_out(&self, link: &str, path: &str, own: &str, prefixes: &HashMap<&str, String>) -> Option<String> {
        if let Some(anchor) = link.strip_prefix('#') {
            return Some(format!("#{own}{anchor}"));
        }
        let up = "../".repeat(path.matches('/').count());
        let Some(inside) = link.strip_prefix(up.as_str()) else { return Some(link.to_owned()) };
        let (page, anchor) = inside.split_once('#').unwrap_or((inside, "front"));
        if let Some(prefix) = prefixes.get(page) {
            return Some(format!("#{prefix}{anchor}"));
        }
        self.input.config.base_url.as_ref().map(|base| format!("{base}/{inside}"))
    }
}

/// How long the tag at the start of a text is.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

//! Raw HTML inside Markdown: known harmless tags are written anew without their attributes, the rest is text.

use crate::render::markdown::{Body, anchor_tag, escape_into, picture};

/// Tags authors use to lay text out. Anything else (`<env>`, `<script>`) is words.
const KNOWN: [&str; 46] = [
    "a",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// More open raw tags than this are text: see the nesting cap of Markdown.
const DEEPEST: usize = 40;

/// Raw tags that are open.
#[derive(Debug, Default)]
pub struct Raw {
    open: Vec<&'static str>,
    in_comment: bool,
}

impl Raw {
    /// A chunk of raw HTML made harmless. Comments are left out: the page as written shows them.
    pub fn tame(&mut self, html: &str, body: &Body) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        loop {
            if self.in_comment {
                let Some((_, after)) = rest.split_once("-->") else { return out };
                self.in_comment = false;
                rest = after;
            }
            let Some(at) = rest.find('<') else { break };
            text(&mut out, &rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("<!--") {
                self.in_comment = true;
                rest = after;
                continue;
            }
            match self.tag(rest, body) {
                Some((html, length)) => {
                    out.push_str(&html);
                    rest = &rest[length..];
                }
                None => {
                    out.push_str("&lt;");
                    rest = &rest[1..];
                }
            }
        }
        text(&mut out, rest);
        out
    }

    /// What closes everything that is still open.
    pub fn close(&mut self) -> String {
        self.open.drain(..).rev().map(|tag| format!("</{tag}>")).collect()
    }

    /// The tag at the start of a text, written anew, and how long it was.
    fn tag(&mut self, text: &str, body: &Body) -> Option<(String, usize)> {
        let inner = &text[1..];
        let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |rest| (true, rest));
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner[..end].to_ascii_lowercase();
        let name = KNOWN[KNOWN.binary_search(&name.as_str()).ok()?];
        if !inner[end..].starts_with(['>', ' ', '\t', '\n', '\r', '/']) {
            return None;
        }
        let (attributes, used) = attributes(&inner[end..])?;
        let length = text.len() - inner.len() + end + used;
        let get = |key: &str| attributes.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| *v);
        // Parts of a table that is none would tear apart the table of Markdown they stand in.
        if matches!(name, "tbody" | "td" | "tfoot" | "th" | "thead" | "tr") && !self.open.contains(&"table") {
            return None;
        }
        if closing {
            let html = match self.open.iter().rposition(|open| *open == name) {
                Some(at) => self.open.drain(at..).rev().map(|tag| format!("</{}>", shown(tag))).collect(),
                None => String::new(),
            };
            return Some((html, length));
        }
        let html = match name {
            "br" | "hr" => format!("<{name}>"),
            "img" => {
                let source = get("src").unwrap_or_default();
                picture(body, source, get("alt").unwrap_or_default(), !self.open.contains(&"a"))
            }
            _ if self.open.len() >= DEEPEST => return None,
            _ => {
                self.open.push(name);
                match (name, get("href")) {
                    ("a", Some(target)) => match anchor_tag(&(body.lead)(&target.replace("&amp;", "&")), body.root) {
                        (open, "</a>") => open,
                        _ => "<a>".to_owned(),
                    },
                    ("pre", _) => "<pre tabindex=\"0\">".to_owned(),
                    _ => format!("<{}>", shown(name)),
                }
            }
        };
        Some((html, length))
    }
}

/// How a known tag is written: old ones as their plain successors, and no second title on a page.
fn shown(name: &'static str) -> &'static str {
    match name {
        "center" => "div",
        "font" => "span",
        "h1" | "h2" | "h3" => "h4",
        name => name,
    }
}

fn text(out: &mut String, text: &str) {
    // Entities stay entities; only what could begin or end a tag is escaped.
    let mut parts = text.split('>');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        escape_into(out, ">");
        out.push_str(part);
    }
}

/// The attributes up to the `>` that ends a tag, and how long that was; nothing where the tag never ends.
fn attributes(text: &str) -> Option<(Vec<(&str, &str)>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '/']).len();
        at += skipped;
        let rest = &text[at..];
        if rest.starts_with('>') {
            return Some((found, at + 1));
        }
        if rest.is_empty() || rest.starts_with('<') || found.len() > 30 {
            return None;
        }
        let name_end = rest.find([' ', '\t', '\n', '\r', '/', '>', '=', '<']).unwrap_or(rest.len()).max(1);
        let name = rest.get(..name_end)?;
        at += name_end;
        let after = text[at..].trim_start();
        let mut value = "";
        if let Some(assigned) = after.strip_prefix('=') {
            let assigned = assigned.trim_start();
            let from = text.len() - assigned.len();
            let length = match assigned.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let end = assigned[1..].find(quote)?;
                    value = &assigned[1..=end];
                    end + 2
                }
                _ => {
                    let end = assigned.find([' ', '\t', '\n', '\r', '>']).unwrap_or(assigned.len());
                    value = &assigned[..end];
                    end
                }
            };
            at = from + length;
        }
        found.push((name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::links::Lead;

    fn tame(html: &str) -> String {
        let lead = |t: &str| if t.starts_with("javascript") { Lead::Forbidden } else { Lead::Outside(t.to_owned()) };
        let body = Body { lead: &lead, picture: &|_| None, root: "", prefix: String::new() };
        let mut raw = Raw::default();
        let out = raw.tame(html, &body);
        out + &raw.close()
    }

    #[test]
    fn known_tags_are_kept_and_others_are_words() {
        assert!(KNOWN.is_sorted());
        assert_eq!(tame("a<br/>b <kbd class=x>c</kbd>"), "a<br>b <kbd>c</kbd>");
        assert_eq!(tame("scale <service-name> to <n>"), "scale &lt;service-name&gt; to &lt;n&gt;");
        assert_eq!(tame("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(tame("<td>x"), "&lt;td&gt;x");
        assert_eq!(tame("a <!-- b > c --> d"), "a  d");
    }

    #[test]
    fn attributes_go_and_links_are_judged() {
        assert_eq!(tame("<p onclick=\"x()\" style=y>z"), "<p>z</p>");
        assert_eq!(tame("<a href='javascript:x'>y</a>"), "<a>y</a>");
        assert_eq!(
            tame("<a href=https://x.example>y</a>"),
            "<a href=\"https://x.example\" rel=\"noopener noreferrer\">y</a>"
        );
        assert_eq!(tame("<p \"<b>"), "&lt;p \"<b></b>");
    }
}

//! Markdown to harmless HTML: links rewritten, code coloured, raw HTML tamed, then sanitized once more as a whole.

use crate::model::text::anchor;
use crate::render::links::{Lead, id_of};
use crate::render::{clean, highlight, raw_html};
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};
use std::collections::HashMap;

/// Nesting deeper than this is flattened: the sanitizer takes more than quadratic time for it, and nobody can read it.
const DEEPEST: usize = 60;

/// What rendering a body needs to know of the page it stands on.
pub struct Body<'a> {
    /// Where a target leads.
    pub lead: &'a dyn Fn(&str) -> Lead,
    /// What an image shows, where its target is a picture of the repository: a path below the root, or itself.
    pub picture: &'a dyn Fn(&str) -> Option<String>,
    /// The way up to the site's root.
    pub root: &'a str,
    /// Set before heading ids, so that two sections may have the same heading.
    pub prefix: String,
}

/// Ids that are taken on a page.
#[derive(Debug, Default)]
pub struct Ids(HashMap<String, u32>);

impl Ids {
    /// The id itself where it is free, else the next one like it.
    pub fn take(&mut self, id: &str) -> String {
        let mut wanted = if id.is_empty() { "part".to_owned() } else { id.to_owned() };
        loop {
            let seen = self.0.entry(wanted.clone()).or_insert(0);
            *seen += 1;
            if *seen == 1 {
                return wanted;
            }
            wanted = format!("{id}-{seen}");
        }
    }
}

/// The extensions we read Markdown with; see the handbook for what is off and why.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
}

/// A passage as HTML that may stand on a page.
pub fn render(markdown: &str, body: &Body, ids: &mut Ids) -> String {
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    let dead = |link: BrokenLink| -> Option<(CowStr, CowStr)> {
        // A full or collapsed reference without a definition is a link nobody has written; `[x]` alone is text.
        (link.link_type != LinkType::Shortcut).then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, options(), Some(dead));
    html::push_html(&mut out, Tamed::new(parser, body, ids));
    // A head cell without words heads nothing.
    clean::clean(&out).replace("<th></th>", "<td></td>")
}

/// A heading's words as HTML without blocks.
pub fn inline(markdown: &str, body: &Body) -> String {
    // A leading zero-width space keeps `#`, `-` and `1.` from making blocks; it goes again with the paragraph.
    let html = render(&format!("\u{2060}{markdown}"), body, &mut Ids::default());
    let html = html.trim();
    let inner = html.strip_prefix("<p>").and_then(|h| h.strip_suffix("</p>")).unwrap_or(html);
    inner.trim_start_matches('\u{2060}').to_owned()
}

/// The parser's events with everything harmful or ours to change replaced.
struct Tamed<'a, 'b, I> {
    events: I,
    body: &'b Body<'b>,
    ids: &'b mut Ids,
    ready: std::collections::VecDeque<Event<'a>>,
    depth: usize,
    /// What closes each open link.
    links: Vec<&'static str>,
    raw: raw_html::Raw,
    footnotes: String,
}

impl<'a, 'b, I: Iterator<Item = Event<'a>>> Tamed<'a, 'b, I> {
    fn new(events: I, body: &'b Body<'b>, ids: &'b mut Ids) -> Self {
        let footnotes = if body.prefix.is_empty() { String::new() } else { format!("{}-", body.prefix) };
        let (ready, links) = Default::default();
        Self { events, body, ids, ready, depth: 0, links, raw: raw_html::Raw::default(), footnotes }
    }

    fn html(&mut self, html: String) {
        self.ready.push_back(Event::Html(html.into()));
    }

    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => self.code(kind),
            Event::Start(Tag::HtmlBlock) => {
                let html = self.text_until(|e| matches!(e, TagEnd::HtmlBlock));
                let tamed = self.raw.tame(&html, self.body);
                self.html(tamed);
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                let tamed = self.raw.tame(&html, self.body);
                self.ready.push_back(Event::InlineHtml(tamed.into()));
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.link(link_type, &dest_url),
            Event::End(TagEnd::Link) => {
                let close = self.links.pop().unwrap_or_default();
                self.ready.push_back(Event::InlineHtml(close.into()));
            }
            Event::Start(Tag::Image { dest_url, .. }) => self.image(&dest_url),
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as u8),
            Event::Start(Tag::Table(columns)) => {
                self.html("<div class=\"scroll\" tabindex=\"0\">".into());
                self.ready.push_back(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                self.ready.push_back(Event::End(TagEnd::Table));
                self.html("</div>".into());
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let html =
                    format!("<div class=\"footnote\" id=\"{}\"><sup>{}</sup> ", self.footnote(&label), escape(&label));
                self.html(html);
            }
            Event::End(TagEnd::FootnoteDefinition) => self.html("</div>\n".into()),
            Event::FootnoteReference(label) => {
                let html = format!("<sup><a href=\"#{}\">{}</a></sup>", self.footnote(&label), escape(&label));
                self.ready.push_back(Event::InlineHtml(html.into()));
            }
            Event::TaskListMarker(done) => {
                let (checked, says) = if done { ("checked ", "done") } else { ("", "to do") };
                let html = format!("<input type=\"checkbox\" disabled {checked}aria-label=\"{says}\"> ");
                self.ready.push_back(Event::InlineHtml(html.into()));
            }
            Event::Code(text) if text.contains(is_unseen) => {
                let odd = escape(&unseen(&text));
                let html = format!("<code>{}</code> <span class=\"odd\">(cannot be seen: {odd})</span>", escape(&text));
                self.ready.push_back(Event::InlineHtml(html.into()));
            }
            Event::Text(text) if self.links.is_empty() && text.contains("://") => self.bare_addresses(&text),
            other => self.ready.push_back(other),
        }
    }

    fn footnote(&self, label: &str) -> String {
        format!("{}fn-{}", self.footnotes, id_of(&anchor(label)))
    }

    /// The text of the events up to an end, tags between them left out.
    fn text_until(&mut self, end: impl Fn(&TagEnd) -> bool) -> String {
        let mut text = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::End(tag) if end(&tag) => break,
                Event::Text(t) | Event::Code(t) | Event::Html(t) | Event::InlineHtml(t) => text.push_str(&t),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        text
    }

    fn code(&mut self, kind: CodeBlockKind<'a>) {
        let code = self.text_until(|e| matches!(e, TagEnd::CodeBlock));
        let info = match &kind {
            CodeBlockKind::Fenced(info) => info.split([',', ' ', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let odd = unseen(&code);
        if !odd.is_empty() {
            self.html(format!(
                "<p class=\"odd\">Look before you copy: this block holds characters that cannot be seen: {}.</p>\n",
                escape(&odd)
            ));
        }
        let class = if odd.is_empty() { "" } else { " class=\"odd\"" };
        self.html(format!("<pre{class} tabindex=\"0\"><code>{}</code></pre>\n", highlight::html(info, &code)));
    }

    fn heading(&mut self, level: u8) {
        let mut inner = Vec::new();
        let mut words = String::new();
        for event in self.events.by_ref() {
            match &event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::Text(t) | Event::Code(t) => words.push_str(t),
                _ => {}
            }
            inner.push(event);
        }
        let id = match self.body.prefix.as_str() {
            "" => id_of(&anchor(&words)),
            prefix => format!("{prefix}--{}", id_of(&anchor(&words))),
        };
        let (id, level) = (self.ids.take(&id), level.clamp(2, 6));
        self.html(format!("<h{level} id=\"{id}\">"));
        for event in inner {
            self.take(event);
        }
        self.html(format!("</h{level}>\n"));
    }

    fn link(&mut self, kind: LinkType, target: &str) {
        let (open, close) = match kind {
            LinkType::Email if !target.starts_with("mailto:") => {
                anchor_tag(&Lead::Outside(format!("mailto:{target}")), self.body.root)
            }
            _ => anchor_tag(&(self.body.lead)(target), self.body.root),
        };
        self.links.push(close);
        self.ready.push_back(Event::InlineHtml(open.into()));
    }

    fn image(&mut self, target: &str) {
        let alt = self.text_until(|e| matches!(e, TagEnd::Image));
        let html = picture(self.body, target, &alt, self.links.is_empty());
        self.ready.push_back(Event::InlineHtml(html.into()));
    }

    /// `https://...` in running text, which plain Markdown leaves alone.
    fn bare_addresses(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = ["https://", "http://"].iter().filter_map(|s| rest.find(s)).min() {
            let after = &rest[at..];
            let end = after
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|'))
                .unwrap_or(after.len());
            let mut url = after[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
            if url.ends_with(')') && !url.contains('(') {
                url = url.trim_end_matches(')');
            }
            self.ready.push_back(Event::Text(rest[..at].to_owned().into()));
            if url.ends_with("//") {
                self.ready.push_back(Event::Text(url.to_owned().into()));
            } else {
                let (open, close) = anchor_tag(&(self.body.lead)(url), self.body.root);
                self.ready.push_back(Event::InlineHtml(format!("{open}{}{close}", escape(url)).into()));
            }
            rest = &after[url.len()..];
        }
        self.ready.push_back(Event::Text(rest.to_owned().into()));
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Tamed<'a, '_, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                match event {
                    Event::Start(_) => {
                        self.depth += 1;
                        if self.depth > DEEPEST {
                            continue;
                        }
                    }
                    Event::End(_) => {
                        self.depth = self.depth.saturating_sub(1);
                        if self.depth >= DEEPEST {
                            continue;
                        }
                    }
                    _ => {}
                }
                return Some(event);
            }
            match self.events.next() {
                Some(event) => self.take(event),
                None => {
                    let open = self.raw.close();
                    if open.is_empty() {
                        return None;
                    }
                    self.html(open);
                }
            }
        }
    }
}

/// Characters that change what a command does, or how it looks, without being seen.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{a0}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Each of them with its line and column, the first few by name.
fn unseen(code: &str) -> String {
    const NAMED: usize = 5;
    let mut found = Vec::new();
    for (line, text) in code.lines().enumerate().filter(|(_, text)| text.contains(is_unseen)) {
        let odd = text.chars().enumerate().filter(|(_, c)| is_unseen(*c));
        found.extend(odd.map(|(column, c)| format!("U+{:04X} in line {}, column {}", c as u32, line + 1, column + 1)));
    }
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if more > 0 {
        found.push(format!("{more} more"));
    }
    found.join("; ")
}

/// A picture of the repository; any other is a link to it, where it may be one: nothing is loaded from elsewhere.
pub fn picture(body: &Body, target: &str, alt: &str, may_link: bool) -> String {
    let name = target.rsplit('/').next().unwrap_or_default();
    let words = escape(if alt.trim().is_empty() { name } else { alt.trim() });
    let shown = (body.picture)(target);
    let html = match &shown {
        Some(inside) if inside.starts_with("data:") => return format!("<img src=\"{inside}\" alt=\"{words}\">"),
        Some(path) => format!("<img src=\"{}{path}\" alt=\"{words}\" loading=\"lazy\">", body.root),
        None => format!("<span class=\"picture\">picture: {words}</span>"),
    };
    let (open, close) = match may_link {
        true => anchor_tag(&(body.lead)(target), body.root),
        false => (String::new(), ""),
    };
    format!("{open}{html}{close}")
}

/// The tags around the words of a link.
pub fn anchor_tag(lead: &Lead, root: &str) -> (String, &'static str) {
    match lead {
        Lead::Page(path) => (format!("<a href=\"{root}{}\">", escape(path)), "</a>"),
        Lead::Outside(url) => (format!("<a href=\"{}\" rel=\"noopener noreferrer\">", escape(url)), "</a>"),
        Lead::Away(path) => (format!("<span class=\"away\" title=\"not on this site: {}\">", escape(path)), "</span>"),
        Lead::Unwritten => {
            ("<span class=\"nobody\" title=\"unwritten link\">".to_owned(), "<small> (unwritten link)</small></span>")
        }
        Lead::Forbidden => ("<span class=\"away\">".to_owned(), "</span>"),
    }
}

/// Text as it may stand in HTML and in attribute values.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    escape_into(&mut out, text);
    out
}

/// Adds escaped text.
pub fn escape_into(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let with = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(with);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

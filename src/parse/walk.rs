//! One walk over the Markdown: headings, leaf blocks, links and comments in the order they stand.

use crate::model::document::{Block, BlockKind, Document, Heading, HeadingStyle, LinkKind, Note, Repair};
use crate::model::id::HeadingIx;
use crate::model::text::Span;
use crate::parse::links::Links;
use crate::parse::{anchors, bold, gaps, html, notes, title};
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::cell::RefCell;
use std::ops::Range;

/// The Markdown our authors' hosts speak. What is off would eat their text: see `ARCHITECTURE.md`.
const MARKDOWN: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM);

/// A "heading" underlined with dashes that is longer than this is a paragraph above a rule.
const LONGEST_SETEXT: usize = 120;

/// Fills in outline, blocks, links and notes of a document.
pub fn read(document: &mut Document) {
    let text = document.text.clone();
    let mut walk = Walk::of(&text);
    walk.run(document.body.range(), true);
    let Walk { mut headings, mut blocks, links, mut notes, .. } = walk;
    gaps::fill(&text, document.body, &headings, &mut blocks);
    let mut links = links.finish(&text, document.body, &blocks);
    anchors::settle(&mut headings, text.len());
    if headings.iter().any(|h| h.style == HeadingStyle::Bold) {
        document.repairs.push(Repair::BoldHeadings);
    }
    let above =
        |span: Span| headings.partition_point(|h| h.span.start <= span.start).checked_sub(1).map(HeadingIx::from);
    blocks.iter_mut().for_each(|b| b.heading = above(b.span));
    links.iter_mut().for_each(|l| l.heading = above(l.span));
    notes.iter_mut().for_each(|n| n.heading = above(n.span));
    (document.headings, document.blocks, document.links, document.notes) = (headings, blocks, links, notes);
}

/// A leaf block that may still grow.
struct Leaf {
    kind: BlockKind,
    start: usize,
    end: usize,
}

/// A heading being read.
struct Title {
    level: u8,
    anchor: Option<String>,
    words: String,
    content: Option<Range<usize>>,
}

/// What is known so far, and where in the nesting we stand.
pub struct Walk<'t> {
    /// The text of the document.
    pub text: &'t str,
    headings: Vec<Heading>,
    blocks: Vec<Block>,
    links: Links,
    notes: Vec<Note>,
    /// How many quotes we stand in.
    pub quoted: usize,
    depth: usize,
    footnotes: usize,
    footnote: Option<usize>,
    leaf: Option<Leaf>,
    title: Option<Title>,
    /// Level of the last heading that is no bold line.
    level: u8,
    row: bool,
    block: bool,
    /// Whether bold lines lead the text's paragraphs.
    led: bool,
}

impl<'t> Walk<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            headings: vec![],
            blocks: vec![],
            links: Links::default(),
            notes: vec![],
            quoted: 0,
            depth: 0,
            footnotes: 0,
            footnote: None,
            leaf: None,
            title: None,
            level: 1,
            row: false,
            block: false,
            led: text.contains("\n**") && bold::led(text),
        }
    }

    /// Reads a part of the text; `whole` unless it is what stands behind a comment.
    pub fn run(&mut self, part: Range<usize>, whole: bool) {
        let base = part.start;
        let text = self.text;
        let dangling = RefCell::new(Vec::new());
        let broken = |link: BrokenLink<'_>| {
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
                dangling.borrow_mut().push(Span::new(link.span.start + base, link.span.end + base));
            }
            None::<(CowStr<'_>, CowStr<'_>)>
        };
        let source = &text[part];
        for (event, range) in Parser::new_with_broken_link_callback(source, MARKDOWN, Some(broken)).into_offset_iter() {
            self.event(event, range.start + base..range.end + base, whole);
        }
        self.flush();
        for span in dangling.into_inner() {
            self.links.dangling(text, span);
        }
    }

    fn event(&mut self, event: Event<'_>, at: Range<usize>, whole: bool) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag, at, whole),
            Event::Rule => {
                self.flush();
                self.emit(BlockKind::Rule, at.start, at.end);
            }
            Event::Html(_) => {}
            Event::InlineHtml(_) if self.text[at.clone()].starts_with("<!--") => self.inline_comment(at),
            Event::Text(words) if !self.block => {
                self.say(&words);
                self.grow(at);
            }
            Event::Code(words) => {
                self.links.opaque.push(at.clone().into());
                self.say(&words);
                self.grow(at);
            }
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            Event::InlineHtml(_) => {
                self.links.opaque.push(at.clone().into());
                self.grow(at);
            }
            _ => self.grow(at),
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                if self.leaf.as_ref().is_none_or(|l| l.kind != BlockKind::Item) {
                    self.flush();
                    self.begin(at.start);
                }
            }
            Tag::Heading { level, id, .. } => {
                self.flush();
                let anchor = id.map(|id| id.to_string());
                self.title = Some(Title { level: level as u8, anchor, words: String::new(), content: None });
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quoted += 1;
            }
            Tag::List(_) => {
                self.flush();
                self.depth += 1;
            }
            Tag::Item => {
                self.flush();
                let marker = self.text[at.start..].find(|c: char| c.is_whitespace()).unwrap_or(at.len()).min(at.len());
                self.leaf = Some(Leaf { kind: BlockKind::Item, start: at.start, end: at.start + marker });
            }
            Tag::FootnoteDefinition(_) => {
                self.flush();
                self.footnotes += 1;
                self.footnote = Some(at.start);
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.flush();
                self.block = true;
            }
            Tag::Table(_) => self.flush(),
            Tag::TableHead | Tag::TableRow => self.row = true,
            Tag::Link { link_type, dest_url, .. } => {
                let kind = match link_type {
                    LinkType::Autolink => LinkKind::Auto,
                    LinkType::Email => LinkKind::Email,
                    LinkType::Inline => LinkKind::Inline,
                    _ => LinkKind::Reference,
                };
                self.links.open(kind, &dest_url, at.clone());
                self.grow(at);
            }
            Tag::Image { dest_url, .. } => {
                self.links.open(LinkKind::Image, &dest_url, at.clone());
                self.grow(at);
            }
            _ => self.grow(at),
        }
    }

    fn end(&mut self, tag: TagEnd, at: Range<usize>, whole: bool) {
        match tag {
            TagEnd::Paragraph => {
                let end = at.start + self.text[at].trim_end().len();
                self.grow(end..end);
                if self.leaf.as_ref().is_some_and(|l| l.kind != BlockKind::Item) {
                    self.flush();
                }
            }
            TagEnd::Heading(_) => self.heading(at),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quoted -= 1;
            }
            TagEnd::List(_) => {
                self.flush();
                self.depth -= 1;
            }
            TagEnd::Item | TagEnd::Table => self.flush(),
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.footnotes -= 1;
                self.footnote = None;
            }
            TagEnd::CodeBlock => {
                self.block = false;
                self.links.opaque.push(at.clone().into());
                self.emit(BlockKind::Code, at.start, at.end);
            }
            TagEnd::HtmlBlock => {
                self.block = false;
                html::read(self, at, whole);
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.row = false;
                let kind = if tag == TagEnd::TableHead { BlockKind::TableHead } else { BlockKind::TableRow };
                self.emit(kind, at.start, at.end);
            }
            TagEnd::Link | TagEnd::Image => {
                self.links.close();
                self.grow(at);
            }
            _ => self.grow(at),
        }
    }

    /// Words of a heading, of a link, or of nobody in particular.
    fn say(&mut self, words: &str) {
        if let Some(title) = &mut self.title {
            title.words.push_str(words);
        }
        self.links.say(words);
    }

    fn begin(&mut self, start: usize) {
        let kind = if self.footnotes > 0 { BlockKind::Definition } else { BlockKind::Paragraph };
        let start = self.footnote.take().unwrap_or(start);
        self.leaf = Some(Leaf { kind, start, end: start });
    }

    /// The leaf block at hand reaches at least to here.
    fn grow(&mut self, at: Range<usize>) {
        if let Some(title) = &mut self.title {
            let content = title.content.get_or_insert(at.clone());
            content.end = content.end.max(at.end);
            return;
        }
        if self.row || self.block {
            return;
        }
        if self.leaf.is_none() && !at.is_empty() {
            self.begin(at.start);
        }
        if let Some(leaf) = &mut self.leaf {
            leaf.end = leaf.end.max(at.end);
        }
    }

    /// A comment in running text is a block of its own, and the text around it stays what it is.
    fn inline_comment(&mut self, at: Range<usize>) {
        if self.row || self.title.is_some() {
            self.note(at.clone());
            self.links.opaque.push(at.into());
            return;
        }
        let mut kind = BlockKind::Paragraph;
        if let Some(leaf) = &mut self.leaf {
            leaf.end = at.start.max(leaf.start);
            kind = leaf.kind;
        }
        self.flush();
        self.comment(at.clone());
        self.leaf = Some(Leaf { kind, start: at.end, end: at.end });
    }

    /// Takes down a comment as a block.
    pub fn comment(&mut self, at: Range<usize>) {
        self.note(at.clone());
        self.links.opaque.push(at.clone().into());
        self.emit(BlockKind::Comment, at.start, at.end);
    }

    fn note(&mut self, at: Range<usize>) {
        self.notes.extend(notes::read(&self.text[at.clone()], at.into()));
    }

    /// Takes down HTML that is no comment.
    pub fn html(&mut self, at: Range<usize>) {
        self.links.opaque.push(at.clone().into());
        self.emit(BlockKind::Html, at.start, at.end);
    }

    /// The level of a heading below the one at hand.
    pub fn below(&self) -> u8 {
        (self.level + 1).min(6)
    }

    /// Takes down a heading that the next one of its kind stands beside.
    pub fn heading_beside(&mut self, heading: Heading) {
        self.headings.push(heading);
    }

    /// Takes down a heading that is no bold line.
    pub fn real_heading(&mut self, heading: Heading) {
        self.level = heading.level;
        self.headings.push(heading);
    }

    /// Closes the leaf block at hand.
    fn flush(&mut self) {
        let Some(Leaf { kind, start, end }) = self.leaf.take() else { return };
        let mut at = start;
        if kind == BlockKind::Paragraph && self.depth == 0 && self.quoted == 0 {
            for line in bold::lines(self.text, start..end, self.led) {
                self.emit(kind, at, line.span.start);
                at = line.span.end;
                let plain = title::unmarked(&self.text[line.content.clone()]);
                let style = HeadingStyle::Bold;
                let level = self.below();
                self.headings.push(title::heading(self.text, level, style, line.span.into(), line.content, plain));
            }
        }
        self.emit(kind, at, end);
    }

    /// Takes down a block without the white space around it, quote marks included.
    fn emit(&mut self, kind: BlockKind, start: usize, end: usize) {
        let last = self.blocks.last().map_or(0, |b| b.span.end).max(self.headings.last().map_or(0, |h| h.span.end));
        let floor = last as usize;
        let end = start + self.text[start..end.max(start)].trim_end().len();
        let mut start = start.max(floor);
        if start >= end {
            return;
        }
        start += self.text[start..end].len() - self.text[start..end].trim_start_matches(['\n', '\r']).len();
        if self.quoted > 0 || kind == BlockKind::Code {
            let marks: &[char] = if self.quoted > 0 { &['>', ' ', '\t'] } else { &[' ', '\t'] };
            start = floor + self.text[floor..start].trim_end_matches(marks).len();
        }
        let indent = self.text[start..end].len() - self.text[start..end].trim_start().len();
        if kind != BlockKind::Code {
            start += indent;
        }
        let (depth, quoted) = (self.depth.min(255) as u8, self.quoted > 0);
        self.blocks.push(Block { kind, span: Span::new(start, end), heading: None, depth, quoted });
    }

    fn heading(&mut self, at: Range<usize>) {
        let Some(Title { level, anchor, words, content }) = self.title.take() else { return };
        let content = content.unwrap_or(at.start..at.start);
        let raw = &self.text[content.clone()];
        let atx = self.text[at.clone()].trim_start().starts_with('#');
        if self.quoted > 0 || !atx && (raw.contains('\n') || raw.len() > LONGEST_SETEXT) {
            return self.emit(BlockKind::Paragraph, at.start, at.end);
        }
        let style = if atx { HeadingStyle::Atx } else { HeadingStyle::Setext };
        let end = at.start + self.text[at.clone()].trim_end().len();
        let end = if self.text[end..].starts_with('\n') { end + 1 } else { end };
        let mut heading = title::heading(self.text, level, style, Span::new(at.start, end), content, words);
        if let Some(anchor) = anchor {
            heading.anchor = anchor;
        }
        self.real_heading(heading);
    }
}

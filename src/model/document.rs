//! A document: a text whose damage is repaired, with its outline, blocks, links and notes.

use crate::model::id::HeadingIx;
use crate::model::source::Origin;
use crate::model::text::{LineIndex, Span, SpanMap};
use std::sync::Arc;

/// A parsed text. Every span is of `text`, in bytes; lines are those of the file as collected.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it comes from.
    pub origin: Origin,
    /// blake3 of the bytes as collected.
    pub hash: [u8; 32],
    /// The text as decoded and redacted, before repairs: what the "as written" page shows.
    pub source: Arc<str>,
    /// Line starts of `source`.
    pub lines: LineIndex,
    /// The repaired text; the same allocation as `source` where nothing was damaged.
    pub text: Arc<str>,
    /// From `text` back to `source`.
    pub map: SpanMap,
    /// YAML or TOML front matter, where there is some.
    pub front_matter: Option<FrontMatter>,
    /// Everything behind the front matter.
    pub body: Span,
    /// The outline: headings in the order they stand.
    pub headings: Vec<Heading>,
    /// Leaf blocks in the order they stand; together they hold every visible word of the body outside headings.
    pub blocks: Vec<Block>,
    /// Links, images and dead references in the order they stand.
    pub links: Vec<Link>,
    /// `<!-- opsbook: ... -->` comments.
    pub notes: Vec<Note>,
    /// What was repaired, for the page and for `explain`.
    pub repairs: Vec<Repair>,
}

impl Document {
    /// A text of which nothing is read yet; the hash is that of the bytes as collected.
    pub fn new(origin: Origin, hash: [u8; 32], text: Arc<str>) -> Self {
        Self {
            origin,
            hash,
            lines: LineIndex::of(&text),
            source: text.clone(),
            text,
            map: SpanMap::default(),
            front_matter: None,
            body: Span::default(),
            headings: vec![],
            blocks: vec![],
            links: vec![],
            notes: vec![],
            repairs: vec![],
        }
    }

    /// The line of the file as collected that an offset of `text` came from.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.line(self.map.back(offset))
    }

    /// The blocks that stand under a heading itself (not under its children); `None` is the text before any heading.
    pub fn blocks_under(&self, heading: Option<HeadingIx>) -> impl Iterator<Item = &Block> {
        let from = self.blocks.partition_point(move |b| b.heading < heading);
        self.blocks[from..].iter().take_while(move |b| b.heading == heading)
    }

    /// The headings directly below one.
    pub fn children(&self, heading: HeadingIx) -> impl Iterator<Item = HeadingIx> + '_ {
        (heading.at() + 1..self.headings.len())
            .take_while(move |&h| self.headings[h].level > self.headings[heading.at()].level)
            .filter(move |&h| self.headings[h].parent == Some(heading))
            .map(HeadingIx::from)
    }
}

/// A heading, whatever its author made it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6; a bold line counts as one level below the real heading above it.
    pub level: u8,
    /// Its words: markup, numbering ("3.6"), closing `#`s and a closing colon taken away.
    pub title: String,
    /// The heading itself, with its markup and line end.
    pub span: Span,
    /// From behind the heading to the next heading of any level.
    pub body: Span,
    /// The nearest heading above of a smaller level.
    pub parent: Option<HeadingIx>,
    /// GitHub's anchor, made unique with `-1`, `-2`.
    pub anchor: String,
    /// How it is written.
    pub style: HeadingStyle,
    /// An answer that stands inside the heading (`### **Last review date: 13/10/2022**`): the part behind the colon.
    pub inline_answer: Option<Span>,
}

/// The ways people write headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingStyle {
    /// `## Title`, also repaired from `##Title##`.
    Atx,
    /// Underlined with `===` or `---`.
    Setext,
    /// A line of its own that is bold throughout.
    Bold,
    /// HTML `<h1>` to `<h6>`.
    Html,
    /// reStructuredText, numbered plain lines and the like, repaired.
    Repaired,
}

/// What a leaf block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A list item's own text, without its nested items.
    Item,
    /// Fenced or indented code.
    Code,
    /// The head row of a table.
    TableHead,
    /// One row of a table.
    TableRow,
    /// An HTML comment.
    Comment,
    /// Other HTML.
    Html,
    /// A link or footnote definition.
    Definition,
    /// A thematic break.
    Rule,
}

/// A leaf block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes with markup (`- `, `> `, backticks), without the line end.
    pub span: Span,
    /// The heading it stands under; `None` before the first.
    pub heading: Option<HeadingIx>,
    /// How deep its list is nested: 0 outside lists.
    pub depth: u8,
    /// Whether it stands inside a blockquote.
    pub quoted: bool,
}

/// A link, an image or a reference that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// Where it leads, as written; empty for `[]()`.
    pub target: String,
    /// Its words.
    pub label: String,
    /// The whole link.
    pub span: Span,
    /// The heading it stands under.
    pub heading: Option<HeadingIx>,
}

/// The kinds of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[label](target)`.
    Inline,
    /// `[label][ref]` and friends, resolved.
    Reference,
    /// `<https://...>` or a bare address.
    Auto,
    /// `<name@example.org>`.
    Email,
    /// `![alt](target)`.
    Image,
    /// `[label][nowhere]`: a full or collapsed reference without a definition.
    Dangling,
}

/// Front matter, read leniently.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMatter {
    /// With its fences.
    pub span: Span,
    /// Top-level keys in order.
    pub fields: Vec<Field>,
    /// Why it could not be read, where it could not: the text then stays readable as text.
    pub error: Option<String>,
}

/// One key of front matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key as written.
    pub key: String,
    /// Its value.
    pub value: serde_json::Value,
    /// The line the key stands on in the file as collected.
    pub line: u32,
}

/// What an author says to opsbook in a comment: `<!-- opsbook: VERB-OR-KEY=... -->`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The first bare word (`verified`, `accepted`, `not-applicable`), empty where the first is `key=value`.
    pub verb: String,
    /// `key=value` pairs in order, quotes taken away; `key: value` lines behind the first line likewise.
    pub attributes: Vec<(String, String)>,
    /// The whole comment.
    pub span: Span,
    /// The heading it stands under.
    pub heading: Option<HeadingIx>,
}

impl Note {
    /// The value of an attribute.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}

/// One kind of repair that was done to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// Line ends made `\n`.
    LineEnds,
    /// Line breaks put back into a text that had lost them.
    LostNewlines,
    /// `##Title` given its space.
    HeadingSpace,
    /// A fence that was never closed.
    UnclosedFence,
    /// A comment that was never closed.
    UnclosedComment,
    /// Nesting deeper than we render was flattened.
    DeepNesting,
    /// Bold lines taken as headings.
    BoldHeadings,
    /// Template code (ERB) left as text.
    TemplateCode,
    /// reStructuredText made readable.
    Rst,
    /// Lines of a plain text that stand alone (`OVERVIEW`, `Contacts:`) taken as headings.
    PlainOutline,
}

//! Links while they are being read: which are open, what their labels say, where none can be.

use crate::model::document::{Block, BlockKind, Link, LinkKind};
use crate::model::text::Span;
use crate::parse::urls;
use std::ops::Range;

/// The links found so far.
#[derive(Default)]
pub struct Links {
    found: Vec<Link>,
    /// Links whose end has not come yet, and where in `labels` their words begin.
    open: Vec<(Link, usize)>,
    labels: String,
    /// Where no bare address can stand: links, code, comments, HTML.
    pub opaque: Vec<Span>,
}

impl Links {
    /// A link begins.
    pub fn open(&mut self, kind: LinkKind, target: &str, at: Range<usize>) {
        let span = Span::from(at);
        self.opaque.push(span);
        let link = Link { kind, target: target.to_owned(), label: String::new(), span, heading: None };
        self.open.push((link, self.labels.len()));
    }

    /// Words, which are a label where a link is open.
    pub fn say(&mut self, words: &str) {
        if !self.open.is_empty() {
            self.labels.push_str(words);
        }
    }

    /// The innermost link ends.
    pub fn close(&mut self) {
        let Some((mut link, from)) = self.open.pop() else { return };
        link.label = self.labels[from..].trim().to_owned();
        if self.open.is_empty() {
            self.labels.clear();
        }
        self.found.push(link);
    }

    /// A reference without a definition; `array[0][1]` and the like are no references.
    pub fn dangling(&mut self, text: &str, mut span: Span) {
        // The reader says where a collapsed reference's label ends, not where the reference does.
        if text[span.end as usize..].starts_with("[]") {
            span.end += 2;
        }
        let Some((label, target)) = span.of(text).rsplit_once("][") else { return };
        let (label, target) = (label.trim_start_matches(['!', '[']), target.trim_end_matches(']').trim());
        let target = if target.is_empty() { label } else { target };
        if [label, target].iter().all(|t| t.chars().any(char::is_alphabetic)) {
            let (target, label) = (target.to_owned(), label.to_owned());
            self.found.push(Link { kind: LinkKind::Dangling, target, label, span, heading: None });
        }
    }

    /// All links in the order they stand, bare addresses included.
    pub fn finish(mut self, text: &str, body: Span, blocks: &[Block]) -> Vec<Link> {
        let definition = |b: &&Block| b.kind == BlockKind::Definition && !b.span.of(text).starts_with("[^");
        self.opaque.extend(blocks.iter().filter(definition).map(|b| b.span));
        urls::find(text, body, &mut self.opaque, &mut self.found);
        self.found.sort_by_key(|l| l.span);
        self.found
    }
}

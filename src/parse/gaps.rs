//! What the Markdown reader shows nowhere: link definitions and the like get blocks too, so that no word is lost.

use crate::model::document::{Block, BlockKind, Heading};
use crate::model::text::Span;

/// Adds a block for every run of lines with words in it that no heading and no block holds.
pub fn fill(text: &str, body: Span, headings: &[Heading], blocks: &mut Vec<Block>) {
    let mut held: Vec<Span> = headings.iter().map(|h| h.span).chain(blocks.iter().map(|b| b.span)).collect();
    held.sort_unstable();
    let mut found = Vec::new();
    let mut at = body.start;
    for span in held.into_iter().chain([Span { start: body.end, end: body.end }]) {
        if span.start > at {
            gap(text, Span { start: at, end: span.start }, &mut found);
        }
        at = at.max(span.end);
    }
    if !found.is_empty() {
        blocks.extend(found);
        blocks.sort_by_key(|b| b.span);
    }
}

fn gap(text: &str, span: Span, found: &mut Vec<Block>) {
    let gap = span.of(text);
    if !gap.bytes().any(|b| b.is_ascii_alphanumeric() || !b.is_ascii()) {
        return;
    }
    let mut at = span.start as usize;
    let mut open = false;
    for line in gap.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_start_matches([' ', '\t', '>']);
        if !line.chars().any(char::is_alphanumeric) {
            open = false;
            continue;
        }
        let begin = start + (line.len() - line.trim_start().len());
        let end = start + line.trim_end().len();
        let definition = bare.starts_with('[') && !bare.starts_with("[!");
        if open
            && !definition
            && let Some(last) = found.last_mut()
        {
            last.span.end = end as u32;
            continue;
        }
        let kind = match bare {
            _ if definition => BlockKind::Definition,
            _ if bare.starts_with("[!") => BlockKind::Html,
            _ => BlockKind::Paragraph,
        };
        let quoted = line.trim_start().starts_with('>');
        found.push(Block { kind, span: Span::new(begin, end), heading: None, depth: 0, quoted });
        open = definition;
    }
}

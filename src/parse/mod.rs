//! Text to document: repairs damage, finds the outline, blocks, links and notes. Never fails.

mod anchors;
mod bold;
mod front_matter;
mod gaps;
mod html;
mod links;
mod notes;
mod title;
mod urls;
mod walk;

use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::document::{Document, Repair};
use crate::model::source::TextFile;
use crate::model::text::{Rewrite, Span, SpanMap};
use std::sync::Arc;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[front_matter::UNREADABLE];

/// Reads a text's structure.
pub fn parse(file: TextFile) -> (Document, Vec<Diagnostic>) {
    let mut document = Document {
        origin: file.origin,
        hash: file.hash,
        source: file.text.clone(),
        lines: file.lines,
        text: file.text,
        map: SpanMap::default(),
        front_matter: None,
        body: Span::default(),
        headings: vec![],
        blocks: vec![],
        links: vec![],
        notes: vec![],
        repairs: vec![],
    };
    let mut diagnostics = Vec::new();
    mend(&mut document, Repair::LineEnds, line_ends);
    front_matter::read(&mut document, &mut diagnostics);
    walk::read(&mut document);
    (document, diagnostics)
}

/// Does one repair to the text, where it finds something to repair.
fn mend(document: &mut Document, repair: Repair, find: impl FnOnce(&str, &mut Rewrite)) {
    let mut rewrite = Rewrite::of(&document.text);
    find(&document.text, &mut rewrite);
    if let Some((text, map)) = rewrite.finish() {
        document.map = map.over(&document.map);
        document.text = Arc::from(text);
        document.repairs.push(repair);
    }
}

/// Every line end becomes `\n`.
fn line_ends(text: &str, rewrite: &mut Rewrite) {
    for at in memchr::memchr_iter(b'\r', text.as_bytes()) {
        let end = if text.as_bytes().get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 };
        rewrite.replace(at..end, "\n");
    }
}

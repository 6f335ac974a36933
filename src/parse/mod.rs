//! Text to document: repairs damage, finds the outline, blocks, links and notes. Never fails.

use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::document::Document;
use crate::model::source::TextFile;
use crate::model::text::{Span, SpanMap};

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Reads a text's structure.
pub fn parse(file: TextFile) -> (Document, Vec<Diagnostic>) {
    let body = Span::new(0, file.text.len());
    let document = Document {
        origin: file.origin,
        hash: file.hash,
        source: file.text.clone(),
        lines: file.lines,
        text: file.text,
        map: SpanMap::default(),
        front_matter: None,
        body,
        headings: vec![],
        blocks: vec![],
        links: vec![],
        notes: vec![],
        repairs: vec![],
    };
    (document, Vec::new())
}

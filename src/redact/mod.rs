//! Bytes to text: decodes what was collected and replaces credentials, line numbers kept.

mod decode;
mod judge;
mod mojibake;
mod secrets;
mod tables;
mod values;

use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::source::{RawFile, TextFile};
use crate::model::text::{LineIndex, Rewrite, Span};

const NOT_TEXT: Rule =
    Rule { id: "not-text", severity: Severity::Warning, summary: "A file that is named like a document holds no text" };

const EMPTY: Rule =
    Rule { id: "empty-document", severity: Severity::Note, summary: "A document holds no text but white space" };

const ENCODING: Rule = Rule {
    id: "not-utf-8",
    severity: Severity::Note,
    summary: "A document is not plain UTF-8, or its characters were once encoded twice",
};

const SECRET: Rule = Rule {
    id: "secret-redacted",
    severity: Severity::Error,
    summary: "What looks like a credential stands in a document; it was replaced before anything else read it",
};

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[NOT_TEXT, EMPTY, ENCODING, SECRET];

/// Decodes a file and replaces its credentials; `None` for what is no text (a PNG named `.md`, NUL bytes).
pub fn redact(file: RawFile) -> (Option<TextFile>, Vec<Diagnostic>) {
    let RawFile { origin, bytes } = file;
    let hash = *blake3::hash(&bytes).as_bytes();
    let whole = || Some(Location::file(origin.clone()));
    let mut diagnostics = Vec::new();
    let decoded = match decode::decode(bytes) {
        Ok(decoded) => decoded,
        Err(what) => {
            let message = format!("{} is {what}, not text", origin.label());
            let help = "rename it by what it is, or exclude it";
            return (None, vec![NOT_TEXT.says(message, whole(), help)]);
        }
    };
    let (mut text, mut map) = (decoded.text, decoded.map);
    if let Some(encoding) = decoded.encoding {
        diagnostics.push(ENCODING.says(
            format!("the file is {encoding}, read as such"),
            whole(),
            "save it as UTF-8, so that every tool reads the same text",
        ));
    }
    if let Some((mended, back, first)) = mojibake::mend(&text) {
        let lines = LineIndex::of(&mended);
        diagnostics.push(ENCODING.says(
            "characters that were encoded as UTF-8 twice are put right",
            Some(Location::span(origin.clone(), &mended, &lines, first)),
            "save the file again with the characters as they should be",
        ));
        (text, map) = (mended, back.over(&map));
    }
    let found = secrets::find(&text);
    let mut redacted = Vec::with_capacity(found.len());
    let mut rewrite = Rewrite::of(&text);
    let (mut old, mut new) = (0, 0);
    for (range, kind) in found {
        let marker = format!("[redacted: {kind}]");
        new += range.start - old;
        old = range.end;
        redacted.push((Span::new(new, new + marker.len()), kind));
        let lines: String = text[range.clone()].chars().filter(|c| matches!(c, '\n' | '\r')).collect();
        let with = marker + &lines;
        new += with.len();
        rewrite.replace(range, &with);
    }
    if let Some((clean, back)) = rewrite.finish() {
        (text, map) = (clean, back.over(&map));
    }
    let lines = LineIndex::of(&text);
    for (span, kind) in &redacted {
        diagnostics.push(SECRET.says(
            format!("a credential stands here in clear text: {kind}"),
            Some(Location::span(origin.clone(), &text, &lines, *span)),
            "revoke it, then write where it is kept instead; it stays readable in the repository's history",
        ));
    }
    if text.trim().is_empty() {
        diagnostics.push(EMPTY.says(format!("{} is empty", origin.label()), whole(), "write it, or remove the file"));
    }
    (Some(TextFile { origin, text: text.into(), map, lines, redacted, hash }), diagnostics)
}

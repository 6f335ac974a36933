//! Reading one file: bytes to text without credentials, text to document.

#![allow(clippy::disallowed_methods)]

use opsbook::model::document::Document;
use opsbook::model::source::{Origin, RawFile, TextFile};
use opsbook::model::text::Span;
use opsbook::{parse, redact};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn raw(path: &str, bytes: impl Into<Vec<u8>>) -> RawFile {
    RawFile { origin: Origin::of_ours(path), bytes: bytes.into() }
}

fn text(path: &str, bytes: impl Into<Vec<u8>>) -> Option<TextFile> {
    redact::redact(raw(path, bytes)).0
}

fn document(path: &str, bytes: impl Into<Vec<u8>>) -> Option<Document> {
    text(path, bytes).map(|t| parse::parse(t).0)
}

fn cases(phase: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(phase);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    found.sort();
    assert!(found.len() > 3, "few cases for {phase}");
    found
}

/// Runs each case's input through `make` and compares with `expected.txt`; with `BLESS=1` writes it instead.
fn compare(phase: &str, make: impl Fn(&str, Vec<u8>) -> String) {
    let mut wrong = String::new();
    for case in cases(phase) {
        let input =
            std::fs::read_dir(&case).unwrap().map(|e| e.unwrap().path()).find(|p| p.file_stem().unwrap() == "input");
        let input = input.unwrap_or_else(|| panic!("no input in {}", case.display()));
        let got = make(input.file_name().unwrap().to_str().unwrap(), std::fs::read(&input).unwrap());
        let expected = case.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(expected, got).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != got {
            writeln!(wrong, "== {}\n{got}", case.file_name().unwrap().to_str().unwrap()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "these read differently now:\n{wrong}");
}

/// A document in a few lines: what stands where.
fn dump(document: &Document) -> String {
    let mut out = String::new();
    let short = |span: Span| {
        let text = span.of(&document.text).replace('\n', "⏎").replace('\t', "→");
        if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text }
    };
    if !document.repairs.is_empty() {
        writeln!(out, "repairs {:?}", document.repairs).unwrap();
    }
    if let Some(front) = &document.front_matter {
        for field in &front.fields {
            writeln!(out, "front :{} {} = {}", field.line, field.key, field.value).unwrap();
        }
        if let Some(error) = &front.error {
            writeln!(out, "front error: {error}").unwrap();
        }
    }
    let mut rows: Vec<(Span, String)> = Vec::new();
    for h in &document.headings {
        let answer = h.inline_answer.map(|a| format!(" = {:?}", a.of(&document.text))).unwrap_or_default();
        let line = document.line(h.span.start);
        let marks = "#".repeat(h.level.into());
        rows.push((h.span, format!("{marks} {:?} #{} :{line} {:?}{answer}", h.title, h.anchor, h.style)));
    }
    for b in &document.blocks {
        let quoted = if b.quoted { " quoted" } else { "" };
        let depth = if b.depth > 0 { format!(" depth {}", b.depth) } else { String::new() };
        let line = document.line(b.span.start);
        rows.push((b.span, format!("  {:?}{depth}{quoted} :{line} {}", b.kind, short(b.span))));
    }
    rows.sort_by_key(|(span, _)| *span);
    for (_, row) in rows {
        writeln!(out, "{row}").unwrap();
    }
    for l in &document.links {
        writeln!(out, "link {:?} :{} {:?} -> {:?}", l.kind, document.line(l.span.start), l.label, l.target).unwrap();
    }
    for n in &document.notes {
        let under = n.heading.map(|h| format!(" under {:?}", document.headings[h.at()].title)).unwrap_or_default();
        writeln!(out, "note {:?} {:?}{under}", n.verb, n.attributes).unwrap();
    }
    out
}

#[test]
fn documents_are_read_as_their_cases_say() {
    compare("parse", |name, bytes| dump(&document(name, bytes).expect("a text")));
}

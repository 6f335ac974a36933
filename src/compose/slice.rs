//! Slices of the source that can stand on their own: whole tables, closed fences, definitions at hand.

use crate::model::document::{BlockKind, Document, HeadingStyle};
use crate::model::id::HeadingIx;
use crate::model::runbook::{Home, Part};
use crate::model::text::Span;
use std::collections::{BTreeSet, HashMap};

/// A heading's words as inline Markdown, as written.
pub fn title(document: &Document, heading: HeadingIx) -> String {
    let heading = &document.headings[heading.at()];
    let source = heading.span.of(&document.text).trim();
    match heading.style {
        HeadingStyle::Atx => {
            let inner = source.trim_start_matches('#').trim();
            let open = inner.trim_end_matches('#');
            let closed = open.len() < inner.len() && (open.is_empty() || open.ends_with([' ', '\t']));
            one_line(if closed { open } else { inner })
        }
        HeadingStyle::Setext => {
            let words = source.rfind('\n').map_or(source, |end| &source[..end]);
            one_line(words)
        }
        HeadingStyle::Bold => one_line(source),
        HeadingStyle::Html | HeadingStyle::Repaired => match heading.inline_answer {
            Some(answer) => one_line(&format!("{}: {}", heading.title, answer.of(&document.text))),
            None => one_line(&heading.title),
        },
    }
}

fn one_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { "(no title)".to_owned() } else { text }
}

/// The words of a part, headings inside it put below `level`; with the definitions it uses where it is to stand alone.
pub fn part(document: &Document, part: &Part, level: u8, definitions: Option<&Definitions>) -> String {
    let span = whole_lines(document, part.span);
    let mut text = demoted(document, span, level);
    if let Some(head) = table_head(document, part.span) {
        text.insert_str(0, head);
    }
    // A claim that was not understood stays: its author has to see it again.
    if matches!(part.home, Home::Section(_)) {
        text = without_claim(&text);
    }
    let first = document.blocks.partition_point(|b| b.span.end <= part.span.start);
    if document.blocks.get(first).is_some_and(|b| b.depth > 0) {
        text = dedented(&text);
    }
    let text = text.trim_end();
    let blank = text.len() - text.trim_start_matches(['\n', '\r']).len();
    let mut text = closed(blank_lines_off(&text[blank..]));
    if let Some(definitions) = definitions {
        definitions.carry(span, &mut text);
    }
    text
}

/// Lines of nothing but spaces before the first words go; the indentation of the first words stays.
fn blank_lines_off(mut text: &str) -> &str {
    while let Some((line, rest)) = text.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        text = rest;
    }
    if text.trim().is_empty() { "" } else { text }
}

/// The span from the start of its first line, where only spaces stand before it.
fn whole_lines(document: &Document, span: Span) -> Span {
    let Some(before) = document.text.get(..span.start as usize) else { return Span::default() };
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let starts_line = before.len() == indent || before[..before.len() - indent].ends_with('\n');
    Span { start: span.start - if starts_line { indent as u32 } else { 0 }, end: span.end }
}

/// The text of a span, its own headings written as ATX headings below `level`.
fn demoted(document: &Document, span: Span, level: u8) -> String {
    let from = document.headings.partition_point(|h| h.span.start < span.start);
    let inside: Vec<_> = document.headings[from..].iter().take_while(|h| h.span.end <= span.end).collect();
    let Some(top) = inside.iter().map(|h| h.level).min() else { return span.of(&document.text).to_owned() };
    let mut out = String::with_capacity(span.len() + 8 * inside.len());
    let mut at = span.start;
    for (i, heading) in inside.iter().enumerate() {
        out.push_str(Span { start: at, end: heading.span.start.max(at) }.of(&document.text));
        let depth = (level + 1 + heading.level - top).min(6);
        out.push_str(&"#".repeat(usize::from(depth)));
        out.push(' ');
        out.push_str(&title(document, HeadingIx::from(from + i)));
        out.push('\n');
        at = heading.span.end;
    }
    out.push_str(Span { start: at, end: span.end }.of(&document.text));
    out
}

/// The head and delimiter rows of the table a span begins in the middle of.
fn table_head(document: &Document, span: Span) -> Option<&str> {
    let first = document.blocks.partition_point(|b| b.span.end <= span.start);
    if document.blocks.get(first)?.kind != BlockKind::TableRow {
        return None;
    }
    let mut rows = document.blocks[..first].iter().rev();
    let head = rows.find(|b| b.kind != BlockKind::TableRow).filter(|b| b.kind == BlockKind::TableHead)?;
    let head_line = whole_lines(document, head.span);
    let mut ends = document.text[head_line.start as usize..].match_indices('\n').map(|(at, _)| at + 1);
    let delimiter = ends.nth(1)?;
    document.text.get(head_line.start as usize..head_line.start as usize + delimiter)
}

/// Our own claim of the section it stands in is written anew with each heading.
fn without_claim(text: &str) -> String {
    let line = text.trim_start();
    let claim = line.strip_prefix("<!-- opsbook: section=").and_then(|rest| rest.split_once("-->"));
    match claim {
        Some((id, rest)) if !id.trim().contains([' ', '\n', ',', '=']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// The text without the indentation all its lines share: a nested item moved out of its list is not code.
fn dedented(text: &str) -> String {
    let indent = |l: &str| l.len() - l.trim_start_matches(' ').len();
    let shared = text.lines().filter(|l| !l.trim().is_empty()).map(indent).min().unwrap_or(0);
    if shared == 0 {
        return text.to_owned();
    }
    text.lines().map(|l| format!("{}\n", l.get(shared..).unwrap_or_default())).collect()
}

/// The text with its last fence or comment closed, so that what follows it is not swallowed.
fn closed(text: &str) -> String {
    let mut out = text.to_owned();
    let mut fence: Option<(u8, usize)> = None;
    for line in text.lines() {
        let trimmed = line.trim_start_matches([' ', '>']);
        let mark = trimmed.bytes().next().filter(|b| matches!(b, b'`' | b'~'));
        let run = mark.map_or(0, |m| trimmed.bytes().take_while(|&b| b == m).count());
        match (fence, mark) {
            (None, Some(m)) if run >= 3 && !(m == b'`' && trimmed[run..].contains('`')) => fence = Some((m, run)),
            (Some((m, open)), Some(c)) if c == m && run >= open && trimmed[run..].trim().is_empty() => fence = None,
            _ => {}
        }
    }
    if let Some((mark, run)) = fence {
        out.push('\n');
        out.extend(std::iter::repeat_n(char::from(mark), run));
    } else if let Some(open) = out.rfind("\n<!--").or(out.starts_with("<!--").then_some(0))
        && !out[open..].contains("-->")
    {
        out.push_str("\n-->");
    }
    out
}

/// The link and footnote definitions of a document by what refers to them: `[label]`, lower case.
pub struct Definitions<'a> {
    text: &'a str,
    by_label: HashMap<String, Span>,
}

impl<'a> Definitions<'a> {
    /// Finds them.
    pub fn of(document: &'a Document) -> Self {
        let mut by_label = HashMap::new();
        for block in document.blocks.iter().filter(|b| b.kind == BlockKind::Definition) {
            let definition = block.span.of(&document.text).trim_start();
            // A definition larger than this stays in its own place: carried to every reference it could fill a disk.
            if let Some(end) = definition.find("]:").filter(|_| block.span.len() <= 4096) {
                by_label.entry(definition[..=end].to_lowercase()).or_insert(block.span);
            }
        }
        Self { text: &document.text, by_label }
    }

    /// Adds those that stand outside `span` and that the text refers to, in the order of the document.
    fn carry(&self, span: Span, text: &mut String) {
        if self.by_label.is_empty() {
            return;
        }
        let mut used = BTreeSet::new();
        for (at, _) in text.match_indices('[') {
            if let Some(end) = text[at + 1..].find([']', '['])
                && text[at + 1 + end..].starts_with(']')
                && let Some(&definition) = self.by_label.get(&text[at..at + end + 2].to_lowercase())
                && !span.contains(definition)
            {
                used.insert(definition);
            }
        }
        for definition in used {
            text.push_str("\n\n");
            text.push_str(definition.of(self.text).trim());
        }
    }
}

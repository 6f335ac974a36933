//! The words behind a reading, where they stand in the source: the line, and marks under what decided.

use super::harmless;
use crate::model::document::Document;
use crate::model::text::Span;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// A terminal row holds this much of a source line.
const WIDTH: usize = 100;
/// Of words that go on over several lines, so many lines are shown.
const LINES: usize = 4;

/// Writes the lines a span of the document's text stands on, its words underlined.
pub fn underlined(text: &mut String, span: Span, document: &Document) {
    let span = document.map.back_span(span);
    let source = &document.source;
    let (first, last) = (document.lines.line(span.start), document.lines.line(span.end.max(span.start + 1) - 1));
    for number in (first..=last).take(LINES) {
        let line = document.lines.span(source, number);
        let end = line.start + line.of(source).trim_end().len() as u32;
        let words = Span { start: span.start.clamp(line.start, end), end: span.end.clamp(line.start, end) };
        if words.of(source).trim().is_empty() {
            continue;
        }
        let before = harmless(Span { start: line.start, end: words.start }.of(source));
        let after = harmless(Span { start: words.end, end }.of(source));
        row(text, number, &before, &harmless(words.of(source).trim_end()), &after);
    }
    if last >= first + LINES as u32 {
        text.push_str("        | …\n");
    }
}

/// One source line; what is too long for a row goes on in the next, without what stands around it.
fn row(text: &mut String, number: u32, before: &str, words: &str, after: &str) {
    if before.width() + words.width() + after.width() <= WIDTH {
        let shown = format!("{before}{words}{after}");
        let blank = " ".repeat(before.width() + words.width() - words.trim_start().width());
        let marks = "^".repeat(words.trim().width());
        _ = writeln!(text, "  {number:>5} | {}\n        | {blank}{marks}", shown.trim_end());
        return;
    }
    let mut rows: Vec<String> = vec![String::new()];
    for word in words.split_whitespace() {
        let row = rows.last_mut().map(|r| r.width()).unwrap_or_default();
        if row > 0 && row + 1 + word.width() > WIDTH {
            rows.push(String::new());
        }
        if let Some(row) = rows.last_mut() {
            row.push_str(if row.is_empty() { "" } else { " " });
            row.push_str(word);
        }
    }
    let (last, cut) = (rows.len() - 1, !after.trim().is_empty());
    for (at, row) in rows.iter().enumerate() {
        let lead = if at == 0 && !before.trim().is_empty() { "… " } else { "" };
        let tail = if at == last && cut { " …" } else { "" };
        let label = if at == 0 { format!("{number:>5}") } else { " ".repeat(5) };
        let marks = "^".repeat(row.width());
        _ = writeln!(text, "  {label} | {lead}{row}{tail}\n        | {}{marks}", " ".repeat(lead.width()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, words: &str, after: &str) -> String {
        let mut text = String::new();
        row(&mut text, 7, before, words, after);
        text
    }

    #[test]
    fn marks_stand_under_the_words_alone() {
        assert_eq!(of("- ", "TBD", " (soon)"), "      7 | - TBD (soon)\n        |   ^^^\n");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(of("备份：", "没有", ""), "      7 | 备份：没有\n        |       ^^^^\n");
    }

    #[test]
    fn a_long_sentence_is_shown_to_its_end() {
        let words = format!("{}TBD", "word ".repeat(40));
        let shown = of("Before. ", &words, " After.");
        assert!(shown.starts_with("      7 | … word") && shown.contains("TBD …\n"), "{shown}");
        assert!(shown.lines().all(|l| l.width() <= WIDTH + 16), "{shown}");
    }
}

//! A part of a document as plain words: what a search looks through and shows a piece of.

use crate::model::document::{Block, BlockKind, Document};
use crate::model::text::Span;

/// The words of a span, markup taken away; blocks, and headings inside it, stand apart by ` · `.
pub fn text(document: &Document, span: Span) -> String {
    let first = document.blocks.partition_point(|b| b.span.start < span.start);
    let mut headings = &document.headings[document.headings.partition_point(|h| h.span.start < span.start)..];
    let mut out = String::new();
    for block in document.blocks[first..].iter().take_while(|b| b.span.start < span.end) {
        while let Some((heading, rest)) = headings.split_first().filter(|(h, _)| h.span.start < block.span.start) {
            out.push_str(if out.is_empty() { "" } else { " · " });
            out.push_str(&heading.title);
            headings = rest;
        }
        let before = out.len();
        if before > 0 {
            out.push_str(" · ");
        }
        let from = out.len();
        words(document, block, &mut out);
        if out.len() == from {
            out.truncate(before);
        }
    }
    out
}

fn words(document: &Document, block: &Block, out: &mut String) {
    let source = block.span.of(&document.text);
    match block.kind {
        BlockKind::Comment | BlockKind::Definition | BlockKind::Rule => {}
        BlockKind::Code => {
            let fence = |l: &&str| !l.trim_start().starts_with("```") && !l.trim_start().starts_with("~~~");
            source.lines().filter(fence).for_each(|line| spaced(line, out));
        }
        // `[!WARNING]` only opens what is said.
        BlockKind::Html if source.trim_start_matches(['>', ' ']).starts_with("[!") => {}
        BlockKind::Html => tagless(source, out),
        BlockKind::TableHead | BlockKind::TableRow => {
            let mut cells = source.split('|').map(str::trim).filter(|c| !c.is_empty());
            cells.next().into_iter().for_each(|cell| inline(cell, out));
            for cell in cells {
                out.push_str(" | ");
                inline(cell, out);
            }
        }
        BlockKind::Paragraph | BlockKind::Item => {
            for line in source.lines() {
                let line = line.trim_start_matches(['>', ' ', '\t']);
                let line = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
                spaced_inline(line, out);
            }
        }
    }
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

fn spaced(line: &str, out: &mut String) {
    for word in line.split_whitespace() {
        space(out);
        out.push_str(word);
    }
}

fn spaced_inline(line: &str, out: &mut String) {
    let line = line.trim();
    if !line.is_empty() {
        space(out);
        inline(line, out);
    }
}

/// A line without emphasis, code marks and the targets of links.
fn inline(line: &str, out: &mut String) {
    let bytes = line.as_bytes();
    let is_word = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|b| b.is_ascii_alphanumeric());
    let mut kept = 0;
    let mut at = 0;
    while at < bytes.len() {
        let drop = match bytes[at] {
            b'`' | b'[' => 1,
            b'*' if bytes.get(at + 1) != Some(&b' ') || at > 0 && bytes[at - 1] != b' ' => 1,
            b'_' if !is_word(at.checked_sub(1)) || !is_word(Some(at + 1)) => 1,
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => 1,
            b'!' if bytes.get(at + 1) == Some(&b'[') => 1,
            b']' => 1 + target(&line[at + 1..]),
            _ => 0,
        };
        if drop > 0 {
            out.push_str(&line[kept..at]);
            kept = at + drop;
        }
        // What is escaped is text.
        at += if drop == 1 && bytes[at] == b'\\' { 2 } else { drop.max(1) };
    }
    out.push_str(line.get(kept..).unwrap_or_default());
}

/// How long the target behind a label is.
fn target(rest: &str) -> usize {
    let close = match rest.as_bytes().first() {
        Some(b'(') => ')',
        Some(b'[') => ']',
        _ => return 0,
    };
    // Longer than any address: then it is no target.
    let end = rest.char_indices().take(2000).find(|(_, c)| *c == close);
    end.map_or(0, |(at, _)| at + 1)
}

fn tagless(source: &str, out: &mut String) {
    let mut rest = source;
    loop {
        let (text, tag) = rest.split_once('<').unwrap_or((rest, ""));
        spaced(text, out);
        match tag.split_once('>') {
            Some((_, after)) => rest = after,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(line: &str) -> String {
        let mut out = String::new();
        inline(line, &mut out);
        out
    }

    #[test]
    fn markup_goes_and_words_stay() {
        let cases = [
            ("Run `kubectl --force` **now**", "Run kubectl --force now"),
            ("see [the page](https://x.example/a_b) and [this][1]", "see the page and this"),
            ("snake_case_name and _soft_ words", "snake_case_name and soft words"),
            ("2 * 3 \\* 4", "2 * 3 * 4"),
            ("[x] done ![a picture](b.png)", "x done a picture"),
            ("open [ and _ at the end_", "open  and  at the end"),
            ("ж`ж`*ж*", "жжж"),
        ];
        for (markdown, text) in cases {
            assert_eq!(plain(markdown), text);
        }
    }
}

//! Blocks of HTML: comments, headings, and the text that authors leave behind a comment on its line.

use crate::model::document::HeadingStyle;
use crate::parse::title;
use crate::parse::walk::Walk;
use memchr::memmem;
use std::ops::Range;

/// A summary longer than this is a sentence, not a title.
const LONGEST_SUMMARY: usize = 80;

/// Reads a block of HTML; `whole` where text behind a comment may be read as Markdown.
pub fn read(walk: &mut Walk, at: Range<usize>, whole: bool) {
    let text = walk.text;
    let mut from = at.start;
    let mut behind = false;
    while let Some(open) = memmem::find(&text.as_bytes()[from..at.end], b"<!--").map(|o| from + o) {
        rest(walk, from..open, behind, whole);
        let inner = (open + 4).min(at.end);
        let close = memmem::find(&text.as_bytes()[inner..at.end], b"-->").map_or(at.end, |c| inner + c + 3);
        walk.comment(open..close);
        from = close;
        behind = true;
    }
    rest(walk, from..at.end, behind, whole);
}

/// What stands between comments: Markdown where it stands behind one or behind a heading, HTML else.
fn rest(walk: &mut Walk, at: Range<usize>, behind: bool, whole: bool) {
    let text = walk.text;
    let trimmed = text[at.clone()].trim();
    if trimmed.is_empty() {
        return;
    }
    let start = at.start + (text[at.clone()].len() - text[at.clone()].trim_start().len());
    let at = start..start + trimmed.len();
    if behind && whole {
        return walk.run(at, false);
    }
    let mut from = at.start;
    while let Some((span, level, content)) = heading(text, from..at.end).filter(|_| walk.quoted == 0) {
        if span.start > from {
            walk.html(from..span.start);
        }
        from = span.end;
        let plain = words(&text[content.clone()]);
        if plain.is_empty() || level == 0 && plain.chars().count() > LONGEST_SUMMARY {
            walk.html(span);
            continue;
        }
        // What folds away stands below the heading above it, and so does what folds away next to it.
        let folds = level == 0;
        let level = if folds { walk.below() } else { level };
        let made = title::heading(text, level, HeadingStyle::Html, span.into(), content, plain);
        if folds { walk.heading_beside(made) } else { walk.real_heading(made) }
    }
    let from = from + (text[from..at.end].len() - text[from..at.end].trim_start().len());
    if whole && from > at.start && !text[from..at.end].starts_with('<') {
        walk.run(from..at.end, false);
    } else if from < at.end {
        walk.html(from..at.end);
    }
}

/// The next `<h2 ...>title</h2>` or `<summary>title</summary>`: the whole, its level, and its content; a summary's is 0.
fn heading(text: &str, at: Range<usize>) -> Option<(Range<usize>, u8, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut from = at.start;
    while let Some(open) = memchr::memchr(b'<', &bytes[from..at.end]).map(|o| from + o) {
        from = open + 1;
        let tag = &bytes[from..at.end];
        let length = tag.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let level = match (&tag[..length], tag.get(length)) {
            ([b'h' | b'H', level @ b'1'..=b'6'], Some(b' ' | b'>' | b'\n')) => level - b'0',
            (name, Some(b' ' | b'>')) if name.eq_ignore_ascii_case(b"summary") => 0,
            _ => continue,
        };
        let name = tag[..length].to_ascii_lowercase();
        let content = memchr::memchr(b'>', &bytes[open..at.end]).map(|c| open + c + 1)?;
        let close = [name.clone(), name.to_ascii_uppercase()]
            .iter()
            .find_map(|name| memmem::find(&bytes[content..at.end], &[b"</", name.as_slice()].concat()))?;
        let end = memchr::memchr(b'>', &bytes[content + close..at.end])? + content + close + 1;
        return Some((open..end, level, content..content + close));
    }
    None
}

/// Text without tags, its white space made single spaces.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if inside => {}
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim_end().to_owned()
}

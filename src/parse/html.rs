//! Blocks of HTML: comments, headings, and the text that authors leave behind a comment on its line.

use crate::model::document::HeadingStyle;
use crate::parse::title;
use crate::parse::walk::Walk;
use memchr::memmem;
use std::ops::Range;

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
        let made = title::heading(text, level, HeadingStyle::Html, span.into(), content, plain);
        walk.real_heading(made);
    }
    let from = from + (text[from..at.end].len() - text[from..at.end].trim_start().len());
    if whole && from > at.start && !text[from..at.end].starts_with('<') {
        walk.run(from..at.end, false);
    } else if from < at.end {
        walk.html(from..at.end);
    }
}

/// The next `<h2 ...>title</h2>`: the whole, its level, and its content.
fn heading(text: &str, at: Range<usize>) -> Option<(Range<usize>, u8, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut from = at.start;
    while let Some(open) = memchr::memchr(b'<', &bytes[from..at.end]).map(|o| from + o) {
        from = open + 1;
        let Some(&[b'h' | b'H', level @ b'1'..=b'6', b' ' | b'>' | b'\n']) = bytes[..at.end].get(open + 1..open + 4)
        else {
            continue;
        };
        let content = memchr::memchr(b'>', &bytes[open..at.end]).map(|c| open + c + 1)?;
        let close =
            [b'h', b'H'].into_iter().find_map(|h| memmem::find(&bytes[content..at.end], &[b'<', b'/', h, level]))?;
        let end = memchr::memchr(b'>', &bytes[content + close..at.end])? + content + close + 1;
        return Some((open..end, level - b'0', content..content + close));
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

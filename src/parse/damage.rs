//! Line by line: headings without their space, fences and comments never closed, nesting no reader can follow.

use crate::model::document::Repair;
use memchr::memmem;
use std::ops::Range;

/// Quotes and lists nested deeper than this are flattened: page rendering is superquadratic in depth.
const DEEPEST: usize = 100;

/// After this many repairs a text is not read a second time for the sake of an open fence.
const MOST: usize = 100;

/// One change to the text.
pub struct Edit {
    /// What is replaced.
    pub range: Range<usize>,
    /// By what.
    pub with: String,
    /// Why.
    pub repair: Repair,
}

/// What is to be mended, in order.
pub fn find(text: &str) -> Vec<Edit> {
    let last_close = memmem::rfind(text.as_bytes(), b"-->");
    let comment = (0, memmem::find(text.as_bytes(), b"<!--"));
    let mut scan = Scan { text, edits: vec![], fence: None, comment, last_close, close: None, blank: true };
    let mut at = 0;
    while at < text.len() {
        at = scan.line(at);
    }
    while let Some(fence) = scan.fence.take() {
        let mut at = scan.unclosed(fence);
        while at < text.len() {
            at = scan.line(at);
        }
    }
    scan.edits.sort_by_key(|e| (e.range.start, e.range.end));
    scan.edits
}

/// An open fence.
struct Fence {
    mark: u8,
    len: usize,
    /// Whether it stands inside a quote or a list, which closes it where it ends.
    inside: Option<Inside>,
    /// The first heading-like line since, whether another followed, and whether it stands alone.
    heading: Option<(usize, bool)>,
}

#[derive(Clone, Copy)]
enum Inside {
    Quote,
    List(usize),
}

struct Scan<'t> {
    text: &'t str,
    edits: Vec<Edit>,
    fence: Option<Fence>,
    /// From where on the next comment was looked for, and where it begins.
    comment: (usize, Option<usize>),
    last_close: Option<usize>,
    /// The end of the comment that was looked for last, and whether another end follows it without a beginning.
    close: Option<(usize, bool)>,
    /// Whether the line before was blank.
    blank: bool,
}

impl Scan<'_> {
    fn edit(&mut self, range: Range<usize>, with: impl Into<String>, repair: Repair) {
        self.edits.push(Edit { range, with: with.into(), repair });
    }

    /// Looks at the line that begins at `at`; returns where to go on.
    fn line(&mut self, at: usize) -> usize {
        let end = memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |n| at + n + 1);
        let line = &self.text[at..end];
        // Reading goes back to where a fence is closed.
        if at < self.comment.0 || self.comment.1.is_some_and(|open| open < at) {
            self.comment = (at, memmem::find(&self.text.as_bytes()[at..], b"<!--").map(|open| at + open));
        }
        let comment = self.comment.1.is_some_and(|open| open < end);
        if self.fence.is_none() && !comment && line.as_bytes()[0].is_ascii_alphabetic() {
            // A line that begins with a letter marks nothing.
            self.blank = false;
            return end;
        }
        let bare = line.trim();
        let blank = std::mem::replace(&mut self.blank, bare.is_empty());
        if let Some(fence) = &mut self.fence {
            let indent = line.len() - line.trim_start().len();
            let left = match fence.inside {
                Some(Inside::Quote) => !bare.starts_with('>'),
                Some(Inside::List(column)) => !bare.is_empty() && indent < column,
                None => false,
            };
            if !left {
                return self.fenced(at, end, blank);
            }
            self.fence = None;
        }
        if bare.is_empty() {
            return end;
        }
        if let Some(fence) = opening(line) {
            self.fence = Some(fence);
            return end;
        }
        self.nesting(at, line);
        if bare.starts_with('#') && line.len() - line.trim_start_matches(' ').len() <= 3 {
            self.heading(at, line, blank);
        }
        let mut from = at;
        let mut code = false;
        while comment && let Some(open) = memmem::find(&self.text.as_bytes()[from..end], b"<!--").map(|o| from + o) {
            code ^= self.text[from..open].bytes().filter(|b| *b == b'`').count() % 2 == 1;
            from = open + 4;
            if code || line.starts_with("    ") && blank {
                continue;
            }
            from = self.comment(open);
            if from >= end {
                // The comment may end in the middle of a line, whose rest is looked at as a line.
                return from;
            }
        }
        end
    }

    /// A line inside a fence.
    fn fenced(&mut self, at: usize, end: usize, blank: bool) -> usize {
        let Some(fence) = &mut self.fence else { return end };
        let line = &self.text[at..end];
        let bare = line.trim_start_matches([' ', '\t', '>']);
        let run = bare.bytes().take_while(|b| *b == fence.mark).count();
        if run >= fence.len {
            let info = bare[run..].trim();
            if info.is_empty() {
                self.fence = None;
            } else if fence.heading.is_some() && info.chars().all(|c| c.is_alphanumeric() || c == '-') {
                // Nobody opens a fence inside a fence, behind a heading: the first was never closed.
                if let Some((_, alone)) = &mut fence.heading {
                    *alone = true;
                }
                return self.fence.take().map_or(end, |fence| self.unclosed(fence));
            }
        } else if blank && fence.inside.is_none() && line.starts_with("##") {
            let hashes = line.bytes().take_while(|b| *b == b'#').count();
            if hashes <= 6 && line[hashes..].starts_with(' ') {
                let alone = self.text[end..].starts_with('\n') || end == self.text.len();
                fence.heading = match fence.heading {
                    Some((first, _)) => Some((first, true)),
                    None => Some((at, alone)),
                };
            }
        }
        end
    }

    /// Closes a fence that its author left open; returns where to go on.
    fn unclosed(&mut self, fence: Fence) -> usize {
        let mark = String::from_utf8_lossy(&[fence.mark]).repeat(fence.len);
        if fence.inside.is_some() {
            return self.text.len();
        }
        match fence.heading {
            Some((at, true)) if self.edits.len() < MOST => {
                self.edit(at..at, format!("{mark}\n\n"), Repair::UnclosedFence);
                self.blank = true;
                at
            }
            _ => {
                let line = if self.text.ends_with('\n') { "" } else { "\n" };
                self.edit(self.text.len()..self.text.len(), format!("{line}{mark}\n"), Repair::UnclosedFence);
                self.text.len()
            }
        }
    }

    /// A comment that begins at `open`; returns where it ends, which is repaired where it never does.
    fn comment(&mut self, open: usize) -> usize {
        let bytes = self.text.as_bytes();
        let from = open + 4;
        if self.last_close.is_some_and(|last| last + 1 >= from) {
            if self.close.is_none_or(|(close, _)| close + 1 < from) {
                let close = memmem::find(&bytes[open + 2..], b"-->").map_or(bytes.len(), |c| open + 2 + c);
                let behind = &bytes[(close + 3).min(bytes.len())..];
                let (next, stray) = (memmem::find(behind, b"<!--"), memmem::find(behind, b"-->"));
                let stray = stray.is_some_and(|s| next.is_none_or(|n| s < n));
                self.close = Some((close, stray));
            }
            if let Some((close, stray)) = self.close {
                let inner = memmem::find(&bytes[from.min(close)..close], b"<!--").map(|i| from + i);
                let swallows = inner.is_some_and(|i| self.paragraph_end(open) < i);
                if !swallows || stray {
                    return close + 3;
                }
            }
        }
        let end = self.paragraph_end(open);
        self.edit(end..end, " -->", Repair::UnclosedComment);
        end
    }

    /// The end of the paragraph that holds `at`: before a blank line or a heading.
    fn paragraph_end(&self, at: usize) -> usize {
        let mut from = at;
        while let Some(end) = memchr::memchr(b'\n', &self.text.as_bytes()[from..]).map(|n| from + n) {
            let next = &self.text[end + 1..];
            let line = &next[..next.find('\n').unwrap_or(next.len())];
            if line.trim().is_empty() || line.starts_with("# ") || line.starts_with("##") {
                return end;
            }
            from = end + 1;
        }
        self.text.len()
    }

    /// `##Title##`, and `#Title` where nothing else can be meant.
    fn heading(&mut self, at: usize, line: &str, blank: bool) {
        let start = at + (line.len() - line.trim_start().len());
        let bare = line.trim();
        let hashes = bare.bytes().take_while(|b| *b == b'#').count();
        let title = &bare[hashes..];
        let Some(first) = title.chars().next().filter(|_| hashes <= 6) else { return };
        let next = self.text[at + line.len()..].lines().next().unwrap_or_default();
        let wordy = first.is_alphanumeric() && title.contains(char::is_alphabetic);
        let fits = match hashes {
            // "#channel" and "#Hashtag" are no titles; one that is closed, or above other headings, is.
            1 => {
                first.is_uppercase()
                    && blank
                    && (next.trim().is_empty() || next.starts_with('#') || bare.ends_with('#'))
            }
            _ => wordy || matches!(first, '*' | '_' | '[' | '(' | '`' | '"' | '“'),
        };
        let hard = first == '\u{a0}' && title.contains(char::is_alphabetic);
        if !fits && !hard {
            return;
        }
        let behind = start + hashes;
        self.edit(behind..behind + if hard { first.len_utf8() } else { 0 }, " ", Repair::HeadingSpace);
        let words = title.trim_end_matches('#');
        let closing = title.len() - words.len();
        if closing == hashes && !words.ends_with(' ') && words.len() > first.len_utf8() {
            let end = behind + words.len();
            self.edit(end..end, " ", Repair::HeadingSpace);
        }
    }

    /// Takes marks away that would nest deeper than pages can show.
    fn nesting(&mut self, at: usize, line: &str) {
        let spaces = line.len() - line.trim_start_matches([' ', '\t']).len();
        let mut levels = spaces / 2;
        if levels == 0 && !line.starts_with(['>', '-', '*', '+']) && !line.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        let (mut from, mut end) = (at, at);
        if levels > DEEPEST && marker(&line[spaces..]) > 0 {
            (from, end) = (at + DEEPEST * 2, at + spaces);
        }
        let mut place = spaces;
        loop {
            let width = marker(&line[place..]);
            if width == 0 {
                break;
            }
            levels += 1;
            if levels == DEEPEST && from == end {
                (from, end) = (at + place, at + place);
            }
            place += width;
            place += line[place..].len() - line[place..].trim_start_matches([' ', '\t']).len();
            if levels > DEEPEST {
                end = at + place;
            }
        }
        if end > from {
            self.edit(from..end, "", Repair::DeepNesting);
        }
    }
}

/// The width of a quote mark or list marker at the beginning of a text.
fn marker(text: &str) -> usize {
    let bytes = text.as_bytes();
    let blank = |at: usize| bytes.get(at).is_none_or(|b| b.is_ascii_whitespace());
    let digits = bytes.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    match bytes.first() {
        Some(b'>') => 1,
        Some(b'-' | b'*' | b'+') if blank(1) => 1,
        Some(b'0'..=b'9') if matches!(bytes.get(digits), Some(b'.' | b')')) && blank(digits + 1) => digits + 1,
        _ => 0,
    }
}

/// The fence that a line opens.
fn opening(line: &str) -> Option<Fence> {
    let indent = line.len() - line.trim_start().len();
    let mut bare = line.trim();
    let mut inside = (indent > 3).then_some(Inside::List(indent));
    if bare.starts_with('>') {
        bare = bare.trim_start_matches(['>', ' ']);
        inside = Some(Inside::Quote);
    }
    let width = marker(bare);
    if width > 0 {
        bare = bare[width..].trim_start();
        inside = inside.or(Some(Inside::List(indent + width)));
    }
    let mark = *bare.as_bytes().first().filter(|b| matches!(b, b'`' | b'~'))?;
    let len = bare.bytes().take_while(|b| *b == mark).count();
    let info = &bare[len..];
    (len >= 3 && !(mark == b'`' && info.contains('`'))).then_some(Fence { mark, len, inside, heading: None })
}

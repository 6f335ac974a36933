//! Places in a text: spans, lines, and the way back from a repaired text to the text as collected.

use std::borrow::Cow;
use std::ops::Range;

/// A half-open byte range of a text, always on character boundaries of the text it was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The span of a byte range. Texts are below 4 GiB: collect refuses larger files.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: start as u32, end: end as u32 }
    }

    /// The same range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text under the span; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// Where the lines of a text begin. `\n`, `\r\n` and a lone `\r` each end a line, as editors count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters begin before each block of the text; empty where every byte begins one.
    chars: Vec<u32>,
}

/// How many bytes a block of a line index has: what is counted at most to tell a column.
const COUNTED: usize = 1024;

/// How many characters begin in some bytes of a text.
fn begun(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u32
}

impl LineIndex {
    /// Finds the line starts of a text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        // Documents of a whole fleet are kept side by side.
        starts.shrink_to_fit();
        let mut chars = Vec::new();
        if !text.is_ascii() {
            chars.push(0);
            chars.extend(bytes.chunks(COUNTED).scan(0, |sum, block| {
                *sum += begun(block);
                Some(*sum)
            }));
        }
        Self { starts, chars }
    }

    /// The line an offset stands on, counted from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The column of an offset, counted from 1 in characters of `text`.
    pub fn column(&self, text: &str, offset: u32) -> u32 {
        let start = self.starts[self.line(offset) as usize - 1];
        self.before(text, offset) - self.before(text, start) + 1
    }

    /// How many characters begin before an offset: a line may be the whole text, so they are not counted from its start.
    fn before(&self, text: &str, offset: u32) -> u32 {
        let at = (offset as usize).min(text.len());
        let block = at / COUNTED;
        match self.chars.get(block) {
            Some(before) => before + begun(&text.as_bytes()[block * COUNTED..at]),
            None => at as u32,
        }
    }

    /// The span of a line (counted from 1) with its line end.
    pub fn span(&self, text: &str, line: u32) -> Span {
        let at = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        let end = self.starts.get(at + 1).map_or(text.len(), |&next| next as usize);
        Span::new(self.starts[at] as usize, end)
    }

    /// How many lines there are; a text that ends in a line end has no further, empty line.
    pub fn count(&self, text: &str) -> u32 {
        let last = *self.starts.last().unwrap_or(&0) as usize;
        if last == text.len() && self.starts.len() > 1 {
            self.starts.len() as u32 - 1
        } else {
            self.starts.len() as u32
        }
    }
}

/// The way back from a text we made (decoded, redacted, repaired) to the one it was made from.
///
/// Empty means that both are the same. Otherwise pieces in order: from `made` on, offsets run in step with
/// `from`, for `len` bytes; a made offset behind a piece's end belongs to the end of that piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanMap {
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    made: u32,
    from: u32,
    len: u32,
}

impl SpanMap {
    /// Adds a run of `len` bytes that stands at `made` in the new text and at `from` in the old one.
    /// Runs must come in order of both; zero-length runs mark where inserted text belongs.
    pub fn push(&mut self, made: usize, from: usize, len: usize) {
        if let Some(last) = self.pieces.last_mut()
            && (last.made + last.len) as usize == made
            && (last.from + last.len) as usize == from
        {
            last.len += len as u32;
            return;
        }
        self.pieces.push(Piece { made: made as u32, from: from as u32, len: len as u32 });
    }

    /// Whether both texts are the same.
    pub fn is_identity(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The place in the old text that an offset of the new one came from.
    pub fn back(&self, made: u32) -> u32 {
        if self.pieces.is_empty() {
            return made;
        }
        let at = self.pieces.partition_point(|p| p.made <= made);
        match at.checked_sub(1).map(|at| self.pieces[at]) {
            Some(piece) => piece.from + (made - piece.made).min(piece.len),
            None => self.pieces[0].from,
        }
    }

    /// The way back through two makings: this one's, then the one before it.
    pub fn over(&self, earlier: &SpanMap) -> SpanMap {
        if self.is_identity() || earlier.is_identity() {
            return if self.is_identity() { earlier.clone() } else { self.clone() };
        }
        let mut map = SpanMap::default();
        let mut next = 0;
        for piece in &self.pieces {
            let (made, from, len) = (piece.made as usize, piece.from as usize, piece.len as usize);
            map.push(made, earlier.back(piece.from) as usize, 0);
            while next < earlier.pieces.len() && (earlier.pieces[next].made + earlier.pieces[next].len) as usize <= from
            {
                next += 1;
            }
            for e in earlier.pieces[next..].iter().take_while(|e| (e.made as usize) < from + len) {
                let start = from.max(e.made as usize);
                let end = (from + len).min((e.made + e.len) as usize);
                map.push(made + (start - from), e.from as usize + (start - e.made as usize), end.saturating_sub(start));
            }
            map.push(made + len, earlier.back(piece.from + piece.len) as usize, 0);
        }
        map
    }

    /// The old text's span that a span of the new one came from.
    pub fn back_span(&self, span: Span) -> Span {
        let start = self.back(span.start);
        Span { start, end: self.back(span.end).max(start) }
    }
}

/// A text being made from another by replacing pieces of it, front to back, with the way back kept.
pub struct Rewrite<'a> {
    old: &'a str,
    base: usize,
    at: usize,
    new: String,
    map: SpanMap,
}

impl<'a> Rewrite<'a> {
    /// Begins with nothing replaced.
    pub fn of(old: &'a str) -> Self {
        Self::behind(old, 0)
    }

    /// The same for the part of a text that begins at `base`, which ranges are then counted from.
    pub fn behind(old: &'a str, base: usize) -> Self {
        Self { old, base, at: 0, new: String::with_capacity(old.len() + old.len() / 8), map: SpanMap::default() }
    }

    /// Replaces a range of the old text; ranges come in order and do not overlap.
    pub fn replace(&mut self, range: Range<usize>, with: &str) {
        let range = range.start + self.base..range.end + self.base;
        self.keep(range.start);
        self.map.push(self.new.len(), range.start, 0);
        self.new.push_str(with);
        self.at = self.at.max(range.end);
    }

    /// The new text and the way back; nothing where nothing was replaced.
    pub fn finish(mut self) -> Option<(String, SpanMap)> {
        if self.map.is_identity() {
            return None;
        }
        self.keep(self.old.len());
        Some((self.new, self.map))
    }

    fn keep(&mut self, until: usize) {
        if until > self.at {
            self.map.push(self.new.len(), self.at, until - self.at);
            self.new.push_str(&self.old[self.at..until]);
            self.at = until;
        }
    }
}

/// The text with control characters, escape sequences and direction marks shown as what they are.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let shown = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    };
    let plain = text.bytes().all(|b| (b' '..b'\x7f').contains(&b));
    if plain || text.chars().all(|c| shown(c) == c) { text.into() } else { text.chars().map(shown).collect() }
}

/// The words of a text, folded for comparison: lower case, letters and digits only, markup between them ignored.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// A heading's anchor as GitHub makes it: lower case, spaces to `-`, everything but letters, digits, `-` and `_` dropped.
pub fn anchor(title: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    let title = title.trim();
    if !title.is_ascii() {
        return title.chars().flat_map(char::to_lowercase).filter_map(kept).collect();
    }
    let mut anchor = title.to_ascii_lowercase();
    if anchor.bytes().any(|b| !b.is_ascii_alphanumeric() && b != b'-' && b != b'_') {
        anchor = anchor.chars().filter_map(kept).collect();
    }
    anchor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_any_line_end() {
        let text = "a\r\nb\rc\nd";
        let lines = LineIndex::of(text);
        assert_eq!((0..text.len() as u32).map(|o| lines.line(o)).collect::<Vec<_>>(), [1, 1, 1, 2, 2, 3, 3, 4]);
        assert_eq!(lines.count(text), 4);
        assert_eq!(LineIndex::of("a\n").count("a\n"), 1);
    }

    #[test]
    fn columns_are_characters_of_lines_of_any_length() {
        for text in ["abc\ndef\n".repeat(900), "né\r\nà la carte 日本 ".repeat(300), "x".repeat(4096), "é".repeat(2048)]
        {
            let lines = LineIndex::of(&text);
            let mut column = 0;
            for (at, c) in text.char_indices() {
                column = if at > 0 && lines.line(at as u32) > lines.line(at as u32 - 1) { 1 } else { column + 1 };
                assert_eq!(lines.column(&text, at as u32), column, "{c:?} at {at}");
            }
            let end = lines.column(&text, text.len() as u32);
            assert!(end == column + 1 || end == 1 && text.ends_with('\n'));
        }
    }

    #[test]
    fn a_map_leads_back() {
        let mut map = SpanMap::default();
        map.push(0, 0, 3);
        map.push(5, 3, 4);
        assert_eq!([0, 2, 3, 4, 5, 8, 12].map(|o| map.back(o)), [0, 2, 3, 3, 3, 6, 7]);
    }

    #[test]
    fn two_makings_lead_back() {
        let mut first = Rewrite::of("a\r\nb\r\nc");
        first.replace(1..3, "\n");
        first.replace(4..6, "\n");
        let (text, earlier) = first.finish().unwrap();
        assert_eq!(text, "a\nb\nc");
        let mut second = Rewrite::of(&text);
        second.replace(2..2, "## ");
        let (text, map) = second.finish().unwrap();
        assert_eq!(text, "a\n## b\nc");
        let both = map.over(&earlier);
        for offset in 0..=text.len() as u32 {
            assert_eq!(both.back(offset), earlier.back(map.back(offset)), "offset {offset}");
        }
        assert_eq!(both.back(text.find('c').unwrap() as u32), 6);
    }

    #[test]
    fn anchors_are_githubs() {
        assert_eq!(anchor("Resilience, Fault Tolerance (FT)"), "resilience-fault-tolerance-ft");
        assert_eq!(anchor("a - b"), "a---b");
    }
}

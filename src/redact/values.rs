//! How far a value reaches that begins behind its name, and a block behind its first line.

use std::ops::Range;

/// How long a value behind a name may be, unless it is one unbroken run.
const LONGEST: usize = 512;
/// How far a block (a private key) may reach.
const BLOCK: usize = 16 * 1024;

/// A block from its first line to its end mark, if there is something between; else to where its data ends.
pub fn block(text: &str, begin: Range<usize>, mark: &str) -> Option<Range<usize>> {
    let limit = boundary(text, (begin.end + BLOCK).min(text.len()));
    let body = &text[begin.end..limit];
    let end = match body.find(mark) {
        Some(at) => {
            let tail = &body[at..];
            let line = tail.find(['\n', '\r']).unwrap_or(tail.len());
            let close = tail[mark.len()..line].find("----").map_or(line, |c| {
                let dashes = mark.len() + c;
                dashes + tail[dashes..].bytes().take_while(|b| *b == b'-').count()
            });
            begin.end + at + close
        }
        None => {
            let data = |line: &&str| {
                line.trim().is_empty() || line.bytes().filter(|b| in_token(*b)).count() * 10 > line.len() * 8
            };
            begin.end + body.split_inclusive('\n').take_while(data).map(str::len).sum::<usize>()
        }
    };
    let end = begin.end + text[begin.end..end].trim_end().len();
    let data = text[begin.end..end].bytes().filter(|b| b.is_ascii_alphanumeric()).count();
    (data >= 40).then_some(begin.start..end)
}

/// The value that stands from `at` on, and whether it stands in quotes.
pub fn behind(text: &str, at: usize, sep: &str) -> Option<(Range<usize>, bool)> {
    let rest = &text[at..boundary(text, (at + LONGEST).min(text.len()))];
    let line = &rest[..memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())];
    if sep == "|" {
        let cell = line.split('|').next()?;
        let bare = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '"' | '\''));
        let from = at + (bare.as_ptr() as usize - cell.as_ptr() as usize);
        return (!bare.is_empty() && !bare.contains(' ')).then_some((from..from + bare.len(), false));
    }
    if matches!(line.trim(), "|" | ">" | "|-" | ">-" | "|+" | ">+") {
        let next = at + line.len() + rest[line.len()..].find(|c: char| !c.is_whitespace())?;
        let below = &text[next..boundary(text, (next + LONGEST).min(text.len()))];
        let end = below.find(['\n', '\r']).unwrap_or(below.len());
        return Some((next..next + below[..end].trim_end().len(), true));
    }
    let escaped = line.strip_prefix('\\').filter(|l| l.starts_with(['"', '\'']));
    let open = at + (line.len() - escaped.unwrap_or(line).len());
    let line = escaped.unwrap_or(line);
    if let Some(quote) = line.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let mut skip = false;
        let close = line[1..].char_indices().find(|&(i, c)| {
            let ends = c == quote && !skip || escaped.is_some() && line[1 + i..].starts_with("\\\"");
            skip = c == '\\' && !skip;
            ends
        });
        let end = close.map_or(line.len(), |(i, _)| 1 + i);
        return (end > 1).then_some((open + 1..open + end, true));
    }
    let end = line.find(|c: char| c.is_whitespace() || c == '`').unwrap_or(line.len());
    let end = line[..end].find("</").or_else(|| line[..end].find("<br")).unwrap_or(end);
    let value = unclosed(first_field(&line[..end], sep));
    (!value.is_empty()).then_some((at..at + value.len(), false))
}

/// Fields of a connection string or a query follow each other without a blank.
fn first_field<'t>(line: &'t str, sep: &str) -> &'t str {
    if sep != "=" {
        return line;
    }
    for (i, _) in line.char_indices().filter(|(_, c)| matches!(c, ';' | '&')) {
        let next = line[i + 1..].trim_start();
        let name = next.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | ' ')).unwrap_or(next.len());
        if next.is_empty() || next[name..].starts_with('=') {
            return &line[..i];
        }
    }
    line
}

/// A value without the marks that close what it stands in.
fn unclosed(mut value: &str) -> &str {
    loop {
        let cut = value.trim_end_matches(['"', '\'', ',', '|', '.']);
        let cut = cut.strip_suffix("**").unwrap_or(cut);
        let cut = [('(', ')'), ('[', ']'), ('{', '}')]
            .into_iter()
            .find_map(|(open, close)| cut.strip_suffix(close).filter(|c| !c.contains(open)))
            .unwrap_or(cut);
        if cut.len() == value.len() {
            return value;
        }
        value = cut;
    }
}

/// Where an unbroken run ends that goes on at `at`.
pub fn run_end(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|b| in_token(**b)).count()
}

/// Whether a byte may stand in a token.
pub fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-.~%".contains(&byte)
}

/// Whether a value was cut because it is long.
pub fn is_cut(text: &str, from: usize, range: &Range<usize>) -> bool {
    range.end == boundary(text, (from + LONGEST).min(text.len()))
}

/// The nearest character boundary at or before an offset.
pub fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

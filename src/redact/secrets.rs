//! Finding credentials: patterns from `src/data/secrets.toml`, tried only near their words.

use crate::redact::judge::{Judge, Placeholder, Value};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::{Captures, Regex};
use serde::Deserialize;
use std::ops::Range;
use std::sync::LazyLock;

/// How far in front of its word and behind it a pattern is looked for, in bytes.
const BEFORE: usize = 96;
const BEHIND: usize = 1024;
/// How long a value behind a name may be, unless it is one unbroken run.
const LONGEST: usize = 4096;
/// How far a block (a private key) may reach, and how many rows of a table are looked at.
const BLOCK: usize = 16 * 1024;
const ROWS: usize = 200;
/// How long a row of a table may be.
const ROW: usize = 2000;
/// Values from this length on are replaced wherever they stand in their file.
const EVERYWHERE: usize = 8;

/// The data file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    secret: Vec<Secret>,
    columns: Columns,
    placeholder: Placeholder,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    heads: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    kind: String,
    near: Vec<String>,
    pattern: String,
    /// What ends it, where it spans lines.
    end: Option<String>,
    #[serde(default)]
    entropy: f32,
    judge: Judge,
}

struct Finder {
    data: Data,
    words: AhoCorasick,
    /// The pattern a word belongs to.
    owners: Vec<usize>,
    patterns: Vec<Regex>,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let data: Data = toml::from_str(include_str!("../data/secrets.toml")).expect("our own patterns are sound");
    let owned: Vec<(usize, &String)> =
        data.secret.iter().enumerate().flat_map(|(i, s)| s.near.iter().map(move |n| (i, n))).collect();
    let words = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(owned.iter().map(|(_, word)| word))
        .expect("our own words are sound");
    let owners = owned.iter().map(|(i, _)| *i).collect();
    let patterns = data.secret.iter().map(|s| Regex::new(&s.pattern).expect("our own patterns are sound")).collect();
    Finder { data, words, owners, patterns }
});

/// A place that holds a secret, and the pattern that says so.
type Found = (Range<usize>, usize);

/// Where credentials stand in a text and of which kind, in order and apart from each other.
pub fn find(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let finder = &*FINDER;
    let mut found: Vec<Found> = Vec::new();
    let mut done = vec![0; finder.patterns.len()];
    for hit in finder.words.find_overlapping_iter(text) {
        let owner = finder.owners[hit.pattern().as_usize()];
        if hit.start() >= done[owner] {
            done[owner] = finder.near(text, owner, hit.start(), hit.end(), &mut found);
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    everywhere(text, &mut found);
    found.sort_by_key(|(range, owner)| (range.start, *owner));
    let mut apart: Vec<Found> = Vec::new();
    for (range, owner) in found {
        match apart.last_mut() {
            Some((last, first)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *first = owner.min(*first);
            }
            _ => apart.push((range, owner)),
        }
    }
    apart.into_iter().map(|(range, owner)| (range, finder.data.secret[owner].kind.as_str())).collect()
}

/// Adds the places where a value that was found stands a second time.
fn everywhere(text: &str, found: &mut Vec<Found>) {
    let worth = |value: &str| {
        let plain = value.chars().all(char::is_alphabetic);
        value.len() >= if plain { EVERYWHERE * 3 / 2 } else { EVERYWHERE } && !value.contains('\n')
    };
    let mut values: Vec<(&str, usize)> =
        found.iter().map(|(r, owner)| (&text[r.clone()], *owner)).filter(|(v, _)| worth(v)).collect();
    values.sort_unstable();
    values.dedup_by_key(|(value, _)| *value);
    let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(values.iter().map(|(v, _)| v));
    let Ok(search) = search else { return };
    let more: Vec<Found> = search.find_iter(text).map(|m| (m.range(), values[m.pattern().as_usize()].1)).collect();
    found.extend(more);
}

impl Finder {
    /// Tries a pattern around its word; returns up to where further words need not be tried.
    fn near(&self, text: &str, owner: usize, start: usize, end: usize, found: &mut Vec<Found>) -> usize {
        let secret = &self.data.secret[owner];
        let bytes = text.as_bytes();
        let from = boundary(text, start.saturating_sub(BEFORE));
        let from = memchr::memrchr(b'\n', &bytes[from..start]).map_or(from, |n| from + n + 1);
        let limit = boundary(text, (end + BEHIND).min(text.len()));
        let mut lines = memchr::memchr_iter(b'\n', &bytes[end..limit]);
        let first = lines.next().map_or(limit, |n| end + n);
        let until = lines.next().map_or(limit, |n| end + n);
        let window = &text[..until];
        let mut at = from;
        while let Some(captures) = self.patterns[owner].captures_at(window, at) {
            let whole = captures.get_match().range();
            let range = match &secret.end {
                Some(mark) => block(text, whole.clone(), mark),
                None => self.value(text, &captures, secret),
            };
            at = range.as_ref().map_or(whole.end, |r| r.end.max(whole.end)).max(at + 1);
            found.extend(range.map(|r| (r, owner)));
            if at >= until || !text.is_char_boundary(at) {
                break;
            }
        }
        let row = boundary(text, start.saturating_sub(ROW));
        let row = memchr::memrchr(b'\n', &bytes[row..start]).map_or(row, |n| row + n + 1);
        let named = matches!(secret.judge, Judge::Password | Judge::Key);
        if named && first - row < ROW && bytes[row..start].trim_ascii_start().starts_with(b"|") {
            self.table(text, owner, row, start, found);
        }
        at.max(if first < until { first } else { until.saturating_sub(BEFORE * 4).max(end) })
    }

    /// The secret of a match, if it is one.
    fn value(&self, text: &str, captures: &Captures<'_>, secret: &Secret) -> Option<Range<usize>> {
        let group = ["secret", "single", "double"].into_iter().find_map(|name| captures.name(name));
        let whole = captures.get_match();
        let sep = captures.name("sep").map_or("", |s| s.as_str());
        let (range, quoted) = match group {
            Some(group) => {
                let more = text[group.end()..].bytes().take_while(|b| in_token(*b)).count();
                let cut = secret.judge == Judge::Url || !text[group.start()..group.end()].bytes().all(in_token);
                (group.start()..if cut { group.end() } else { group.end() + more }, captures.name("secret").is_none())
            }
            None => {
                let (range, quoted) = behind(text, whole.end(), sep)?;
                let cut = range.end == boundary(text, (whole.end() + LONGEST).min(text.len()));
                let more = if cut { text[range.end..].bytes().take_while(|b| in_token(*b)).count() } else { 0 };
                (range.start..range.end + more, quoted)
            }
        };
        let soon = boundary(text, (range.end + 16).min(text.len()));
        let rest = text[range.end..soon].split('\n').next().unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'', '`', '*', ',', ';']);
        let value = Value { text: &text[range.clone()], quoted, sep, rest };
        self.data.placeholder.is_secret(value, secret.judge, secret.entropy).then_some(range)
    }

    /// Cells of a table: those behind a name in its row, and those below a head that says secret.
    fn table(&self, text: &str, owner: usize, line: usize, word: usize, found: &mut Vec<Found>) {
        let secret = &self.data.secret[owner];
        let mut rows = text[line..].split_inclusive('\n').scan(line, |at, row| {
            *at += row.len();
            Some((*at - row.len(), row))
        });
        let Some((start, head)) = rows.next() else { return };
        let mut judge = |cell: Range<usize>, sure: bool| {
            let value = Value { text: &text[cell.clone()], quoted: sure, sep: "|", rest: "" };
            if !value.text.contains(' ') && self.data.placeholder.is_secret(value, secret.judge, secret.entropy) {
                found.push((cell, owner));
            }
        };
        let column = cells(head, start).position(|c| c.start <= word && word < c.end);
        let Some(column) = column else { return };
        let below = rows.next().filter(|(_, row)| ruled(row));
        if below.is_none() {
            // Cells further right are often notes: only what could be nothing else is taken.
            let strong = |c: &Range<usize>| {
                let t = &text[c.clone()];
                t.len() >= 8
                    && t.contains(|c: char| c.is_ascii_digit())
                    && t.contains(char::is_alphabetic)
                    && (t.contains(char::is_uppercase) && t.contains(char::is_lowercase)
                        || t.contains(|c: char| c.is_ascii_punctuation() && !"-_./:#".contains(c)))
                    && !t.contains('/')
            };
            cells(head, start).skip(column + 2).filter(strong).for_each(|c| judge(c, false));
            return;
        }
        let Some(name) = cells(head, start).nth(column).map(|c| text[c].to_lowercase()) else { return };
        let name = name.trim_matches(|c: char| !c.is_alphanumeric()).replace(['_', '-'], " ");
        if self.data.columns.heads.contains(&name) {
            for (at, row) in rows.take(ROWS).take_while(|(_, row)| row.contains('|') && !ruled(row)) {
                if let Some(cell) = cells(row, at).nth(column) {
                    judge(cell, true);
                }
            }
        }
    }
}

/// Whether a row is the rule below a table's head.
fn ruled(row: &str) -> bool {
    row.contains('-') && row.trim().bytes().all(|b| b"|-: ".contains(&b))
}

/// The cells of a row without the marks around their text.
fn cells(row: &str, start: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let inner = row.trim_start().strip_prefix('|').unwrap_or(row.trim_start());
    let mut at = start + row.trim_end_matches(['\n', '\r']).len().min(row.len() - inner.len());
    inner.split('|').map(move |cell| {
        let bare = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '"' | '\''));
        let from = at + (bare.as_ptr() as usize - cell.as_ptr() as usize);
        at += cell.len() + 1;
        from..from + bare.len()
    })
}

/// A block from its first line to its end mark, if there is something between; else to where its data ends.
fn block(text: &str, begin: Range<usize>, mark: &str) -> Option<Range<usize>> {
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
fn behind(text: &str, at: usize, sep: &str) -> Option<(Range<usize>, bool)> {
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
        let end = text[next..].find(['\n', '\r']).map_or(text.len(), |n| next + n);
        return Some((next..next + text[next..end].trim_end().len(), true));
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
    let mut value = &line[..end];
    // Fields of a connection string or a query follow each other without a blank.
    for (i, c) in value.char_indices().filter(|(_, c)| matches!(c, ';' | '&')) {
        let next = line[i + c.len_utf8()..].trim_start();
        let name = next.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | ' ')).unwrap_or(next.len());
        if sep == "=" && (next.is_empty() || next[name..].starts_with('=')) {
            value = &value[..i];
            break;
        }
    }
    loop {
        let cut = value.trim_end_matches(['"', '\'', ',', '|', '.']);
        let cut = cut.strip_suffix("**").unwrap_or(cut);
        let cut = [('(', ')'), ('[', ']'), ('{', '}')]
            .into_iter()
            .find_map(|(open, close)| cut.strip_suffix(close).filter(|c| !c.contains(open)))
            .unwrap_or(cut);
        if cut.len() == value.len() {
            break;
        }
        value = cut;
    }
    (!value.is_empty()).then_some((at..at + value.len(), false))
}

fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-.~%".contains(&byte)
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

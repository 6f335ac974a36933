//! Finding credentials: patterns from `src/data/secrets.toml`, tried only near their words.

use super::judge::{Judge, Placeholder, Value};
use super::tables::{self, Cells};
use super::values::{behind, block, boundary, in_token, is_cut, run_end};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::{Captures, Regex};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// How far in front of its word and behind it a pattern is looked for, in bytes.
const BEFORE: usize = 96;
const BEHIND: usize = 1024;
/// Values from this length on are replaced wherever they stand in their file.
const EVERYWHERE: usize = 8;

/// The data file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    words: BTreeMap<String, Vec<String>>,
    pieces: BTreeMap<String, String>,
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
    /// How many lines behind the word's own it may reach into.
    #[serde(default = "one")]
    lines: usize,
    #[serde(default)]
    entropy: f32,
    judge: Judge,
}

fn one() -> usize {
    1
}

impl Data {
    /// A pattern with its words and pieces put in.
    fn regex(&self, secret: &Secret) -> Regex {
        let mut pattern = secret.pattern.clone();
        for (name, piece) in &self.pieces {
            pattern = pattern.replace(&format!("{{{name}}}"), piece);
        }
        for (name, words) in &self.words {
            let any: Vec<String> = words.iter().map(|w| regex::escape(w)).collect();
            pattern = pattern.replace(&format!("{{{name}}}"), &format!("(?:{})", any.join("|")));
        }
        Regex::new(&pattern).expect("our own patterns are sound")
    }

    /// The words a pattern is tried near, as they may be written; Latin letters are found in either case.
    fn near(&self, secret: &Secret) -> Vec<String> {
        let mut all = Vec::new();
        for near in &secret.near {
            match self.words.iter().find(|(name, _)| near.contains(&format!("{{{name}}}"))) {
                Some((name, words)) => all.extend(words.iter().map(|w| near.replace(&format!("{{{name}}}"), w))),
                None => all.push(near.clone()),
            }
        }
        let upper = |w: &String| (!w.is_ascii()).then(|| w.to_uppercase()).filter(|u| u != w);
        let capital = |w: &String| {
            let first = w.chars().next().filter(|c| !c.is_ascii())?;
            Some(first.to_uppercase().chain(w.chars().skip(1)).collect::<String>()).filter(|c| c != w)
        };
        let cased: Vec<String> = all.iter().flat_map(|w| [upper(w), capital(w)]).flatten().collect();
        all.extend(cased);
        all
    }
}

struct Finder {
    data: Data,
    words: AhoCorasick,
    /// The pattern a word belongs to.
    owners: Vec<usize>,
    /// Made when first tried: most documents have few of the words.
    patterns: Vec<OnceLock<Regex>>,
    /// Heads of columns each pattern asks for.
    heads: Vec<Vec<String>>,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let data: Data = toml::from_str(include_str!("../data/secrets.toml")).expect("our own patterns are sound");
    let near: Vec<Vec<String>> = data.secret.iter().map(|s| data.near(s)).collect();
    let owned: Vec<(usize, &String)> =
        near.iter().enumerate().flat_map(|(i, words)| words.iter().map(move |n| (i, n))).collect();
    let words = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(owned.iter().map(|(_, word)| word))
        .expect("our own words are sound");
    let owners = owned.iter().map(|(i, _)| *i).collect();
    let patterns = data.secret.iter().map(|_| OnceLock::new()).collect();
    let passwords = data.words["password"].iter();
    let heads: Vec<String> = data.columns.heads.iter().chain(passwords).map(|h| h.replace(['_', '-'], " ")).collect();
    let asks = |(secret, near): (&Secret, &Vec<String>)| {
        let bare = |near: &str| near.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let spoken = |head: &&String| near.iter().any(|n| head.contains(&bare(n)));
        let named = matches!(secret.judge, Judge::Password | Judge::Key | Judge::Prose);
        heads.iter().filter(|_| named).filter(spoken).cloned().collect()
    };
    let heads = data.secret.iter().zip(&near).map(asks).collect();
    Finder { words, owners, patterns, heads, data }
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
        let mut lines = memchr::memchr_iter(b'\n', &bytes[end..limit]).map(|n| end + n);
        let first = lines.next().unwrap_or(limit);
        let until = lines.nth(secret.lines - 1).unwrap_or(limit);
        let window = &text[..until];
        let pattern = self.patterns[owner].get_or_init(|| self.data.regex(secret));
        let mut at = from;
        while let Some(captures) = pattern.captures_at(window, at) {
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
        if !self.heads[owner].is_empty()
            && let Some(line) = tables::row(text, start, first)
        {
            self.table(text, owner, line, start, found);
        }
        at.max(if first < until { first } else { until.saturating_sub(BEFORE * 4).max(end) })
    }

    /// The secret of a match, if it is one.
    fn value(&self, text: &str, captures: &Captures<'_>, secret: &Secret) -> Option<Range<usize>> {
        let group = ["secret", "single", "double"].into_iter().find_map(|name| captures.name(name));
        let whole = captures.get_match();
        let written = captures.name("sep").map_or("", |s| s.as_str());
        let (sep, judge) = match written.trim() {
            "：" => (":", secret.judge),
            sep @ ("" | ":" | "=" | ":=" | "==" | "=>" | "|") => (sep, secret.judge),
            dash => (dash, secret.judge.behind_dash()),
        };
        let (range, quoted, whole_run) = match group {
            Some(group) => {
                let kept = matches!(judge, Judge::Prose | Judge::Pair);
                let value = if kept {
                    group.as_str().trim_end_matches(['.', ',', ';', ':', ')', '*', '_'])
                } else {
                    group.as_str()
                };
                let end = group.start() + value.len();
                let run = judge != Judge::Url && value.bytes().all(in_token) && end == group.end();
                (group.start()..end, captures.name("secret").is_none(), run)
            }
            None => {
                let (range, quoted) = behind(text, whole.end(), sep)?;
                let cut = is_cut(text, whole.end(), &range);
                (range, quoted, cut)
            }
        };
        let range = if quoted { range } else { range.start..range.start + cased(&text[range]) };
        let soon = boundary(text, (range.end + 16).min(text.len()));
        let rest = text[range.end..soon].split('\n').next().unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'', '`', '*', ',', ';']);
        // `-Dkey.password=it` is over at the blank; "password = it" may be prose.
        let joined = written == "=" && text[..whole.end()].ends_with('=');
        let value = Value { text: &text[range.clone()], quoted, sep, rest: if joined { "" } else { rest } };
        let end = |range: &Range<usize>| if whole_run { run_end(text, range.end) } else { range.end };
        self.data.placeholder.is_secret(value, judge, secret.entropy).then(|| range.start..end(&range))
    }

    /// Cells of a table: those behind a name in its row, and those below a head that says secret.
    fn table(&self, text: &str, owner: usize, line: usize, word: usize, found: &mut Vec<Found>) {
        let secret = &self.data.secret[owner];
        let mut judge = |cell: Range<usize>, sure: bool| {
            let value = Value { text: &text[cell.clone()], quoted: sure, sep: "|", rest: "" };
            let judge = if sure && secret.judge == Judge::Prose { Judge::Password } else { secret.judge };
            if !value.text.contains(' ') && self.data.placeholder.is_secret(value, judge, secret.entropy) {
                found.push((cell, owner));
            }
        };
        match tables::cells_of(text, line, word, |head| self.heads[owner].iter().any(|h| h == head)) {
            // Cells further right are often notes: only what could be nothing else is taken.
            Some(Cells::Behind(cells)) => {
                cells.into_iter().filter(|c| strong(&text[c.clone()])).for_each(|c| judge(c, false))
            }
            Some(Cells::Below(cells)) => cells.into_iter().for_each(|c| judge(c, true)),
            None => {}
        }
    }
}

/// How far a value reaches before letters of a script without cases, which are words about it.
fn cased(value: &str) -> usize {
    let wordy = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
    if value.is_ascii() { value.len() } else { value.find(wordy).unwrap_or(value.len()) }
}

/// Letters, digits and more, and no path.
fn strong(text: &str) -> bool {
    text.len() >= 8
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(char::is_alphabetic)
        && (text.contains(char::is_uppercase) && text.contains(char::is_lowercase)
            || text.contains(|c: char| c.is_ascii_punctuation() && !"-_./:#".contains(c)))
        && !text.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_sound() {
        for (at, secret) in FINDER.data.secret.iter().enumerate() {
            let regex = FINDER.data.regex(secret);
            assert!(!regex.is_match(""), "{}", secret.pattern);
            assert!(!regex.as_str().contains("{sep}") && FINDER.owners.contains(&at), "{}", secret.pattern);
        }
    }
}

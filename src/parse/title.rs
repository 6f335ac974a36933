//! A heading's words: numbering, markup and a closing colon taken away, an answer behind the colon told apart.

use crate::model::document::Heading;
use crate::model::document::HeadingStyle;
use crate::model::text::{Span, anchor, words};
use serde::Deserialize;
use std::ops::Range;
use std::sync::LazyLock;

/// The word lists of `src/data/outline.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Words {
    /// Bold lines that head nothing.
    pub callouts: Vec<String>,
    counters: Vec<String>,
    fields: Vec<String>,
    verdicts: Vec<String>,
    open_verdicts: Vec<String>,
    /// What belongs to a heading though it stands behind a dash.
    pub tails: Vec<String>,
    /// How sentences begin.
    pub starters: Vec<String>,
    /// What a runbook's headings speak of.
    pub chapters: Vec<String>,
}

/// The word lists, read once.
pub static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/outline.toml")).expect("our own word lists are sound"));

/// Makes a heading of its content's place in the text and, where the Markdown reader knows them, its plain words.
pub fn heading(
    text: &str,
    level: u8,
    style: HeadingStyle,
    span: Span,
    content: Range<usize>,
    plain: String,
) -> Heading {
    let raw = &text[content.clone()];
    let (title, inline_answer) = match answer(raw, level, style) {
        Some((colon, value)) => (
            clean(&unmarked(&raw[..colon])).to_owned(),
            Some(Span::new(content.start + value.start, content.start + value.end)),
        ),
        None => (clean(&plain).to_owned(), None),
    };
    let anchor = anchor(plain.trim().trim_end_matches('#'));
    Heading { level, title, span, body: Span::default(), parent: None, anchor, style, inline_answer }
}

/// A piece of Markdown without its markup, good enough for titles.
pub fn unmarked(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['*', '`', '[', ']', '\\', '_', '!']) {
        out.push_str(&rest[..at]);
        let mark = rest.as_bytes()[at];
        let behind = &rest[at + 1..];
        rest = match mark {
            b']' if behind.starts_with('(') => behind.find(')').map_or(behind, |end| &behind[end + 1..]),
            b'!' if !behind.starts_with('[') => {
                out.push('!');
                behind
            }
            b'_' if out.ends_with(char::is_alphanumeric) && behind.starts_with(char::is_alphanumeric) => {
                out.push('_');
                behind
            }
            _ => behind,
        };
    }
    out.push_str(rest);
    out
}

/// Takes numbering, closing `#`s and a closing colon away.
fn clean(title: &str) -> &str {
    let mut title = title.trim();
    if title.contains(':') {
        title = without_pictures(title);
    }
    let bare = title.trim_end_matches('#');
    if title.len() - bare.len() > 1 || bare.ends_with(' ') {
        title = bare;
    }
    unnumbered(title.trim().trim_end_matches([':', ' ', '\u{a0}']).trim())
}

/// Takes ":fire:" and its kin off either end: pictures by their names.
fn without_pictures(title: &str) -> &str {
    let named = |word: &str| {
        let name = word.strip_prefix(':').and_then(|w| w.strip_suffix(':')).unwrap_or_default();
        name.len() > 1 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match (title.split_once(' '), title.rsplit_once(' ')) {
        (Some((word, rest)), _) if named(word) => without_pictures(rest.trim_start()),
        (_, Some((rest, word))) if named(word) => without_pictures(rest.trim_end()),
        _ => title,
    }
}

/// Takes "3.6 ", "1) ", "2. " or "A. " off the front; a bare number ("24/7 support", "5 nodes") stays.
fn unnumbered(title: &str) -> &str {
    // A number begins with a digit, "A." has its mark right behind it.
    let counts = |b: &[u8]| b[0].is_ascii_digit() || matches!(b.get(1), Some(b'.' | b')' | b':'));
    if title.is_empty() || !counts(title.as_bytes()) {
        return title;
    }
    let Some((number, rest)) = title.split_once(char::is_whitespace) else { return title };
    let bare = number.trim_end_matches(['.', ')', ':']);
    // "003 - Roll back" counts the page.
    if let Some(rest) = rest.strip_prefix("- ").filter(|_| !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()))
    {
        return rest.trim_start();
    }
    let closed = bare.len() < number.len();
    let parts = || bare.split('.');
    let digits = parts().all(|p| !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()));
    let letter = closed && bare.len() == 1 && bare.starts_with(|c: char| c.is_ascii_uppercase());
    let rest = rest.trim_start_matches(['-', '–', '—', ' ']).trim_start();
    let dotted = parts().count() > 1 && rest.starts_with(char::is_uppercase);
    if (letter || digits && (closed || dotted)) && rest.chars().any(char::is_alphabetic) { rest } else { title }
}

/// Where the colon stands and what the answer behind it is, where a heading holds its answer.
fn answer(raw: &str, level: u8, style: HeadingStyle) -> Option<(usize, Range<usize>)> {
    if let Some(found) = verdict(raw) {
        return Some(found);
    }
    memchr::memchr(b':', raw.as_bytes())?;
    let bold = style == HeadingStyle::Bold || raw.starts_with("**") && raw.ends_with("**");
    let colon = raw.match_indices(':').map(|(at, _)| at).find(|&at| {
        let behind = &raw[at + 1..];
        let spaced = behind.trim_start_matches(['*', '_']).starts_with(char::is_whitespace);
        spaced || bold && behind.starts_with(char::is_alphabetic)
    })?;
    let value = raw[colon + 1..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    let start = value.as_ptr() as usize - raw.as_ptr() as usize;
    let label: Vec<String> = words(&raw[..colon]).take(11).collect();
    let listed = |list: &[String], word: &str| list.iter().any(|w| w == word);
    let counter = label.iter().any(|w| listed(&WORDS.counters, w));
    let field = label.last().is_some_and(|w| listed(&WORDS.fields, w));
    let short = !label.is_empty() && label.len() <= if bold { 10 } else { 6 };
    let fits = short && !counter && !value.is_empty() && (bold || level > 1 && (field || is_value(value)));
    fits.then_some((colon, start..start + value.len()))
}

/// "Logs - TBD", "Deployment (TODO)": a title with a verdict behind a dash or in brackets.
fn verdict(raw: &str) -> Option<(usize, Range<usize>)> {
    // Nearly no heading has a dash.
    let dashed = memchr::memchr(b'-', raw.as_bytes()).is_some() || !raw.is_ascii();
    let dashes = [" - ", " – ", " — "].into_iter().filter(|_| dashed);
    let dash = dashes.filter_map(|d| raw.rfind(d).map(|at| (at, at + d.len(), raw.len()))).next();
    let bracket = || {
        let end = raw.trim_end().strip_suffix([')', ']'])?.len();
        raw[..end]
            .rfind([' ', '(', '['])
            .and_then(|at| raw[..end].rfind(['(', '[']).filter(|&o| o <= at))
            .map(|open| (open, open + 1, end))
    };
    let (to, from, end) = dash.or_else(bracket)?;
    let said: Vec<String> = words(&raw[from..end]).take(4).collect();
    let fits = to > 0 && WORDS.open_verdicts.contains(&said.join(" "));
    let start = from + raw[from..end].len() - raw[from..end].trim_start().len();
    fits.then(|| (to, start..start + raw[start..end].trim_end().len()))
}

/// Whether words behind a colon are a date, an address or a verdict.
fn is_value(value: &str) -> bool {
    let said: Vec<String> = words(value).take(9).collect();
    let letters = said.iter().filter(|w| w.chars().all(char::is_alphabetic)).count();
    let number = value.starts_with(|c: char| c.is_ascii_digit()) && letters <= 1;
    let address = said.len() <= 8 && (value.contains('@') || value.contains("://") || value.starts_with('#'));
    number || address || WORDS.verdicts.contains(&said.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str) -> (String, Option<&str>) {
        let made = heading(raw, 3, HeadingStyle::Atx, Span::default(), 0..raw.len(), unmarked(raw));
        (made.title, made.inline_answer.map(|s| s.of(raw)))
    }

    #[test]
    fn titles_lose_what_is_no_word_of_theirs() {
        for (raw, title) in [
            ("3.6 Throttling", "Throttling"),
            ("1) Overview", "Overview"),
            ("2. Set up:", "Set up"),
            ("A. Contacts", "Contacts"),
            ("24/7 support", "24/7 support"),
            ("5 nodes", "5 nodes"),
            ("99.9 percent", "99.9 percent"),
            ("C#", "C#"),
            ("Heading##", "Heading"),
            ("**Last review date:**", "Last review date"),
            ("The `snake_case` of [things](x)", "The snake_case of things"),
            ("Deploying: how we do it", "Deploying: how we do it"),
            ("Step 2: 5 nodes", "Step 2: 5 nodes"),
            ("Redis: high memory", "Redis: high memory"),
            ("Hours of operation - core features", "Hours of operation - core features"),
            ("Fault Tolerance (FT)", "Fault Tolerance (FT)"),
            ("Backup :floppy_disk:", "Backup"),
        ] {
            assert_eq!(of(raw), (title.to_owned(), None), "{raw}");
        }
    }

    #[test]
    fn answers_inside_headings_are_told_apart() {
        for (raw, title, answer) in [
            ("**Last review date: 13/10/2022**", "Last review date", "13/10/2022"),
            ("**Service or system name:A shop**", "Service or system name", "A shop"),
            ("Service Tier: Platinum", "Service Tier", "Platinum"),
            ("Log rotation: N/A", "Log rotation", "N/A"),
            ("Contact: [x](mailto:a@example.org)", "Contact", "[x](mailto:a@example.org)"),
            ("Review: 3 June 2026", "Review", "3 June 2026"),
            ("Logs - TBD", "Logs", "TBD"),
            ("Deployment (TODO)", "Deployment", "TODO"),
            ("Power [not applicable]", "Power", "not applicable"),
        ] {
            assert_eq!(of(raw), (title.to_owned(), Some(answer)), "{raw}");
        }
    }
}

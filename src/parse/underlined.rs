//! Headings that Markdown does not see: numbered titles above a line, titles above `~~~~`, a wiki's `h2. Title`, and
//! `3.1 Title` alone on its line.

use crate::model::text::Rewrite;

/// Marks them as headings, each of its underline's rank.
pub fn lines<'t>(text: &'t str, rewrite: &mut Rewrite<'t>) {
    // Of nearly all texts no line begins like either.
    let begins = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    let (mut wiki, mut decimal) = (0, 0);
    for at in begins.filter(|&at| text.as_bytes().get(at).is_some_and(|b| *b == b'h' || b.is_ascii_digit())) {
        let line = text[at..].lines().next().unwrap_or_default();
        wiki += usize::from(wiki_level(line).is_some());
        decimal += usize::from(decimal_level(line).is_some());
    }
    let (wiki, decimal) = (wiki > 1, decimal > 1);
    if !wiki && !decimal && !may_have_any(text) {
        return;
    }
    let mut at = 0;
    let mut fence: Option<&str> = None;
    let mut before = "";
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let here = at;
        at += line.len();
        let bare = line.trim_start();
        if let Some(mark) = fence {
            fence = fence.filter(|_| !bare.starts_with(mark));
        } else if let Some(level) = wiki_level(line).filter(|_| wiki) {
            rewrite.replace(here..here + "h1. ".len(), &mark_of(level));
        } else if let Some(level) = decimal_level(line).filter(|_| decimal && opens(before))
            && lines.peek().is_none_or(|below| below.trim().is_empty())
        {
            rewrite.replace(here..here, &mark_of(level));
        } else if let Some(level) =
            lines.peek().and_then(|under| level(line, under)).filter(|_| before.trim().is_empty())
        {
            let under = lines.next().unwrap_or_default();
            rewrite.replace(here..here, &mark_of(level));
            rewrite.replace(at..at + under.trim_end().len(), "");
            at += under.len();
            before = under;
            continue;
        } else {
            fence = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        }
        before = line;
    }
}

fn mark_of(level: usize) -> String {
    "#".repeat(level) + " "
}

/// Whether it is worth looking line by line.
fn may_have_any(text: &str) -> bool {
    ["\n---", "\n===", "\n~~~~"].iter().any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
}

/// The level of "h2. Title".
fn wiki_level(line: &str) -> Option<usize> {
    let rest = line.strip_prefix('h')?;
    let level = rest.bytes().next().filter(|b| (b'1'..=b'6').contains(b))? - b'0';
    (rest[1..].starts_with(". ") && rest.len() > 4).then_some(level.into())
}

/// Whether what follows a line begins something: behind a blank line, a heading or the line under one.
fn opens(before: &str) -> bool {
    let bare = before.trim();
    bare.starts_with('#') || bare.bytes().all(|b| matches!(b, b'-' | b'=' | b'~'))
}

/// The level of "3.1 Restores": a chapter's number, a part's number and a few words that are no sentence.
fn decimal_level(line: &str) -> Option<usize> {
    if !line.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (number, title) = line.trim_end().split_once(' ')?;
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    let counts = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let fits = (2..=4).contains(&parts.len()) && parts.iter().all(counts) && parts[0] != "0";
    let names = title.starts_with(char::is_uppercase) && !title.ends_with(['.', ',', ';', '!', '?']);
    (fits && names && title.split_whitespace().count() <= 8 && !title.contains(": ")).then_some(parts.len() + 1)
}

/// The level of a title by the line under it, where Markdown would see a list or a fence instead.
fn level(line: &str, under: &str) -> Option<usize> {
    let (title, under) = (line.trim_end(), under.trim_end());
    let mark = *under.as_bytes().first()?;
    if under.len() < 3 || under.bytes().any(|b| b != mark) || !title.contains(char::is_alphabetic) {
        return None;
    }
    let same_length = under.len() >= 5 && title.chars().count().abs_diff(under.len()) <= 2;
    let plain = title.starts_with(char::is_alphanumeric);
    match mark {
        b'=' if numbered(title) => Some(1),
        b'-' if numbered(title) => Some(2),
        b'~' if same_length && plain => Some(3),
        _ => None,
    }
}

/// "1. Introduction", "2) Scope": what begins like a list.
fn numbered(title: &str) -> bool {
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < title.len() && rest.starts_with(['.', ')']) && rest[1..].starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        crate::parse::repaired(text, lines)
    }

    #[test]
    fn titles_become_headings() {
        for (text, made) in [
            ("1. Scope\n--------\nText\n", "## 1. Scope\n\nText\n"),
            ("1) Scope\n========\n", "# 1) Scope\n\n"),
            ("Purpose\n~~~~~~~\nText\n", "### Purpose\n\nText\n"),
            ("3.1 Backups\n\nText\n\n3.2 Restores\n\nTBD\n", "### 3.1 Backups\n\nText\n\n### 3.2 Restores\n\nTBD\n"),
            ("h1. Overview\n\nText\n\nh2. Contacts\n", "# Overview\n\nText\n\n## Contacts\n"),
        ] {
            assert_eq!(of(text), made);
        }
    }

    #[test]
    fn lists_rules_and_fences_stay() {
        for text in [
            "- a\n---\n",
            "Run this:\n~~~\nls\n~~~\n",
            "```\n1. a\n---\n```\n",
            "1. a\n2. b\n---\n",
            "h1. is an old tag\n",
            "Scope\n-----\n",
        ] {
            assert_eq!(of(text), text);
        }
    }
}

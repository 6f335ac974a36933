//! Colours for the languages runbooks are full of: a few marks tell strings, comments, names and numbers apart.
//!
//! Full grammars cost a fifth of a build on these; what is lost is colour in odd corners, never a character.

use crate::render::highlight::Spans;
use serde::Deserialize;
use std::sync::LazyLock;

/// How a language is told apart, from the data file.
#[derive(Debug, Deserialize)]
pub struct Language {
    names: Vec<String>,
    comment: String,
    quotes: String,
    words: Vec<String>,
    #[serde(default)]
    keys: bool,
    #[serde(default)]
    commands: bool,
    #[serde(default)]
    calls: bool,
}

#[derive(Deserialize)]
struct Languages {
    language: Vec<Language>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let file: Languages = toml::from_str(include_str!("../data/colours.toml")).expect("our own data file is whole");
    file.language
});

/// The language of a name, where it is one of ours.
pub fn language(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|l| l.names.iter().any(|n| n == name))
}

/// Adds code with its colours.
pub fn colour(language: &Language, code: &str, out: &mut Spans) {
    let mut at = 0;
    // Whether the next word is a command.
    let mut command = language.commands;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let before = code[..at].chars().next_back();
        let fresh = before.is_none_or(|b| b.is_whitespace() || "([{|;&,=".contains(b));
        let (class, length) = if rest.starts_with(&language.comment) && (fresh || language.comment != "#") {
            (Some("hc"), rest.find('\n').unwrap_or(rest.len()))
        } else if language.quotes.contains(c) {
            let length = string(rest, c);
            let key = language.keys && rest[length..].trim_start_matches(' ').starts_with(':');
            (Some(if key { "ht" } else { "hs" }), length)
        } else if language.commands && c == '$' && rest.len() > 1 {
            (Some("hv"), variable(rest))
        } else if language.commands && c == '-' && fresh {
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            (Some("ht"), end)
        } else if c.is_ascii_digit() && before.is_none_or(|b| !b.is_alphanumeric() && b != '_') {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '_').unwrap_or(rest.len());
            (Some("hn"), end)
        } else if c.is_alphabetic() || c == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && !"_-.".contains(c)).unwrap_or(rest.len());
            (word(language, &rest[..length], &rest[length..], command && before != Some('=')), length)
        } else {
            (None, c.len_utf8())
        };
        let text = &rest[..length];
        command = match class {
            _ if !language.commands => false,
            None if text.contains(['\n', '|', ';', '&', '(']) => true,
            Some("hk") => true,
            // `NAME=value` may stand before the command.
            Some("hv") => command,
            _ => command && (before == Some('=') || matches!(text, "=" | " " | "\t")),
        };
        out.push(class, text);
        at += length;
    }
}

fn word(language: &Language, word: &str, after: &str, command: bool) -> Option<&'static str> {
    if language.keys && after.starts_with(':') && !after.starts_with("://") {
        return Some("ht");
    }
    if language.words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return Some("hk");
    }
    if language.calls && after.starts_with('(') || command && !after.starts_with('=') {
        return Some("hf");
    }
    (command && after.starts_with('=')).then_some("hv")
}

/// The length of a string: to its closing quote, or to the end of the line where there is none.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '\'' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.find('\n').unwrap_or(text.len())
}

/// The length of `$NAME`, `${NAME...}` or the `$` of `$(`.
fn variable(text: &str) -> usize {
    match text.as_bytes()[1] {
        b'{' => text.find('}').filter(|&end| end < 80).map_or(1, |end| end + 1),
        b'?' | b'!' | b'@' | b'#' | b'*' | b'$' => 2,
        _ => 1 + text[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len() - 1),
    }
}

//! Plain texts without Markdown headings: lines that stand alone and name what follows become headings.

use crate::model::text::{Rewrite, words};

/// A heading line has at most this many words.
const WORDS: usize = 7;

/// Whether a text is one whose outline, if it has one, is made of lonely lines.
pub fn is_plain(path: &str, text: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".txt") && !text.lines().any(|l| l.starts_with('#') && l.trim_start_matches('#').starts_with(' '))
}

/// Marks the lonely lines as headings, and lists that hang under a line of text as lists.
pub fn lines<'t>(text: &'t str, rewrite: &mut Rewrite<'t>) {
    let mut at = 0;
    let mut before = "";
    let mut hanging: Option<usize> = None;
    // Where several shouted lines stand right above their text, each heads it.
    let above = |w: &[&str]| w[0].trim().is_empty() && !w[2].trim().is_empty() && shouted(w[1]) && heads(w[1].trim());
    let all: Vec<&str> = text.lines().collect();
    let close = all.windows(3).filter(|w| above(w)).take(3).count() == 3;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().map_or("", |l| l.trim());
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let bullet = is_bullet(line);
        let apart = next.is_empty() || close && shouted(line);
        if before.trim().is_empty() && apart && indent == 0 && heads(line.trim()) {
            rewrite.replace(at..at, "## ");
        } else if bullet && indent > 0 {
            if hanging.is_none() && !is_bullet(before) {
                hanging = Some(indent);
                rewrite.replace(at..at + indent, if before.trim().is_empty() { "" } else { "\n" });
            } else if let Some(base) = hanging {
                let depth = indent.saturating_sub(base);
                let width = if line.starts_with('\t') { depth * 2 } else { depth };
                rewrite.replace(at..at + indent, &" ".repeat(width));
            }
        } else if indent == 0 && !line.trim().is_empty() {
            hanging = None;
        }
        before = line;
        at += line.len();
    }
}

fn is_bullet(line: &str) -> bool {
    let bare = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    if bare.len() < line.trim_start().len() {
        return bare.starts_with(". ") || bare.starts_with(") ");
    }
    bare.starts_with("* ") || bare.starts_with("- ")
}

/// Whether a line is in capitals throughout.
fn shouted(line: &str) -> bool {
    line.chars().all(|c| !c.is_lowercase()) && line.contains(char::is_alphabetic)
}

/// Whether a line reads as a heading: shouted, numbered, or ending in a colon.
fn heads(line: &str) -> bool {
    let said: Vec<String> = words(line).take(WORDS + 1).collect();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let first = line.chars().next();
    if letters < 2 || said.len() > WORDS || line.contains("://") || line.ends_with(['.', ',', ';', '!']) {
        return false;
    }
    let (number, rest) = line.split_once(' ').unwrap_or(("", line));
    let numbered = number.starts_with(|c: char| c.is_ascii_digit())
        && number.trim_end_matches(['.', ')']).bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && number.ends_with(['.', ')'])
        && rest.starts_with(char::is_uppercase);
    let colon = line.ends_with(':') && first.is_some_and(char::is_uppercase);
    (shouted(line) && first.is_some_and(char::is_alphanumeric)) || numbered || colon
}

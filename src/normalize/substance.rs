//! What an answer is worth: words, this service's own names and numbers, or steps one can follow.

use super::lexicon::Lexicon;
use super::lists::List;
use super::signs::DIGITS;
use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::state::Substance;

/// Weighs the author's units of one answer.
///
/// The author's own names, numbers, links and code make it specific; commands, or two steps of something specific,
/// make it actionable; what would fit any service stays prose, however many steps it has.
pub fn of(author: &[&Unit], lexicon: &Lexicon) -> Substance {
    if author.iter().any(|u| u.command || u.kind == BlockKind::Code && u.code || names_program(u, lexicon)) {
        return Substance::Actionable;
    }
    let quickly = |u: &&Unit| {
        u.code || u.kind == BlockKind::Code || u.links > 0 || !u.scan.technologies.is_empty() || u.signs.meets(DIGITS)
    };
    let specific = author.iter().any(quickly) || author.iter().any(|u| names_something(&u.plain));
    let steps = author.iter().filter(|u| u.kind == BlockKind::Item && starts_with_verb(u)).count();
    match (specific, steps) {
        (true, 2..) => Substance::Actionable,
        (true, _) => Substance::Specific,
        (false, _) => Substance::Prose,
    }
}

/// Whether a unit is a word or two that name nothing, do nothing and are no section's.
pub fn says_little(unit: &Unit) -> bool {
    matches!(unit.brief, Some(super::brief::Brief::Unsure))
        || unit.words() <= 4
            && unit.kind != BlockKind::Code
            && !unit.code
            && unit.links == 0
            && !unit.picture
            && unit.scan.technologies.is_empty()
            && unit.scan.speaks.is_empty()
            && unit.scan.tells.is_empty()
            && !unit.signs.meets(DIGITS)
            && !names_something(&unit.plain)
            && !starts_with_verb(unit)
}

/// Inline code with a program's name in it.
fn names_program(unit: &Unit, lexicon: &Lexicon) -> bool {
    if !unit.code || !unit.scan.holds.has(List::Programs) {
        return false;
    }
    let programs = lexicon.list(List::Programs);
    unit.plain.split_whitespace().any(|w| programs.iter().any(|p| p == w))
}

fn starts_with_verb(unit: &Unit) -> bool {
    unit.scan.opens.has(List::Steps)
}

/// A capitalised word inside a sentence, a ticket key, a channel or an address.
pub fn names_something(plain: &str) -> bool {
    let mut opens = true;
    plain.split_whitespace().any(|written| {
        // Most words are small letters to their end: they name nothing, and close no sentence.
        if written.bytes().all(|b| b.is_ascii_lowercase()) {
            opens = false;
            return false;
        }
        let word = written.trim_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '@');
        let first = std::mem::replace(&mut opens, written.ends_with(['.', ':', '!', '?']));
        let capital = word.len() > 2 && word.chars().next().is_some_and(char::is_uppercase);
        let key = word.matches('-').count() >= 2 && word.chars().all(|c| c.is_alphanumeric() || c == '-');
        word.starts_with('#') && word.len() > 2 || word.contains('@') || capital && !first || key
    })
}

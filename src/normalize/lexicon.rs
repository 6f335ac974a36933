//! The words reading knows, by their first word: a text is scanned once for phrases, sections and technologies.

use super::brief::{Brief, Briefs};
use crate::model::config::Knowledge;
use crate::model::id::SectionIx;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Kinds of phrases, as bits.
pub mod bits {
    /// The phrase lists of the vocabulary, in the order of their bits.
    pub const NAMES: [&str; 12] = [
        "unknown",
        "promise",
        "admission",
        "not-applicable",
        "absent-start",
        "absent",
        "instead",
        "delegated",
        "delegate-word",
        "pointer",
        "generic",
        "needs",
    ];
    pub const UNKNOWN: u32 = 1;
    pub const PROMISE: u32 = 1 << 1;
    pub const ADMISSION: u32 = 1 << 2;
    pub const NOT_APPLICABLE: u32 = 1 << 3;
    pub const ABSENT_START: u32 = 1 << 4;
    pub const ABSENT: u32 = 1 << 5;
    pub const INSTEAD: u32 = 1 << 6;
    pub const DELEGATED: u32 = 1 << 7;

    pub const POINTER: u32 = 1 << 9;
    pub const GENERIC: u32 = 1 << 10;
    pub const NEEDS: u32 = 1 << 11;
}

#[derive(Clone, Copy)]
enum Meaning {
    Phrase(u32),
    Speaks(SectionIx),
    Tells(SectionIx),
    Technology(u32),
}

/// What a scan of one unit found. Word numbers count from 0.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Phrase kinds anywhere in it.
    pub bits: u32,
    /// Phrase kinds at its first word.
    pub first: u32,
    /// Sections its words are typical of.
    pub speaks: Vec<SectionIx>,
    /// Sections it answers wherever it stands.
    pub tells: Vec<SectionIx>,
    /// Technologies, as place in the vocabulary and the words that name it, longest at each place.
    pub technologies: Vec<(u32, u32, u32)>,
    /// The word behind a delegation ("handled by").
    pub delegated_at: Option<u32>,
}

/// A folded phrase with a space at both ends, and what it means.
struct Phrase {
    text: String,
    words: u32,
    meanings: Vec<Meaning>,
}

/// FNV-1a: words are short, and nobody attacks a list of our own.
#[derive(Default)]
pub struct Fnv(u64);

/// Hashes words quickly.
pub type Words = BuildHasherDefault<Fnv>;

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// Knowledge of words made ready for scanning.
pub struct Lexicon {
    phrases: Vec<Phrase>,
    by_word: HashMap<String, Vec<u32>, Words>,
    lists: HashMap<String, Vec<String>, Words>,
    sets: HashMap<String, HashSet<String, Words>, Words>,
    folded: HashMap<String, Vec<String>, Words>,
    briefs: Briefs,
}

/// Folds text for scanning: lower case, accents and apostrophes dropped, other marks a space, one space at both ends.
///
/// Scripts that write no spaces have a word a character.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut out = String::with_capacity(text.len() + 2);
    fold_into(text, &mut out);
    out
}

fn fold_into(text: &str, out: &mut String) {
    out.push(' ');
    for c in text.chars() {
        if is_character(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            out.push(c);
            out.push(' ');
        } else if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if ('\u{c0}'..'\u{250}').contains(&c) {
            let lower = c.to_lowercase().flat_map(|l| l.nfd()).filter(|l| !is_combining_mark(*l));
            out.extend(lower);
        } else if ('\u{ff01}'..='\u{ff5e}').contains(&c) {
            // Letters as wide as Chinese ones.
            let narrow = char::from_u32(c as u32 - 0xfee0).filter(char::is_ascii_alphanumeric);
            match narrow {
                Some(narrow) => out.push(narrow.to_ascii_lowercase()),
                None if !out.ends_with(' ') => out.push(' '),
                None => {}
            }
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !joins(c) && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Whether a character is a word by itself: Chinese and Japanese write no spaces.
pub fn is_character(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fe}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

/// Whether a mark inside a word is no end of it: an apostrophe, an accent written apart, a blank without width.
pub fn joins(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
        || c >= '\u{300}' && is_combining_mark(c)
}

/// [`fold`] for ASCII, which nearly all of a runbook is.
fn fold_ascii(text: &str) -> String {
    let mut out = vec![b' '; text.len() + 2];
    let mut at = 1;
    for &byte in text.as_bytes() {
        let folded = FOLDED[byte as usize & 127];
        out[at] = folded;
        // A blank behind a blank is written over, and so is what leaves nothing.
        at += usize::from(folded > b' ' || folded == b' ' && out[at - 1] != b' ');
    }
    if out[at - 1] != b' ' {
        out[at] = b' ';
        at += 1;
    }
    out.truncate(at);
    String::from_utf8(out).unwrap_or_default()
}

/// What each character of ASCII is folded to; 0 is nothing at all.
const FOLDED: [u8; 128] = {
    let mut table = [b' '; 128];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        if byte.is_ascii_alphanumeric() {
            table[at] = byte.to_ascii_lowercase();
        }
        at += 1;
    }
    table[b'\'' as usize] = 0;
    table
};

impl Lexicon {
    /// Indexes the phrases; done once a run.
    pub fn new(knowledge: &Knowledge) -> Self {
        let mut patterns: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        let mut add = |text: &str, meaning: Meaning| {
            let folded = fold(text);
            if folded.len() > 2 {
                patterns.entry(folded).or_default().push(meaning);
            }
        };
        for (bit, name) in bits::NAMES.iter().enumerate() {
            for phrase in knowledge.vocabulary.phrases.get(*name).into_iter().flatten() {
                add(phrase, Meaning::Phrase(1 << bit));
            }
        }
        for section in knowledge.template.all() {
            let data = &knowledge.template[section];
            for word in &data.words {
                add(word, Meaning::Speaks(section));
                // "snapshot" speaks as "snapshots" does.
                if word.len() > 3 && word.ends_with(char::is_alphabetic) && !word.ends_with(['s', 'd', 'y']) {
                    add(&format!("{word}s"), Meaning::Speaks(section));
                }
            }
            data.tells.iter().for_each(|w| add(w, Meaning::Tells(section)));
        }
        for (at, technology) in knowledge.vocabulary.technologies.iter().enumerate() {
            for spelling in technology.spellings.iter().chain([&technology.name]) {
                add(spelling, Meaning::Technology(at as u32));
            }
        }
        let mut by_word: HashMap<String, Vec<u32>, Words> = HashMap::default();
        let mut phrases = Vec::with_capacity(patterns.len());
        for (text, meanings) in patterns {
            let first = text.split_whitespace().next().unwrap_or_default().to_owned();
            by_word.entry(first).or_default().push(phrases.len() as u32);
            phrases.push(Phrase { words: text.split_whitespace().count() as u32, text, meanings });
        }
        let lists: HashMap<String, Vec<String>, Words> = knowledge.vocabulary.phrases.clone().into_iter().collect();
        let sets = lists
            .iter()
            .map(|(name, list)| (name.clone(), list.iter().map(|p| fold(p).trim().to_owned()).collect()))
            .collect();
        let folded = lists.iter().map(|(name, list)| (name.clone(), list.iter().map(|p| fold(p)).collect())).collect();
        let briefs = Briefs::new(&lists);
        Self { phrases, by_word, lists, sets, folded, briefs }
    }

    /// A list of the vocabulary as written.
    pub fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a folded text is exactly one of a list's phrases.
    pub fn is(&self, name: &str, folded: &str) -> bool {
        self.sets.get(name).is_some_and(|set| set.contains(folded.trim()))
    }

    /// Whether one of a list's phrases stands in a folded text (for texts too rare to be worth an automaton).
    pub fn has(&self, name: &str, folded: &str) -> bool {
        self.folded.get(name).is_some_and(|list| list.iter().any(|phrase| folded.contains(phrase.as_str())))
    }

    /// Whether the first word of a folded text is one of a list's.
    pub fn starts_with_one(&self, name: &str, folded: &str) -> bool {
        folded.split_whitespace().next().is_some_and(|w| self.is(name, w))
    }

    /// Whether a folded text begins with one of a list's phrases.
    pub fn starts(&self, name: &str, folded: &str) -> bool {
        self.folded.get(name).is_some_and(|list| list.iter().any(|phrase| folded.starts_with(phrase.as_str())))
    }

    /// What a folded text amounts to where it is all there is.
    pub fn brief(&self, folded: &str) -> Option<Brief> {
        self.briefs.of(folded)
    }

    /// Finds everything known in a folded text.
    pub fn scan(&self, folded: &str) -> Scan {
        let mut scan = Scan::default();
        let mut at = 0;
        let mut number = 0;
        while let Some(length) = memchr::memchr(b' ', folded.as_bytes().get(at + 1..).unwrap_or_default()) {
            let known = self.by_word.get(&folded[at + 1..at + 1 + length]);
            for phrase in known.into_iter().flatten().map(|&at| &self.phrases[at as usize]) {
                if folded[at..].starts_with(phrase.text.as_str()) {
                    let tells = phrase.meanings.iter().any(|m| matches!(m, Meaning::Tells(_)));
                    let next = || folded[at + phrase.text.len()..].split(' ').next().unwrap_or_default();
                    scan.found(phrase, number, tells && self.is("document-noun", next()));
                }
            }
            at += length + 1;
            number += 1;
        }
        scan
    }
}

impl Scan {
    /// Notes a phrase whose first word is the given one; what names a document tells nothing itself.
    fn found(&mut self, phrase: &Phrase, from: u32, names_document: bool) {
        for meaning in &phrase.meanings {
            match *meaning {
                Meaning::Phrase(bit) => {
                    self.bits |= bit;
                    if from == 0 {
                        self.first |= bit;
                    }
                    if bit == bits::DELEGATED {
                        self.delegated_at = Some(from + phrase.words);
                    }
                }
                Meaning::Speaks(section) => push_new(&mut self.speaks, section),
                Meaning::Tells(_) if names_document => {}
                Meaning::Tells(section) => push_new(&mut self.tells, section),
                Meaning::Technology(at) => {
                    let to = from + phrase.words - 1;
                    // The longest spelling at a place wins: "aws s3" over "s3" inside it.
                    if self.technologies.iter().any(|t| t.1 <= from && to <= t.2) {
                        continue;
                    }
                    self.technologies.retain(|t| !(from <= t.1 && t.2 <= to));
                    self.technologies.push((at, from, to));
                }
            }
        }
    }
}

fn push_new(list: &mut Vec<SectionIx>, section: SectionIx) {
    if !list.contains(&section) {
        list.push(section);
    }
}

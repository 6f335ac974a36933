//! The words reading knows: a text is scanned once for phrases, sections and technologies, word by word.

use super::brief::{Brief, Briefs};
use super::lists::{List, Lists};
use crate::model::config::Knowledge;
use crate::model::id::SectionIx;
use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[derive(Clone, Copy)]
enum Meaning {
    Speaks(SectionIx),
    Tells(SectionIx),
    Technology(u32),
}

/// What a scan of one text found. Word numbers count from 0.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// How many words it has.
    pub count: u32,
    /// Lists that hold the whole of it.
    pub whole: Lists,
    /// Lists that hold the words it begins with.
    pub starts: Lists,
    /// Lists that hold its first word.
    pub opens: Lists,
    /// Lists that hold one of its words.
    pub words: Lists,
    /// Lists that hold words anywhere in it.
    pub holds: Lists,
    /// Sections its words are typical of.
    pub speaks: Vec<SectionIx>,
    /// Sections it answers wherever it stands.
    pub tells: Vec<SectionIx>,
    /// Technologies, as place in the vocabulary and the words that name it, longest at each place.
    pub technologies: Vec<(u32, u32, u32)>,
    /// The word behind a delegation ("handled by").
    pub delegated_at: Option<u32>,
    /// Whether a pattern of brief answers may be the whole of it, and of what stands behind a label in it.
    pub brief: (bool, bool),
}

/// What a phrase means whose last word leads here, and whether a longer one goes on from here.
#[derive(Default)]
struct Node {
    lists: Lists,
    meanings: Vec<Meaning>,
    goes_on: bool,
    /// Whether a pattern of brief answers opens with these words: one for the start of a text, one for any place in it.
    brief: (bool, bool),
}

/// FNV-1a: words are short, and nobody attacks a list of our own.
pub struct Fnv(u64);

/// Hashes words quickly.
pub type Words = BuildHasherDefault<Fnv>;

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    #[inline]
    fn take(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.take(byte));
    }

    fn finish(&self) -> u64 {
        // Tables look at both ends of a hash; the multiplication stirs upwards only.
        self.0 ^ self.0 >> 32
    }
}

/// Knowledge of words made ready for scanning.
///
/// Phrases are paths of words: a word's number leads to a node, and from there the next word's to the next.
pub struct Lexicon {
    /// Words with their numbers, which count from 1.
    numbers: HashTable<(Box<str>, u32)>,
    /// The node of a word by itself, by its number; 0 is none.
    alone: Vec<u32>,
    /// From a node and the number of the next word to the next node.
    paths: HashTable<(u64, u32)>,
    nodes: Vec<Node>,
    written: Vec<Vec<String>>,
    exact: HashMap<String, Lists, Words>,
    briefs: Briefs,
}

/// Folds text for scanning: lower case, accents and apostrophes dropped, other marks a space, one space at both ends.
///
/// Scripts that write no spaces have a word a character.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    fold_onto(&mut out, text);
    out
}

/// Folds a text behind others that are folded.
pub fn fold_onto(out: &mut String, text: &str) {
    if out.is_empty() {
        out.push(' ');
    }
    if text.is_ascii() {
        return fold_ascii(out, text);
    }
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

/// [`fold_onto`] for ASCII, which nearly all of a runbook is.
fn fold_ascii(out: &mut String, text: &str) {
    let mut bytes = std::mem::take(out).into_bytes();
    let mut at = bytes.len();
    bytes.resize(at + text.len() + 1, b' ');
    for &byte in text.as_bytes() {
        let folded = FOLDED[byte as usize & 127];
        bytes[at] = folded;
        // A blank behind a blank is written over, and so is what leaves nothing.
        at += usize::from(folded > b' ' || folded == b' ' && bytes[at - 1] != b' ');
    }
    if bytes[at - 1] != b' ' {
        bytes[at] = b' ';
        at += 1;
    }
    bytes.truncate(at);
    *out = String::from_utf8(bytes).unwrap_or_default();
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

/// The place of a path in its table.
fn place(path: u64) -> u64 {
    let mixed = path.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

impl Lexicon {
    /// Indexes the phrases; done once a run.
    pub fn new(knowledge: &Knowledge) -> Self {
        let lists = &knowledge.vocabulary.phrases;
        let mut new = Self {
            numbers: HashTable::new(),
            alone: vec![0],
            paths: HashTable::new(),
            nodes: vec![Node::default()],
            written: List::ALL.iter().map(|list| lists.get(&list.name()).cloned().unwrap_or_default()).collect(),
            exact: HashMap::default(),
            briefs: Briefs::new(lists),
        };
        for &list in List::ALL {
            for phrase in new.written[list as usize].clone() {
                let folded = fold(&phrase);
                new.exact.entry(folded.trim().to_owned()).or_default().put(list);
                new.learn(&folded, |node| node.lists.put(list));
            }
        }
        for (opens, words) in new.briefs.openings() {
            new.learn(&words, |node| if opens { node.brief.0 = true } else { node.brief.1 = true });
        }
        for section in knowledge.template.all() {
            let data = &knowledge.template[section];
            for word in &data.words {
                new.means(word, Meaning::Speaks(section));
                // "snapshot" speaks as "snapshots" does.
                if word.len() > 3 && word.ends_with(char::is_alphabetic) && !word.ends_with(['s', 'd', 'y']) {
                    new.means(&format!("{word}s"), Meaning::Speaks(section));
                }
            }
            data.tells.iter().for_each(|w| new.means(w, Meaning::Tells(section)));
        }
        for (at, technology) in knowledge.vocabulary.technologies.iter().enumerate() {
            for spelling in technology.spellings.iter().chain([&technology.name]) {
                new.means(spelling, Meaning::Technology(at as u32));
            }
        }
        new
    }

    fn means(&mut self, phrase: &str, meaning: Meaning) {
        self.learn(&fold(phrase), |node| node.meanings.push(meaning));
    }

    /// Leads a folded phrase's path to a node and tells that what it means.
    fn learn(&mut self, folded: &str, tell: impl FnOnce(&mut Node)) {
        let mut node = 0;
        for word in folded.split_whitespace() {
            let number = self.number(word);
            let next = if node == 0 {
                self.alone[number as usize]
            } else {
                self.nodes[node as usize].goes_on = true;
                self.step(node, number)
            };
            node = if next == 0 { self.branch(node, number) } else { next };
        }
        if node > 0 {
            tell(&mut self.nodes[node as usize]);
        }
    }

    /// A word's number, a new one where it is new.
    fn number(&mut self, word: &str) -> u32 {
        let hash = |word: &str| {
            let mut hash = Fnv::default();
            hash.write(word.as_bytes());
            hash.finish()
        };
        let next = self.alone.len() as u32;
        let entry = self.numbers.entry(hash(word), |known| *known.0 == *word, |known| hash(&known.0));
        let number = entry.or_insert_with(|| (word.into(), next)).get().1;
        if number == next {
            self.alone.push(0);
        }
        number
    }

    fn branch(&mut self, node: u32, number: u32) -> u32 {
        let new = self.nodes.len() as u32;
        self.nodes.push(Node::default());
        if node == 0 {
            self.alone[number as usize] = new;
        } else {
            let path = u64::from(node) << 32 | u64::from(number);
            self.paths.insert_unique(place(path), (path, new), |known| place(known.0));
        }
        new
    }

    /// The node behind another; 0 is none.
    fn step(&self, node: u32, number: u32) -> u32 {
        let path = u64::from(node) << 32 | u64::from(number);
        self.paths.find(place(path), |known| known.0 == path).map_or(0, |known| known.1)
    }

    /// A list of the vocabulary as written.
    pub fn list(&self, list: List) -> &[String] {
        &self.written[list as usize]
    }

    /// The lists of which a folded text is exactly a phrase.
    pub fn lists(&self, folded: &str) -> Lists {
        self.exact.get(folded.trim()).copied().unwrap_or_default()
    }

    /// Whether a folded text is exactly one of a list's phrases.
    pub fn is(&self, list: List, folded: &str) -> bool {
        self.lists(folded).has(list)
    }

    /// Whether the first word of a folded text is one of a list's.
    pub fn starts_with_one(&self, list: List, folded: &str) -> bool {
        folded.split_whitespace().next().is_some_and(|w| self.is(list, w))
    }

    /// What a folded text amounts to where it is all there is.
    pub fn brief(&self, folded: &str) -> Option<Brief> {
        self.briefs.of(folded)
    }

    /// The numbers of a folded text's words; 0 for a word nobody knows.
    fn numbers(&self, folded: &str) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(folded.len() / 4);
        let mut hash = Fnv::default();
        let mut from = 1;
        for (at, &byte) in folded.as_bytes().iter().enumerate().skip(1) {
            if byte != b' ' {
                hash.take(byte);
                continue;
            }
            let word = &folded.as_bytes()[from..at];
            let known = self.numbers.find(hash.finish(), |known| known.0.as_bytes() == word);
            numbers.push(known.map_or(0, |known| known.1));
            hash = Fnv::default();
            from = at + 1;
        }
        numbers
    }

    /// Finds everything known in a folded text.
    pub fn scan(&self, folded: &str) -> Scan {
        let numbers = self.numbers(folded);
        let mut scan = Scan { count: numbers.len() as u32, ..Scan::default() };
        for from in 0..numbers.len() {
            let mut node = self.alone[numbers[from] as usize];
            let mut next = from + 1;
            if node > 0 {
                let lists = self.nodes[node as usize].lists;
                scan.words.add(lists);
                if from == 0 {
                    scan.opens = lists;
                }
            }
            while node > 0 {
                let known = &self.nodes[node as usize];
                let (opens, inside) = known.brief;
                scan.brief.0 |= inside || opens && from == 0;
                scan.brief.1 |= inside || opens;
                scan.heard(known.lists, from == 0, next, next == numbers.len());
                if !known.meanings.is_empty() {
                    let behind = numbers.get(next).map_or(0, |&number| self.alone[number as usize]);
                    let names_document = self.nodes[behind as usize].lists.has(List::DocumentNoun);
                    scan.found(&known.meanings, from as u32, next as u32 - 1, names_document);
                }
                let goes_on = known.goes_on && numbers.get(next).is_some_and(|&number| number > 0);
                node = if goes_on { self.step(node, numbers[next]) } else { 0 };
                next += 1;
            }
        }
        scan
    }
}

impl Scan {
    /// The scan of a text that is not looked at, with the number of its words.
    pub fn of_words(folded: &str) -> Self {
        let count = folded.bytes().filter(|&b| b == b' ').count().saturating_sub(1);
        Self { count: count as u32, ..Self::default() }
    }

    /// Notes the lists of a phrase that ends before a word.
    fn heard(&mut self, lists: Lists, first: bool, next: usize, last: bool) {
        self.holds.add(lists);
        if first {
            self.starts.add(lists);
            if last {
                self.whole = lists;
            }
        }
        if lists.has(List::Delegated) {
            self.delegated_at = Some(next as u32);
        }
    }

    /// Notes a phrase from its first word to its last; what names a document tells nothing itself.
    fn found(&mut self, meanings: &[Meaning], from: u32, to: u32, names_document: bool) {
        for meaning in meanings {
            match *meaning {
                Meaning::Speaks(section) => push_new(&mut self.speaks, section),
                Meaning::Tells(_) if names_document => {}
                Meaning::Tells(section) => push_new(&mut self.tells, section),
                Meaning::Technology(at) => {
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

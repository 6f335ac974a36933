//! The words reading knows: a text is scanned once for phrases, sections and technologies, word by word.

use super::brief::{Brief, Briefs};
use super::fold::fold;
use super::lists::{List, Lists};
use crate::model::config::Knowledge;
use crate::model::id::SectionIx;
use hashbrown::HashTable;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

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
#[derive(Clone, Copy, Default)]
struct Node {
    lists: Lists,
    /// Where its meanings begin among all, and how many they are.
    meanings: (u32, u32),
    /// Which words a longer phrase goes on with, a bit for the last digits of each one's number.
    goes_on: u64,
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

/// A word of a phrase.
#[derive(Clone, Copy, Default)]
struct Word {
    hash: u64,
    /// Counts from 1; 0 is a word nobody knows.
    number: u32,
    /// Its node by itself; 0 is none.
    node: u32,
}

/// What a word with a digit is in patterns of brief answers; no folded text holds it.
const NUMBER: &str = "#";

/// Knowledge of words made ready for scanning.
///
/// Phrases are paths of words: a word's number leads to a node, and from there the next word's to the next.
pub struct Lexicon {
    /// Words by their hash: two that share all its bits are one.
    words: HashTable<Word>,
    /// A word with a digit that nobody knows otherwise.
    number: Word,
    /// From a node and the number of the next word to the next node.
    paths: HashTable<(u64, u32)>,
    nodes: Vec<Node>,
    meanings: Vec<Meaning>,
    written: Vec<Vec<String>>,
    exact: HashMap<String, Lists, Words>,
    briefs: Briefs,
}

/// The hash of a word.
fn hash(word: &str) -> u64 {
    let mut hash = Fnv::default();
    hash.write(word.as_bytes());
    hash.finish()
}

/// A step from a node by a word.
fn path(node: u32, number: u32) -> u64 {
    u64::from(node) << 32 | u64::from(number)
}

/// The bit of a word's number.
fn bit(number: u32) -> u64 {
    1 << (number & 63)
}

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
            words: HashTable::new(),
            number: Word::default(),
            paths: HashTable::new(),
            nodes: vec![Node::default()],
            meanings: Vec::new(),
            written: List::ALL.iter().map(|list| lists.get(&list.name()).cloned().unwrap_or_default()).collect(),
            exact: HashMap::default(),
            briefs: Briefs::new(lists),
        };
        for &list in List::ALL {
            for phrase in new.written[list as usize].clone() {
                let folded = fold(&phrase);
                new.exact.entry(folded.trim().to_owned()).or_default().put(list);
                let node = new.learn(&folded);
                new.nodes[node].lists.put(list);
            }
        }
        for (opens, words) in new.briefs.openings() {
            let node = new.learn(&words.replace(" 0 ", &format!(" {NUMBER} ")));
            let brief = &mut new.nodes[node].brief;
            *brief = (brief.0 || opens, brief.1 || !opens);
        }
        let mut meanings: BTreeMap<usize, Vec<Meaning>> = BTreeMap::new();
        let mut means = |phrase: &str, meaning| meanings.entry(new.learn(&fold(phrase))).or_default().push(meaning);
        for section in knowledge.template.all() {
            let data = &knowledge.template[section];
            for word in &data.words {
                means(word, Meaning::Speaks(section));
                // "snapshot" speaks as "snapshots" does.
                if word.len() > 3 && word.ends_with(char::is_alphabetic) && !word.ends_with(['s', 'd', 'y']) {
                    means(&format!("{word}s"), Meaning::Speaks(section));
                }
            }
            data.tells.iter().for_each(|w| means(w, Meaning::Tells(section)));
        }
        for (at, technology) in knowledge.vocabulary.technologies.iter().enumerate() {
            for spelling in technology.spellings.iter().chain([&technology.name]) {
                means(spelling, Meaning::Technology(at as u32));
            }
        }
        for (node, of_node) in meanings {
            new.nodes[node].meanings = (new.meanings.len() as u32, of_node.len() as u32);
            new.meanings.extend(of_node);
        }
        // Words without a letter lead to the first node, which says nothing.
        new.nodes[0] = Node::default();
        new.number = new.word(hash(NUMBER));
        new
    }

    /// The node a folded phrase's path leads to, made where there is none.
    fn learn(&mut self, folded: &str) -> usize {
        let mut node = 0;
        for text in folded.split_whitespace() {
            let word = self.spell(text);
            let next = if node == 0 { word.node } else { self.step(node, word.number) };
            self.nodes[node as usize].goes_on |= bit(word.number);
            node = if next == 0 { self.branch(node, word) } else { next };
        }
        node as usize
    }

    /// A word of a phrase, a new one where it is new.
    fn spell(&mut self, text: &str) -> Word {
        let hash = hash(text);
        let next = Word { hash, number: self.words.len() as u32 + 1, ..Word::default() };
        *self.words.entry(hash, |known| known.hash == hash, |known| known.hash).or_insert(next).get()
    }

    fn branch(&mut self, node: u32, word: Word) -> u32 {
        let new = self.nodes.len() as u32;
        self.nodes.push(Node::default());
        if node > 0 {
            let path = path(node, word.number);
            self.paths.insert_unique(place(path), (path, new), |known| place(known.0));
        } else if let Some(known) = self.words.find_mut(word.hash, |known| known.hash == word.hash) {
            known.node = new;
        }
        new
    }

    /// The node behind another; 0 is none.
    fn step(&self, node: u32, number: u32) -> u32 {
        let path = path(node, number);
        self.paths.find(place(path), |known| known.0 == path).map_or(0, |known| known.1)
    }

    /// What is known of the word with a hash.
    fn word(&self, hash: u64) -> Word {
        self.words.find(hash, |known| known.hash == hash).copied().unwrap_or_default()
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

    /// What is known of each word of a folded text, and whether one with a digit is known as itself.
    ///
    /// One that is not is any number, and so are all where words with digits are `counted`.
    fn words(&self, folded: &str, counted: bool) -> (Vec<Word>, bool) {
        let mut words = Vec::with_capacity(folded.len() / 4);
        let (mut hash, mut digit, mut known_digit) = (Fnv::default(), false, false);
        for &byte in folded.as_bytes().iter().skip(1) {
            if byte != b' ' {
                hash.take(byte);
                // Of what is folded only digits stand before the letters.
                digit |= byte <= b'9';
                continue;
            }
            let word = self.word(hash.finish());
            known_digit |= digit && word.number > 0;
            words.push(if digit && (counted || word.number == 0) { self.number } else { word });
            (hash, digit) = (Fnv::default(), false);
        }
        (words, known_digit)
    }

    /// Whether a pattern of brief answers may be the whole of a text, and of what stands behind a label in it.
    fn brief_of(&self, words: &[Word]) -> (bool, bool) {
        let mut found = (false, false);
        for from in 0..words.len() {
            let (mut node, mut next) = (words[from].node, from + 1);
            while node > 0 {
                let (opens, inside) = self.nodes[node as usize].brief;
                found = (found.0 || inside || opens && from == 0, found.1 || inside || opens);
                node = words.get(next).map_or(0, |word| self.step(node, word.number));
                next += 1;
            }
        }
        found
    }

    /// Finds everything known in a folded text.
    pub fn scan(&self, folded: &str) -> Scan {
        let (words, known_digit) = self.words(folded, false);
        let mut scan = Scan { count: words.len() as u32, ..Scan::default() };
        if known_digit {
            // To patterns of brief answers "s3" is any other word with a digit.
            scan.brief = self.brief_of(&self.words(folded, true).0);
        }
        for from in 0..words.len() {
            let mut node = words[from].node;
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
                scan.heard(known.lists, from == 0, next, next == words.len());
                if known.meanings.1 > 0 {
                    let behind = words.get(next).map_or(0, |word| word.node);
                    let names_document = self.nodes[behind as usize].lists.has(List::DocumentNoun);
                    let (first, count) = (known.meanings.0 as usize, known.meanings.1 as usize);
                    scan.found(&self.meanings[first..first + count], from as u32, next as u32 - 1, names_document);
                }
                let number = words.get(next).map_or(0, |word| word.number);
                let goes_on = number > 0 && known.goes_on & bit(number) != 0;
                node = if goes_on { self.step(node, number) } else { 0 };
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

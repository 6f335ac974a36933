//! The index: for every term the pages and places it stands at, in files small enough to be fetched one by one.
//!
//! Pages are read in runs, several at a time. A run keeps its terms sorted and its places as numbers of a byte or
//! two; then the runs are merged, file by file. Forms of one word are named beside each other, so that the script
//! finds them without knowing any language; the words as written stay what they are.

use crate::render::Site;
use crate::render::search::language::{Languages, languages};
use crate::render::search::pack::{self, Entry};
use crate::render::search::parallel;
use crate::render::search::token::{WHOLE, is_unspaced, squashed, terms};
use crate::render::search::unit::{Subject, Thing, subject, units};
use std::collections::{BTreeMap, HashMap};

/// Where a term stands: in a page's name, among a section's headings, in a heading, in the text.
pub const FIELDS: usize = 4;
const NAME: u64 = 0;
const SECTION: u64 = 1;
const HEAD: u64 = 2;
const BODY: u64 = 3;

/// Pages read in one run.
const RUN: usize = 256;

/// Set before what pages are filtered by: `@tier:1`.
const FACET: char = '@';

/// Set before a word turned round, by which it is found when its first letters are mistyped.
const TURNED: char = '~';

/// What is fetched.
pub struct Index {
    /// The first term of each file of words.
    pub starts: Vec<String>,
    /// The files of words.
    pub sorted: Vec<String>,
    /// The files of whole names and facets.
    pub hashed: Vec<String>,
    /// Words that stand everywhere, and are not looked for.
    pub small: Vec<&'static str>,
}

/// One run of pages.
struct Run {
    /// Its terms, sorted.
    terms: Vec<Term>,
    /// The letters of its terms, one behind another.
    letters: String,
    places: Vec<u8>,
    languages: u32,
}

/// A term of a run; there are millions in a large fleet.
struct Term {
    /// Where its letters begin.
    letters: u32,
    /// Languages of its pages.
    languages: u32,
    /// Where its places begin.
    places: u32,
}

impl Run {
    /// The letters of a term.
    fn word(&self, at: usize) -> &str {
        let end = self.terms.get(at + 1).map_or(self.letters.len(), |next| next.letters as usize);
        &self.letters[self.terms[at].letters as usize..end]
    }
}

/// Builds the index of all pages into a number of files.
pub fn build(site: &Site, things: &[Thing], files: Files) -> Index {
    let runs = parallel(things.len().div_ceil(RUN), |at| {
        let first = at * RUN;
        run(site, &things[first..(first + RUN).min(things.len())], first as u64)
    });
    let mut refs: Vec<Find> = Vec::with_capacity(runs.iter().map(|r| r.terms.len()).sum());
    for (at, run) in runs.iter().enumerate() {
        refs.extend((0..run.terms.len() as u32).map(|term| (at as u32, term)));
    }
    let word = |&(run, term): &Find| runs[run as usize].word(term as usize);
    refs.sort_unstable_by(|a, b| word(a).cmp(word(b)).then(a.cmp(b)));
    let groups: Vec<&[Find]> = refs.chunk_by(|a, b| word(a) == word(b)).collect();
    let spoken = |group: &[Find]| {
        group.iter().fold(0, |all, &(run, term)| all | runs[run as usize].terms[term as usize].languages)
    };
    let is_named = |group: &&[Find]| word(&group[0]).starts_with([WHOLE, FACET]);
    let (named, groups): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_named);
    let places = |group: &[Find]| {
        let mut places: [Vec<(u32, u32)>; FIELDS] = Default::default();
        for &(run, term) in group {
            let run = &runs[run as usize];
            pack::read(&run.places[run.terms[term as usize].places as usize..], &mut places);
        }
        places
    };

    // Words turned round stand behind all others that begin with a letter of ASCII.
    let forms = forms(&groups, &word, &spoken, languages());
    let turned = turned(groups.iter().map(|g| word(&g[0])));
    let behind = groups.partition_point(|g| *word(&g[0]) < *TURNED.to_string());
    let place = |at: usize| match at.checked_sub(behind) {
        None => Ok(at),
        Some(turn) if turn < turned.places.len() => Err(turn),
        Some(_) => Ok(at - turned.places.len()),
    };
    let term = |at: usize| place(at).map_or_else(|turn| turned.word(turn), |group| word(&groups[group][0]));
    let entry = |at: usize| match place(at) {
        Ok(group) => {
            let forms = forms.get(&(group as u32)).map_or(&[][..], |f| &f[..]);
            Entry { term: term(at), places: places(groups[group]), forms }
        }
        Err(_) => Entry { term: term(at), places: Default::default(), forms: &[] },
    };
    let weight = |at: usize| {
        let bytes = |&(run, term): &Find| {
            let run = &runs[run as usize];
            let end = run.terms.get(term as usize + 1).map_or(run.places.len(), |t| t.places as usize);
            end - run.terms[term as usize].places as usize
        };
        match place(at) {
            Ok(group) => 8 + groups[group].iter().map(bytes).sum::<usize>().min(pack::LONGEST),
            Err(_) => 6,
        }
    };
    let bounds = pack::bounds(groups.len() + turned.places.len(), weight, files.sorted);
    let packed = parallel(files.sorted, |at| pack::file(bounds[at]..bounds[at + 1], &term, &entry, things.len()));
    let (starts, sorted) = packed.into_iter().unzip();

    let mut order: Vec<(usize, usize)> =
        named.iter().enumerate().map(|(at, group)| (hash(word(&group[0])) as usize % files.hashed, at)).collect();
    order.sort_unstable();
    let term = |at: usize| word(&named[order[at].1][0]);
    let entry = |at: usize| Entry { term: term(at), places: places(named[order[at].1]), forms: &[] };
    let hashed = parallel(files.hashed, |file| {
        let range = order.partition_point(|o| o.0 < file)..order.partition_point(|o| o.0 <= file);
        pack::file(range, &term, &entry, things.len()).1
    });
    let spoken = runs.iter().fold(0, |all, r| all | r.languages);
    Index { starts, sorted, hashed, small: languages().small_words(spoken) }
}

/// How many files hold terms.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// Those of words, which are looked for by their beginnings.
    pub sorted: usize,
    /// Those of whole names and facets, of which there are many more, and which are only looked for as they are.
    pub hashed: usize,
}

impl Files {
    /// The files of an index of so many bytes of text, each of a few kilobytes.
    pub fn of(bytes: usize) -> Self {
        // Words grow slower than texts, names nearly as fast.
        let (root, size) = (bytes.isqrt(), bytes.isqrt() * bytes.isqrt().isqrt());
        Self { sorted: (root / 20).max(size / 1500).clamp(1, 40_000), hashed: (size / 550).clamp(1, 40_000) }
    }
}

/// Which file of names holds one; the script reckons the same from the letters of its strings.
fn hash(name: &str) -> u32 {
    name.encode_utf16().fold(0x811c_9dc5, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}

/// Terms of a run as they are found, with their places.
#[derive(Default)]
struct Finds {
    ids: HashMap<Box<str>, u32>,
    /// Languages of each term's pages.
    spoken: Vec<u32>,
    /// Term, field, page, unit, in this order from the highest bits down.
    places: Vec<u64>,
}

impl Finds {
    fn id(&mut self, term: &str, language: usize) -> u64 {
        let id = match self.ids.get(term) {
            Some(&id) => id,
            None => {
                let id = self.spoken.len() as u32;
                self.ids.insert(term.into(), id);
                self.spoken.push(0);
                id
            }
        };
        self.spoken[id as usize] |= 1 << language;
        u64::from(id)
    }

    fn add(&mut self, term: &str, language: usize, field: u64, page: u64, unit: usize) {
        let id = self.id(term, language);
        // A page of more places than fit is found at its last one.
        self.places.push(id << 42 | field << 40 | page << 16 | (unit as u64).min(0xffff));
    }
}

fn run(site: &Site, things: &[Thing], first: u64) -> Run {
    let known = languages();
    let mut finds = Finds::default();
    let mut spoken = 0;
    for (at, &thing) in things.iter().enumerate() {
        let page = first + at as u64;
        let subject = subject(site, thing);
        let units = units(site, thing);
        let language = known.of(units.iter().map(|u| u.text.as_str()));
        spoken |= 1 << language;
        name(site, thing, &subject, &mut finds, page, language);
        facets(site, &subject, &units, &mut finds, page);
        // Every section of a service names the service: its own page is found by its name already.
        let mut own = Vec::new();
        terms(&subject.name, &mut |term| own.push(term.to_owned()));
        for (unit, place) in units.iter().enumerate() {
            terms(&place.heading, &mut |term| finds.add(term, language, HEAD, page, unit));
            let mut body = |term: &str| {
                if !known.is_small(language, term) && !own.iter().any(|o| o == term) {
                    finds.add(term, language, BODY, page, unit);
                }
            };
            terms(&place.text, &mut body);
            terms(&place.hidden, &mut body);
        }
    }
    finds.places.sort_unstable();
    finds.places.dedup();
    let mut terms: Vec<(Box<str>, u32)> = finds.ids.into_iter().collect();
    terms.sort_unstable();
    let mut places = Vec::with_capacity(finds.places.len() * 3);
    let mut letters = String::with_capacity(terms.iter().map(|(term, _)| term.len()).sum());
    let place = |(term, id): (Box<str>, u32)| {
        let from = finds.places.partition_point(|p| p >> 42 < u64::from(id));
        let to = finds.places.partition_point(|p| p >> 42 <= u64::from(id));
        let new =
            Term { letters: letters.len() as u32, languages: finds.spoken[id as usize], places: places.len() as u32 };
        letters.push_str(&term);
        pack::write(&finds.places[from..to], &mut places);
        new
    };
    let terms = terms.into_iter().map(place).collect();
    places.shrink_to_fit();
    Run { terms, letters, places, languages: spoken }
}

/// The names of a page, in parts and squashed into one word, and the words that go with them.
fn name(site: &Site, thing: Thing, subject: &Subject, finds: &mut Finds, page: u64, language: usize) {
    for name in std::iter::once(&subject.name).chain(&subject.aliases) {
        let mut parts = Vec::new();
        terms(name, &mut |term| parts.push(term.to_owned()));
        parts.extend(squashed(name));
        parts.sort_unstable();
        parts.dedup();
        let words = parts.iter().filter(|p| !p.starts_with(WHOLE)).count().max(2) - 1;
        parts.iter().filter(|p| !p.is_empty()).for_each(|p| finds.add(p, language, NAME, page, words));
        if let Thing::Section(section) = thing {
            parts.iter().for_each(|p| finds.add(p, language, SECTION, 0, section.at() * 2));
        }
    }
    let with = |finds: &mut Finds, text: &str| match thing {
        Thing::Section(section) => {
            terms(text, &mut |term| {
                if !languages().is_small(0, term) {
                    finds.add(term, language, SECTION, 0, section.at() * 2 + 1);
                }
            });
        }
        _ => terms(text, &mut |term| finds.add(term, language, HEAD, page, 0)),
    };
    with(finds, &subject.with);
    for &owner in &subject.owners {
        with(finds, &site.input.catalog[owner].name);
    }
}

/// What a page can be filtered by.
fn facets(site: &Site, subject: &Subject, units: &[super::unit::Unit], finds: &mut Finds, page: u64) {
    let catalog = site.input.catalog;
    let mut add = |facet: &str, value: &str| finds.add(&format!("{FACET}{facet}:{value}"), 0, BODY, page, 0);
    add("kind", subject.kind);
    if subject.tier > 0 {
        add("tier", &subject.tier.to_string());
    }
    if let Some(service) = subject.service {
        add("service", catalog[service].id.as_str());
    }
    for &owner in &subject.owners {
        add("owner", catalog[owner].id.as_str());
    }
    let mut states: Vec<&str> =
        units.iter().filter_map(|u| u.state).map(|s| crate::render::words::sign(s).letter).collect();
    states.extend(subject.states.split("").filter(|s| !s.is_empty()));
    states.sort_unstable();
    states.dedup();
    states.into_iter().for_each(|letter| add("state", letter));
}

/// A word where it is found: in which run, and where there.
type Find = (u32, u32);

/// Other forms of each word, by its place among the groups: those that share its stem in a language of its pages.
fn forms<'a>(
    groups: &[&[Find]],
    word: &dyn Fn(&Find) -> &'a str,
    spoken: &dyn Fn(&[Find]) -> u32,
    known: &Languages,
) -> HashMap<u32, Vec<&'a str>> {
    let mut by_stem: BTreeMap<(u32, String), Vec<u32>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate().filter(|(_, g)| is_plain(word(&g[0]))) {
        let mut languages = spoken(group);
        while languages != 0 {
            let language = languages.trailing_zeros();
            languages &= languages - 1;
            by_stem.entry((language, known.stem(language as usize, word(&group[0])))).or_default().push(at as u32);
        }
    }
    let mut forms: HashMap<u32, Vec<&str>> = HashMap::new();
    for family in by_stem.values().filter(|f| f.len() > 1) {
        // More are names that only look alike.
        for &one in family.iter().take(8) {
            let others =
                family.iter().take(8).filter(|&&other| other != one).map(|&other| word(&groups[other as usize][0]));
            forms.entry(one).or_default().extend(others);
        }
    }
    for list in forms.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    forms
}

/// Words turned round, sorted.
struct Turned {
    letters: String,
    /// Where each begins and ends in the letters.
    places: Vec<(u32, u32)>,
}

impl Turned {
    fn word(&self, at: usize) -> &str {
        let (from, to) = self.places[at];
        &self.letters[from as usize..to as usize]
    }
}

/// Each plain word as it stands, and begun at its middle: `~restore`, `~tore,res`. A mistyped letter leaves one half whole.
fn turned<'a>(words: impl Iterator<Item = &'a str>) -> Turned {
    let mut turned = Turned { letters: String::new(), places: Vec::new() };
    for word in words.filter(|w| is_plain(w)) {
        let count = word.chars().count();
        if (4..=48).contains(&count) {
            let half = word.char_indices().nth((count / 2).min(4)).map_or(0, |(at, _)| at);
            for parts in [[word, "", ""], [&word[half..], ",", &word[..half]]] {
                let from = turned.letters.len() as u32;
                turned.letters.push(TURNED);
                parts.into_iter().for_each(|part| turned.letters.push_str(part));
                turned.places.push((from, turned.letters.len() as u32));
            }
        }
    }
    let of = |&(from, to): &(u32, u32)| &turned.letters[from as usize..to as usize];
    turned.places.sort_unstable_by(|a, b| of(a).cmp(of(b)));
    turned
}

/// Whether a term is a word of letters alone: only such have forms, and are forgiven a letter.
fn is_plain(term: &str) -> bool {
    term.chars().all(|c| c.is_alphabetic() && !is_unspaced(c))
}

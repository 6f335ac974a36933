//! Brief answers: what a few words under a heading amount to, where nothing else there says more.

use super::fold::{fold, is_character};
use super::lexicon::Words;
use super::says::Says;
use std::collections::{BTreeMap, HashMap};

/// Longer than this nothing is brief; most characters of Chinese and Japanese are a word each.
const MOST_WORDS: usize = 30;

/// The same for scripts with spaces.
const MOST_SPACED: usize = 14;

/// How many words a `*` of a pattern stands for at most.
const STAR: usize = 8;

/// What a brief text amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Brief {
    /// Somebody will.
    Promise,
    /// Nobody knows.
    Unknown,
    /// The form's words, or words that stand where an answer should.
    Form,
    /// Only points elsewhere.
    Pointer,
    /// Whoever is asked for is nobody, or nobody any more.
    Nobody,
    /// Somebody else looks after it.
    Delegated,
    /// The question does not apply.
    NotApplicable,
    /// The thing does not exist.
    Absent,
    /// The author is not sure.
    Doubt,
    /// A question to nobody.
    Question,
    /// May be an answer or none.
    Unsure,
}

impl Brief {
    /// The lists of the vocabulary and what their patterns mean.
    const LISTS: [(&str, Self); 10] = [
        ("brief-promise", Self::Promise),
        ("brief-unknown", Self::Unknown),
        ("brief-form", Self::Form),
        ("brief-pointer", Self::Pointer),
        ("brief-nobody", Self::Nobody),
        ("brief-delegated", Self::Delegated),
        ("brief-not-applicable", Self::NotApplicable),
        ("brief-absent", Self::Absent),
        ("brief-doubt", Self::Doubt),
        ("brief-unsure", Self::Unsure),
    ];

    /// What a text of so many words says, where nothing beside it says more.
    pub fn says(self, words: usize) -> Says {
        match self {
            Self::Promise => Says::Promise,
            Self::Unknown | Self::Nobody => Says::Unknown,
            Self::Pointer => Says::Pointer,
            Self::Delegated => Says::Delegated,
            Self::NotApplicable => Says::NotApplicable,
            Self::Absent => Says::Absent,
            Self::Doubt if words <= 3 => Says::Unknown,
            Self::Doubt => Says::Admission,
            Self::Form | Self::Question => Says::Label,
            Self::Unsure => Says::Fact,
        }
    }
}

struct Pattern {
    /// Whether words may stand before it, and behind it.
    open: (bool, bool),
    /// Its words, folded, between its stars.
    runs: Vec<String>,
    means: Brief,
}

/// Patterns by the words they begin with.
type ByOpening = HashMap<String, Vec<Pattern>, Words>;

/// The patterns of brief answers, by the first word or two before their first star.
pub struct Briefs {
    /// Those that begin the text, and those that may stand anywhere in it.
    at_start: ByOpening,
    inside: ByOpening,
    /// Words behind which a text that names somebody says how.
    goes_on: Vec<String>,
    /// Words behind which a text of who it was says who it is.
    by_now: Vec<String>,
}

impl Briefs {
    /// Reads the patterns: `*` stands for a few words or none, `a/b` for one of its words, `0` for a word with a digit.
    pub fn new(lists: &BTreeMap<String, Vec<String>>) -> Self {
        let mut at_start: ByOpening = HashMap::default();
        let mut inside: ByOpening = HashMap::default();
        for (name, means) in Brief::LISTS {
            for written in lists.get(name).into_iter().flatten() {
                for text in spelled_out(written) {
                    let runs: Vec<String> = text.split('*').map(fold).filter(|run| run.len() > 1).collect();
                    let Some(opening) = runs.first().map(|run| run[..end_of_two(run, 0)].to_owned()) else { continue };
                    let open = (text.starts_with('*'), text.ends_with('*'));
                    let known = if open.0 { &mut inside } else { &mut at_start };
                    known.entry(opening).or_default().push(Pattern { open, runs, means });
                }
            }
        }
        let list = |name: &str| lists.get(name).into_iter().flatten().map(|word| fold(word)).collect();
        Self { at_start, inside, goes_on: list("brief-goes-on"), by_now: list("brief-by-now") }
    }

    /// The words patterns begin with up to their first star, and whether these are for the start of a text only.
    pub fn openings(&self) -> Vec<(bool, String)> {
        let of = |patterns: &ByOpening, opens: bool| -> Vec<(bool, String)> {
            patterns.values().flatten().map(|pattern| (opens, pattern.runs[0].clone())).collect()
        };
        [of(&self.at_start, true), of(&self.inside, false)].concat()
    }

    /// What a folded text amounts to, if it is brief and one of the patterns.
    pub fn of<'a>(&'a self, folded: &str) -> Option<Brief> {
        let words = folded.bytes().filter(|&b| b == b' ').count().saturating_sub(1);
        if words == 0 || words > MOST_WORDS || words > MOST_SPACED && folded.is_ascii() {
            return None;
        }
        let counted = folded.bytes().any(|b| b.is_ascii_digit()).then(|| without_numbers(folded));
        let text = counted.as_deref().unwrap_or(folded);
        // The pattern that says most decides: "not yet tested" is more than "not yet".
        let mut best: Option<(usize, Brief)> = None;
        let mut at = 0;
        let length_of = |p: &Pattern| usize::MAX - p.runs.iter().map(String::len).sum::<usize>();
        while let Some(length) = memchr::memchr(b' ', text.as_bytes().get(at + 1..).unwrap_or_default()) {
            let (one, two) = (&text[at..at + length + 2], &text[at..end_of_two(text, at)]);
            let two = Some(two).filter(|two| two.len() > one.len());
            let of = |patterns: &'a ByOpening| [patterns.get(one), two.and_then(|two| patterns.get(two))];
            let opens = if at == 0 { of(&self.at_start) } else { [None, None] };
            let found = opens
                .into_iter()
                .chain(of(&self.inside))
                .flatten()
                .flatten()
                .filter(|p| self.fits(p, text, at))
                .map(|p| (length_of(p), p.means))
                .min();
            best = best.into_iter().chain(found).min();
            at += length + 1;
        }
        best.map(|(_, means)| means)
    }

    /// Whether a pattern whose first word stands at `at` is the whole text.
    fn fits(&self, pattern: &Pattern, text: &str, at: usize) -> bool {
        let mut end = 0;
        for (number, run) in pattern.runs.iter().enumerate() {
            let start = if number == 0 {
                if !text[at..].starts_with(run.as_str()) {
                    return false;
                }
                at
            } else {
                match text[end..].find(run.as_str()) {
                    Some(found) => end + found,
                    None => return false,
                }
            };
            let allowed = number > 0 || pattern.open.0;
            if !self.star(pattern, &text[end..=start], allowed) {
                return false;
            }
            end = start + run.len() - 1;
        }
        self.star(pattern, &text[end..], pattern.open.1)
    }

    /// Whether what stands between two words of a pattern is what a star may stand for.
    fn star(&self, pattern: &Pattern, gap: &str, allowed: bool) -> bool {
        let words = gap.bytes().filter(|&b| b == b' ').count().saturating_sub(1);
        let characters = gap.chars().filter(|c| is_character(*c)).count();
        let more = match pattern.means {
            Brief::Delegated | Brief::Pointer => &self.goes_on[..],
            Brief::Nobody => &self.by_now,
            _ => &[],
        };
        let goes_on = || more.iter().any(|w| gap.contains(w.as_str()));
        words == 0 || allowed && words - characters + characters / 3 <= STAR && !goes_on()
    }
}

/// Where the second word behind a place ends, the blank behind it taken in, or the first where there is one alone.
fn end_of_two(folded: &str, at: usize) -> usize {
    let mut blanks = memchr::memchr_iter(b' ', &folded.as_bytes()[at + 1..]);
    let one = blanks.next();
    at + 2 + blanks.next().or(one).unwrap_or_default()
}

/// "we/i will write" is two patterns.
fn spelled_out(pattern: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for word in pattern.replace('*', " * ").split_whitespace() {
        all = all.iter().flat_map(|start| word.split('/').map(move |one| format!("{start} {one}"))).collect();
    }
    all.iter_mut().for_each(|text| *text = text.trim().to_owned());
    all
}

/// Words with a digit in them as `0`.
fn without_numbers(folded: &str) -> String {
    let mut text = String::with_capacity(folded.len());
    for word in folded.split_inclusive(' ') {
        text.push_str(if word.bytes().any(|b| b.is_ascii_digit()) { "0 " } else { word });
    }
    text
}

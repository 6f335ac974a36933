//! Fleet evidence: words that many documents of a form share are the form's, not their authors'.
//!
//! Two passes over all runbooks: the first counts where each run of words stands, the second turns answers that hold
//! nothing but the form's runs into residue. Both look at counts only, so that the order of documents plays no part.

use crate::model::config::Knowledge;
use crate::model::diagnostic::Rule;
use crate::model::id::Id;
use crate::model::runbook::{Candidate, OTHER_WORDS, Runbook};
use crate::model::state::{Kind, Reached, State, Substance};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// In how many services a run must stand before it can be the form's.
const SERVICES: u32 = 3;

/// How many headings of the common template make a document one of that form.
const TITLES: usize = 5;

/// How sure we are that words which the fleet shares are nobody's answer.
const SURE: f32 = 0.85;

/// Turns answers that the fleet shows to be the form's words into residue; runbooks keep their order, and those in
/// which nothing changes stay the same allocation.
pub fn compare(mut runbooks: Vec<Arc<Runbook>>, knowledge: &Knowledge) -> Vec<Arc<Runbook>> {
    let words = FormWords::of(&runbooks, knowledge);
    runbooks.par_iter_mut().for_each(|runbook| {
        let Some(form) = form(runbook) else { return };
        let is_forms = |c: &Candidate| words.are_all(&form, runbook, c);
        let found: Vec<usize> = (0..runbook.candidates.len()).filter(|&at| is_forms(&runbook.candidates[at])).collect();
        if !found.is_empty() {
            take_away(Arc::make_mut(runbook), &found);
        }
    });
    runbooks
}

/// Hands what was found of a document on to its next version: the same words at the same place are still the form's.
pub fn carry(last: &Runbook, mut next: Arc<Runbook>) -> Arc<Runbook> {
    let heading = |r: &Runbook, c: &Candidate| c.heading.map(|h| r.document.headings[h.at()].title.clone());
    let taken = |c: &&Candidate| c.state == State::Residue && !c.runs.is_empty() && !c.runs.contains(&OTHER_WORDS);
    let taken: Vec<&Candidate> = last.candidates.iter().filter(taken).collect();
    let is_forms = |c: &Candidate| {
        let same =
            |t: &&&Candidate| t.section == c.section && t.runs == c.runs && heading(last, t) == heading(&next, c);
        c.state < State::Residue && taken.iter().any(|t| same(&t))
    };
    let found: Vec<usize> = (0..next.candidates.len()).filter(|&at| is_forms(&next.candidates[at])).collect();
    if !found.is_empty() {
        take_away(Arc::make_mut(&mut next), &found);
    }
    next
}

/// The form a document is written in: by its file's id, or the common template itself.
fn form(runbook: &Runbook) -> Option<String> {
    let titles = runbook.candidates.iter().filter(|c| c.reached == Reached::Heading).count();
    runbook.form.clone().or_else(|| (titles >= TITLES).then(String::new))
}

/// Where a run stands (form, section, heading, run), as one number.
type Place = u64;

/// How often a run stands at a place, in services and in documents.
#[derive(Clone, Copy, Default)]
struct Count {
    services: u32,
    documents: u32,
    /// Whether it stands in a document that is only a form.
    blank: bool,
}

struct FormWords {
    /// Places that several services share, or that a form holds; nearly all others are one author's own.
    shared: HashMap<Place, Count>,
    documents: HashMap<String, u32>,
}

impl FormWords {
    fn of(runbooks: &[Arc<Runbook>], knowledge: &Knowledge) -> Self {
        // Documents of one service stand side by side, so that it is counted once.
        let mut order: Vec<(Id, usize)> = runbooks.par_iter().enumerate().map(|(at, r)| (service(r), at)).collect();
        order.par_sort_unstable();
        let mut numbers = Vec::with_capacity(order.len());
        for at in 0..order.len() {
            let same = at > 0 && order[at - 1].0 == order[at].0;
            numbers.push(numbers.last().map_or(0, |last| last + u32::from(!same)));
        }
        let mut documents: HashMap<String, u32> = HashMap::new();
        for form in runbooks.iter().filter_map(|runbook| form(runbook)) {
            *documents.entry(form).or_default() += 1;
        }
        let mut standing: Vec<(Place, u32, u32, bool)> = (order.par_iter().zip(&numbers).enumerate())
            .flat_map_iter(|(at, ((_, runbook), &number))| {
                let runbook = &*runbooks[*runbook];
                let Some(form) = form(runbook) else { return Vec::new() };
                let blank = is_form_alone(runbook, knowledge);
                let places = runbook.candidates.iter().flat_map(|candidate| places(&form, runbook, candidate));
                places.map(|place| (place, number, at as u32, blank)).collect()
            })
            .collect();
        standing.par_sort_unstable();
        let shared = standing.chunk_by(|a, b| a.0 == b.0).filter_map(|run| {
            let count = Count {
                services: run.chunk_by(|a, b| a.1 == b.1).count() as u32,
                documents: run.chunk_by(|a, b| a.2 == b.2).count() as u32,
                blank: run.iter().any(|(.., blank)| *blank),
            };
            (count.blank || count.services >= SERVICES).then_some((run[0].0, count))
        });
        Self { shared: shared.collect(), documents }
    }

    /// Whether a candidate holds runs, all of them the form's, and no other words.
    fn are_all(&self, form: &str, runbook: &Runbook, candidate: &Candidate) -> bool {
        let half = self.documents.get(form).copied().unwrap_or(0).div_ceil(2);
        candidate.state < State::Residue
            && !candidate.runs.is_empty()
            && !candidate.runs.contains(&OTHER_WORDS)
            && places(form, runbook, candidate).all(|place| {
                let count = self.shared.get(&place);
                count.is_some_and(|c| c.blank || c.documents >= half)
            })
    }
}

/// Whom a document speaks for, as far as it tells alone.
fn service(runbook: &Runbook) -> Id {
    let name = runbook.name.as_ref().map(|n| n.text.as_str()).or(runbook.place.as_deref());
    name.map(Id::of).filter(|id| !id.is_empty()).unwrap_or_else(|| Id::of(&runbook.document.origin.label()))
}

/// A form that an organisation keeps among its documents: of no service, and its path calls it a sample.
fn is_form_alone(runbook: &Runbook, knowledge: &Knowledge) -> bool {
    let path = runbook.document.origin.path.to_lowercase();
    let sample = knowledge.vocabulary.phrases.get("sample-place").into_iter().flatten();
    runbook.name.is_none() && runbook.place.is_none() && sample.into_iter().any(|word| path.contains(word.as_str()))
}

fn places<'a>(form: &str, runbook: &Runbook, candidate: &'a Candidate) -> impl Iterator<Item = Place> + 'a {
    let heading = candidate.heading.map_or("", |h| &runbook.document.headings[h.at()].title);
    let parts = [hash(form), hash(&heading.to_lowercase()), u64::from(candidate.section.0)];
    let stands = parts.into_iter().fold(0, mixed);
    candidate.runs.iter().filter(|run| **run != OTHER_WORDS).map(move |&run| mixed(stands, run))
}

/// FNV-1a, the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

/// Two numbers as one that hardly any other two give.
fn mixed(a: u64, b: u64) -> u64 {
    let sum = (a ^ b.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (sum ^ (sum >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9).wrapping_add(b);
    mixed ^ (mixed >> 32)
}

/// Makes residue of some candidates, and a blank of a document with nothing else in it.
fn take_away(runbook: &mut Runbook, found: &[usize]) {
    for &at in found {
        let candidate = &mut runbook.candidates[at];
        (candidate.state, candidate.substance) = (State::Residue, Substance::Prose);
        candidate.confidence = candidate.confidence.min(SURE);
        runbook.parts[candidate.part.at()].state = State::Residue;
    }
    runbook.sort_candidates();
    let blank = runbook.candidates.iter().all(|c| c.state >= State::Residue);
    if blank && runbook.kind == Kind::Service {
        runbook.blank = true;
        runbook.owners.clear();
        runbook.dependencies.clear();
        if runbook.name.is_none() && runbook.place.is_none() {
            runbook.kind = Kind::Template;
        }
    }
}

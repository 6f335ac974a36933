//! Fleet evidence: words that many documents of a form share are the form's, not their authors'.
//!
//! Two passes over all runbooks: the first counts where each run of words stands, the second turns answers that hold
//! nothing but the form's runs into residue. Both look at counts only, so that the order of documents plays no part.

use crate::model::config::Knowledge;
use crate::model::diagnostic::Rule;
use crate::model::id::{Id, SectionIx};
use crate::model::runbook::{Candidate, OTHER_WORDS, Runbook};
use crate::model::state::{Kind, Reached, State, Substance};
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
    for runbook in &mut runbooks {
        let Some(form) = form(runbook) else { continue };
        let is_forms = |c: &Candidate| words.are_all(&form, runbook, c);
        let found: Vec<usize> = (0..runbook.candidates.len()).filter(|&at| is_forms(&runbook.candidates[at])).collect();
        if !found.is_empty() {
            take_away(Arc::make_mut(runbook), &found);
        }
    }
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

/// Where a run stands: form, section, heading, run.
type Place = (u64, SectionIx, u64, u64);

/// How often a run stands at a place, in services and in documents.
#[derive(Default)]
struct Count {
    services: u32,
    documents: u32,
    last_service: usize,
    last_document: usize,
    /// Whether it stands in a document that is only a form.
    blank: bool,
}

struct FormWords {
    counts: HashMap<Place, Count>,
    documents: HashMap<String, u32>,
}

impl FormWords {
    fn of(runbooks: &[Arc<Runbook>], knowledge: &Knowledge) -> Self {
        // Documents of one service stand side by side, so that it is counted once.
        let mut order: Vec<(Id, usize)> = runbooks.iter().enumerate().map(|(at, r)| (service(r), at)).collect();
        order.sort();
        let mut all = Self { counts: HashMap::new(), documents: HashMap::new() };
        let mut number = 0;
        for (at, (service, runbook)) in order.iter().enumerate() {
            number += usize::from(at == 0 || order[at - 1].0 != *service);
            let runbook = &runbooks[*runbook];
            let Some(form) = form(runbook) else { continue };
            let blank = is_form_alone(runbook, knowledge);
            *all.documents.entry(form.clone()).or_default() += 1;
            for candidate in &runbook.candidates {
                for place in places(&form, runbook, candidate) {
                    let count = all.counts.entry(place).or_default();
                    count.services += u32::from(count.last_service != number);
                    count.documents += u32::from(count.last_document != at + 1);
                    (count.last_service, count.last_document) = (number, at + 1);
                    count.blank |= blank;
                }
            }
        }
        all
    }

    /// Whether a candidate holds runs, all of them the form's, and no other words.
    fn are_all(&self, form: &str, runbook: &Runbook, candidate: &Candidate) -> bool {
        let half = self.documents.get(form).copied().unwrap_or(0).div_ceil(2);
        candidate.state < State::Residue
            && !candidate.runs.is_empty()
            && !candidate.runs.contains(&OTHER_WORDS)
            && places(form, runbook, candidate).all(|place| {
                let count = self.counts.get(&place);
                count.is_some_and(|c| c.blank || c.services >= SERVICES && c.documents >= half)
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
    let (form, heading) = (hash(form), hash(&heading.to_lowercase()));
    let section = candidate.section;
    candidate.runs.iter().filter(|run| **run != OTHER_WORDS).map(move |&run| (form, section, heading, run))
}

/// FNV-1a, the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
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

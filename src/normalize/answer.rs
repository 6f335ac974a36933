//! A section's text to its state: what the author's units say together.

use super::brief::Brief;
use super::lexicon::Lexicon;
use super::says::{Says, delegate};
use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::state::State;

/// How clear an answer of a word or two is that names nothing: one to look at.
const THIN: f32 = 0.65;

/// The state of some text, and which units decided it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The state.
    pub state: State,
    /// Deciding units' places in the list given, the decisive one first.
    pub decisive: Vec<usize>,
    /// Whom it is handed to.
    pub delegate: Option<String>,
    /// How clear it was: 1 where nothing spoke against it.
    pub clear: f32,
}

/// What a section is asked, as far as it changes how links count.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// A labelled link is the answer.
    pub links_answer: bool,
    /// A pointer with a link is the answer as well.
    pub pointers_answer: bool,
    /// A picture is the answer.
    pub pictures_answer: bool,
    /// What one is to ask oneself is an answer: "Was there a deploy?" of a diagnosis.
    pub questions_answer: bool,
    /// Whom to reach is the answer.
    pub people_answer: bool,
    /// That there is none is the gap itself: a service that nobody owns.
    pub absence_is_a_gap: bool,
    /// The section is about the whole service: sentences about the page are no answer.
    pub overview: bool,
}

/// Weighs what the author wrote; `units` hold the template's words too, marked `residue`.
pub fn verdict(units: &[&Unit], asked: Asked, lexicon: &Lexicon) -> Verdict {
    let mut author: Vec<(usize, Says)> =
        units.iter().enumerate().filter(|(_, u)| !u.residue).map(|(at, u)| (at, resolve(u.says, u, asked))).collect();
    // A few words that promise, point or ask are weighed where nothing beside them states anything.
    let states = |&(at, says): &(usize, Says)| says == Says::Fact && weak(units[at], asked).is_none();
    if !author.iter().any(states) {
        for (at, says) in author.iter_mut().filter(|(_, says)| *says == Says::Fact) {
            *says = weak(units[*at], asked).unwrap_or(Says::Fact);
        }
    }
    if asked.absence_is_a_gap && !author.iter().any(|(_, says)| *says == Says::Fact) {
        let denies = |says: &Says| matches!(says, Says::Absent | Says::NotApplicable);
        author.iter_mut().filter(|(_, says)| denies(says)).for_each(|(_, says)| *says = Says::Unknown);
    }
    let decided = |state, decisive: Vec<usize>, clear| Verdict { state, decisive, delegate: None, clear };
    if author.is_empty() {
        return if units.is_empty() {
            decided(State::Empty, vec![], 1.0)
        } else {
            decided(State::Residue, vec![0], 1.0)
        };
    }
    let [mut facts, mut admissions, mut absent, mut not_applicable] = [const { Vec::new() }; 4];
    let [mut unknown, mut promises, mut delegated, mut pointers] = [const { Vec::new() }; 4];
    for &(at, says) in &author {
        match says {
            Says::Fact => facts.push(at),
            Says::Admission => admissions.push(at),
            Says::Absent => absent.push(at),
            Says::NotApplicable => not_applicable.push(at),
            Says::Unknown => unknown.push(at),
            Says::Promise => promises.push(at),
            Says::Delegated => delegated.push(at),
            Says::Pointer | Says::Links | Says::Picture => pointers.push(at),
            Says::Label => {}
        }
    }
    let holes: Vec<usize> = admissions.iter().chain(&unknown).chain(&promises).copied().collect();

    if !facts.is_empty() {
        // The verdict on the question comes first, whatever reasons follow it.
        let first = author.iter().find(|(_, s)| *s != Says::Label).map(|(_, s)| *s);
        let short = facts.len() <= 2 && facts.iter().all(|&at| units[at].words() <= 25);
        if first == Some(Says::NotApplicable) && short && holes.is_empty() {
            return decided(State::NotApplicable, join(&not_applicable, &facts), 0.8);
        }
        // A command behind a denial does the job after all: the body both denies and answers.
        let command = facts.iter().any(|&at| units[at].code || units[at].kind == BlockKind::Code);
        if first == Some(Says::Absent) && facts.len() == 1 && short && !command && holes.is_empty() {
            return decided(State::AnsweredAbsent, join(&absent, &facts), 0.7);
        }
        if !holes.is_empty() {
            return decided(State::InDebt, join(&holes, &facts[..1]), if facts.len() > 6 { 0.6 } else { 0.85 });
        }
        let little = |at: &usize| super::substance::says_little(units[*at]);
        let clear = if !asked.links_answer && facts.iter().all(little) {
            THIN
        } else if absent.is_empty() && not_applicable.is_empty() {
            1.0
        } else {
            0.85
        };
        return decided(State::Answered, facts, clear);
    }
    if !admissions.is_empty() {
        // "We have not looked into this. It was never switched off, and nobody knows ...": more of the same.
        let first = author.iter().find(|(_, s)| *s != Says::Label).map(|(_, s)| *s);
        if first == Some(Says::Unknown) {
            return decided(State::NotInvestigated, join(&unknown, &admissions), 0.8);
        }
        return decided(State::InDebt, holes, 0.75);
    }
    if !absent.is_empty() || !not_applicable.is_empty() {
        if !unknown.is_empty() || !promises.is_empty() {
            // "We have no X. TODO" promises an answer; "No X; not known why" admits a hole in one.
            return if absent.is_empty() || promises.is_empty() {
                decided(State::InDebt, join(&absent, &holes), 0.6)
            } else {
                decided(State::InDebt, join(&absent, &promises), 0.6)
            };
        }
        let state = if absent.is_empty() || not_applicable.first() < absent.first() && !not_applicable.is_empty() {
            State::NotApplicable
        } else {
            State::AnsweredAbsent
        };
        return decided(state, join(&absent, &not_applicable), 0.95);
    }
    if !delegated.is_empty() {
        let to = delegate(units[delegated[0]], lexicon);
        return Verdict { delegate: to, ..decided(State::Delegated, delegated, 0.9) };
    }
    if !unknown.is_empty() {
        return decided(State::NotInvestigated, unknown, 0.95);
    }
    if !promises.is_empty() {
        return decided(State::Promised, promises, 0.95);
    }
    if !pointers.is_empty() {
        return decided(State::LinkOnly, pointers, 0.9);
    }
    // Only labels: their values were lost or never written; a question that nobody answers is the form's.
    let form = |u: &&Unit| u.residue || matches!(u.brief, Some(Brief::Form | Brief::Question));
    decided(if units.iter().any(form) { State::Residue } else { State::Empty }, vec![author[0].0], 0.6)
}

/// What a stated fact amounts to where it is too brief to be sure of; `None` for what is one.
fn weak(unit: &Unit, asked: Asked) -> Option<Says> {
    match unit.brief? {
        Brief::Delegated if asked.people_answer => None,
        Brief::Question if asked.questions_answer => None,
        brief => Some(brief.says(unit.words())),
    }
}

fn resolve(says: Says, unit: &Unit, asked: Asked) -> Says {
    match says {
        Says::Links if asked.links_answer => Says::Fact,
        Says::Pointer if asked.pointers_answer && unit.links > 0 => Says::Fact,
        Says::Picture if asked.pictures_answer => Says::Fact,
        Says::Label if asked.questions_answer && unit.plain.ends_with('?') => Says::Fact,
        other => other,
    }
}

fn join(a: &[usize], b: &[usize]) -> Vec<usize> {
    a.iter().chain(b).copied().collect()
}

//! The words and signs pages say states with, so that they are told apart without colour.

use crate::model::coverage::{Cell, Counts, RiskKind, SURE};
use crate::model::profile::Required;
use crate::model::state::{Class, State, Substance};
use crate::model::stated::Relation;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A state as pages show it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Sign {
    /// The state's id.
    pub state: &'static str,
    /// Its class.
    pub class: &'static str,
    /// One letter, the class of its cell in the matrix.
    pub letter: &'static str,
    /// The letter a cell says it with.
    pub mark: &'static str,
    /// Its shape.
    pub glyph: &'static str,
    /// What it says, in the words of a person on call.
    pub says: &'static str,
}

/// A state's sign.
pub fn sign(state: State) -> Sign {
    let (letter, mark, glyph, says) = match state {
        State::Answered => ("a", "A", "●", "answered"),
        State::AnsweredAbsent => ("r", "R", "⊘", "answered: there is none"),
        State::NotApplicable => ("n", "N", "○", "does not apply"),
        State::InDebt => ("d", "D", "◐", "answered with a hole"),
        State::Delegated => ("g", "G", "⇢", "somebody else looks after it"),
        State::LinkOnly => ("l", "L", "↗", "only a link"),
        State::NotInvestigated => ("q", "Q", "?", "admitted: not investigated"),
        State::Promised => ("p", "P", "…", "only promised"),
        State::Residue => ("t", "T", "▫", "template text, not filled in"),
        State::Empty => ("e", "E", "□", "heading without text"),
        State::Missing => ("m", "M", "–", "missing"),
    };
    Sign { state: state.id(), class: state.class().id(), letter, mark, glyph, says }
}

/// A cell as pages show it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Badge {
    /// Its state.
    #[serde(flatten)]
    pub sign: Sign,
    /// Whether the reading is unsure.
    pub unsure: bool,
    /// What the answer is worth, where it is one.
    pub worth: Option<&'static str>,
    /// Whether a heading above answers it.
    pub inherited: bool,
    /// Whether a waiver makes it count.
    pub waived: bool,
    /// Whether anything is asked of it.
    pub counted: bool,
    /// Whether what is asked is met.
    pub met: bool,
    /// Whether it documents that something is not there.
    pub risk: bool,
}

/// A cell's badge.
pub fn badge(cell: &Cell) -> Badge {
    let answers = cell.state <= State::LinkOnly && cell.state != State::NotApplicable;
    Badge {
        sign: sign(cell.state),
        unsure: cell.confidence < SURE && cell.state != State::Missing,
        worth: answers.then(|| worth(cell.substance)),
        inherited: cell.inherited,
        waived: cell.waived,
        counted: cell.required != Required::Shown,
        met: cell.met,
        risk: cell.state == State::AnsweredAbsent,
    }
}

/// What an answer is worth, in words.
pub fn worth(substance: Substance) -> &'static str {
    match substance {
        Substance::Prose => "general words",
        Substance::Specific => "specific",
        Substance::Actionable => "steps to follow",
        Substance::Verified => "rehearsed",
    }
}

/// What a state means for a section that is named before it: "Restore procedures is not investigated".
pub fn verdict(state: State) -> &'static str {
    match state {
        State::Answered => "is answered",
        State::AnsweredAbsent => "is said not to exist",
        State::NotApplicable => "does not apply",
        State::InDebt => "is answered with a hole",
        State::Delegated => "is left to somebody else",
        State::LinkOnly => "is only a link",
        State::NotInvestigated => "is not investigated",
        State::Promised => "is only promised",
        State::Residue => "is template text",
        State::Empty => "is an empty heading",
        State::Missing => "is missing",
    }
}

/// Whose answer counts for a delegated cell: "by Harbour", "by Harbour: not investigated there".
pub fn by(platform: &str, state: State) -> String {
    match state.class() {
        Class::Covered => format!("by {platform}"),
        _ => format!("by {platform}: {} there", verdict(state).trim_start_matches("is ")),
    }
}

/// A class, in words.
pub fn class(class: Class) -> &'static str {
    match class {
        Class::Covered => "covered",
        Class::Partial => "partly",
        Class::Gap => "admitted gaps",
        Class::Unwritten => "not filled in",
        Class::Missing => "missing",
    }
}

/// What kind of risk it is, in words.
pub fn risk(kind: RiskKind) -> &'static str {
    match kind {
        RiskKind::Gap => "not answered",
        RiskKind::Admitted => "admitted, never looked into",
        RiskKind::Blank => "its runbook is an untouched form",
        RiskKind::NoRunbook => "it has no runbook",
        RiskKind::TierInversion => "more critical services lean on it",
        RiskKind::SinglePoint => "everything of its kind hangs on it",
    }
}

/// How one thing needs another, in words; nothing where nobody says.
pub fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Uses => "",
        Relation::Calls => "calls",
        Relation::StoresIn => "stores in",
        Relation::PublishesTo => "publishes to",
        Relation::RunsOn => "runs on",
    }
}

/// `1 service`, `3 services`.
pub fn count(many: usize, one: &str, more: &str) -> String {
    if many == 1 { format!("1 {one}") } else { format!("{} {more}", grouped(many)) }
}

/// A number with its thousands apart.
pub fn grouped(many: usize) -> String {
    let digits = many.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The honest count in words.
pub fn honest(counts: Counts) -> String {
    let all: u32 = Class::ALL.iter().map(|&class| counts.of(class)).sum();
    let some = Class::ALL.iter().filter(|&&one| counts.of(one) > 0);
    let said: Vec<String> = some.map(|&one| format!("{} {}", counts.of(one), class(one))).collect();
    format!("of all {all} sections {}", said.join(", "))
}

/// Something a person on call wants to do.
#[derive(Debug, Deserialize)]
pub struct Night {
    /// What the link says.
    pub label: String,
    /// Words of headings that tell how.
    #[serde(default)]
    pub words: Vec<String>,
    /// The section that else answers it.
    pub section: String,
    /// Whether that section answers other questions too, so that its text has to hold one of the words.
    #[serde(default, rename = "only-if-said")]
    pub only_if_said: bool,
}

/// A question about a service nobody has answered.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// The trait it asks for.
    pub about: String,
    /// The question.
    pub asks: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Words {
    unwritten_links: Vec<String>,
    look: Vec<Night>,
    night: Vec<Night>,
    question: Vec<Question>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/pages.toml")).expect("our own data file is whole"));

/// Whether a link's target says that nobody has written it yet.
pub fn is_unwritten_link(target: &str) -> bool {
    let folded = target.trim_matches(['<', '>', '_', ' ', '[', ']']).to_lowercase();
    WORDS.unwritten_links.contains(&folded)
}

/// Where a person on call wants to look, and the section that tells where no link does.
pub fn look() -> &'static [Night] {
    &WORDS.look
}

/// What a person on call wants to do first.
pub fn night() -> &'static [Night] {
    &WORDS.night
}

/// The question that asks for a trait.
pub fn question(about: &str) -> Option<&'static str> {
    WORDS.question.iter().find(|q| q.about == about).map(|q| q.asks.as_str())
}

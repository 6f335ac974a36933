//! Answer states, their classes, what an answer is worth, and the kinds of documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In what state an answer is. Ordered from best to worst, so that `min` picks the best-answered place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Says it.
    Answered,
    /// Says that the thing asked for does not exist or is not done.
    AnsweredAbsent,
    /// Says that the question does not apply.
    NotApplicable,
    /// Answers, and admits a hole in the answer.
    InDebt,
    /// Only says that somebody else looks after it.
    Delegated,
    /// Only points elsewhere.
    LinkOnly,
    /// Says that it is not known or not looked into.
    NotInvestigated,
    /// Only promises.
    Promised,
    /// Holds only the template's own words.
    Residue,
    /// Has its heading and nothing under it.
    Empty,
    /// Is not there.
    Missing,
}

/// What a state amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Green.
    Covered,
    /// Amber.
    Partial,
    /// Red: somebody admitted it.
    Gap,
    /// Grey: nobody wrote it.
    Unwritten,
    /// Blank.
    Missing,
}

impl State {
    /// Every state, best first.
    pub const ALL: [Self; 11] = [
        Self::Answered,
        Self::AnsweredAbsent,
        Self::NotApplicable,
        Self::InDebt,
        Self::Delegated,
        Self::LinkOnly,
        Self::NotInvestigated,
        Self::Promised,
        Self::Residue,
        Self::Empty,
        Self::Missing,
    ];

    /// The state's name in files and pages: `not-investigated`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::AnsweredAbsent => "answered-absent",
            Self::NotApplicable => "not-applicable",
            Self::InDebt => "in-debt",
            Self::Delegated => "delegated",
            Self::LinkOnly => "link-only",
            Self::NotInvestigated => "not-investigated",
            Self::Promised => "promised",
            Self::Residue => "residue",
            Self::Empty => "empty",
            Self::Missing => "missing",
        }
    }

    /// The state of a name.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }

    /// What it amounts to.
    pub fn class(self) -> Class {
        match self {
            Self::Answered | Self::AnsweredAbsent | Self::NotApplicable => Class::Covered,
            Self::InDebt | Self::Delegated | Self::LinkOnly => Class::Partial,
            Self::NotInvestigated | Self::Promised => Class::Gap,
            Self::Residue | Self::Empty => Class::Unwritten,
            Self::Missing => Class::Missing,
        }
    }
}

impl Class {
    /// Every class, best first.
    pub const ALL: [Self; 5] = [Self::Covered, Self::Partial, Self::Gap, Self::Unwritten, Self::Missing];

    /// The class's name in files and pages.
    pub fn id(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Partial => "partial",
            Self::Gap => "gap",
            Self::Unwritten => "unwritten",
            Self::Missing => "missing",
        }
    }
}

/// How much an answer is worth to somebody who must act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Default, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Substance {
    /// Words that would fit any service.
    #[default]
    Prose,
    /// Names, numbers, links or commands of this service.
    Specific,
    /// Steps or commands one can follow.
    Actionable,
    /// Somebody did it, and says when.
    Verified,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A runbook of one service or system.
    Service,
    /// One operation of a service on a page of its own.
    Procedure,
    /// Of one alert, or a page of several.
    Alert,
    /// A form not filled in, of no known service.
    Template,
    /// Meeting notes, postmortem, incident record.
    Notes,
    /// Only links to other pages.
    Index,
    /// Anything else.
    Other,
}

impl Kind {
    /// The kind's name in files and pages.
    pub fn id(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Procedure => "procedure",
            Self::Alert => "alert",
            Self::Template => "template",
            Self::Notes => "notes",
            Self::Index => "index",
            Self::Other => "other",
        }
    }
}

/// How a reading was reached; decides its confidence and is shown by `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// The author claimed the heading for the section in a comment.
    Claimed,
    /// The heading is the template's own or a form's.
    Heading,
    /// The heading is one of the section's aliases.
    Alias,
    /// The heading shares words with the section, or the text below it does.
    Words,
    /// A paragraph, row or label elsewhere answers the question.
    Elsewhere,
    /// The text stands under a parent.
    Inherited,
}

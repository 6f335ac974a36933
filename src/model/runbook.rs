//! A runbook: what one document was read to say, every candidate answer with its evidence.

use crate::model::diagnostic::Diagnostic;
use crate::model::document::Document;
use crate::model::id::{ChapterIx, HeadingIx, ParentIx, PartIx, SectionIx, Tier, Trait};
use crate::model::state::{Kind, Reached, State, Substance};
use crate::model::stated::{StatedDependency, StatedLink, StatedName, StatedOwner, Verification, Waiver};
use crate::model::text::Span;
use std::sync::Arc;

/// Words of a document that stand behind a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The line in the file as collected.
    pub line: u32,
    /// The decisive words: one line, at most 240 characters.
    pub text: String,
    /// Where they stand in the document's repaired text.
    pub span: Span,
}

/// One place in one document that may answer one section.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Which section.
    pub section: SectionIx,
    /// Which part of the runbook.
    pub part: PartIx,
    /// The heading it stands under; `None` before the first.
    pub heading: Option<HeadingIx>,
    /// In what state it is.
    pub state: State,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
    /// What it is worth.
    pub substance: Substance,
    /// Whether it is a parent's text.
    pub inherited: bool,
    /// How it was reached.
    pub reached: Reached,
    /// Larger wins among equally good answers of one document.
    pub weight: i32,
    /// The words behind it, the decisive one first.
    pub evidence: Vec<Evidence>,
    /// Whom it hands the question to, where it is `delegated`.
    pub delegate: Option<String>,
    /// Hashes of its runs of eight words or more (a sentence or line each), for fleet evidence; [`OTHER_WORDS`] among
    /// them where it holds anything else its author wrote.
    pub runs: Vec<u64>,
}

/// Above it a reading goes before a less sure one, whatever either is worth.
const SURE: f32 = 0.9;

/// Stands among a candidate's runs for words that are no run: short ones, verdicts, code.
pub const OTHER_WORDS: u64 = 0;

/// A stretch of the document and where its words go. Parts cover the body without gaps, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its heading; `None` before the first.
    pub heading: Option<HeadingIx>,
    /// The text below the heading, without it.
    pub span: Span,
    /// Where it goes on the page.
    pub home: Home,
    /// Sections it answers or fails to, first the one it is shown under.
    pub sections: Vec<SectionIx>,
    /// The state of its text, shown also where it belongs to no section.
    pub state: State,
    /// The nearest section, where it belongs to none.
    pub nearest: Option<SectionIx>,
}

/// Where a part's words stand on the normalized page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Title, document metadata and the words before the first heading that answer no section.
    Front,
    /// Under a section.
    Section(SectionIx),
    /// Under a parent's heading.
    Parent(ParentIx),
    /// Under a chapter's heading.
    Chapter(ChapterIx),
    /// Under "Beyond the template".
    Beyond,
}

/// An alert a document describes.
#[derive(Clone, Debug)]
pub struct AlertEntry {
    /// The alert's name: `KubeAPIDown`.
    pub name: String,
    /// The line of its heading.
    pub line: u32,
    /// Its heading.
    pub heading: Option<HeadingIx>,
    /// Its own text and that of its children.
    pub span: Span,
    /// Meaning, impact, diagnosis, mitigation, in this order.
    pub answers: [AlertAnswer; 4],
}

/// One of the four answers of an alert.
#[derive(Clone, Debug)]
pub struct AlertAnswer {
    /// In what state it is.
    pub state: State,
    /// How sure the reading is.
    pub confidence: f32,
    /// What it is worth.
    pub substance: Substance,
    /// The heading it stands under.
    pub heading: Option<HeadingIx>,
    /// The words behind it.
    pub evidence: Vec<Evidence>,
}

/// The four sections an alert's page is measured by.
pub const ALERT_SECTIONS: [(&str, &str); 4] =
    [("meaning", "Meaning"), ("impact", "Impact"), ("diagnosis", "Diagnosis"), ("mitigation", "Mitigation")];

/// A document as read.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// The document.
    pub document: Arc<Document>,
    /// What it is.
    pub kind: Kind,
    /// The form it is written in, by id.
    pub form: Option<String>,
    /// Whether it is a form of which nothing was filled in.
    pub blank: bool,
    /// Its title for lists: the first heading, else the file's name.
    pub title: String,
    /// The service's name as the document states it (never from the path).
    pub name: Option<StatedName>,
    /// The name the path gives, where it gives one: a folder, a file's stem, or the repository at its root.
    pub place: Option<String>,
    /// Owners.
    pub owners: Vec<StatedOwner>,
    /// Dependencies.
    pub dependencies: Vec<StatedDependency>,
    /// Dashboards, endpoints, channels.
    pub links: Vec<StatedLink>,
    /// When it was last reviewed, and the line that says so.
    pub reviewed: Option<(jiff::civil::Date, u32)>,
    /// The tier it claims, and the line.
    pub tier: Option<(Tier, u32)>,
    /// The traits it claims, and the line.
    pub traits: Vec<(Trait, u32)>,
    /// Where each of its words goes.
    pub parts: Vec<Part>,
    /// Every candidate answer, by section, best first within one.
    pub candidates: Vec<Candidate>,
    /// Alerts it describes.
    pub alerts: Vec<AlertEntry>,
    /// Waivers that are whole (reason, date, owner); the others are diagnostics.
    pub waivers: Vec<Waiver>,
    /// Verified notes that are whole.
    pub verifications: Vec<Verification>,
    /// What reading it found wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Runbook {
    /// A document nothing is read in yet.
    pub fn new(document: Arc<Document>, kind: Kind) -> Self {
        Self {
            title: document.origin.file_name().to_owned(),
            document,
            kind,
            form: None,
            blank: false,
            name: None,
            place: None,
            owners: vec![],
            dependencies: vec![],
            links: vec![],
            reviewed: None,
            tier: None,
            traits: vec![],
            parts: vec![],
            candidates: vec![],
            alerts: vec![],
            waivers: vec![],
            verifications: vec![],
            diagnostics: vec![],
        }
    }

    /// Candidates for a section, best first.
    pub fn answers(&self, section: SectionIx) -> &[Candidate] {
        let from = self.candidates.partition_point(|c| c.section < section);
        let to = self.candidates.partition_point(|c| c.section <= section);
        &self.candidates[from..to]
    }

    /// The best answer's state; `Missing` where there is none.
    pub fn state(&self, section: SectionIx) -> State {
        self.answers(section).first().map_or(State::Missing, |c| c.state)
    }

    /// Brings candidates into their order: by section, then best state, weight, sureness, substance, confidence, place.
    pub fn sort_candidates(&mut self) {
        self.candidates.sort_by(|a, b| {
            (a.section, a.state, std::cmp::Reverse(a.weight), a.inherited)
                .cmp(&(b.section, b.state, std::cmp::Reverse(b.weight), b.inherited))
                .then((a.confidence < SURE).cmp(&(b.confidence < SURE)))
                .then(b.substance.cmp(&a.substance))
                .then(b.confidence.total_cmp(&a.confidence))
                .then(a.part.cmp(&b.part))
        });
    }
}

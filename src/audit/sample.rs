//! A fleet of one service in which all is well, for rules to be tried on, and the ways it can go wrong.

use crate::audit::Fleet;
use crate::model::catalog::{AnswerRef, Catalog, Edge, Presence, Service, Stated, Target};
use crate::model::claim::Rank;
use crate::model::config::{Config, Knowledge};
use crate::model::coverage::{Cell, Coverage, Row};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::document::{Document, Heading, HeadingStyle};
use crate::model::id::{ChapterIx, HeadingIx, Id, OwnerIx, ParentIx, PartIx, RunbookIx, SectionIx, ServiceIx, Tier};
use crate::model::profile::{Profiles, Required};
use crate::model::runbook::{AlertAnswer, AlertEntry, Candidate, Evidence, Home, Part, Runbook};
use crate::model::source::Origin;
use crate::model::state::{Class, Kind, Reached, State, Substance};
use crate::model::stated::{Relation, TargetType, Verification, Waiver};
use crate::model::template::{Section, Template};
use crate::model::text::{LineIndex, Span};
use jiff::civil::{Date, date};
use std::sync::Arc;

const SECTIONS: [(&str, &str); 3] =
    [("service-owner", "Service owner"), ("restore-procedures", "Restore procedures"), ("power", "Power procedures")];
const RESTORE: SectionIx = SectionIx(1);

/// Orders, tier 1, of team till: owner and restore are required of it. Its text has an answer on lines 5, 8 and 12.
pub struct Sample {
    catalog: Catalog,
    coverage: Coverage,
    config: Config,
}

impl Sample {
    /// Nothing to find.
    pub fn well() -> Self {
        let words = ["Team Till, #till", "Run `restore.sh`.", "Start the database first."];
        let mut text = "# Orders\n".to_owned();
        let mut headings = Vec::new();
        let mut candidates = Vec::new();
        for (at, answer) in words.into_iter().enumerate() {
            text += if at == 1 { "" } else { "\n" };
            headings.push(heading(&mut text, SECTIONS[at].1));
            text += "\n";
            candidates.push(candidate(at.into(), &mut text, answer));
        }
        let cells = candidates.iter().map(|c| Cell {
            state: c.state,
            required: if c.section.at() < 2 { Required::Covered } else { Required::Shown },
            met: true,
            waived: false,
            confidence: c.confidence,
            substance: c.substance,
            inherited: false,
            through: None,
            answer: Some(AnswerRef { runbook: RunbookIx(0), candidate: c.section.0 }),
        });
        let coverage = Coverage { rows: vec![Row { cells: cells.collect(), ..Row::default() }], ..Coverage::default() };
        let mut orders = service("Orders");
        orders.presence = Presence::Filled;
        orders.tier = Some(stated(Tier::One, 1));
        orders.owners = vec![stated(OwnerIx(0), 5)];
        orders.documents = vec![RunbookIx(0)];
        let catalog = Catalog {
            runbooks: vec![Arc::new(runbook(text, headings, candidates))],
            speaks_for: vec![Some(ServiceIx(0))],
            services: vec![orders],
            ..Catalog::default()
        };
        Self { catalog, coverage, config: config() }
    }

    /// A section in another state, said in other words; an empty text takes the answer away.
    pub fn section(mut self, id: &str, state: State, words: &str) -> Self {
        let ix = self.ix(id);
        let cell = self.cell(id);
        cell.state = state;
        cell.met = cell.required == Required::Shown || state.class() == Class::Covered;
        if words.is_empty() {
            cell.answer = None;
        }
        let old = self.runbook().candidates[ix.at()].evidence[0].text.clone();
        let runbook = self.runbook();
        let text = runbook.document.text.replace(&old, words);
        retext(runbook, text);
        runbook.candidates[ix.at()].state = state;
        runbook.candidates[ix.at()].evidence[0].text = words.to_owned();
        self
    }

    /// A part at the end that fits no section.
    pub fn beyond(mut self, title: &str, state: State, words: &str) -> Self {
        let runbook = self.runbook();
        let mut text = format!("{}\n", runbook.document.text);
        let heading = heading(&mut text, title);
        let start = text.len();
        text += words;
        let span = Span::new(start, text.len());
        let headings = &mut Arc::make_mut(&mut runbook.document).headings;
        headings.push(heading);
        let heading = Some(HeadingIx::from(headings.len() - 1));
        let nearest = Some(RESTORE);
        runbook.parts.push(Part { heading, span, home: Home::Beyond, sections: vec![], state, nearest });
        retext(runbook, text);
        self
    }

    /// An alert, one of whose four answers is in a state.
    pub fn alert(mut self, name: &str, which: usize, state: State) -> Self {
        let answer = |at| AlertAnswer {
            state: if at == which { state } else { State::Answered },
            confidence: 1.0,
            substance: Substance::Specific,
            heading: None,
            evidence: vec![],
        };
        let answers = [answer(0), answer(1), answer(2), answer(3)];
        let alert = AlertEntry { name: name.to_owned(), line: 1, heading: None, span: Span::default(), answers };
        self.runbook().alerts.push(alert);
        self
    }

    /// A dependency stated on a line, on a service without a runbook.
    pub fn needs(mut self, name: &str, line: u32) -> Self {
        self.catalog.services.insert(0, service(name));
        self.coverage.rows.insert(0, Row::default());
        self.catalog.speaks_for = vec![Some(ServiceIx(1))];
        self.catalog.edges.push(Edge {
            from: ServiceIx(1),
            to: Target::Service(ServiceIx(0)),
            stated_as: TargetType::Service,
            relation: Relation::Calls,
            purpose: None,
            stated: vec![stated(name.to_owned(), line)],
        });
        self
    }

    /// A runbook nobody filled in.
    pub fn blank(mut self) -> Self {
        self.catalog.services[0].presence = Presence::Blank;
        self.runbook().blank = true;
        for (id, _) in SECTIONS {
            self = self.section(id, State::Residue, "_(e.g. something)_");
        }
        self
    }

    /// Of another tier.
    pub fn tier(mut self, tier: Option<Tier>) -> Self {
        self.catalog.services[0].tier = tier.map(|tier| stated(tier, 1));
        self
    }

    /// Without an owner.
    pub fn unowned(mut self) -> Self {
        self.catalog.services[0].owners.clear();
        self
    }

    /// With a section that measuring found wanting.
    pub fn unmet(mut self, id: &str) -> Self {
        self.cell(id).met = false;
        self
    }

    /// With a section that the words of another answer too.
    pub fn shares(mut self, id: &str, with: &str) -> Self {
        *self.cell(id) = Cell { required: Required::Shown, ..self.cell(with).clone() };
        self
    }

    /// With a section that is accepted as it is.
    pub fn waived(mut self, id: &str) -> Self {
        self.cell(id).waived = true;
        self.cell(id).met = true;
        self
    }

    /// With a waiver of the restore procedures.
    pub fn waiver(mut self, until: Date) -> Self {
        let (reason, owner) = ("a reason".to_owned(), "till".to_owned());
        self.runbook().waivers.push(Waiver { section: RESTORE, not_applicable: false, reason, until, owner, line: 8 });
        self
    }

    /// With a note that the restore procedures were tried.
    pub fn verified(mut self, on: Date) -> Self {
        let (by, evidence) = ("till".to_owned(), "https://example.org/drill".to_owned());
        self.runbook().verifications.push(Verification { section: RESTORE, on, by, evidence, line: 8 });
        self
    }

    /// With an answer worth this much.
    pub fn substance(mut self, id: &str, substance: Substance) -> Self {
        self.cell(id).substance = substance;
        self
    }

    /// With an answer read this surely.
    pub fn confidence(mut self, id: &str, confidence: f32) -> Self {
        self.cell(id).confidence = confidence;
        self
    }

    /// With a rule's severity set in the configuration.
    pub fn severity(mut self, rule: &str, severity: Option<Severity>) -> Self {
        self.config.severities.insert(rule.to_owned(), severity);
        self
    }

    /// What rules look at.
    pub fn fleet(&self) -> Fleet<'_> {
        Fleet { catalog: &self.catalog, coverage: &self.coverage, config: &self.config, today: date(2026, 6, 1) }
    }

    /// What a check finds, as `file:line message`.
    pub fn findings(&self, check: fn(&Fleet) -> Vec<Diagnostic>) -> Vec<String> {
        let say = |d: Diagnostic| {
            assert!(!d.message.ends_with('.') && !d.help.is_empty(), "{}: one sentence, and what to do", d.message);
            let place = d.location.map(|l| format!("{}:{} ", l.origin.label(), l.line)).unwrap_or_default();
            place + &d.message
        };
        check(&self.fleet()).into_iter().map(say).collect()
    }

    fn ix(&self, id: &str) -> SectionIx {
        self.config.knowledge.template.section(id).unwrap()
    }

    fn cell(&mut self, id: &str) -> &mut Cell {
        let ix = self.ix(id);
        &mut self.coverage.rows[0].cells[ix.at()]
    }

    fn runbook(&mut self) -> &mut Runbook {
        Arc::make_mut(&mut self.catalog.runbooks[0])
    }
}

fn origin() -> Origin {
    Origin { repo: "orders".into(), commit: None, path: "README.md".into() }
}

fn stated<T>(value: T, line: u32) -> Stated<T> {
    Stated { value, origin: origin(), line, rank: Rank::Words }
}

fn heading(text: &mut String, title: &str) -> Heading {
    let start = text.len();
    *text += &format!("## {title}\n");
    Heading {
        level: 2,
        title: title.to_owned(),
        span: Span::new(start, text.len()),
        body: Span::new(text.len(), text.len()),
        parent: None,
        anchor: String::new(),
        style: HeadingStyle::Atx,
        inline_answer: None,
    }
}

fn candidate(section: SectionIx, text: &mut String, words: &str) -> Candidate {
    let start = text.len();
    *text += &format!("{words}\n");
    let span = Span::new(start, start + words.len());
    Candidate {
        section,
        part: PartIx(section.0),
        heading: Some(HeadingIx(section.0)),
        state: State::Answered,
        confidence: 1.0,
        substance: Substance::Actionable,
        inherited: false,
        reached: Reached::Heading,
        weight: 0,
        evidence: vec![Evidence { line: 0, text: words.to_owned(), span }],
        delegate: None,
        runs: vec![],
    }
}

fn runbook(text: String, headings: Vec<Heading>, candidates: Vec<Candidate>) -> Runbook {
    let text: Arc<str> = text.into();
    let body = Span::new(0, text.len());
    let document = Document { body, headings, ..Document::new(origin(), [0; 32], text) };
    Runbook { title: "Orders".to_owned(), candidates, ..Runbook::new(Arc::new(document), Kind::Service) }
}

/// Another text; the lines before a change keep their offsets, which is all the tests lean on.
fn retext(runbook: &mut Runbook, text: String) {
    let document = Arc::make_mut(&mut runbook.document);
    document.lines = LineIndex::of(&text);
    document.text = text.into();
    document.source = document.text.clone();
}

fn service(name: &str) -> Service {
    Service {
        id: Id::of(name),
        name: name.to_owned(),
        aliases: vec![],
        presence: Presence::None,
        repos: vec![],
        conflict: vec![],
        documents: vec![],
        answers: vec![],
        owners: vec![],
        on_call: vec![],
        tier: None,
        traits: vec![],
        system: None,
        lifecycle: None,
        links: vec![],
        disagreements: vec![],
        named_at: vec![],
    }
}

fn config() -> Config {
    let section = |(id, title): (&str, &str)| Section {
        id: id.to_owned(),
        title: title.to_owned(),
        level: 3,
        chapter: ChapterIx(0),
        parent: ParentIx(0),
        guidance: "What would you do?".to_owned(),
        example: String::new(),
        aliases: vec![],
        words: vec![],
        tells: vec![],
        not: vec![],
    };
    let sections = SECTIONS.map(section).into();
    let mut knowledge = Knowledge {
        template: Template::new(String::new(), vec![], vec![], sections, String::new()),
        profiles: Profiles {
            requirements: vec![],
            waiver_when_absent: vec![RESTORE],
            procedural: vec![RESTORE, SectionIx(2)],
        },
        ..Knowledge::default()
    };
    knowledge.vocabulary.phrases.insert("promised".to_owned(), vec!["going to".to_owned()]);
    Config { knowledge: Arc::new(knowledge), verified_for: 365, ..Config::default() }
}

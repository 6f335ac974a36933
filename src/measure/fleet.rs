//! A fleet built by hand, for tests.

use super::measure;
use crate::model::catalog::{AnswerRef, Catalog, Edge, Presence, Service, Stated, Target};
use crate::model::claim::Rank;
use crate::model::config::{Config, Knowledge};
use crate::model::coverage::Coverage;
use crate::model::document::Document;
use crate::model::id::{ChapterIx, Id, ParentIx, PartIx, RunbookIx, SectionIx, ServiceIx, Tier, Trait};
use crate::model::profile::{Profiles, Required, Requirement};
use crate::model::runbook::{Candidate, Runbook};
use crate::model::source::Origin;
use crate::model::state::{Kind, Reached, State, Substance};
use crate::model::stated::{Relation, TargetType};
use crate::model::template::{Section, Template};
use jiff::civil::{Date, date};
use std::sync::Arc;

const SECTIONS: [&str; 5] = ["service-owner", "deployment", "restore-procedures", "resilience", "tools"];
/// The day of the tests.
pub(super) const TODAY: Date = date(2026, 11, 21);

/// A catalog in the making: a service has one document, of the same place in its list.
#[derive(Default)]
pub(super) struct Fleet(pub(super) Catalog);

/// A section's place.
pub(super) fn section(id: &str) -> SectionIx {
    SectionIx::from(SECTIONS.iter().position(|s| *s == id).expect(id))
}

fn origin(id: &str) -> Origin {
    Origin { repo: id.into(), commit: None, path: "RUNBOOK.md".into() }
}

fn stated<T>(value: T, id: &str) -> Stated<T> {
    Stated { value, origin: origin(id), line: 1, rank: Rank::Words }
}

fn runbook(id: &str) -> Runbook {
    Runbook::new(Arc::new(Document::new(origin(id), [0; 32], "".into())), Kind::Service)
}

impl Fleet {
    /// A service; services come in the order of their ids.
    pub(super) fn service(mut self, id: &str, tier: Option<Tier>) -> Self {
        let at = RunbookIx::from(self.0.services.len());
        self.0.services.push(Service {
            id: Id::of(id),
            name: id.into(),
            aliases: vec![],
            presence: Presence::Filled,
            repos: vec![id.into()],
            conflict: vec![],
            documents: vec![at],
            answers: vec![vec![]; SECTIONS.len()],
            owners: vec![],
            on_call: vec![],
            tier: tier.map(|tier| stated(tier, id)),
            traits: vec![],
            system: None,
            lifecycle: None,
            links: vec![],
            disagreements: vec![],
            named_at: vec![],
        });
        self.0.runbooks.push(Arc::new(runbook(id)));
        self.0.speaks_for.push(Some(ServiceIx(at.0)));
        self
    }

    /// Whether it has a runbook.
    pub(super) fn presence(mut self, presence: Presence) -> Self {
        self.0.services.last_mut().expect("a service").presence = presence;
        self
    }

    /// Changes the document started last.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Runbook)) -> Self {
        change(Arc::get_mut(self.0.runbooks.last_mut().expect("a document")).expect("ours alone"));
        self
    }

    /// Something is true of the service.
    pub(super) fn having(mut self, what: Trait) -> Self {
        let service = self.0.services.last_mut().expect("a service");
        service.traits.push(stated(what, "x"));
        self
    }

    /// It answers a section.
    pub(super) fn answers(self, id: &str, state: State) -> Self {
        self.hands(id, state, None)
    }

    /// It answers a section, or hands it to somebody.
    pub(super) fn hands(mut self, id: &str, state: State, to: Option<&str>) -> Self {
        let runbook = RunbookIx::from(self.0.runbooks.len() - 1);
        let mut candidate = 0;
        self = self.with(|r| {
            candidate = r.candidates.len() as u32;
            r.candidates.push(Candidate {
                section: section(id),
                part: PartIx(0),
                heading: None,
                state,
                confidence: 0.9,
                substance: Substance::Prose,
                inherited: false,
                reached: Reached::Heading,
                weight: 0,
                evidence: vec![],
                delegate: to.map(str::to_owned),
                runs: vec![],
            });
        });
        let service = self.0.services.last_mut().expect("a service");
        service.answers[section(id).at()].push(AnswerRef { runbook, candidate });
        self
    }

    /// One needs another.
    pub(super) fn edge(mut self, from: u32, to: u32, relation: Relation) -> Self {
        self.0.edges.push(Edge {
            from: ServiceIx(from),
            to: Target::Service(ServiceIx(to)),
            stated_as: TargetType::Service,
            relation,
            purpose: None,
            stated: vec![],
        });
        self.0.edges.sort_by_key(|e| (e.from, e.to));
        self
    }

    /// Measures it.
    pub(super) fn measure(&self) -> Coverage {
        let bare = |id: &&str| Section {
            id: (*id).into(),
            title: (*id).into(),
            level: 3,
            chapter: ChapterIx(0),
            parent: ParentIx(0),
            guidance: String::new(),
            example: String::new(),
            aliases: vec![],
            words: vec![],
            tells: vec![],
            not: vec![],
        };
        let sections = SECTIONS.iter().map(bare).collect();
        let template = Template::new("Test".into(), vec![], vec![], sections, String::new());
        use Required::{Answer as A, Covered as R, Shown as S};
        let ask = |id: &str, only, asked| Requirement { sections: vec![section(id)], only, asked };
        let profiles = Profiles {
            requirements: vec![
                ask("service-owner", None, [R, R, R, R]),
                ask("deployment", None, [S, A, R, R]),
                ask("restore-procedures", Some(Trait::Stateful), [S, A, R, R]),
            ],
            waiver_when_absent: vec![section("restore-procedures")],
            procedural: vec![section("restore-procedures")],
        };
        let knowledge = Arc::new(Knowledge { template, profiles, ..Knowledge::default() });
        measure(&self.0, &Config { knowledge, verified_for: 365, ..Config::default() }, TODAY)
    }
}

//! A fleet built by hand, for tests.

use crate::link::link;
use crate::model::catalog::{Catalog, Target};
use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::config::{Config, Knowledge, ServiceConfig};
use crate::model::diagnostic::Diagnostic;
use crate::model::document::{Document, Heading, HeadingStyle, Link, LinkKind};
use crate::model::id::{ChapterIx, Id, ParentIx, PartIx, SectionIx, Tier};
use crate::model::runbook::{AlertAnswer, AlertEntry, Candidate, Runbook};
use crate::model::source::Origin;
use crate::model::state::{Kind, Reached, State, Substance};
use crate::model::stated::{NameSource, Relation, StatedDependency, StatedName, StatedOwner, TargetType};
use crate::model::template::{Section, Template};
use crate::model::text::{LineIndex, Span};
use crate::model::vocabulary::{Technology, Vocabulary};
use std::sync::Arc;

/// Sections of the tests' template.
pub(super) const SECTIONS: [&str; 3] = ["service-owner", "deployment", "restore-procedures"];

/// A fleet in the making.
#[derive(Default)]
pub(super) struct Fleet {
    runbooks: Vec<Runbook>,
    claims: Vec<Claim>,
    /// What the run is told besides.
    pub(super) config: Config,
}

fn origin(label: &str) -> Origin {
    let (repo, path) = label.split_once(':').unwrap_or((label, "README.md"));
    Origin { repo: repo.into(), commit: None, path: path.into() }
}

fn runbook(label: &str, kind: Kind) -> Runbook {
    let hash = *blake3::hash(label.as_bytes()).as_bytes();
    Runbook::new(Arc::new(Document::new(origin(label), hash, "".into())), kind)
}

impl Fleet {
    /// Starts a document; what follows is said of it. `label` is `repo:path`.
    pub(super) fn document(mut self, label: &str, kind: Kind) -> Self {
        self.runbooks.push(runbook(label, kind));
        self
    }

    /// Starts a service's runbook that names itself.
    pub(super) fn service(self, label: &str, name: &str) -> Self {
        self.document(label, Kind::Service).named(name)
    }

    /// Changes the document started last.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Runbook)) -> Self {
        change(self.runbooks.last_mut().expect("a document"));
        self
    }

    /// It names a service.
    pub(super) fn named(self, name: &str) -> Self {
        self.with(|r| r.name = Some(StatedName { text: name.into(), line: 1, by: NameSource::Label }))
    }

    /// Its path names a service.
    pub(super) fn placed(self, place: &str) -> Self {
        self.with(|r| r.place = Some(place.into()))
    }

    /// It is an untouched form.
    pub(super) fn blank(self) -> Self {
        self.with(|r| r.blank = true)
    }

    /// Its text, and with it what tells it from others.
    pub(super) fn saying(self, text: &str) -> Self {
        self.with(|r| {
            let document = Arc::get_mut(&mut r.document).expect("ours alone");
            document.hash = *blake3::hash(text.as_bytes()).as_bytes();
            document.lines = LineIndex::of(text);
            (document.source, document.text) = (text.into(), text.into());
        })
    }

    /// It has a heading of this anchor.
    pub(super) fn heading(self, anchor: &str) -> Self {
        self.with(|r| {
            let (title, style) = (anchor.to_owned(), HeadingStyle::Atx);
            let (span, body) = (Span::default(), Span::default());
            let heading = Heading {
                level: 2,
                title,
                span,
                body,
                parent: None,
                anchor: anchor.into(),
                style,
                inline_answer: None,
            };
            Arc::get_mut(&mut r.document).expect("ours alone").headings.push(heading);
        })
    }

    /// It links somewhere.
    pub(super) fn links(self, label: &str, target: &str) -> Self {
        self.with(|r| {
            let (kind, span) = (LinkKind::Inline, Span::default());
            let link = Link { kind, target: target.into(), label: label.into(), span, heading: None };
            Arc::get_mut(&mut r.document).expect("ours alone").links.push(link);
        })
    }

    /// It needs something, said on line 7.
    pub(super) fn needs(self, name: &str, target: TargetType) -> Self {
        self.with(|r| {
            let (relation, purpose) = (Relation::Uses, None);
            let dependency =
                StatedDependency { name: name.into(), id: Id::of(name), target, relation, purpose, line: 7 };
            r.dependencies.push(dependency);
        })
    }

    /// It is owned.
    pub(super) fn owned(self, name: &str, contacts: &[&str]) -> Self {
        let contacts = contacts.iter().map(|c| (*c).to_owned()).collect();
        self.with(|r| r.owners.push(StatedOwner { name: name.into(), contacts, line: 3 }))
    }

    /// It claims a tier.
    pub(super) fn tier(self, tier: Tier) -> Self {
        self.with(|r| r.tier = Some((tier, 2)))
    }

    /// It answers a section.
    pub(super) fn answers(self, section: &str, state: State) -> Self {
        let section = SECTIONS.iter().position(|s| *s == section).expect("a section");
        self.with(|r| {
            r.candidates.push(Candidate {
                section: SectionIx::from(section),
                part: PartIx(0),
                heading: None,
                state,
                confidence: 1.0,
                substance: Substance::Specific,
                inherited: false,
                reached: Reached::Heading,
                weight: 0,
                evidence: vec![],
                delegate: None,
                runs: vec![],
            });
            r.sort_candidates();
        })
    }

    /// It describes an alert.
    pub(super) fn alert(self, name: &str) -> Self {
        let answer = || AlertAnswer {
            state: State::Missing,
            confidence: 1.0,
            substance: Substance::Prose,
            heading: None,
            evidence: vec![],
        };
        let answers = [answer(), answer(), answer(), answer()];
        let entry = AlertEntry { name: name.into(), line: 4, heading: None, span: Span::default(), answers };
        self.with(|r| r.alerts.push(entry))
    }

    /// A claim of a file, `repo:path`.
    pub(super) fn claim(mut self, label: &str, rank: Rank, subject: Subject, fact: Fact) -> Self {
        self.claims.push(Claim { subject, fact, origin: origin(label), line: 5, column: 3, rank });
        self
    }

    /// The line of the claim made last.
    pub(super) fn last_line(&mut self, line: u32) {
        self.claims.last_mut().expect("a claim").line = line;
    }

    /// A catalog file says something of a service.
    pub(super) fn catalog(self, label: &str, name: &str, fact: Fact) -> Self {
        self.claim(label, Rank::CatalogFile, Subject::Service(name.into()), fact)
    }

    /// A catalog file describes a service.
    pub(super) fn entity(self, label: &str, name: &str, kind: &str) -> Self {
        self.catalog(label, name, Fact::Exists { kind: kind.into() })
    }

    /// The configuration speaks of a service.
    pub(super) fn configured(mut self, id: &str, change: impl FnOnce(&mut ServiceConfig)) -> Self {
        let mut service = ServiceConfig {
            id: Id::of(id),
            written: id.into(),
            line: 9,
            name: None,
            tier: None,
            traits: vec![],
            owner: None,
            on_call: None,
            aliases: vec![],
            repo: None,
        };
        change(&mut service);
        self.config.services.push(service);
        self
    }

    /// Links it.
    pub(super) fn link(mut self) -> Catalog {
        let section = |id: &str| Section {
            id: id.into(),
            title: id.into(),
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
        let sections = SECTIONS.iter().map(|id| section(id)).collect();
        let template = Template::new("Test".into(), vec![], vec![], sections, String::new());
        let mongo = Technology {
            id: "mongodb".into(),
            name: "MongoDB".into(),
            spellings: vec!["MongodB".into(), "mongo".into()],
            class: "store".into(),
            ..Technology::default()
        };
        let vocabulary = Vocabulary { technologies: vec![mongo], ..Vocabulary::default() };
        self.config.knowledge = Arc::new(Knowledge { template, vocabulary, ..Knowledge::default() });
        self.runbooks.sort_by(|a, b| a.document.origin.cmp(&b.document.origin));
        let runbooks = self.runbooks.into_iter().map(Arc::new).collect();
        link(Vec::new(), runbooks, self.claims, &self.config)
    }
}

/// What tests ask of a catalog.
pub(super) trait Asked {
    /// Ids of services.
    fn ids(&self) -> Vec<&str>;
    /// `from>to` of every edge.
    fn arrows(&self) -> Vec<String>;
    /// Findings of a rule.
    fn said(&self, rule: &str) -> Vec<&Diagnostic>;
    /// Names of a service's owners, the strongest first.
    fn owners_of(&self, id: &str) -> Vec<&str>;
}

impl Asked for Catalog {
    fn ids(&self) -> Vec<&str> {
        self.services.iter().map(|s| s.id.as_str()).collect()
    }

    fn arrows(&self) -> Vec<String> {
        let arrow = |e: &crate::model::catalog::Edge| {
            let to = match e.to {
                Target::Service(ix) => self[ix].id.to_string(),
                Target::Technology(ix) => self.technologies[ix as usize].name.clone(),
            };
            format!("{}>{to}", self[e.from].id)
        };
        self.edges.iter().map(arrow).collect()
    }

    fn said(&self, rule: &str) -> Vec<&Diagnostic> {
        self.diagnostics.iter().filter(|d| d.rule == rule).collect()
    }

    fn owners_of(&self, id: &str) -> Vec<&str> {
        let service = &self[self.service(&Id::of(id)).expect(id)];
        service.owners.iter().map(|o| self[o.value].name.as_str()).collect()
    }
}

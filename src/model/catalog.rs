//! The catalog: services, owners, dependencies and alerts of the fleet, linked both ways.

use crate::model::claim::Claim;
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{HeadingIx, Id, OwnerIx, RunbookIx, SectionIx, ServiceIx, Tier, Trait};
use crate::model::runbook::Runbook;
use crate::model::source::{Origin, Source};
use crate::model::stated::{LinkPurpose, Relation, TargetType};
use std::sync::Arc;

/// The fleet.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Sources as collected, sorted by name.
    pub sources: Vec<Source>,
    /// Every document read, sorted by origin.
    pub runbooks: Vec<Arc<Runbook>>,
    /// Which service each runbook speaks for, beside `runbooks`.
    pub speaks_for: Vec<Option<ServiceIx>>,
    /// Services, sorted by id: those with documents, and those others name.
    pub services: Vec<Service>,
    /// Owners, sorted by id.
    pub owners: Vec<Owner>,
    /// Products services need, sorted by id.
    pub technologies: Vec<Technology>,
    /// Dependencies: of a service on a service or on a technology, sorted by both ends.
    pub edges: Vec<Edge>,
    /// Alerts, sorted by name.
    pub alerts: Vec<Alert>,
    /// Every claim that was made, sorted by subject; a winner is the last of its subject and kind of fact.
    pub claims: Vec<Claim>,
    /// What linking found wrong: conflicts, dangling names.
    pub diagnostics: Vec<Diagnostic>,
}

impl Catalog {
    /// The place of a service's id.
    pub fn service(&self, id: &Id) -> Option<ServiceIx> {
        self.services.binary_search_by(|s| s.id.cmp(id)).ok().map(ServiceIx::from)
    }

    /// The place of an owner's id.
    pub fn owner(&self, id: &Id) -> Option<OwnerIx> {
        self.owners.binary_search_by(|o| o.id.cmp(id)).ok().map(OwnerIx::from)
    }

    /// The source a document comes from.
    pub fn source(&self, repo: &str) -> Option<&Source> {
        self.sources.binary_search_by(|s| (*s.name).cmp(repo)).ok().map(|at| &self.sources[at])
    }

    /// What a service needs.
    pub fn needs(&self, service: ServiceIx) -> &[Edge] {
        let from = self.edges.partition_point(|e| e.from < service);
        let to = self.edges.partition_point(|e| e.from <= service);
        &self.edges[from..to]
    }
}

impl std::ops::Index<ServiceIx> for Catalog {
    type Output = Service;
    fn index(&self, ix: ServiceIx) -> &Service {
        &self.services[ix.at()]
    }
}

impl std::ops::Index<OwnerIx> for Catalog {
    type Output = Owner;
    fn index(&self, ix: OwnerIx) -> &Owner {
        &self.owners[ix.at()]
    }
}

impl std::ops::Index<RunbookIx> for Catalog {
    type Output = Arc<Runbook>;
    fn index(&self, ix: RunbookIx) -> &Arc<Runbook> {
        &self.runbooks[ix.at()]
    }
}

/// A service, assembled from every document and claim that speaks for it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Canonical id, unique.
    pub id: Id,
    /// Its name as people write it.
    pub name: String,
    /// Other names it goes by, each with where that is said.
    pub aliases: Vec<Stated<String>>,
    /// Whether there is a runbook, and whether anything stands in it.
    pub presence: Presence,
    /// Repositories whose documents speak for it, sorted.
    pub repos: Vec<Arc<str>>,
    /// Other repositories that claim the same id.
    pub conflict: Vec<String>,
    /// Its documents, the one that answers most first.
    pub documents: Vec<RunbookIx>,
    /// Places that answer each section, the deciding one first; as many lists as the template has sections.
    pub answers: Vec<Vec<AnswerRef>>,
    /// Who owns it, strongest claim first.
    pub owners: Vec<Stated<OwnerIx>>,
    /// Who is called when it breaks, strongest claim first.
    pub on_call: Vec<Stated<String>>,
    /// How critical it is, with who says so.
    pub tier: Option<Stated<Tier>>,
    /// What is true of it, with who says so.
    pub traits: Vec<Stated<Trait>>,
    /// The larger system it is part of.
    pub system: Option<Stated<String>>,
    /// Where it is in its life.
    pub lifecycle: Option<Stated<String>>,
    /// Dashboards, health endpoints and the like, with who says so.
    pub links: Vec<(LinkPurpose, Stated<(String, String)>)>,
    /// Facts on which two places disagree: what about, and each statement, the winner first.
    pub disagreements: Vec<Disagreement>,
    /// Places that name it: whoever needs it, wherever it is linked.
    pub named_at: Vec<Mention>,
}

/// A fact with the place that states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub origin: Origin,
    /// On which line; 0 where the whole file says it (a path).
    pub line: u32,
    /// What kind of place it is: larger weighs more.
    pub rank: crate::model::claim::Rank,
}

/// Two places that do not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// What about: `owner`, `tier`, `name`.
    pub about: &'static str,
    /// Each statement, the winner first.
    pub said: Vec<Stated<String>>,
}

/// A place that names a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Which file.
    pub origin: Origin,
    /// Which line.
    pub line: u32,
    /// As it is written there.
    pub text: String,
}

/// Whether a service has a runbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Somebody wrote something in it.
    Filled,
    /// It is an untouched form.
    Blank,
    /// There is none; others name the service.
    None,
}

/// One candidate answer of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerRef {
    /// Which document.
    pub runbook: RunbookIx,
    /// Which of its candidates.
    pub candidate: u32,
}

/// A team or a person who owns services.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Canonical id.
    pub id: Id,
    /// Its name as most places write it.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// How to reach them: mail, channels, numbers, links.
    pub contacts: Vec<String>,
    /// What they own, sorted.
    pub services: Vec<ServiceIx>,
}

/// A product that services need.
#[derive(Clone, Debug)]
pub struct Technology {
    /// Canonical id.
    pub id: Id,
    /// Canonical name.
    pub name: String,
    /// What it is (`store`, `queue`, `platform` ...); empty where the vocabulary does not know it.
    pub class: String,
    /// Who needs it, sorted.
    pub dependants: Vec<ServiceIx>,
}

/// What an edge leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A service.
    Service(ServiceIx),
    /// A technology's place in the catalog's list.
    Technology(u32),
}

/// A dependency.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Who needs.
    pub from: ServiceIx,
    /// What is needed.
    pub to: Target,
    /// What the document alone took it for.
    pub stated_as: TargetType,
    /// How.
    pub relation: Relation,
    /// What for.
    pub purpose: Option<String>,
    /// Every place that states it, strongest first; `value` is the name as written there.
    pub stated: Vec<Stated<String>>,
}

/// An alert, with its rule, its service and its page.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// The services it fires for, sorted: several may have a rule of one name.
    pub services: Vec<ServiceIx>,
    /// Rules that raise it.
    pub rules: Vec<AlertRule>,
    /// Documents that describe it: which, the place among its alerts, and the heading.
    pub pages: Vec<AlertPage>,
}

/// A rule that raises an alert.
#[derive(Clone, Debug)]
pub struct AlertRule {
    /// Where it stands.
    pub origin: Origin,
    /// Its line.
    pub line: u32,
    /// The service it is of.
    pub service: Option<ServiceIx>,
    /// Its runbook's address as written.
    pub runbook: Option<String>,
    /// Where that leads.
    pub leads: RunbookLead,
    /// How loud it is.
    pub severity: Option<String>,
    /// What it says of itself.
    pub summary: Option<String>,
}

/// Where the runbook's address of a rule leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunbookLead {
    /// It gives none.
    Unsaid,
    /// To nothing.
    Nowhere,
    /// Out of the fleet, or to a page of this site.
    Elsewhere,
    /// Into a document of the fleet, at an anchor (empty for its top).
    Document(RunbookIx, String),
}

/// A document's page of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertPage {
    /// Which document.
    pub runbook: RunbookIx,
    /// Which of its alerts.
    pub entry: u32,
    /// The heading it stands under.
    pub heading: Option<HeadingIx>,
}

/// A section of a service, the key of a cell.
pub type CellKey = (ServiceIx, SectionIx);

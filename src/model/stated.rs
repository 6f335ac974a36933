//! Facts as one document states them: names, owners, dependencies, addresses, waivers, verifications.

use crate::model::id::{Id, SectionIx};
use schemars::JsonSchema;
use serde::Serialize;

/// A name as a document states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedName {
    /// As written: "DFS Identity Management Services".
    pub text: String,
    /// Its line.
    pub line: u32,
    /// Where it was found.
    pub by: NameSource,
}

/// The places a service's name is found in, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameSource {
    /// Front matter (`service:`).
    FrontMatter,
    /// A label ("Service or system name:") or a `## Code` heading.
    Label,
    /// The first heading, less "Run Book".
    Title,
    /// Its words ("Lightrail is ...").
    Prose,
    /// The path.
    Path,
}

/// An owner as a document states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedOwner {
    /// Team or person, or the contact itself where nobody is named.
    pub name: String,
    /// Mail addresses, channels, numbers, links.
    pub contacts: Vec<String>,
    /// Its line.
    pub line: u32,
}

/// A dependency as a document states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedDependency {
    /// As written there: "MongodB".
    pub name: String,
    /// Canonical: `mongodb`.
    pub id: Id,
    /// What it is, as far as the document alone tells.
    pub target: TargetType,
    /// How it is needed.
    pub relation: Relation,
    /// What for: "storage".
    pub purpose: Option<String>,
    /// Its line.
    pub line: u32,
}

/// What a dependency leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TargetType {
    /// A service of the fleet, or one that should have a runbook.
    Service,
    /// A product.
    Technology,
    /// Cannot be told.
    Unknown,
}

/// How one thing needs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Needs it, in a way not said.
    Uses,
    /// Calls its interface.
    Calls,
    /// Keeps data in it.
    StoresIn,
    /// Sends events through it.
    PublishesTo,
    /// Runs on it.
    RunsOn,
}

/// An address a document gives for a purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedLink {
    /// Its words.
    pub label: String,
    /// Where it leads, as written.
    pub target: String,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Its line.
    pub line: u32,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkPurpose {
    /// A dashboard.
    Dashboard,
    /// A health endpoint.
    Health,
    /// Where logs are searched.
    Logs,
    /// The service itself.
    Service,
    /// A chat channel.
    Channel,
    /// Source code.
    Source,
}

/// An author's decision that a section need not be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Which section.
    pub section: SectionIx,
    /// `true`: the question does not apply (that becomes the state); `false`: the state is accepted as it is.
    pub not_applicable: bool,
    /// Why.
    pub reason: String,
    /// Until when it holds; past it, it does nothing.
    pub until: jiff::civil::Date,
    /// Who decided.
    pub owner: String,
    /// Its line.
    pub line: u32,
}

/// An author's word that somebody did what a section says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Which section.
    pub section: SectionIx,
    /// When.
    pub on: jiff::civil::Date,
    /// Who.
    pub by: String,
    /// Where it is recorded.
    pub evidence: String,
    /// Its line.
    pub line: u32,
}

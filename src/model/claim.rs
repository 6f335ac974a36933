//! A claim: one fact about a service or a path, found in a file that already stands in a repository.

use crate::model::id::{Tier, Trait};
use crate::model::source::Origin;
use crate::model::stated::{Relation, TargetType};

/// How much weight a fact's place has; larger wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// What the path suggests.
    Path,
    /// CODEOWNERS.
    CodeOwners,
    /// docker-compose, Helm.
    Deployment,
    /// The runbook's own words.
    Words,
    /// A document's front matter.
    FrontMatter,
    /// catalog-info.yaml and other catalog files.
    CatalogFile,
    /// The organisation's registry.
    Registry,
    /// opsbook.toml.
    Configuration,
}

/// What a claim speaks about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A service by name.
    Service(String),
    /// Whatever lives under a path of the claim's repository (`""` is all of it).
    Path(String),
    /// A team or group by name.
    Owner(String),
}

/// One fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// About whom.
    pub subject: Subject,
    /// What is said.
    pub fact: Fact,
    /// In which file.
    pub origin: Origin,
    /// On which line, from 1.
    pub line: u32,
    /// At which column, from 1; 0 where not known.
    pub column: u32,
    /// How much weight it has.
    pub rank: Rank,
}

/// The facts there are.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The subject is a service (a component, a system, a platform); `kind` as the file says it.
    Exists {
        /// `service`, `website`, `library` ...
        kind: String,
    },
    /// What people call it.
    Title(String),
    /// Another name of it.
    Alias(String),
    /// Who owns it.
    Owner(String),
    /// How to reach somebody: mail, channel, number or link.
    Contact(String),
    /// Who is called when it breaks: a schedule, an address, a link.
    OnCall(String),
    /// The larger system it is part of.
    System(String),
    /// How critical it is.
    Tier(Tier),
    /// `production`, `deprecated` ...
    Lifecycle(String),
    /// What is true of it.
    Trait(Trait),
    /// It needs something.
    Needs {
        /// As the file names it.
        name: String,
        /// What it is, as far as the file tells.
        target: TargetType,
        /// How it is needed.
        relation: Relation,
        /// What for.
        purpose: Option<String>,
    },
    /// It offers an interface.
    Provides(String),
    /// It uses an interface somebody offers.
    Consumes(String),
    /// An address.
    Link {
        /// Its words.
        label: String,
        /// Where it leads.
        target: String,
    },
    /// Which folder of which repository it lives in.
    LivesAt(String),
    /// An alert that fires for it.
    Alert {
        /// The alert's name.
        name: String,
        /// Where its runbook is said to be.
        runbook: Option<String>,
        /// How loud it is.
        severity: Option<String>,
        /// What it says of itself.
        summary: Option<String>,
    },
}

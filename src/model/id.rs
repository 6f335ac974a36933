//! Identities: what a service, a section, a tier or an owner is called by the rest of the program.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// The canonical id of a service, an owner or a technology.
///
/// Made from a name by [`Id::of`]: NFKC-folded, lower case, every run of characters that are neither
/// letters nor digits becomes one `-`; letters of any script are kept. Never empty by construction
/// except for a name without a letter or digit, which callers must check with [`Id::is_empty`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default, JsonSchema)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// Folds a name into its id: `"CCMS-EBS (MP)"` is `ccms-ebs-mp`, `"Оплата 2"` is `оплата-2`.
    pub fn of(name: &str) -> Self {
        let mut id = String::with_capacity(name.len());
        let mut add = |c: char| {
            if c.is_alphanumeric() {
                id.push(c);
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        };
        // Folding ASCII is lower-casing it; nearly every name is, and large fleets fold millions.
        if name.is_ascii() {
            name.chars().for_each(|c| add(c.to_ascii_lowercase()));
        } else {
            name.nfkc().flat_map(char::to_lowercase).for_each(add);
        }
        while id.ends_with('-') {
            id.pop();
        }
        Self(id)
    }

    /// The id of a second claimant of `id`: `<repo>--<id>`.
    pub fn claimed_by(repo: &str, id: &Id) -> Self {
        Self(format!("{}--{}", Id::of(repo).0, id.0))
    }

    /// Whether it is the id of a second claimant; no name folds to one.
    pub fn is_claimed(&self) -> bool {
        self.0.contains("--")
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name held no letter and no digit.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The place as an index into its list.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(at: usize) -> Self {
                Self(u32::try_from(at).expect("a list within 2^32"))
            }
        }
    };
}

index!(
    /// A section's place in its template's list of sections.
    SectionIx
);
index!(
    /// A parent's place in its template's list of parents (chapters included).
    ParentIx
);
index!(
    /// A chapter's place in its template's list of chapters.
    ChapterIx
);
index!(
    /// A heading's place in its document's outline.
    HeadingIx
);
index!(
    /// A part's place in its runbook's list of parts.
    PartIx
);
index!(
    /// A runbook's place in the catalog's list of read documents.
    RunbookIx
);
index!(
    /// A service's place in the catalog's list of services (sorted by id).
    ServiceIx
);
index!(
    /// An owner's place in the catalog's list of owners (sorted by id).
    OwnerIx
);

/// How much depends on a service: tier 1 is the most critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8")]
pub enum Tier {
    /// An outage stops the business.
    One,
    /// An outage hurts.
    Two,
    /// An outage can wait.
    Three,
}

impl Tier {
    /// The tier of a number as people write it (`1`, `2`, `3`).
    pub fn of(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            3 => Some(Self::Three),
            _ => None,
        }
    }
}

impl From<Tier> for u8 {
    fn from(tier: Tier) -> u8 {
        tier as u8 + 1
    }
}

/// Something true of a service that makes more sections count (SECTIONS.md, part 4 of the handbook).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trait {
    /// It keeps data that would be missed.
    Stateful,
    /// It holds data about people.
    PersonalData,
    /// It runs jobs on a schedule.
    ScheduledWork,
    /// It runs on machines its own team looks after.
    OwnHosts,
    /// The public can reach it.
    PublicEdge,
    /// It has a second site to fail over to.
    StandbySite,
}

impl Trait {
    /// Every trait there is, in the order pages list them.
    pub const ALL: [Self; 6] =
        [Self::Stateful, Self::PersonalData, Self::ScheduledWork, Self::OwnHosts, Self::PublicEdge, Self::StandbySite];

    /// The trait's name in files: `personal-data`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Stateful => "stateful",
            Self::PersonalData => "personal-data",
            Self::ScheduledWork => "scheduled-work",
            Self::OwnHosts => "own-hosts",
            Self::PublicEdge => "public-edge",
            Self::StandbySite => "standby-site",
        }
    }

    /// The trait a file names, however its words are joined (`personal data`, `personal_data`).
    pub fn of(name: &str) -> Option<Self> {
        let id = Id::of(name);
        Self::ALL.into_iter().find(|t| t.id() == id.as_str())
    }
}

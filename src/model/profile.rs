//! Profiles: which sections count for a service of which tier and traits. Data.

use crate::model::id::{SectionIx, Tier, Trait};
use schemars::JsonSchema;
use serde::Serialize;

/// How much a section is asked of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Default, JsonSchema)]
pub enum Required {
    /// Shown, not counted.
    #[default]
    #[serde(rename = ".")]
    Shown,
    /// Any honest answer does.
    #[serde(rename = "A")]
    Answer,
    /// Must be covered.
    #[serde(rename = "R")]
    Covered,
}

/// One line of the profiles' file: sections, whom they apply to, what is asked for each tier.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Which sections.
    pub sections: Vec<SectionIx>,
    /// Only for services with this trait.
    pub only: Option<Trait>,
    /// What is asked where the tier is unknown, 3, 2, 1.
    pub asked: [Required; 4],
}

/// All requirements.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// In the order of the file; where several speak of a section, the strongest counts.
    pub requirements: Vec<Requirement>,
    /// Sections whose `answered-absent` needs a dated waiver on tier 1.
    pub waiver_when_absent: Vec<SectionIx>,
    /// Sections that want `actionable` substance where they are required.
    pub procedural: Vec<SectionIx>,
}

impl Profiles {
    /// What is asked of a section for a tier and traits.
    pub fn asked(&self, section: SectionIx, tier: Option<Tier>, traits: &[Trait]) -> Required {
        let column = match tier {
            None => 0,
            Some(Tier::Three) => 1,
            Some(Tier::Two) => 2,
            Some(Tier::One) => 3,
        };
        self.requirements
            .iter()
            .filter(|r| r.sections.contains(&section) && r.only.is_none_or(|t| traits.contains(&t)))
            .map(|r| r.asked[column])
            .max()
            .unwrap_or_default()
    }
}

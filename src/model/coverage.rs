//! Coverage: services x sections, each cell in its state and with what is asked of it; tallies and risks.

use crate::model::catalog::AnswerRef;
use crate::model::id::{OwnerIx, SectionIx, ServiceIx};
use crate::model::profile::Required;
use crate::model::state::{Class, State, Substance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The matrix and what is counted from it.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// One row a service, in the catalog's order.
    pub rows: Vec<Row>,
    /// Sums over all rows.
    pub totals: Totals,
    /// Gaps as their dependants see them, worst first.
    pub risks: Vec<Risk>,
}

impl Coverage {
    /// The cell of a service's section.
    pub fn cell(&self, service: ServiceIx, section: SectionIx) -> Option<&Cell> {
        self.rows.get(service.at())?.cells.get(section.at())
    }
}

/// A service's row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// A cell a section in template order; empty where the service has no runbook.
    pub cells: Vec<Cell>,
    /// Required sections met, of required sections.
    pub required: Tally,
    /// The honest count over all sections, by class.
    pub counts: Counts,
    /// Services that need this one, directly.
    pub dependants: Vec<ServiceIx>,
    /// How many services fail with this one, itself not counted (transitive).
    pub blast_radius: u32,
}

/// `met` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// How many are met.
    #[serde(rename = "n")]
    pub met: u32,
    /// Of how many.
    pub of: u32,
}

/// Cells by class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Green.
    pub covered: u32,
    /// Amber.
    pub partial: u32,
    /// Red.
    pub gap: u32,
    /// Grey.
    pub unwritten: u32,
    /// Blank.
    pub missing: u32,
}

impl Counts {
    /// Counts one more cell.
    pub fn add(&mut self, class: Class) {
        *match class {
            Class::Covered => &mut self.covered,
            Class::Partial => &mut self.partial,
            Class::Gap => &mut self.gap,
            Class::Unwritten => &mut self.unwritten,
            Class::Missing => &mut self.missing,
        } += 1;
    }

    /// The count of one class.
    pub fn of(&self, class: Class) -> u32 {
        match class {
            Class::Covered => self.covered,
            Class::Partial => self.partial,
            Class::Gap => self.gap,
            Class::Unwritten => self.unwritten,
            Class::Missing => self.missing,
        }
    }
}

/// One answer's state and standing.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The deciding state, after waivers.
    pub state: State,
    /// What is asked of it.
    pub required: Required,
    /// Whether what is asked is met (true where nothing is asked).
    pub met: bool,
    /// Whether a waiver makes it so.
    pub waived: bool,
    /// How sure the reading is.
    pub confidence: f32,
    /// What the answer is worth.
    pub substance: Substance,
    /// Whether a parent's text answers it.
    pub inherited: bool,
    /// Whose answer it leans on, where it is delegated to a platform of the fleet.
    pub through: Option<Through>,
    /// The deciding place; `None` where it is missing.
    pub answer: Option<AnswerRef>,
}

/// The cell another cell leans on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    /// Whose.
    pub service: ServiceIx,
    /// Which section.
    pub section: SectionIx,
    /// In what state it is there.
    pub state: State,
}

/// Sums over the fleet.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Services with a runbook somebody wrote in.
    pub filled: u32,
    /// Services whose runbook is an untouched form.
    pub blank: u32,
    /// Services without a runbook.
    pub none: u32,
    /// Required sections met, of required sections.
    pub required: Tally,
    /// Cells by class, over services that have a runbook.
    pub counts: Counts,
    /// Cells whose reading is unsure.
    pub unsure: u32,
    /// Parts of documents that promise something, in sections or beyond them.
    pub promises: u32,
    /// Per section: cells by class, in template order.
    pub sections: Vec<Counts>,
    /// Per owner: required met and counts over their services, in the catalog's order.
    pub owners: Vec<(Tally, Counts)>,
}

/// A gap as its dependants see it.
#[derive(Clone, Debug)]
pub struct Risk {
    /// What kind of risk it is.
    pub kind: RiskKind,
    /// Whose gap.
    pub service: ServiceIx,
    /// Which section, where it is about one.
    pub section: Option<SectionIx>,
    /// In what state it is.
    pub state: State,
    /// The other services it touches, most critical first.
    pub affected: Arc<[ServiceIx]>,
    /// Who should mend it.
    pub owner: Option<OwnerIx>,
    /// Larger is worse; only the order counts.
    pub weight: u64,
}

/// The kinds of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskKind {
    /// A required section is not met.
    Gap,
    /// Somebody admitted that nobody looked into it.
    Admitted,
    /// Others need a service whose runbook is blank.
    Blank,
    /// Others need a service that has no runbook.
    NoRunbook,
    /// A more critical service needs a less critical one.
    TierInversion,
    /// Everything of one kind hangs on it.
    SinglePoint,
}

/// Readings below this confidence are hatched and listed as "please look".
pub const SURE: f32 = 0.7;

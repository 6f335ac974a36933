//! Cells: the state of each section, what is asked of it, and whether that is met.

use crate::model::catalog::{Catalog, Presence, Service};
use crate::model::config::Config;
use crate::model::coverage::Cell;
use crate::model::id::{SectionIx, Tier, Trait};
use crate::model::profile::{Profiles, Required};
use crate::model::runbook::{Candidate, Runbook};
use crate::model::state::{Class, State, Substance};
use jiff::{Span, civil::Date};
use std::collections::HashMap;

/// One row of cells a service; empty where there is no runbook.
pub(super) fn cells(catalog: &Catalog, config: &Config, today: Date) -> Vec<Vec<Cell>> {
    let mut asked = Asked::new();
    catalog.services.iter().map(|service| row(catalog, service, config, today, &mut asked)).collect()
}

/// What is asked of services of a tier with certain traits, a section each.
pub(super) type Asked = HashMap<(Option<Tier>, Vec<Trait>), Vec<Required>>;

/// The cells of one service.
pub(super) fn row(catalog: &Catalog, service: &Service, config: &Config, today: Date, asked: &mut Asked) -> Vec<Cell> {
    let knowledge = &config.knowledge;
    if service.presence == Presence::None {
        return Vec::new();
    }
    let tier = service.tier.as_ref().map(|t| t.value);
    let traits: Vec<Trait> = service.traits.iter().map(|t| t.value).collect();
    let asked = asked.entry((tier, traits)).or_insert_with_key(|(tier, traits)| {
        knowledge.template.all().map(|section| knowledge.profiles.asked(section, *tier, traits)).collect()
    });
    let notes = Notes::of(catalog, service, config.verified_for, today);
    let cell = |section: SectionIx| cell(catalog, service, section, asked[section.at()], &notes);
    let mut row: Vec<Cell> = knowledge.template.all().map(cell).collect();
    for (at, cell) in row.iter_mut().enumerate() {
        cell.met = cell.waived || met(&knowledge.profiles, SectionIx::from(at), cell.required, tier, cell.state);
    }
    row
}

/// What waivers and notes of a service's documents still say today.
struct Notes {
    waived: HashMap<SectionIx, bool>,
    verified: Vec<SectionIx>,
}

impl Notes {
    fn of(catalog: &Catalog, service: &Service, verified_for: u32, today: Date) -> Self {
        let documents = || service.documents.iter().map(|ix| -> &Runbook { &catalog[*ix] });
        let mut waived = HashMap::new();
        for waiver in documents().flat_map(|r| &r.waivers).filter(|w| today <= w.until) {
            *waived.entry(waiver.section).or_default() |= waiver.not_applicable;
        }
        let days = Span::new().try_days(verified_for).unwrap_or_default();
        let holds = |on: Date| on <= today && today <= on.saturating_add(days);
        let verified = documents().flat_map(|r| &r.verifications).filter(|v| holds(v.on)).map(|v| v.section).collect();
        Self { waived, verified }
    }
}

fn cell(catalog: &Catalog, service: &Service, section: SectionIx, required: Required, notes: &Notes) -> Cell {
    let answer = service.answers[section.at()].first().copied();
    let candidate: Option<&Candidate> = answer.map(|a| &catalog[a.runbook].candidates[a.candidate as usize]);
    let waiver = notes.waived.get(&section);
    let stated = candidate.map_or(State::Missing, |c| c.state);
    let state = if waiver == Some(&true) { State::NotApplicable } else { stated };
    let stands = matches!(stated.class(), Class::Covered | Class::Partial);
    let verified = stands && notes.verified.contains(&section);
    Cell {
        state,
        required,
        met: false,
        waived: waiver.is_some(),
        confidence: candidate.map_or(1.0, |c| c.confidence),
        substance: if verified { Substance::Verified } else { candidate.map_or(Substance::Prose, |c| c.substance) },
        inherited: candidate.is_some_and(|c| c.inherited),
        through: None,
        answer,
    }
}

/// Whether a state meets what is asked.
pub(super) fn met(
    profiles: &Profiles,
    section: SectionIx,
    required: Required,
    tier: Option<Tier>,
    state: State,
) -> bool {
    let class = state.class();
    match required {
        Required::Shown => true,
        Required::Answer => matches!(class, Class::Covered | Class::Partial),
        Required::Covered => {
            let undecided = state == State::AnsweredAbsent
                && tier == Some(Tier::One)
                && profiles.waiver_when_absent.contains(&section);
            class == Class::Covered && !undecided
        }
    }
}

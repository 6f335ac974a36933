//! Cases of measuring: what is met, what leans on a platform, who fails with whom, which risk comes first.

use super::fleet::{Fleet, TODAY, section};
use crate::model::catalog::{Edge, Presence, Target};
use crate::model::coverage::{RiskKind, Tally};
use crate::model::id::{ServiceIx, Tier, Trait};
use crate::model::profile::Required;
use crate::model::state::{State, Substance};
use crate::model::stated::{Relation, TargetType, Verification, Waiver};
use jiff::civil::{Date, date};

fn waiver(id: &str, not_applicable: bool, until: Date) -> Waiver {
    Waiver { section: section(id), not_applicable, reason: "why".into(), until, owner: "who".into(), line: 1 }
}

#[test]
fn what_is_asked_depends_on_tier_and_traits() {
    let one = |tier, what: Option<Trait>| {
        let fleet = Fleet::default().service("a", tier).answers("deployment", State::LinkOnly);
        let fleet = match what {
            Some(what) => fleet.having(what),
            None => fleet,
        };
        fleet.measure().rows[0].required
    };
    assert_eq!(one(None, None), Tally { met: 0, of: 1 });
    assert_eq!(one(Some(Tier::Three), None), Tally { met: 1, of: 2 });
    assert_eq!(one(Some(Tier::One), None), Tally { met: 0, of: 2 });
    assert_eq!(one(Some(Tier::One), Some(Trait::Stateful)), Tally { met: 0, of: 3 });
}

#[test]
fn absence_on_tier_one_wants_a_decision() {
    let met = |tier, waivers: Vec<Waiver>| {
        let fleet = Fleet::default().service("a", Some(tier)).having(Trait::Stateful);
        let fleet = fleet.answers("restore-procedures", State::AnsweredAbsent).with(|r| r.waivers = waivers);
        let cell = fleet.measure().rows.remove(0).cells.remove(section("restore-procedures").at());
        (cell.met, cell.waived, cell.state)
    };
    assert_eq!(met(Tier::Two, vec![]), (true, false, State::AnsweredAbsent));
    assert_eq!(met(Tier::One, vec![]), (false, false, State::AnsweredAbsent));
    let accepted = waiver("restore-procedures", false, TODAY);
    assert_eq!(met(Tier::One, vec![accepted]), (true, true, State::AnsweredAbsent));
    let expired = waiver("restore-procedures", false, date(2026, 11, 20));
    assert_eq!(met(Tier::One, vec![expired]), (false, false, State::AnsweredAbsent));
    let moot = waiver("restore-procedures", true, TODAY);
    assert_eq!(met(Tier::One, vec![moot]), (true, true, State::NotApplicable));
}

#[test]
fn a_verified_note_holds_for_its_days() {
    let substance = |state, on: Date| {
        let (by, evidence) = ("who".to_owned(), "where".to_owned());
        let note = Verification { section: section("deployment"), on, by, evidence, line: 1 };
        let fleet = Fleet::default().service("a", None).answers("deployment", state);
        fleet.with(|r| r.verifications.push(note)).measure().rows[0].cells[1].substance
    };
    assert_eq!(substance(State::Answered, date(2025, 11, 21)), Substance::Verified);
    assert_eq!(substance(State::Answered, date(2025, 11, 20)), Substance::Prose);
    assert_eq!(substance(State::Answered, date(2026, 11, 22)), Substance::Prose);
    assert_eq!(substance(State::Promised, date(2026, 11, 20)), Substance::Prose);
}

#[test]
fn a_blank_form_meets_nothing_and_a_named_service_has_no_cells() {
    let fleet = Fleet::default()
        .service("blank", Some(Tier::One))
        .presence(Presence::Blank)
        .answers("deployment", State::Residue)
        .service("named", None)
        .presence(Presence::None);
    let coverage = fleet.measure();
    assert_eq!(coverage.rows[0].required, Tally { met: 0, of: 2 });
    assert_eq!((coverage.rows[0].counts.unwritten, coverage.rows[0].counts.missing), (1, 4));
    assert!(coverage.rows[1].cells.is_empty());
    let totals = &coverage.totals;
    assert_eq!((totals.filled, totals.blank, totals.none), (0, 1, 1));
    assert_eq!(totals.sections[1].unwritten, 1);
}

#[test]
fn a_delegated_answer_is_as_good_as_the_platforms() {
    let met = |platform: State, to: Option<&str>, relation: Relation| {
        let fleet = Fleet::default()
            .service("cloud-platform", None)
            .answers("deployment", platform)
            .service("orders", Some(Tier::One))
            .hands("deployment", State::Delegated, to)
            .edge(1, 0, relation);
        let coverage = fleet.measure();
        let cell = &coverage.rows[1].cells[1];
        assert_eq!(cell.state, State::Delegated);
        (cell.met, cell.through.map(|t| (t.service, t.state)))
    };
    let through = |state| Some((ServiceIx(0), state));
    let named = Some("the Cloud Platform team");
    assert_eq!(met(State::Answered, named, Relation::Uses), (true, through(State::Answered)));
    assert_eq!(met(State::NotInvestigated, named, Relation::Uses), (false, through(State::NotInvestigated)));
    assert_eq!(met(State::LinkOnly, named, Relation::Uses), (false, through(State::LinkOnly)));
    assert_eq!(met(State::Answered, None, Relation::RunsOn), (true, through(State::Answered)));
    assert_eq!(met(State::Answered, None, Relation::Uses), (false, None));
    assert_eq!(met(State::Answered, Some("the DBA team"), Relation::RunsOn), (false, None));
}

#[test]
fn an_honest_answer_is_asked_of_the_platform_too() {
    let met = |platform: State, to: Option<&str>| {
        let fleet = Fleet::default()
            .service("cloud-platform", None)
            .answers("deployment", platform)
            .service("orders", Some(Tier::Three))
            .hands("deployment", State::Delegated, to)
            .edge(1, 0, Relation::RunsOn);
        let cell = fleet.measure().rows[1].cells[1].clone();
        (cell.required, cell.met, cell.through.is_some())
    };
    let asked = Required::Answer;
    for text in ["Cloud Platform", "the platform team", "our hosting platform"] {
        assert_eq!(met(State::NotInvestigated, Some(text)), (asked, false, true), "{text}");
        assert_eq!(met(State::Missing, Some(text)), (asked, false, true), "{text}");
        assert_eq!(met(State::InDebt, Some(text)), (asked, true, true), "{text}");
    }
    // What resolves nowhere is an answer of its own.
    assert_eq!(met(State::Missing, Some("the DBA team")), (asked, true, false));
    assert_eq!(met(State::Missing, Some("the team")), (asked, true, false));
}

#[test]
fn platforms_that_hand_to_each_other_answer_nothing() {
    let fleet = Fleet::default()
        .service("a", Some(Tier::One))
        .hands("deployment", State::Delegated, Some("B"))
        .service("b", Some(Tier::One))
        .hands("deployment", State::Delegated, Some("A"))
        .service("c", Some(Tier::One))
        .hands("deployment", State::Delegated, Some("D"))
        .service("d", None)
        .hands("deployment", State::Delegated, Some("E"))
        .service("e", None)
        .answers("deployment", State::Answered);
    let coverage = fleet.measure();
    let met: Vec<bool> = coverage.rows.iter().map(|row| row.cells[1].met).collect();
    assert_eq!(met, [false, false, true, true, true]);
    assert!(coverage.rows[..4].iter().all(|row| row.cells[1].through.is_some()));
}

#[test]
fn everybody_who_fails_with_a_service_is_counted_once() {
    // 0 and 1 need each other, 2 needs 1, 3 needs 2 and 0 and itself; 4 stands alone.
    let fleet = ["a", "b", "c", "d", "e"].iter().fold(Fleet::default(), |f, id| f.service(id, None));
    let edges = [(0, 1), (1, 0), (2, 1), (3, 2), (3, 0), (3, 3)];
    let fleet = edges.iter().fold(fleet, |f, (from, to)| f.edge(*from, *to, Relation::Uses));
    let coverage = fleet.measure();
    let blast: Vec<u32> = coverage.rows.iter().map(|r| r.blast_radius).collect();
    assert_eq!(blast, [3, 3, 1, 0, 0]);
    let dependants: Vec<Vec<u32>> = coverage.rows.iter().map(|r| r.dependants.iter().map(|d| d.0).collect()).collect();
    assert_eq!(dependants, [vec![1, 3], vec![0, 2], vec![3], vec![], vec![]]);
}

#[test]
fn reach_is_exact_beyond_one_slice_of_bits() {
    // A chain longer than a slice, with a ring at its end.
    let count = 5_000;
    let mut fleet = (0..count).fold(Fleet::default(), |f, n| f.service(&format!("s{n:05}"), None));
    for n in 0..count - 1 {
        let (from, to) = (ServiceIx(n), Target::Service(ServiceIx(n + 1)));
        let edge =
            Edge { from, to, stated_as: TargetType::Service, relation: Relation::Uses, purpose: None, stated: vec![] };
        fleet.0.edges.push(edge);
    }
    fleet = fleet.edge(count - 1, count - 2, Relation::Uses);
    let coverage = fleet.measure();
    for n in 0..count {
        let expected = if n == count - 2 { count - 1 } else { n };
        assert_eq!(coverage.rows[n as usize].blast_radius, expected, "{n}");
    }
}

#[test]
fn risks_come_worst_first_and_once_a_section() {
    let fleet = Fleet::default()
        .service("asked", Some(Tier::One))
        .answers("service-owner", State::Answered)
        .answers("deployment", State::Missing)
        .service("hub", None)
        .answers("service-owner", State::Answered)
        .answers("tools", State::NotInvestigated)
        .service("quiet", None)
        .answers("service-owner", State::Answered)
        .answers("tools", State::NotInvestigated)
        .edge(0, 1, Relation::Uses);
    let coverage = fleet.measure();
    let told: Vec<_> = coverage.risks.iter().map(|r| (r.service.0, r.kind, r.affected.len())).collect();
    assert_eq!(told, [(0, RiskKind::Gap, 0), (1, RiskKind::Admitted, 1), (2, RiskKind::Admitted, 0)]);
    let mut keys: Vec<_> = coverage.risks.iter().map(|r| (r.service, r.section)).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), coverage.risks.len());
}

#[test]
fn an_admission_outweighs_a_missing_heading() {
    let weight = |state| {
        let fleet = Fleet::default().service("a", Some(Tier::One)).answers("service-owner", State::Answered);
        fleet.answers("deployment", state).measure().risks[0].weight
    };
    assert!(weight(State::NotInvestigated) > weight(State::Promised));
    assert!(weight(State::Promised) > weight(State::Missing));
    assert!(weight(State::Missing) > weight(State::Residue));
    assert!(weight(State::Residue) > weight(State::LinkOnly));
}

#[test]
fn a_waived_gap_is_no_risk() {
    let fleet = Fleet::default().service("a", Some(Tier::One)).answers("service-owner", State::Answered);
    let fleet =
        fleet.answers("deployment", State::Promised).with(|r| r.waivers.push(waiver("deployment", false, TODAY)));
    assert!(fleet.measure().risks.is_empty());
}

#[test]
fn inversions_and_single_points_are_told() {
    let fleet = Fleet::default()
        .service("front", Some(Tier::One))
        .service("middle", Some(Tier::One))
        .service("store", Some(Tier::Three))
        .service("unnamed", None)
        .presence(Presence::None)
        .edge(0, 1, Relation::Uses)
        .edge(1, 2, Relation::Uses)
        .edge(2, 3, Relation::Uses);
    let coverage = fleet.measure();
    let of = |kind| coverage.risks.iter().filter(|r| r.kind == kind).map(|r| r.service.0).collect::<Vec<_>>();
    assert_eq!(of(RiskKind::TierInversion), [2]);
    assert_eq!(of(RiskKind::NoRunbook), [3]);
    let mut points = of(RiskKind::SinglePoint);
    points.sort_unstable();
    assert_eq!(points, [2, 3]);
    let inversion = coverage.risks.iter().find(|r| r.kind == RiskKind::TierInversion).unwrap();
    assert_eq!(*inversion.affected, [ServiceIx(1)]);
}

#[test]
fn a_hub_names_its_most_critical_dependants_first() {
    let mut fleet = Fleet::default().service("hub", None);
    for n in 1..80 {
        fleet = fleet.service(&format!("s{n:02}"), if n % 20 == 0 { Some(Tier::One) } else { None }).edge(
            n,
            0,
            Relation::Uses,
        );
    }
    let coverage = fleet.measure();
    let hub = coverage.risks.iter().find(|r| r.service.0 == 0).unwrap();
    assert_eq!(hub.affected.len(), 50);
    assert_eq!(hub.affected[..4], [ServiceIx(20), ServiceIx(40), ServiceIx(60), ServiceIx(1)]);
    assert_eq!(coverage.rows[0].blast_radius, 79);
}

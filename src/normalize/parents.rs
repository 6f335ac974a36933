//! Parents: what stands under a heading that groups sections answers those that have nothing of their own.

use super::Reading;
use super::answer::{Asked, verdict};
use super::labels::label_of;
use super::says::Says;
use super::sections::{Found, Place, asked, candidate, enum_word, speaks};
use super::units::Unit;
use crate::model::id::{HeadingIx, ParentIx, SectionIx};
use crate::model::runbook::Candidate;
use crate::model::state::{Reached, State};

/// What stands under a parent's heading answers its children that have nothing of their own.
pub fn under_heading(reading: &Reading, root: usize, found: &mut Found) {
    if let Some(parent) = reading.aims[root].parent() {
        // "Monitoring: N/A" answers inside the heading.
        let heading = HeadingIx::from(root);
        let inline = super::parts::inline_answer(reading, heading);
        let mut units = reading.units_of_root(root);
        units.extend(inline.as_ref());
        answer(reading, Some(heading), parent, &units, found);
    }
}

/// Splits a parent's text among its children, item by item and sentence by sentence.
pub fn answer(reading: &Reading, heading: Option<HeadingIx>, parent: ParentIx, units: &[&Unit], found: &mut Found) {
    let template = &reading.reader.knowledge.template;
    let lexicon = &reading.reader.lexicon;
    let children = &template[parent].sections;
    let one_topic = template[parent].one_topic;
    let author: Vec<&Unit> = units.iter().copied().filter(|u| !u.residue).collect();
    let open: Vec<SectionIx> = children.iter().copied().filter(|s| !found.has(*s)).collect();
    let mut give = |section, units: &[&Unit], sure| found.push(inherited(reading, heading, section, units, sure));
    if author.is_empty() {
        if !units.is_empty() && one_topic && !children.iter().any(|s| reading.headed[s.at()]) {
            open.into_iter().for_each(|section| give(section, units, 0.6));
        }
        return;
    }
    let whole = verdict(&author, Asked::default(), lexicon);
    // "No personal data. Images are scanned." under a chapter: what names one child's topic is not for all of them.
    let names_child = |u: &&Unit| children.iter().any(|s| speaks(u, *s));
    let particular = (author.len() > 1 || !one_topic) && author.iter().any(names_child);
    if is_blanket(whole.state) && !particular || (whole.state == State::LinkOnly && one_topic) {
        return open.into_iter().for_each(|section| give(section, &author, 0.92));
    }
    let speaks_to = |u: &Unit, s: SectionIx| if one_topic { speaks(u, s) } else { u.scan.tells.contains(&s) };
    // A verdict that speaks to no child in particular is for all of them; one behind a label is the label's.
    let is_verdict = |u: &&Unit| {
        let says = u.says;
        let nobodys = !children.iter().any(|s| u.scan.speaks.contains(s)) || one_topic && says == Says::Delegated;
        let verdict =
            matches!(says, Says::Absent | Says::NotApplicable | Says::Unknown | Says::Promise | Says::Delegated);
        verdict && nobodys && label_of(u).is_none()
    };
    let blanket: Vec<&Unit> = author.iter().copied().filter(is_verdict).collect();
    // What strays is the first child's; a link, a label or a verdict is no text that strays.
    let strays =
        |u: &&Unit| matches!(u.says, Says::Fact | Says::Admission) && !children.iter().any(|s| speaks_to(u, *s));
    let straying: Vec<&Unit> = author.iter().copied().filter(strays).collect();
    for (at, &section) in open.iter().enumerate() {
        let own: Vec<&Unit> = author.iter().copied().filter(|u| speaks_to(u, section)).collect();
        if !own.is_empty() {
            give(section, &own, 0.78);
        } else if one_topic && at == 0 && children[0] == section && !straying.is_empty() {
            give(section, &straying, 0.6);
        } else if !blanket.is_empty() {
            give(section, &blanket, 0.75);
        }
    }
}

fn inherited(
    reading: &Reading,
    heading: Option<HeadingIx>,
    section: SectionIx,
    units: &[&Unit],
    sure: f32,
) -> Candidate {
    let verdict = verdict(units, asked(reading, section), &reading.reader.lexicon);
    let place = Place { heading, units, reached: Reached::Inherited, inherited: true, weight: 0, fit: 1.0 };
    let clear = verdict.clear;
    let mut candidate = candidate(reading, section, &place, verdict);
    candidate.confidence = sure * clear;
    candidate
}

/// A form's field whose blanket word answers a whole chapter.
pub fn blanket(reading: &Reading, root: usize, units: &[&Unit], found: &mut Found) {
    let Some((form, entry)) = reading.aims[root].form_heading else { return };
    let Some(chapter) = &reading.reader.knowledge.forms[form].headings[entry].blanket else { return };
    let template = &reading.reader.knowledge.template;
    let verdict = enum_word(reading, Some((form, entry)), units)
        .unwrap_or_else(|| verdict(units, Asked::default(), &reading.reader.lexicon));
    if !is_blanket(verdict.state) {
        return;
    }
    let Some(parent) = template.parents.iter().find(|p| p.id == *chapter) else { return };
    for &section in &parent.sections {
        if found.has(section) {
            continue;
        }
        let heading = Some(HeadingIx::from(root));
        let place = Place { heading, units, reached: Reached::Inherited, inherited: true, weight: 0, fit: 1.0 };
        let mut candidate = candidate(reading, section, &place, verdict.clone());
        candidate.confidence = 0.8;
        found.push(candidate);
    }
}

fn is_blanket(state: State) -> bool {
    matches!(
        state,
        State::AnsweredAbsent | State::NotApplicable | State::Delegated | State::NotInvestigated | State::Promised
    )
}

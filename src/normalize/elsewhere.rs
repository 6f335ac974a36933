//! Answers that stand elsewhere: sentences and rows a reader could quote, and the words a page opens with.

use super::Reading;
use super::answer::verdict;
use super::labels::label_of;
use super::lists::List;
use super::says::Says;
use super::sections::{Found, Place, asked, candidate};
use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::id::HeadingIx;
use crate::model::state::Reached;

/// Sentences and rows that answer a section wherever they stand, for sections nobody else answers.
pub fn elsewhere(reading: &Reading, found: &mut Found) {
    // A name of a thing ("Scheduled jobs") states nothing about it.
    let states = |u: &&Unit| {
        u.words() >= 5
            || u.kind == BlockKind::TableRow
            || u.kind == BlockKind::Paragraph && u.words() >= 4
            || u.says == Says::Absent
    };
    for unit in reading
        .units
        .iter()
        .filter(|u| !u.residue && u.kind != BlockKind::Code && !u.scan.tells.is_empty())
        .filter(states)
    {
        let said = unit.says;
        if !matches!(said, Says::Fact | Says::Absent | Says::NotApplicable | Says::Admission | Says::Promise) {
            continue;
        }
        for &section in &unit.scan.tells {
            if found.has(section) {
                continue;
            }
            let units = [unit];
            let verdict = verdict(&units, asked(reading, section), &reading.reader.lexicon);
            let place = alone(unit, &units);
            found.push(candidate(reading, section, &place, verdict));
        }
    }
    introduction(reading, found);
    reached(reading, found);
}

/// A unit that answers where it stands, whatever its heading says.
fn alone<'a>(unit: &Unit, units: &'a [&'a Unit]) -> Place<'a> {
    Place { heading: unit.heading, units, reached: Reached::Elsewhere, inherited: false, weight: 0, fit: 1.0 }
}

/// What the top of a page says of whom to reach.
fn reached(reading: &Reading, found: &mut Found) {
    let Some(section) = reading.reader.knowledge.template.section("service-owner") else { return };
    let front = |u: &&Unit| u.heading.is_none_or(|h| h.at() == 0) && !u.residue;
    let reaches = |u: &&Unit| super::owners::reaches(u, &reading.reader.lexicon);
    let Some(unit) =
        reading.units.iter().take_while(|u| u.heading.is_none_or(|h| h.at() == 0)).filter(front).find(reaches)
    else {
        return;
    };
    if found.has(section) {
        return;
    }
    let units = [unit];
    let place = alone(unit, &units);
    found.push(candidate(reading, section, &place, verdict(&units, asked(reading, section), &reading.reader.lexicon)));
}

/// What a page says of its service before anything else says what the service is for.
fn introduction(reading: &Reading, found: &mut Found) {
    let Some(section) = reading.reader.knowledge.template.section("business-overview") else { return };
    let title = reading.document.headings.first().filter(|h| h.level == 1).map(|_| 0.into());
    let lexicon = &reading.reader.lexicon;
    let owner = reading.reader.knowledge.template.section("service-owner");
    let tells = |u: &&Unit| {
        u.kind == BlockKind::Paragraph
            && !owner.is_some_and(|s| u.scan.tells.contains(&s))
            && !super::owners::reaches(u, lexicon)
            && !u.residue
            && !u.quoted
            && u.links == 0
            && u.words() >= 6
            && label_of(u).is_none()
            && !u.scan.holds.has(List::AboutPage)
            && u.says == Says::Fact
    };
    if found.has(section) {
        return;
    }
    // The paragraph that opens the page, or what stands under "Overview"; what comes after it is about something else.
    let front = title.filter(|h| reading.aims[HeadingIx::at(*h)].matches.is_empty());
    let chapter = reading.reader.knowledge.template[section].parent;
    let group = reading.aims.iter().position(|a| a.parent() == Some(chapter)).map(HeadingIx::from);
    let opening = [front, group].into_iter().flatten().map(|h| reading.units_under(Some(h))).find_map(|units| {
        // Badges above the first words say nothing.
        let badge = |u: &&Unit| u.residue || u.says == Says::Picture || u.links > 0 && u.words_outside_links == 0;
        let first = units.iter().find(|u| !badge(u)).filter(tells)?;
        Some((first.heading, units.iter().filter(|u| u.block == first.block).collect::<Vec<_>>()))
    });
    let Some((title, units)) = opening else { return };
    let verdict = verdict(&units, asked(reading, section), lexicon);
    let place =
        Place { heading: title, units: &units, reached: Reached::Elsewhere, inherited: false, weight: 0, fit: 1.0 };
    found.push(candidate(reading, section, &place, verdict));
}

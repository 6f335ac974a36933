//! Candidates: every place of a document that answers a section, or stands where its answer should.

use super::answer::{Asked, Verdict, verdict};
use super::lexicon::fold;
use super::matching::Aim;
use super::says::{Says, says};
use super::units::Unit;
use super::{Reading, substance};
use crate::model::document::BlockKind;
use crate::model::id::{HeadingIx, ParentIx, PartIx, SectionIx};
use crate::model::runbook::{Candidate, OTHER_WORDS};
use crate::model::state::{Reached, State};

/// Values a form comes filled in with are the form's.
pub fn mark_prefilled(reading: &mut Reading) {
    for root in 0..reading.aims.len() {
        let Some((form, entry)) = reading.aims[root].form_heading else { continue };
        let prefilled = &reading.reader.knowledge.forms[form].headings[entry].prefilled;
        if prefilled.is_empty() || reading.roots[root] != root {
            continue;
        }
        let known: Vec<String> = prefilled.iter().map(|p| fold(p)).collect();
        if reading.units_of_root(root).iter().filter(|u| !u.residue).all(|u| known.contains(&u.folded)) {
            for at in reading.of_root[root].clone() {
                reading.units[at as usize].residue = true;
            }
        }
    }
}

/// Every candidate of a document, unsorted.
pub fn candidates(reading: &Reading) -> Vec<Candidate> {
    let mut found = Vec::new();
    for root in (0..reading.aims.len()).filter(|&at| reading.roots[at] == at) {
        under_heading(reading, root, &mut found);
    }
    labels(reading, &mut found);
    for root in (0..reading.aims.len()).filter(|&at| reading.roots[at] == at) {
        under_parent(reading, root, &mut found);
    }
    elsewhere(reading, &mut found);
    found
}

struct Place<'a> {
    heading: Option<HeadingIx>,
    units: &'a [&'a Unit],
    reached: Reached,
    inherited: bool,
    weight: i32,
    fit: f32,
}

fn asked(reading: &Reading, section: SectionIx) -> Asked {
    let id = reading.reader.knowledge.template[section].id.as_str();
    let lists = |name: &str| reading.reader.lexicon.list(name).iter().any(|s| s == id);
    Asked {
        links_answer: lists("links-answer"),
        pointers_answer: lists("pointers-answer"),
        pictures_answer: lists("pictures-answer"),
    }
}

fn candidate(reading: &Reading, section: SectionIx, place: &Place, verdict: Verdict) -> Candidate {
    let units = place.units;
    let mut evidence: Vec<_> = verdict.decisive.iter().take(3).map(|&at| reading.evidence(units[at])).collect();
    if evidence.is_empty() {
        evidence.extend(units.first().map(|u| reading.evidence(u)));
    }
    let base = match place.reached {
        Reached::Claimed => 0.98,
        Reached::Heading => 0.96,
        Reached::Alias => 0.94,
        Reached::Words => 0.62 + 0.25 * place.fit,
        Reached::Elsewhere => 0.6,
        Reached::Inherited => 0.75,
    };
    let author: Vec<&Unit> = units.iter().copied().filter(|u| !u.residue).collect();
    let heading = place.units.first().and_then(|u| u.heading).or(place.heading);
    Candidate {
        section,
        part: part_of(heading),
        heading,
        state: verdict.state,
        confidence: base * verdict.clear,
        substance: substance::of(&author, &reading.reader.lexicon),
        inherited: place.inherited,
        reached: place.reached,
        weight: place.weight,
        evidence,
        delegate: verdict.delegate,
        runs: runs(&author, reading),
    }
}

/// The part a heading's text is: the front is the first, each heading's the next.
pub fn part_of(heading: Option<HeadingIx>) -> PartIx {
    PartIx(heading.map_or(0, |h| h.0 + 1))
}

/// Hashes of sentences and lines of eight words and more; a verdict, short words and code are never the form's.
fn runs(author: &[&Unit], reading: &Reading) -> Vec<u64> {
    let lexicon = &reading.reader.lexicon;
    let mut runs: Vec<u64> = Vec::new();
    for unit in author {
        let run = match says(unit, lexicon) {
            Says::Fact if unit.words() >= 8 && unit.kind != BlockKind::Code => hash(&unit.folded),
            Says::Label => continue,
            _ => OTHER_WORDS,
        };
        if run != OTHER_WORDS || runs.last() != Some(&OTHER_WORDS) {
            runs.push(run);
        }
    }
    runs
}

/// FNV-1a of 64 bits, the same on every machine.
fn hash(folded: &str) -> u64 {
    folded.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

fn under_heading(reading: &Reading, root: usize, found: &mut Vec<Candidate>) {
    let aimed = &reading.aims[root];
    let heading = HeadingIx::from(root);
    let mut units = reading.units_of_root(root);
    let inline = super::parts::inline_answer(reading, heading);
    units.extend(inline.as_ref());
    let sections: Vec<_> = aimed.sections().collect();
    for (section, matched) in &sections {
        // One heading for several sections: each takes what speaks to it, or all where nothing does.
        let own: Vec<&Unit> = units.iter().copied().filter(|u| speaks(u, *section)).collect();
        let others = |u: &&Unit| sections.iter().any(|(s, _)| s != section && speaks(u, *s));
        let units =
            if sections.len() > 1 && !own.is_empty() && units.iter().any(others) && matched.reached != Reached::Heading
            {
                &own
            } else {
                &units
            };
        let asked = asked(reading, *section);
        let verdict = enum_word(reading, aimed.form_heading, units)
            .unwrap_or_else(|| verdict(units, asked, &reading.reader.lexicon));
        let place = Place {
            heading: Some(heading),
            units,
            reached: matched.reached,
            inherited: false,
            weight: matched.weight,
            fit: matched.fit,
        };
        found.push(candidate(reading, *section, &place, verdict));
    }
    blanket(reading, root, &units, found);
}

/// A whole answer that is one word of the form's closed list.
fn enum_word(reading: &Reading, form_heading: Option<(usize, usize)>, units: &[&Unit]) -> Option<Verdict> {
    let (form, _) = form_heading?;
    let author: Vec<usize> = (0..units.len()).filter(|&at| !units[at].residue).collect();
    let [only] = author[..] else { return None };
    let word = units[only].folded.trim();
    let state = reading.reader.knowledge.forms[form]
        .enums
        .iter()
        .find(|e| e.words.iter().any(|w| fold(w).trim() == word))
        .and_then(|e| State::of(&e.state))?;
    Some(Verdict { state, decisive: vec![only], delegate: None, clear: 1.0 })
}

/// A form's field whose blanket word answers a whole chapter.
fn blanket(reading: &Reading, root: usize, units: &[&Unit], found: &mut Vec<Candidate>) {
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
        if found.iter().any(|c| c.section == section && Reading::is_written(c.state)) {
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

fn speaks(unit: &Unit, section: SectionIx) -> bool {
    unit.scan.speaks.contains(&section) || unit.scan.tells.contains(&section)
}

/// Bullets, rows and lines that begin with a section's name: "Backup: nightly".
fn labels(reading: &Reading, found: &mut Vec<Candidate>) {
    let claimed = |u: &Unit| u.heading.is_some_and(|h| reading.aims[h.at()].sections().next().is_some());
    for (at, unit) in reading.units.iter().enumerate() {
        let begins =
            at == 0 || reading.units[at - 1].block != unit.block || reading.units[at - 1].span.end <= unit.span.start;
        if claimed(unit) || !begins || unit.residue && unit.words() > 8 {
            continue;
        }
        let Some((label, value)) = label_of(unit) else { continue };
        let matches = reading.reader.headings.exactly(label);
        for matched in matches {
            let Aim::Section(section) = matched.aim else { continue };
            let nested = |u: &&Unit| {
                u.block == unit.block && u.span.start >= unit.span.start
                    || u.block > unit.block && u.heading == unit.heading && u.depth > unit.depth
            };
            let own: Vec<&Unit> = reading.units[at..].iter().take_while(nested).collect();
            let mut first = unit.clone();
            first.plain = value.to_owned();
            first.folded = fold(value);
            first.scan = reading.reader.lexicon.scan(&first.folded);
            let mut units: Vec<&Unit> = own[1.min(own.len())..].to_vec();
            if !value.is_empty() {
                units.insert(0, &first);
            }
            let place = Place {
                heading: unit.heading,
                units: &units,
                reached: matched.reached,
                inherited: false,
                weight: 0,
                fit: 1.0,
            };
            let mut verdict = verdict(&units, asked(reading, section), &reading.reader.lexicon);
            verdict.clear *= 0.95;
            let mut candidate = candidate(reading, section, &place, verdict);
            if candidate.evidence.is_empty() {
                candidate.evidence.push(reading.evidence(unit));
            }
            found.push(candidate);
        }
    }
}

/// A unit's label and what stands behind it, where it has one of at most six words.
pub fn label_of(unit: &Unit) -> Option<(&str, &str)> {
    if unit.kind == BlockKind::TableRow {
        let cells = unit.plain.trim().trim_matches('|');
        let (label, value) = cells.split_once('|')?;
        return Some((label.trim().trim_end_matches(':'), value.trim().trim_matches('|').trim()));
    }
    let (label, value) =
        unit.plain.split_once(':').or_else(|| unit.plain.split_once(" - ")).or_else(|| unit.plain.split_once(" – "))?;
    let words = label.split_whitespace().count();
    ((1..=6).contains(&words) && !value.starts_with("//")).then_some((label.trim(), value.trim()))
}

/// What stands under a parent answers its children that have nothing of their own.
fn under_parent(reading: &Reading, root: usize, found: &mut Vec<Candidate>) {
    let Some(parent) = reading.aims[root].parent() else { return };
    let template = &reading.reader.knowledge.template;
    let units: Vec<&Unit> = reading.units_of_root(root);
    let author: Vec<&Unit> = units.iter().copied().filter(|u| !u.residue).collect();
    let one_topic = template[parent].one_topic;
    let open: Vec<SectionIx> = template[parent]
        .sections
        .iter()
        .copied()
        .filter(|s| !found.iter().any(|c| c.section == *s && Reading::is_written(c.state)))
        .collect();
    if author.is_empty() {
        if !units.is_empty() && one_topic && !has_children(reading, root, parent) {
            for section in open {
                push_inherited(reading, root, section, &units, 0.6, found);
            }
        }
        return;
    }
    let lexicon = &reading.reader.lexicon;
    // A verdict that speaks to no child in particular is for all of them.
    let blanket: Vec<&Unit> = author
        .iter()
        .copied()
        .filter(|u| {
            matches!(
                says(u, lexicon),
                Says::Absent | Says::NotApplicable | Says::Unknown | Says::Promise | Says::Delegated
            )
        })
        .collect();
    let whole = verdict(&author, Asked::default(), lexicon);
    let mut answered = false;
    for &section in &open {
        let own: Vec<&Unit> = author
            .iter()
            .copied()
            .filter(|u| if one_topic { speaks(u, section) } else { u.scan.tells.contains(&section) })
            .collect();
        if is_blanket(whole.state) || (whole.state == State::LinkOnly && one_topic) {
            push_inherited(reading, root, section, &author, 0.92, found);
        } else if !own.is_empty() {
            push_inherited(reading, root, section, &own, 0.78, found);
        } else if !blanket.is_empty()
            && blanket.iter().any(|u| {
                u.scan.speaks.iter().all(|s| !template[parent].sections.contains(s))
                    || one_topic && says(u, lexicon) == Says::Delegated
            })
        {
            push_inherited(reading, root, section, &blanket, 0.75, found);
        } else {
            continue;
        }
        answered = true;
    }
    if one_topic
        && !answered
        && let Some(&first) = open.first()
        && open.len() == template[parent].sections.len()
    {
        push_inherited(reading, root, first, &author, 0.6, found);
    }
}

fn has_children(reading: &Reading, root: usize, parent: ParentIx) -> bool {
    let sections = &reading.reader.knowledge.template[parent].sections;
    reading.aims.iter().enumerate().any(|(at, a)| at != root && a.sections().any(|(s, _)| sections.contains(&s)))
}

fn push_inherited(
    reading: &Reading,
    root: usize,
    section: SectionIx,
    units: &[&Unit],
    sure: f32,
    found: &mut Vec<Candidate>,
) {
    let verdict = verdict(units, asked(reading, section), &reading.reader.lexicon);
    let heading = Some(HeadingIx::from(root));
    let place = Place { heading, units, reached: Reached::Inherited, inherited: true, weight: 0, fit: 1.0 };
    let clear = verdict.clear;
    let mut candidate = candidate(reading, section, &place, verdict);
    candidate.confidence = sure * clear;
    found.push(candidate);
}

/// Sentences and rows that answer a section wherever they stand, for sections nobody else answers.
fn elsewhere(reading: &Reading, found: &mut Vec<Candidate>) {
    // A name of a thing ("Scheduled jobs") states nothing about it.
    let states = |u: &&Unit| u.words() >= 5 || u.kind == BlockKind::TableRow;
    for unit in reading.units.iter().filter(|u| !u.residue && !u.scan.tells.is_empty()).filter(states) {
        let said = says(unit, &reading.reader.lexicon);
        if !matches!(said, Says::Fact | Says::Absent | Says::NotApplicable | Says::Admission) {
            continue;
        }
        for &section in &unit.scan.tells {
            if found.iter().any(|c| c.section == section && Reading::is_written(c.state)) {
                continue;
            }
            let units = [unit];
            let verdict = verdict(&units, asked(reading, section), &reading.reader.lexicon);
            let place = Place {
                heading: unit.heading,
                units: &units,
                reached: Reached::Elsewhere,
                inherited: false,
                weight: 0,
                fit: 1.0,
            };
            found.push(candidate(reading, section, &place, verdict));
        }
    }
}

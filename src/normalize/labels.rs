//! Labels: bullets, rows and lines that begin with a section's name, where an author made no heading.

use super::answer::verdict;
use super::lists::List;
use super::matching::Aim;
use super::says::weigh;
use super::sections::{Found, Place, asked, candidate};
use super::signs::Signs;
use super::units::{Unit, fold_labelled};
use super::{Reading, parents};
use crate::model::document::BlockKind;
use crate::model::state::Reached;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// How many labels of one section are read, and how many units below one: more are no answer but a register.
const MOST: usize = 200;

/// Bullets, rows and lines that begin with a section's name: "Backup: nightly".
pub fn labels(reading: &Reading, found: &mut Found) {
    let claimed = |u: &Unit| u.heading.is_some_and(|h| reading.aims[h.at()].sections().next().is_some());
    let template = &reading.reader.knowledge.template;
    let lexicon = &reading.reader.lexicon;
    let mut seen = vec![0; template.sections.len()];
    for (at, unit) in reading.units.iter().enumerate() {
        let begins =
            at == 0 || reading.units[at - 1].block != unit.block || reading.units[at - 1].span.end <= unit.span.start;
        // Who owns a thing and what it needs are labelled anywhere; other labels below a section's heading are its words.
        let anywhere = unit.kind == BlockKind::Paragraph;
        if claimed(unit) && !anywhere || !begins || unit.residue && unit.words() > 8 {
            continue;
        }
        // A bare bullet with others below it heads them: "- Deployment", its steps nested under it.
        let next = reading.units.get(at + 1).filter(|n| n.heading == unit.heading && n.depth > unit.depth);
        let bare = unit.kind == BlockKind::Item && unit.label.is_none() && next.is_some();
        let Some((label, value)) = (match label_of(unit) {
            Some((_, value)) => Some((unit.label_folded(), value)),
            None => bare.then_some((&*unit.folded, "")),
        }) else {
            continue;
        };
        let matches = reading.reader.headings.exactly_folded(label);
        for matched in matches {
            let (section, parent) = match matched.aim {
                Aim::Section(section) => (Some(section), None),
                Aim::Parent(parent) if template[parent].one_topic => (None, Some(parent)),
                _ => continue,
            };
            let everywhere = section.is_some_and(|s| lexicon.list(List::LabelAnywhere).contains(&template[s].id));
            let enough = section.is_some_and(|s| seen[s.at()] >= MOST);
            if claimed(unit) && !everywhere || enough {
                continue;
            }
            let nested = |u: &&Unit| {
                u.block == unit.block && u.span.start >= unit.span.start
                    || u.block > unit.block && u.heading == unit.heading && u.depth > unit.depth
            };
            let own: Vec<&Unit> = reading.units[at..].iter().take_while(nested).take(MOST).collect();
            let mut first = unit.clone();
            first.plain = value.to_owned();
            first.signs = Signs::of(value);
            (first.label, first.label_ends, first.folded) = fold_labelled(BlockKind::Paragraph, value, first.signs);
            first.scan = lexicon.scan(&first.folded);
            weigh(&mut first, lexicon);
            let mut units: Vec<&Unit> = own[1.min(own.len())..].to_vec();
            if !value.is_empty() {
                units.insert(0, &first);
            }
            if let Some(parent) = parent {
                parents::answer(reading, unit.heading, parent, &units, found);
            }
            let Some(section) = section else { continue };
            seen[section.at()] += 1;
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

/// "[Dashboard](...)" in a list of links feeds the section it watches.
pub fn links(reading: &Reading, found: &mut Found) {
    for unit in reading.units.iter().filter(|u| u.links == 1 && u.words_outside_links == 0 && !u.residue && !u.picture)
    {
        let graphs = reading.reader.knowledge.template.section("metrics").filter(|_| leads_to_graphs(reading, unit));
        let graphs = graphs.map(|s| (s, Reached::Elsewhere));
        let named = reading.reader.headings.exactly_folded(&unit.folded).iter().filter_map(|m| match m.aim {
            Aim::Section(section) => Some((section, m.reached)),
            _ => None,
        });
        for (section, reached) in named.chain(graphs) {
            let asked = asked(reading, section);
            if found.has(section) || !asked.links_answer {
                continue;
            }
            let units = [unit];
            let place = Place { heading: unit.heading, units: &units, reached, inherited: false, weight: 0, fit: 1.0 };
            let mut verdict = verdict(&units, asked, &reading.reader.lexicon);
            verdict.clear *= 0.85;
            found.push(candidate(reading, section, &place, verdict));
        }
    }
}

/// Whether a unit's link leads to a board of graphs.
fn leads_to_graphs(reading: &Reading, unit: &Unit) -> bool {
    let links = &reading.document.links;
    let at = links.partition_point(|l| l.span.start < unit.span.start);
    let link = links.get(at).filter(|l| l.span.end <= unit.span.end);
    let parts = reading.reader.lexicon.list(List::DashboardAddress);
    link.is_some_and(|l| parts.iter().any(|part| l.target.contains(part.as_str())))
}

/// A unit's label and what stands behind it, where it has one of at most six words.
pub fn label_of(unit: &Unit) -> Option<(&str, &str)> {
    unit.label.map(|at| label_text(&unit.plain, at))
}

/// The label and what stands behind it of a text whose label is known.
pub fn label_text(plain: &str, (to, from): (u32, u32)) -> (&str, &str) {
    let value = plain[from as usize..].trim();
    (plain[..to as usize].trim_matches(['|', ' ', ':']), value.trim_matches('|').trim())
}

/// Where a text's label ends and what stands behind it begins.
pub fn label_at(kind: BlockKind, plain: &str) -> Option<(u32, u32)> {
    if kind == BlockKind::TableRow {
        let skip = plain.len() - plain.trim_start_matches(['|', ' ']).len();
        let at = skip + plain[skip..].find('|').filter(|at| skip + at + 1 < plain.len())?;
        return Some((at as u32, at as u32 + 1));
    }
    static HYPHEN: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(" - "));
    let (hyphen, other) = (&*HYPHEN, !plain.is_ascii());
    let colon = memchr::memchr(b':', plain.as_bytes()).map(|at| (at, at + 1));
    let (to, from) = colon
        .or_else(|| other.then(|| plain.find('：').map(|at| (at, at + '：'.len_utf8()))).flatten())
        .or_else(|| hyphen.find(plain.as_bytes()).map(|at| (at, at + 3)))
        .or_else(|| other.then(|| plain.find(" – ").map(|at| (at, at + " – ".len()))).flatten())?;
    let words = plain[..to].split_whitespace().take(7).count();
    ((1..=6).contains(&words) && !plain[from..].starts_with("//")).then_some((to as u32, from as u32))
}

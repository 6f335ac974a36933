//! Catalog to book: the words of each service in template order, as their authors wrote them, none lost.
//!
//! Passages are slices of the source text. What was parsed is never written back from events: that would
//! change tables, spacing and escapes that authors chose.

mod slice;
mod write;

pub use write::{document, markdown};

use crate::compose::slice::Definitions;
use crate::model::book::{Chapter, Passage, Shown, repeats};
use crate::model::catalog::Catalog;
use crate::model::id::{HeadingIx, PartIx, RunbookIx, ServiceIx};
use crate::model::runbook::{Home, Runbook};
use crate::model::state::Kind;
use crate::model::template::Template;
use std::sync::Arc;

/// Everything that speaks for a service, in template order; in each place the best-answering document comes first.
pub fn chapter(catalog: &Catalog, template: &Template, service: ServiceIx) -> Chapter {
    let entry = &catalog[service];
    let documents: Vec<(RunbookIx, &Arc<Runbook>)> = entry.documents.iter().map(|&ix| (ix, &catalog[ix])).collect();
    let best = |place: Home| match place {
        Home::Section(section) => entry.answers.get(section.at()).and_then(|a| a.first()).map(|a| a.runbook),
        _ => None,
    };
    let mut passages: Vec<Passage> =
        documents.iter().flat_map(|&(ix, runbook)| passages(ix, runbook, template, true)).collect();
    // What an alert means is read on the alert's own page; only what answers a question of the template stands here too.
    passages.retain(|p| p.place != Home::Front || catalog[p.runbook].kind != Kind::Alert);
    let place_of = |ix: RunbookIx| entry.documents.iter().position(|&d| d == ix);
    passages.sort_by_key(|p| {
        (rank(p.place, template), best(p.place).is_some_and(|b| b != p.runbook), place_of(p.runbook), p.part)
    });
    Chapter { title: format!("{} runbook", entry.name), passages }
}

/// One document as it stands, in its own order and under its own headings.
pub fn reading(ix: RunbookIx, runbook: &Runbook) -> Chapter {
    let document = &runbook.document;
    let definitions = Definitions::of(document);
    let shown = |h: usize| {
        let level = document.headings[h].level.clamp(1, 6);
        Shown { heading: HeadingIx::from(h), level, text: slice::title(document, HeadingIx::from(h)) }
    };
    let passage = |part: usize, heading: Option<usize>, markdown: String| Passage {
        place: Home::Front,
        runbook: ix,
        part: PartIx::from(part),
        heading: heading.map(shown),
        markdown,
    };
    let mut passages = Vec::with_capacity(runbook.parts.len());
    let mut next = 0;
    for (at, part) in runbook.parts.iter().enumerate() {
        let end = part.heading.map_or(0, |h| h.at() + 1).min(document.headings.len());
        // Headings no part stands under still introduce what follows them.
        passages.extend((next..end.saturating_sub(1)).map(|h| passage(at, Some(h), String::new())));
        let own = (end > next).then(|| end - 1);
        let level = end.checked_sub(1).map_or(1, |h| document.headings[h].level);
        passages.push(passage(at, own, slice::part(document, part, level, Some(&definitions))));
        next = next.max(end);
    }
    let last = runbook.parts.len().saturating_sub(1);
    passages.extend((next..document.headings.len()).map(|h| passage(last, Some(h), String::new())));
    passages.retain(|p| p.heading.is_some() || !p.markdown.is_empty());
    Chapter { title: runbook.title.clone(), passages }
}

/// The parts of a document as passages, in the document's order.
fn passages(ix: RunbookIx, runbook: &Runbook, template: &Template, carry: bool) -> Vec<Passage> {
    let document = &runbook.document;
    let definitions = carry.then(|| Definitions::of(document));
    let mut levels: Vec<Option<(Home, u8)>> = vec![None; document.headings.len()];
    let mut passages = Vec::with_capacity(runbook.parts.len());
    for (at, part) in runbook.parts.iter().enumerate() {
        let base = base_level(part.home, template);
        let mut below = base;
        let mut heading = None;
        if let Some(h) = part.heading.filter(|h| h.at() < document.headings.len()) {
            let known = levels[h.at()].filter(|(home, _)| *home == part.home);
            if let Some((_, level)) = known {
                below = level;
            } else if repeats(runbook, h, part.home, template) {
                levels[h.at()] = Some((part.home, base));
            } else {
                let above = document.headings[h.at()].parent.and_then(|p| levels[p.at()]);
                below = match above.filter(|(home, _)| *home == part.home && part.home != Home::Front) {
                    Some((_, level)) => (level + 1).min(6),
                    None => (base + 1).min(6),
                };
                levels[h.at()] = Some((part.home, below));
                heading = Some(Shown { heading: h, level: below, text: slice::title(document, h) });
            }
        }
        let markdown = slice::part(document, part, below, definitions.as_ref());
        if !markdown.is_empty() || heading.is_some() {
            passages.push(Passage { place: part.home, runbook: ix, part: PartIx::from(at), heading, markdown });
        }
    }
    passages
}

/// The level of the heading of a place on the normalized page.
fn base_level(place: Home, template: &Template) -> u8 {
    match place {
        Home::Front => 1,
        Home::Section(section) => template[section].level,
        Home::Parent(parent) => template[parent].level,
        Home::Chapter(_) | Home::Beyond => 2,
    }
}

/// Where a place stands on the page: the front first, each heading before what is below it, beyond last.
fn rank(place: Home, template: &Template) -> (u32, u32, u8) {
    let parent = |p: &crate::model::template::Parent| p.sections.first().map_or(u32::MAX - 1, |s| s.0 + 1);
    match place {
        Home::Front => (0, 0, 0),
        Home::Chapter(c) => (1, parent(&template[template[c].parent]), 0),
        Home::Parent(p) => (1, parent(&template[p]), template[p].level),
        Home::Section(s) => (1, s.0 + 1, u8::MAX),
        Home::Beyond => (2, 0, 0),
    }
}

//! Where every stretch of a document goes on the page: no word is without a home.

use super::Reading;
use super::answer::{Asked, verdict};
use super::fold::fold;
use super::lists::List;
use super::says::{Says, weigh};
use super::signs::Signs;
use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::id::HeadingIx;
use crate::model::runbook::{Home, Part};
use crate::model::text::Span;

/// What a page says of itself: the service's name, its code, the day of the last review.
const ABOUT_PAGE: [List; 4] = [List::NameHeading, List::CodeHeading, List::ReviewLabel, List::FrontHeading];

/// One part for the words before the first heading, then one a heading.
pub fn parts(reading: &Reading) -> Vec<Part> {
    let document = reading.document;
    let first = document.headings.first().map_or(document.body.end, |h| h.span.start);
    let mut parts = vec![Part {
        heading: None,
        span: Span { start: document.body.start, end: first.max(document.body.start) },
        home: Home::Front,
        sections: Vec::new(),
        state: state_of(reading, None),
        nearest: None,
    }];
    for (at, heading) in document.headings.iter().enumerate() {
        let ix = HeadingIx::from(at);
        let aimed = &reading.aims[at];
        let sections: Vec<_> = aimed.sections().map(|(s, _)| s).collect();
        let title = at == 0 && heading.level == 1;
        let home = match (sections.first(), aimed.parent()) {
            (Some(&section), _) => Home::Section(section),
            (None, Some(parent)) => {
                let template = &reading.reader.knowledge.template;
                let chapter = template[parent].chapter;
                if template[chapter].parent == parent { Home::Chapter(chapter) } else { Home::Parent(parent) }
            }
            (None, None) if title || reading.titles[at].scan.whole.any(&ABOUT_PAGE) => Home::Front,
            (None, None) => Home::Beyond,
        };
        let nearest =
            if home == Home::Beyond { reading.reader.headings.nearest(&reading.titles[at].folded) } else { None };
        parts.push(Part {
            heading: Some(ix),
            span: heading.body,
            home,
            sections,
            state: state_of(reading, Some(ix)),
            nearest,
        });
    }
    parts
}

fn state_of(reading: &Reading, heading: Option<HeadingIx>) -> crate::model::state::State {
    let inline = heading.and_then(|h| inline_answer(reading, h));
    let units: Vec<&Unit> = reading.units_under(heading).iter().chain(inline.as_ref()).collect();
    verdict(&units, Asked { links_answer: false, ..Asked::default() }, &reading.reader.lexicon).state
}

/// An answer that stands inside its heading, as a unit.
pub fn inline_answer(reading: &Reading, heading: HeadingIx) -> Option<Unit> {
    let span = reading.document.headings[heading.at()].inline_answer?;
    let plain = span.of(&reading.document.text).trim_matches(['*', '_', ' ', ':', '#']).to_owned();
    if plain.is_empty() {
        return None;
    }
    let mut unit = unit(reading, span, Some(heading), plain);
    // A value the form came with is the form's inside the heading too.
    unit.residue = reading.aims[heading.at()].form_heading.is_some_and(|(form, entry)| {
        let prefilled = &reading.reader.knowledge.forms[form].headings[entry].prefilled;
        prefilled.iter().any(|p| fold(p) == unit.folded)
    });
    Some(unit)
}

/// Words that stand in no block, as a unit.
pub fn unit(reading: &Reading, span: Span, heading: Option<HeadingIx>, plain: String) -> Unit {
    let folded = fold(&plain);
    let scan = reading.reader.lexicon.scan(&folded);
    let mut unit = Unit {
        span,
        block: u32::MAX,
        kind: BlockKind::Paragraph,
        depth: 0,
        quoted: false,
        slanted: false,
        heading,
        words_outside_links: plain.split_whitespace().count() as u16,
        signs: Signs::of(&plain),
        plain,
        folded,
        scan,
        links: 0,
        picture: false,
        code: false,
        command: false,
        label: None,
        label_ends: 0,
        says: Says::Fact,
        brief: None,
        residue: false,
    };
    weigh(&mut unit, &reading.reader.lexicon);
    unit
}

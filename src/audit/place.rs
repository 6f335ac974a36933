//! What rules share: the cells that are asked about, the place a finding points to, the words it quotes.

use crate::audit::Fleet;
use crate::model::catalog::{Presence, Service};
use crate::model::coverage::{Cell, Row};
use crate::model::diagnostic::{Diagnostic, Location, Rule};
use crate::model::document::Document;
use crate::model::id::{RunbookIx, SectionIx, Tier};
use crate::model::runbook::{Candidate, Runbook};
use crate::model::state::Kind;
use crate::model::template::Section;
use crate::model::text::Span;

/// One answer of a service whose runbook somebody wrote in.
pub struct Asked<'a> {
    fleet: &'a Fleet<'a>,
    /// Whose.
    pub service: &'a Service,
    /// Which section, by place.
    pub ix: SectionIx,
    /// Which section.
    pub section: &'a Section,
    /// Its state and standing.
    pub cell: &'a Cell,
}

impl<'a> Fleet<'a> {
    /// Services whose runbook somebody wrote in. A blank form is one finding, so other rules pass over it.
    pub(super) fn filled(&self) -> impl Iterator<Item = (&'a Service, &'a Row)> + use<'a> {
        self.catalog.services.iter().zip(&self.coverage.rows).filter(|(s, _)| s.presence == Presence::Filled)
    }

    /// Every cell of those services.
    pub(super) fn asked(&'a self) -> impl Iterator<Item = Asked<'a>> {
        let sections = &self.config.knowledge.template.sections;
        self.filled().flat_map(move |(service, row)| {
            let cells = sections.iter().zip(&row.cells).enumerate();
            cells.map(move |(at, (section, cell))| Asked { fleet: self, service, ix: at.into(), section, cell })
        })
    }

    /// Documents that count for a service, with it where it is known.
    pub(super) fn counted(&self) -> impl Iterator<Item = (&'a Runbook, Option<&'a Service>)> + use<'a> {
        let catalog = self.catalog;
        catalog.runbooks.iter().enumerate().filter_map(move |(at, runbook)| {
            let counts = matches!(runbook.kind, Kind::Service | Kind::Procedure | Kind::Alert);
            let service = catalog.speaks_for.get(at).copied().flatten().map(|ix| &catalog[ix]);
            counts.then_some((&**runbook, service))
        })
    }

    /// The first line of a service's leading document.
    pub(super) fn top(&self, service: &Service) -> Option<Location> {
        service.documents.first().map(|&ix| Location::line(self.document(ix).origin.clone(), 1))
    }

    fn document(&self, ix: RunbookIx) -> &'a Document {
        &self.catalog.runbooks[ix.at()].document
    }
}

impl<'a> Asked<'a> {
    /// The words that decide the cell: the author's line under the section's heading, else the heading, else the top.
    pub fn place(&self) -> Option<Location> {
        let Some((document, candidate)) = self.decides() else { return self.fleet.top(self.service) };
        let heading = || candidate.heading.and_then(|h| document.headings.get(h.at())).map(|h| h.span);
        match candidate.evidence.first().map(|e| e.span).or_else(heading) {
            Some(span) => Some(locate(document, span)),
            None => self.fleet.top(self.service),
        }
    }

    /// The author's words, short enough for a sentence: `: "we have not ..."`; empty where there are none.
    pub fn quote(&self) -> String {
        let evidence = self.decides().and_then(|(_, candidate)| candidate.evidence.first());
        evidence.map(|e| quoted(&e.text)).unwrap_or_default()
    }

    /// `tier 1`, or that it is unknown.
    pub fn tier(&self) -> String {
        tier(self.service)
    }

    /// A finding of a rule about this cell.
    pub fn says(&self, rule: &Rule, message: String, help: impl Into<String>) -> Diagnostic {
        rule.says(message, self.place(), help).about(&self.service.id).in_section(&self.section.id)
    }

    fn decides(&self) -> Option<(&'a Document, &'a Candidate)> {
        let answer = self.cell.answer?;
        let runbook = self.fleet.catalog.runbooks.get(answer.runbook.at())?;
        Some((&runbook.document, runbook.candidates.get(answer.candidate as usize)?))
    }
}

/// `tier 1`, or that it is unknown.
pub fn tier(service: &Service) -> String {
    let number = |tier: Tier| u8::from(tier);
    service.tier.as_ref().map_or_else(|| "tier unknown".to_owned(), |t| format!("tier {}", number(t.value)))
}

/// The place of a span of a document's repaired text, in the file as collected.
pub fn locate(document: &Document, span: Span) -> Location {
    Location::span(document.origin.clone(), &document.source, &document.lines, document.map.back_span(span))
}

/// An author's words, cut to fit a sentence: `: "..."`.
pub fn quoted(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(100) {
        _ if text.is_empty() => String::new(),
        None => format!(": \"{text}\""),
        Some((at, _)) => format!(": \"{} ...\"", text[..at].trim_end()),
    }
}

/// A few of many: `a, b, c and 4 more`.
pub fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

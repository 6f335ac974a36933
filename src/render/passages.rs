//! The words of documents on a page: passages of a chapter as HTML, each with its place and what it admits.

use crate::model::book::Passage;
use crate::model::runbook::Home;
use crate::model::state::{Class, State};
use crate::render::markdown::{self, Body, Ids};
use crate::render::views::{self, Place};
use crate::render::words::{self, Sign};
use crate::render::{Site, links};
use serde::Serialize;

/// A passage as it is shown.
#[derive(Serialize)]
pub struct Shown {
    pub(super) id: String,
    pub(super) level: u8,
    pub(super) heading: Option<String>,
    pub(super) html: String,
    pub(super) residue: bool,
    /// What the words promise or admit, where no badge says so already.
    pub(super) flag: Option<Sign>,
    pub(super) place: Option<Place>,
}

/// Passages of a chapter, rendered place by place in their order.
pub struct Passages<'a, 'b> {
    /// The site they stand on.
    pub site: &'a Site<'a>,
    /// The way up from their page.
    pub root: &'a str,
    /// Ids of their page.
    pub ids: &'b mut Ids,
    /// What is not yet shown.
    pub rest: &'a [Passage],
}

impl Passages<'_, '_> {
    /// The passages of a place.
    pub fn at(&mut self, place: Home) -> Vec<Shown> {
        let many = self.rest.iter().take_while(|p| p.place == place).count();
        let (now, rest) = self.rest.split_at(many);
        self.rest = rest;
        let prefix = views::place_id(place, self.site.template());
        now.iter().map(|p| self.show(p, prefix.clone())).filter(|s| !s.html.is_empty() || s.heading.is_some()).collect()
    }

    /// One passage.
    pub fn show(&mut self, passage: &Passage, prefix: String) -> Shown {
        let site = self.site;
        let runbook = &site.input.catalog[passage.runbook];
        let lead = |target: &str| links::lead(site, passage.runbook, target);
        let picture = |target: &str| links::picture(site, passage.runbook, target);
        let body = Body { lead: &lead, picture: &picture, root: self.root, prefix };
        let part = runbook.parts.get(passage.part.at());
        let heading = passage.heading.as_ref();
        let id = heading.map(|h| {
            let anchor = &runbook.document.headings[h.heading.at()].anchor;
            let id =
                if body.prefix.is_empty() { links::id_of(anchor) } else { views::heading_id(&body.prefix, anchor) };
            self.ids.take(&id)
        });
        let start =
            heading.map(|h| runbook.document.headings[h.heading.at()].span.start).or(part.map(|p| p.span.start));
        let state = part.map_or(State::Answered, |p| p.state);
        Shown {
            id: id.unwrap_or_default(),
            level: heading.map_or(0, |h| h.level.clamp(2, 6)),
            heading: heading.map(|h| markdown::inline(&h.text, &body)),
            html: markdown::render(&passage.markdown, &body, self.ids).trim().to_owned(),
            residue: state == State::Residue,
            flag: matches!(state.class(), Class::Gap | Class::Partial).then(|| words::sign(state)),
            place: start.map(|at| site.place(&runbook.document.origin, runbook.document.line(at))),
        }
    }
}

impl Shown {
    /// Whether a heading stands above it.
    pub fn is_headed(&self) -> bool {
        self.heading.is_some()
    }

    /// Brings levels into a row without gaps below the page's title: a document may begin at any level.
    pub fn order(passages: &mut [Self]) {
        let mut last = 1;
        for passage in passages.iter_mut().filter(|p| p.heading.is_some()) {
            passage.level = passage.level.clamp(2, last + 1);
            last = passage.level;
        }
    }

    /// Drops the heading's words, which the page says already; what links to it still arrives.
    pub fn fold_heading(&mut self) {
        self.heading = None;
    }
}

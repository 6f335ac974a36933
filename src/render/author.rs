//! What an author is told on a service's page while the site is served: what the last save changed, what the gate says,
//! and every section's state.

use crate::model::diagnostic::Severity;
use crate::model::id::ServiceIx;
use crate::model::state::State;
use crate::render::Site;
use crate::render::fleet::{self, Finding};
use crate::render::words::{self, Sign};
use serde::Serialize;
use tera::Context;

/// The last save of one of a service's documents.
#[derive(Clone, Copy, Debug)]
pub struct LastSave<'a> {
    /// The document, as people write its place.
    pub document: &'a str,
    /// The state of each section before it; empty where there was no runbook.
    pub before: &'a [State],
}

#[derive(Serialize)]
struct View<'a> {
    met: u32,
    of: u32,
    errors: Vec<Finding>,
    others: usize,
    saved: Option<&'a str>,
    changes: Vec<Change>,
    states: Vec<Group>,
}

#[derive(Serialize)]
struct Change {
    id: String,
    title: String,
    from: &'static str,
    to: &'static str,
    better: bool,
}

#[derive(Serialize)]
struct Group {
    sign: Sign,
    sections: Vec<(String, String)>,
}

impl Site<'_> {
    /// The author's view of a service, a piece of HTML for its page.
    pub fn author(&self, service: ServiceIx, last: Option<LastSave>) -> String {
        let template = self.template();
        let row = self.input.coverage.rows.get(service.at());
        let state = |at: usize| row.and_then(|row| row.cells.get(at)).map_or(State::Missing, |cell| cell.state);
        let sections = || template.sections.iter().enumerate().map(|(at, section)| (section, state(at)));
        let changes = last.map(|last| {
            let before = |at: usize| last.before.get(at).copied().unwrap_or(State::Missing);
            let changed = sections().enumerate().filter(|(at, (_, now))| before(*at) != *now);
            let change = |(at, (section, now)): (usize, (&crate::model::template::Section, State))| Change {
                id: section.id.clone(),
                title: section.title.clone(),
                from: before(at).id(),
                to: now.id(),
                better: now < before(at),
            };
            changed.map(change).collect()
        });
        let states = State::ALL.into_iter().map(|state| Group {
            sign: words::sign(state),
            sections: sections().filter(|(_, s)| *s == state).map(|(s, _)| (s.id.clone(), s.title.clone())).collect(),
        });
        let found = self.found[service.at()].iter().map(|&at| &self.input.diagnostics[at as usize]);
        let (errors, others): (Vec<_>, Vec<_>) = found.partition(|d| d.severity == Severity::Error);
        let view = View {
            met: row.map_or(0, |row| row.required.met),
            of: row.map_or(0, |row| row.required.of),
            errors: errors.into_iter().map(|d| fleet::finding(self, d)).collect(),
            others: others.len(),
            saved: last.map(|last| last.document),
            changes: changes.unwrap_or_default(),
            states: states.filter(|group| !group.sections.is_empty()).collect(),
        };
        let mut context = Context::new();
        context.insert("root", &"../".repeat(self.addresses.service(service).matches('/').count()));
        context.insert("author", &view);
        self.dress.page("author.html", &context).0
    }
}

//! What a person on call needs on one screen: whom to call, where to look, what to do, what else falls.

use crate::model::catalog::{Presence, Service, Stated, Target};
use crate::model::id::{OwnerIx, SectionIx, ServiceIx};
use crate::model::runbook::Home;
use crate::model::state::{Class, Kind};
use crate::model::stated::LinkPurpose;
use crate::model::text::words as folded;
use crate::render::address::href;
use crate::render::views::{Named, Place};
use crate::render::words::{self, Sign};
use crate::render::{Site, links};
use serde::Serialize;

/// The box at the top of a service's page.
#[derive(Serialize)]
pub struct Night {
    call: Vec<Contact>,
    owners: Vec<Owner>,
    health: Vec<Contact>,
    dashboards: Vec<Contact>,
    logs: Vec<Contact>,
    /// Where to look that is told in a section and not by a link.
    look: Vec<Action>,
    actions: Vec<Action>,
    alerts: Vec<Named>,
    takes_down: Vec<Named>,
    blast: u32,
    /// Whether services fall that do not need it directly.
    further: bool,
    needs: Vec<Need>,
}

/// An owner, and how they are reached.
#[derive(Serialize)]
pub struct Owner {
    owner: Named,
    contacts: Vec<Contact>,
}

/// Words with an address outside, where they are or have one.
#[derive(Serialize)]
pub struct Contact {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

#[derive(Serialize)]
struct Action {
    label: &'static str,
    title: String,
    href: Option<String>,
    sign: Sign,
    /// Whether the section says other things and not how this is done.
    unsaid: bool,
}

#[derive(Serialize)]
struct Need {
    name: String,
    href: String,
    kind: &'static str,
    purpose: Option<String>,
    written: Option<String>,
    place: Option<Place>,
    without: bool,
}

/// A contact with its address, where it is one.
pub fn contact(text: &str) -> Contact {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let address = if text.starts_with("https://") || text.starts_with("http://") {
        Some(text.to_owned())
    } else if text.contains('@')
        && text.contains('.')
        && !text.starts_with(['@', '#'])
        && !text.contains([' ', ':', '/'])
    {
        Some(format!("mailto:{text}"))
    } else if digits >= 6
        && text.starts_with(['+', '0'])
        && text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c))
    {
        Some(format!("tel:{}", text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>()))
    } else {
        None
    };
    Contact { text: text.to_owned(), href: address }
}

/// Whose a service is.
pub fn owners(site: &Site, service: &Service) -> Vec<Owner> {
    let owner = |o: &Stated<OwnerIx>| Owner {
        owner: site.owner_link(o.value),
        contacts: site.input.catalog[o.value].contacts.iter().map(|c| contact(c)).collect(),
    };
    service.owners.iter().map(owner).collect()
}

/// What stands in the box.
pub fn view(site: &Site, ix: ServiceIx) -> Night {
    let catalog = site.input.catalog;
    let service = &catalog[ix];
    let row = site.input.coverage.rows.get(ix.at());
    let linked = |purpose: LinkPurpose| -> Vec<Contact> {
        let of = service.links.iter().filter(|(p, _)| *p == purpose).take(6);
        of.map(|(_, stated)| {
            let (label, target) = &stated.value;
            let address = contact(target).href;
            let text = if label.trim().is_empty() { target } else { label };
            Contact { text: text.clone(), href: address }
        })
        .collect()
    };
    let need = |e: &crate::model::catalog::Edge| {
        let (name, kind, without) = match e.to {
            Target::Service(s) => (catalog[s].name.clone(), "service", catalog[s].presence == Presence::None),
            Target::Technology(t) => (catalog.technologies[t as usize].name.clone(), "technology", false),
        };
        let stated = e.stated.first();
        Need {
            written: stated.map(|s| s.value.clone()).filter(|w| *w != name),
            name,
            href: href(site.addresses.target(e.to)),
            kind,
            purpose: e.purpose.clone(),
            place: stated.map(|s| site.place(&s.origin, s.line)),
            without,
        }
    };
    let alert = |&a: &u32| Named {
        name: catalog.alerts[a as usize].name.clone(),
        href: href(&site.addresses.alerts[a as usize]),
    };
    let (health, dashboards) = (linked(LinkPurpose::Health), linked(LinkPurpose::Dashboard));
    let asked = |wanted: &&'static words::Night| match wanted.label.as_str() {
        "Health" => health.is_empty(),
        _ => dashboards.is_empty(),
    };
    let filled = service.presence == Presence::Filled;
    let look = words::look().iter().filter(|_| filled).filter(asked).filter_map(|w| section(site, ix, w)).collect();
    Night {
        look,
        call: service.on_call.iter().map(|c| contact(&c.value)).collect(),
        owners: owners(site, service),
        health,
        dashboards,
        logs: linked(LinkPurpose::Logs),
        actions: if filled { actions(site, ix) } else { Vec::new() },
        alerts: site.alerts[ix.at()].iter().map(alert).collect(),
        takes_down: row.map(|r| r.dependants.iter().map(|&s| site.service_link(s)).collect()).unwrap_or_default(),
        blast: row.map_or(0, |r| r.blast_radius),
        further: row.is_some_and(|r| r.blast_radius as usize > r.dependants.len()),
        needs: catalog.needs(ix).iter().map(need).collect(),
    }
}

/// For each thing one may want to do: the heading that tells how, else the section that should.
fn actions(site: &Site, ix: ServiceIx) -> Vec<Action> {
    words::night().iter().filter_map(|wanted| heading(site, ix, wanted).or_else(|| section(site, ix, wanted))).collect()
}

fn says(title: &str, wanted: &words::Night) -> bool {
    let title: Vec<String> = folded(title).collect();
    wanted.words.iter().any(|phrase| {
        let phrase: Vec<String> = folded(phrase).collect();
        title.windows(phrase.len().max(1)).any(|run| run == phrase)
    })
}

fn heading(site: &Site, ix: ServiceIx, wanted: &'static words::Night) -> Option<Action> {
    let catalog = site.input.catalog;
    for &d in &catalog[ix].documents {
        let runbook = &catalog[d];
        if runbook.kind == Kind::Procedure && says(&runbook.title, wanted) {
            let page = links::page_of(site, d, None)?;
            return Some(Action {
                label: &wanted.label,
                title: runbook.title.clone(),
                href: Some(page),
                sign: words::sign(crate::model::state::State::Answered),
                unsaid: false,
            });
        }
        for part in &runbook.parts {
            let Some(h) = part.heading.map(|h| &runbook.document.headings[h.at()]) else { continue };
            if matches!(part.state.class(), Class::Covered | Class::Partial)
                && !part.span.is_empty()
                && says(&h.title, wanted)
            {
                let page = links::page_of(site, d, Some(&h.anchor))?;
                return Some(Action {
                    label: &wanted.label,
                    title: h.title.clone(),
                    href: Some(page),
                    sign: words::sign(part.state),
                    unsaid: false,
                });
            }
        }
    }
    None
}

fn section(site: &Site, ix: ServiceIx, wanted: &'static words::Night) -> Option<Action> {
    let template = site.template();
    let s = template.section(&wanted.section)?;
    let cell = site.input.coverage.cell(ix, s)?;
    let there = matches!(cell.state.class(), Class::Covered | Class::Partial | Class::Gap);
    Some(Action {
        label: &wanted.label,
        title: template[s].title.clone(),
        href: there.then(|| site.addresses.answer(ix, &template[s].id)),
        sign: words::sign(cell.state),
        unsaid: there && wanted.only_if_said && !said(site, ix, s, wanted),
    })
}

/// Whether the words of a section, or those that answer it, speak of what is wanted.
fn said(site: &Site, ix: ServiceIx, s: SectionIx, wanted: &words::Night) -> bool {
    let catalog = site.input.catalog;
    let answer = site.input.coverage.cell(ix, s).and_then(|cell| {
        let (candidate, _) = site.candidate(cell)?;
        Some((cell.answer?.runbook, candidate.part.at()))
    });
    catalog[ix].documents.iter().any(|&d| {
        let runbook = &catalog[d];
        let mine = |&at: &usize| runbook.parts[at].home == Home::Section(s) || answer == Some((d, at));
        let text = |at: usize| runbook.parts[at].span.of(&runbook.document.source);
        (0..runbook.parts.len()).filter(mine).any(|at| says(text(at), wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::contact;

    #[test]
    fn contacts_are_linked_only_where_they_are_addresses() {
        assert_eq!(contact("team@example.org").href.as_deref(), Some("mailto:team@example.org"));
        assert_eq!(contact("+45 70 20 30 40").href.as_deref(), Some("tel:+4570203040"));
        for plain in ["#team-purser", "@ops", "javascript:alert(1)@x.y", "Pager schedule purser", "2026"] {
            assert_eq!(contact(plain).href, None, "{plain}");
        }
    }
}

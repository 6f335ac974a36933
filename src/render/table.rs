//! The rows of the matrix, written here and not by a template: a thousand services by all sections are fifty thousand cells.

use crate::model::catalog::Presence;
use crate::model::coverage::{Cell, SURE};
use crate::model::id::{SectionIx, ServiceIx};
use crate::model::profile::Required;
use crate::model::state::{Class, State};
use crate::render::address::{self, href};
use crate::render::markdown::{escape, escape_into};
use crate::render::{Site, words};
use std::fmt::Write;

/// With more rows than this, the words behind a cell are loaded when somebody asks for them.
const QUOTED: usize = 300;
/// Where scripts run, rows behind these wait until the first are painted (class `y`).
const FIRST: usize = 120;

/// The columns' widths, the chapters, the sections.
pub fn head(site: &Site, root: &str, columns: &[SectionIx]) -> String {
    let template = site.template();
    let mut out = format!(
        "<colgroup><col class=\"cn\"><col class=\"cs\"><col class=\"cc\" span=\"{}\"><col class=\"ck\" span=\"5\"></colgroup>\
        <thead><tr><td class=\"corner\" rowspan=\"2\"></td><th scope=\"col\" rowspan=\"2\" class=\"sum\"><span>Required, met</span></th>",
        columns.len()
    );
    for run in columns.chunk_by(|a, b| template[*a].chapter == template[*b].chapter) {
        let chapter = &template[template[run[0]].chapter];
        let title = escape(&chapter.title);
        _ = write!(
            out,
            "<th scope=\"colgroup\" colspan=\"{}\" class=\"ch\" data-c=\"{}\" title=\"{title}\"><span>{title}</span></th>",
            run.len(),
            escape(&chapter.id)
        );
    }
    for class in Class::ALL {
        _ = write!(out, "<th scope=\"col\" rowspan=\"2\" class=\"k {0}\"><span>{0}</span></th>", class.id());
    }
    out.push_str("</tr><tr>");
    let mut last = None;
    for &s in columns {
        let section = &template[s];
        let first = if last.replace(section.chapter) == Some(section.chapter) { "" } else { " class=\"f\"" };
        _ = write!(
            out,
            "<th scope=\"col\"{first} data-s=\"{}\"><a href=\"{root}{}\"><span>{}</span></a></th>",
            escape(&section.id),
            href(site.addresses.section(s)),
            escape(&section.title)
        );
    }
    out.push_str("</tr></thead>\n");
    out
}

/// Rows of services. `data-s` names the file the words behind its cells are in, `data-o` its owners, `data-t` its tier.
pub fn body(site: &Site, root: &str, services: &[ServiceIx], columns: &[SectionIx]) -> String {
    let mut out = String::with_capacity(services.len() * (300 + columns.len() * 60));
    let quoted = services.len() <= QUOTED;
    for (at, &service) in services.iter().enumerate() {
        let late = at >= FIRST;
        row(site, &mut out, root, service, columns, (quoted, late));
    }
    out
}

fn row(site: &Site, out: &mut String, root: &str, ix: ServiceIx, columns: &[SectionIx], (quoted, late): (bool, bool)) {
    let catalog = site.input.catalog;
    let service = &catalog[ix];
    let row = site.input.coverage.rows.get(ix.at()).filter(|r| !r.cells.is_empty());
    let page = format!("{root}{}", href(site.addresses.service(ix)));
    let filled = service.presence == Presence::Filled;
    _ = write!(out, "<tr data-s=\"{}\"", address::segment_of(site.addresses.service(ix)));
    let owners: Vec<&str> = service.owners.iter().map(|o| catalog[o.value].id.as_str()).collect();
    if !owners.is_empty() {
        _ = write!(out, " data-o=\"{}\"", escape(&owners.join(" ")));
    }
    if let Some(tier) = &service.tier {
        _ = write!(out, " data-t=\"{}\"", u8::from(tier.value));
    }
    let whole = match service.presence {
        Presence::Filled => "",
        Presence::Blank => "z t",
        Presence::None => "z m",
    };
    match (whole, late) {
        ("", false) => {}
        (whole, late) => _ = write!(out, " class=\"{whole}{}\"", if late { " y" } else { "" }),
    }
    _ = write!(out, "><th scope=\"row\"><a href=\"{page}\">{}</a>", escape(&service.name));
    if let Some(tier) = &service.tier {
        _ = write!(out, "<i>{}</i>", u8::from(tier.value));
    }
    if let Some(owner) = service.owners.first() {
        out.push_str("<small>");
        escape_into(out, &catalog[owner.value].name);
        out.push_str("</small>");
    }
    out.push_str("</th>");
    let (Some(row), true) = (row, filled) else {
        let asked = row.map(|r| r.required).unwrap_or_default();
        let says = match service.presence {
            Presence::None => "no runbook",
            _ => "untouched form: nothing in it is answered",
        };
        let tally = if asked.of > 0 { format!("0 of {}", asked.of) } else { "–".to_owned() };
        let span = columns.len() + 5;
        _ = writeln!(out, "<td class=\"s\">{tally}</td><td colspan=\"{span}\" class=\"w\">{says}</td></tr>");
        return;
    };
    _ = write!(out, "<td class=\"s\">{} of {}</td>", row.required.met, row.required.of);
    let mut last = None;
    for &s in columns {
        let section = &site.template()[s];
        let first = last.replace(section.chapter) != Some(section.chapter);
        if let Some(c) = row.cells.get(s.at()) {
            let says = quoted.then(|| says(site, c, &service.name, &section.title));
            cell(out, c, first, &page, &section.id, says.as_deref());
        }
    }
    for class in Class::ALL {
        _ = write!(out, "<td class=\"k\">{}</td>", row.counts.of(class));
    }
    out.push_str("</tr>\n");
}

/// One cell: its state's letter as class, `u` not counted, `x` asked and not met, `h` unsure, `v` waived, `f` first of a chapter.
fn cell(out: &mut String, cell: &Cell, first: bool, page: &str, section: &str, says: Option<&str>) {
    let sign = words::sign(cell.state);
    out.push_str("<td class=\"");
    out.push_str(sign.letter);
    let counted = cell.required != Required::Shown;
    for (mark, on) in
        [(" f", first), (" u", !counted), (" x", counted && !cell.met), (" h", is_unsure(cell)), (" v", cell.waived)]
    {
        if on {
            out.push_str(mark);
        }
    }
    // In a large table what is missing and nobody asked for is a sign and no link: there is nothing to go to.
    if says.is_none() && cell.state == State::Missing && !counted {
        out.push_str("\"><a>M</a></td>");
        return;
    }
    out.push_str("\"><a href=\"");
    out.push_str(page);
    out.push('#');
    escape_into(out, section);
    if let Some(says) = says {
        out.push_str("\" title=\"");
        escape_into(out, says);
    }
    out.push_str("\">");
    out.push_str(sign.mark);
    out.push_str("</a></td>");
}

/// Whether a reading is hatched.
fn is_unsure(cell: &Cell) -> bool {
    cell.confidence < SURE && cell.state != State::Missing
}

/// A cell in words, with the quote and its place.
fn says(site: &Site, cell: &Cell, service: &str, section: &str) -> String {
    let badge = words::badge(cell);
    let mut says = format!("{service} · {section}: {}", badge.sign.says);
    for (mark, on) in [
        (" (documented risk)", badge.risk),
        (" (unsure, please look)", badge.unsure),
        (" (accepted)", badge.waived),
        (" (asked for)", badge.counted && !badge.met),
    ] {
        if on {
            says.push_str(mark);
        }
    }
    if let Some(quote) = site.quote(cell) {
        if !quote.text.is_empty() {
            _ = write!(says, "\n“{}”", shortened(&quote.text));
        }
        _ = write!(says, "\n{}, line {}", quote.place.label, quote.place.line);
    }
    says
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 140 {
        return text.to_owned();
    }
    text.chars().take(139).chain(['…']).collect()
}

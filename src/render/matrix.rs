//! The matrix: services by sections in one native table, and the same as CSV.
//!
//! The rows are written here and not by a template: a thousand services by all sections are fifty thousand cells.

use crate::model::catalog::Presence;
use crate::model::coverage::{Cell, Row, SURE};
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{SectionIx, ServiceIx, Tier};
use crate::model::profile::Required;
use crate::model::state::{Class, State};
use crate::render::address::href;
use crate::render::fleet;
use crate::render::markdown::{escape, escape_into};
use crate::render::words::{self, Sign};
use crate::render::{Frame, Site};
use serde::Serialize;

/// With more rows than this, cells carry only links: the words behind them stand on the service's page.
const QUOTED: usize = 300;

#[derive(Serialize)]
struct Matrix {
    all: bool,
    head: String,
    body: String,
    shown: usize,
    of: usize,
    rows: usize,
    hint: bool,
    legend: Vec<Sign>,
    up: &'static str,
}

/// `matrix/` with the sections that are asked of anybody, `matrix/all/` with every one.
pub fn page(site: &Site, all: bool) -> (String, Option<Diagnostic>) {
    let template = site.template();
    let (path, title) = match all {
        true => ("matrix/all/index.html", "Matrix, every section"),
        false => ("matrix/index.html", "Matrix"),
    };
    let frame = Frame::at(path, title, "matrix");
    let hint = without_tiers(site);
    let columns = if all { template.all().collect() } else { columns(site, hint) };
    let rows = fleet::by_tier(site.input.catalog);
    let mut body = String::with_capacity(rows.len() * (300 + columns.len() * 60));
    let quoted = rows.len() <= QUOTED;
    for &service in &rows {
        row(site, &mut body, &frame.root, service, &columns, quoted);
    }
    let view = Matrix {
        all,
        head: head(site, &frame.root, &columns),
        body,
        shown: columns.len(),
        of: template.sections.len(),
        rows: rows.len(),
        hint,
        legend: State::ALL.map(words::sign).to_vec(),
        up: if all { "../" } else { "" },
    };
    site.frame("matrix.html", frame, &view)
}

/// Whether most services that have a runbook have no tier.
fn without_tiers(site: &Site) -> bool {
    let catalog = site.input.catalog;
    let filled = catalog.services.iter().filter(|s| s.presence == Presence::Filled);
    let (with, without): (Vec<_>, Vec<_>) = filled.partition(|s| s.tier.is_some());
    without.len() > with.len()
}

/// Sections asked of any service; where most have no tier, also those a service of tier 2 is asked.
fn columns(site: &Site, hint: bool) -> Vec<SectionIx> {
    let asked = |s: SectionIx| {
        let by_row = |row: &Row| row.cells.get(s.at()).is_some_and(|c| c.required != Required::Shown);
        site.input.coverage.rows.iter().any(by_row)
            || hint && site.input.config.knowledge.profiles.asked(s, Some(Tier::Two), &[]) != Required::Shown
    };
    let columns: Vec<SectionIx> = site.template().all().filter(|&s| asked(s)).collect();
    if columns.is_empty() { site.template().all().collect() } else { columns }
}

fn head(site: &Site, root: &str, columns: &[SectionIx]) -> String {
    let template = site.template();
    let mut out = String::from(
        "<tr><td class=\"corner\" rowspan=\"2\"></td><th scope=\"col\" rowspan=\"2\" class=\"sum\"><span>Required, met</span></th>",
    );
    for run in columns.chunk_by(|a, b| template[*a].chapter == template[*b].chapter) {
        let chapter = &template[template[run[0]].chapter].title;
        out.push_str(&format!(
            "<th scope=\"colgroup\" colspan=\"{}\" class=\"ch\" title=\"{}\"><span>",
            run.len(),
            escape(chapter)
        ));
        escape_into(&mut out, chapter);
        out.push_str("</span></th>");
    }
    for class in Class::ALL {
        out.push_str(&format!("<th scope=\"col\" rowspan=\"2\" class=\"k {0}\"><span>{0}</span></th>", class.id()));
    }
    out.push_str("</tr><tr>");
    let mut last = None;
    for &s in columns {
        let section = &template[s];
        let first = if last.replace(section.chapter) == Some(section.chapter) { "" } else { " class=\"f\"" };
        let address = href(site.addresses.section(s));
        out.push_str(&format!(
            "<th scope=\"col\"{first}><a href=\"{root}{address}\"><span>{}</span></a></th>",
            escape(&section.title)
        ));
    }
    out.push_str("</tr>");
    out
}

fn row(site: &Site, out: &mut String, root: &str, ix: ServiceIx, columns: &[SectionIx], quoted: bool) {
    let catalog = site.input.catalog;
    let service = &catalog[ix];
    let row = site.input.coverage.rows.get(ix.at()).filter(|r| !r.cells.is_empty());
    let page = format!("{root}{}", href(site.addresses.service(ix)));
    out.push_str(if service.presence == Presence::Filled { "<tr>" } else { "<tr class=\"z\">" });
    out.push_str(&format!("<th scope=\"row\"><a href=\"{page}\">{}</a>", escape(&service.name)));
    if let Some(tier) = &service.tier {
        out.push_str(&format!("<i>{}</i>", u8::from(tier.value)));
    }
    if let Some(owner) = service.owners.first().filter(|_| quoted) {
        out.push_str("<small>");
        escape_into(out, &catalog[owner.value].name);
        out.push_str("</small>");
    }
    out.push_str("</th>");
    let (Some(row), Presence::Filled) = (row, service.presence) else {
        let asked = row.map(|r| r.required).unwrap_or_default();
        let says = match service.presence {
            Presence::None => "no runbook",
            _ => "untouched form: nothing in it is answered",
        };
        let tally = if asked.of > 0 { format!("0 of {}", asked.of) } else { "–".to_owned() };
        out.push_str(&format!(
            "<td class=\"s\">{tally}</td><td colspan=\"{}\" class=\"w\">{says}</td></tr>\n",
            columns.len() + 5
        ));
        return;
    };
    out.push_str(&format!("<td class=\"s\">{} of {}</td>", row.required.met, row.required.of));
    let mut last = None;
    for &s in columns {
        let section = &site.template()[s];
        let first = last.replace(section.chapter) != Some(section.chapter);
        // In a large table what nobody asked for is a sign and no link: the row's name leads there.
        if let Some(c) = row.cells.get(s.at()) {
            cell(
                site,
                out,
                c,
                first,
                &format!("{page}#{}", section.id),
                quoted.then_some((service.name.as_str(), section.title.as_str())),
            );
        }
    }
    for class in Class::ALL {
        out.push_str(&format!("<td class=\"k\">{}</td>", row.counts.of(class)));
    }
    out.push_str("</tr>\n");
}

/// One cell: its state's letter as class, `u` not counted, `x` asked and not met, `h` unsure, `v` waived, `f` first of a chapter.
fn cell(site: &Site, out: &mut String, cell: &Cell, first: bool, address: &str, quoted: Option<(&str, &str)>) {
    let sign = words::sign(cell.state);
    out.push_str("<td class=\"");
    out.push_str(sign.letter);
    let counted = cell.required != Required::Shown;
    let unsure = cell.confidence < SURE && cell.state != State::Missing;
    for (mark, on) in
        [(" f", first), (" u", !counted), (" x", counted && !cell.met), (" h", unsure), (" v", cell.waived)]
    {
        if on {
            out.push_str(mark);
        }
    }
    out.push_str("\">");
    if quoted.is_none() && (cell.state == State::Missing || !counted) {
        out.push_str(sign.glyph);
        out.push_str("</td>");
        return;
    }
    out.push_str("<a href=\"");
    escape_into(out, address);
    out.push('"');
    if let Some((service, section)) = quoted {
        let mut says = format!("{service} · {section}: {}", sign.says);
        if unsure {
            says.push_str(" (unsure, please look)");
        }
        if cell.waived {
            says.push_str(" (accepted)");
        }
        if let Some(quote) = site.quote(cell) {
            if !quote.text.is_empty() {
                says.push_str(&format!("\n“{}”", shortened(&quote.text)));
            }
            says.push_str(&format!("\n{}, line {}", quote.place.label, quote.place.line));
        }
        out.push_str(" title=\"");
        escape_into(out, &says);
        out.push('"');
    }
    out.push('>');
    out.push_str(sign.glyph);
    out.push_str("</a></td>");
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 140 {
        return text.to_owned();
    }
    text.chars().take(139).chain(['…']).collect()
}

/// The matrix as CSV: a row a service, a column a section, the states' names.
pub fn csv(site: &Site) -> String {
    let template = site.template();
    let mut out = String::from("service,name,tier,owner,runbook,required met,required");
    for section in &template.sections {
        out.push(',');
        field(&mut out, &section.id);
    }
    out.push_str("\r\n");
    for ix in (0..site.input.catalog.services.len()).map(ServiceIx::from) {
        let view = site.service_view(ix);
        let tier = view.tier.map(|t| t.to_string()).unwrap_or_default();
        let owner = view.owners.first().map(|o| o.name.clone()).unwrap_or_default();
        for (at, value) in
            [&view.id, &view.name, &tier, &owner, view.presence, &view.met.to_string(), &view.of.to_string()]
                .into_iter()
                .enumerate()
        {
            if at > 0 {
                out.push(',');
            }
            field(&mut out, value);
        }
        for s in template.all() {
            out.push(',');
            out.push_str(site.input.coverage.cell(ix, s).map_or("", |c| c.state.id()));
        }
        out.push_str("\r\n");
    }
    out
}

/// A field, quoted where it must be; one that a spreadsheet would take for a formula is made text.
fn field(out: &mut String, value: &str) {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || value.contains([',', '"', '\n', '\r']) {
        let value = value.replace('"', "\"\"");
        out.push_str(&format!("\"{}{value}\"", if formula { "'" } else { "" }));
    } else {
        out.push_str(value);
    }
}

//! Catalog to coverage: a cell a service and section, tallies, roll-ups, risk as dependants see it.

use crate::model::catalog::{Catalog, Presence};
use crate::model::config::Config;
use crate::model::coverage::{Coverage, Row, SURE, Totals};
use crate::model::diagnostic::Rule;
use crate::model::id::ServiceIx;
use crate::model::profile::Required;
use crate::model::state::{Kind, State};
use jiff::civil::Date;

mod cells;
mod graph;
mod risks;
mod scc;
mod through;

#[cfg(test)]
mod fleet;
#[cfg(test)]
mod tests;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

/// Measures the fleet; `today` decides only what has expired.
pub fn measure(catalog: &Catalog, config: &Config, today: Date) -> Coverage {
    let graph = graph::Graph::of(catalog);
    let mut cells = cells::cells(catalog, config, today);
    through::lean(catalog, &config.knowledge.profiles, &mut cells);
    let mut rows: Vec<Row> = cells.into_iter().map(row).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        row.dependants = graph.dependants(ServiceIx::from(at)).to_vec();
        row.blast_radius = graph.blast[at];
    }
    let totals = totals(catalog, config, &rows);
    let risks = risks::risks(catalog, config, &graph, &rows);
    Coverage { rows, totals, risks }
}

/// Measures one service again, after one of its documents was replaced. What others lean on it for, the risks and the
/// sums stay as they were: they are true again when the whole fleet is measured, the sums with [`totals`].
pub fn again(catalog: &Catalog, config: &Config, today: Date, coverage: &mut Coverage, service: ServiceIx) {
    let Some(last) = coverage.rows.get_mut(service.at()) else { return };
    let mut cells = cells::row(catalog, &catalog[service], config, today, &mut Default::default());
    for (cell, last) in cells.iter_mut().zip(&last.cells) {
        if cell.state == last.state && last.through.is_some() {
            (cell.through, cell.met) = (last.through, last.met);
        }
    }
    *last = Row { dependants: std::mem::take(&mut last.dependants), blast_radius: last.blast_radius, ..row(cells) };
}

fn row(cells: Vec<crate::model::coverage::Cell>) -> Row {
    let mut row = Row { cells, ..Row::default() };
    for cell in &row.cells {
        row.counts.add(cell.state.class());
        if cell.required != Required::Shown {
            row.required.of += 1;
            row.required.met += u32::from(cell.met);
        }
    }
    row
}

/// The sums over all rows.
pub fn totals(catalog: &Catalog, config: &Config, rows: &[Row]) -> Totals {
    let mut totals = Totals {
        sections: vec![Default::default(); config.knowledge.template.sections.len()],
        owners: vec![Default::default(); catalog.owners.len()],
        ..Totals::default()
    };
    for (service, row) in catalog.services.iter().zip(rows) {
        *match service.presence {
            Presence::Filled => &mut totals.filled,
            Presence::Blank => &mut totals.blank,
            Presence::None => &mut totals.none,
        } += 1;
        totals.required.met += row.required.met;
        totals.required.of += row.required.of;
        for (cell, section) in row.cells.iter().zip(&mut totals.sections) {
            totals.counts.add(cell.state.class());
            section.add(cell.state.class());
            totals.unsure += u32::from(cell.answer.is_some() && cell.confidence < SURE);
        }
        for owner in &service.owners {
            let (required, counts) = &mut totals.owners[owner.value.at()];
            required.met += row.required.met;
            required.of += row.required.of;
            row.cells.iter().for_each(|cell| counts.add(cell.state.class()));
        }
    }
    let spoken = catalog.runbooks.iter().zip(&catalog.speaks_for).filter(|(r, s)| s.is_some() && r.kind != Kind::Notes);
    let promises = spoken.flat_map(|(r, _)| &r.parts).filter(|part| part.state == State::Promised).count();
    totals.promises = u32::try_from(promises).unwrap_or(u32::MAX);
    totals
}

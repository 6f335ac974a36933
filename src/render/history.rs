//! The fleet's history: one line for every distinct set of cells, drawn as lines, and what the last of them changed.
//!
//! A line holds the totals of its day and the cells that are not as they were on the line before, so that the file grows
//! with what changes and not with the fleet. It is JSON, a line a record, and merges like any text.

use crate::model::catalog::{Catalog, Presence};
use crate::model::coverage::{Counts, Coverage};
use crate::model::id::Id;
use crate::model::state::State;
use crate::model::template::Template;
use crate::render::views::Named;
use crate::render::words::{self, Sign};
use crate::render::{Site, Tally};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A service's cells by section id.
type Cells = BTreeMap<String, State>;
/// Cells by service id; a service that is gone has none.
type Fleet = BTreeMap<String, Option<Cells>>;

/// One line of the file.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Record {
    /// The version of this shape.
    pub schema: u32,
    /// The newest commit's date, or the day of the run.
    as_of: String,
    /// How many services there were.
    services: usize,
    /// Required sections met, and how many were required.
    required: (u32, u32),
    /// Cells by class.
    counts: Counts,
    /// Required sections met, and how many were required, by owner.
    owners: BTreeMap<String, (u32, u32)>,
    /// Cells that are not as they were on the line before.
    #[schemars(with = "BTreeMap<String, Option<BTreeMap<String, String>>>")]
    changed: Fleet,
}

/// What a history file holds; a line that cannot be read is as if it were not there.
pub fn read(text: &str) -> Vec<Record> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The line that would be added today; nothing where every cell is as it was on the last one.
pub fn record(text: &str, catalog: &Catalog, coverage: &Coverage, template: &Template, today: Date) -> Option<String> {
    let last = replay(&read(text));
    let now = cells(catalog, coverage, template);
    let changed = difference(&last, &now);
    if changed.is_empty() {
        return None;
    }
    let of = |t: Tally| (t.met, t.of);
    let owners =
        catalog.owners.iter().zip(&coverage.totals.owners).map(|(o, (tally, _))| (o.id.to_string(), of(*tally)));
    let record = Record {
        schema: 1,
        as_of: catalog.sources.iter().filter_map(|s| s.as_of).max().unwrap_or(today).to_string(),
        services: catalog.services.len(),
        required: of(coverage.totals.required),
        counts: coverage.totals.counts,
        owners: owners.collect(),
        changed,
    };
    serde_json::to_string(&record).ok()
}

/// Every cell as it is now.
fn cells(catalog: &Catalog, coverage: &Coverage, template: &Template) -> BTreeMap<String, Cells> {
    let of = |at: usize| -> Cells {
        let row = coverage.rows.get(at).filter(|_| catalog.services[at].presence != Presence::None);
        let cells = row.map(|r| r.cells.as_slice()).unwrap_or_default();
        template.sections.iter().zip(cells).map(|(s, cell)| (s.id.clone(), cell.state)).collect()
    };
    catalog.services.iter().enumerate().map(|(at, s)| (s.id.to_string(), of(at))).collect()
}

/// Every cell as it was on the last of some lines.
fn replay(records: &[Record]) -> BTreeMap<String, Cells> {
    let mut fleet: BTreeMap<String, Cells> = BTreeMap::new();
    for record in records {
        for (service, cells) in &record.changed {
            match cells {
                Some(cells) => fleet.entry(service.clone()).or_default().extend(cells.clone()),
                None => _ = fleet.remove(service),
            }
        }
    }
    fleet
}

fn difference(before: &BTreeMap<String, Cells>, now: &BTreeMap<String, Cells>) -> Fleet {
    let mut changed = Fleet::new();
    for (service, cells) in now {
        let was = before.get(service);
        let other = |(section, state): &(&String, &State)| was.and_then(|w| w.get(*section)) != Some(*state);
        let cells_now: Cells = cells.iter().filter(other).map(|(section, state)| (section.clone(), *state)).collect();
        if was.is_none() || !cells_now.is_empty() {
            changed.insert(service.clone(), Some(cells_now));
        }
    }
    changed.extend(before.keys().filter(|id| !now.contains_key(*id)).map(|id| (id.clone(), None)));
    changed
}

/// The fleet's way here, as the home page tells it.
#[derive(Serialize)]
pub struct Trend {
    /// First and last day.
    from: String,
    to: String,
    records: usize,
    /// Required answers that are there, in percent, as the points of a line; and admitted gaps.
    met: Line,
    admitted: Line,
    /// Since which day.
    since: Option<String>,
    changes: Vec<Change>,
    more: usize,
    better: usize,
    worse: usize,
}

/// A line to draw: its points in a box of 160 by 32, its first and last value.
#[derive(Serialize)]
pub struct Line {
    points: String,
    /// Where its last point is.
    end: (f64, f64),
    first: String,
    last: String,
}

#[derive(Serialize)]
struct Change {
    service: Named,
    section: Named,
    was: Sign,
    now: Sign,
    better: bool,
}

/// What the history tells; nothing where none is kept.
pub fn trend(site: &Site) -> Option<Trend> {
    let records = &site.records;
    let (first, last) = (records.first()?, records.last()?);
    let (catalog, template) = (site.input.catalog, site.template());
    let now = cells(catalog, site.input.coverage, template);
    // Where the last line is of this very build, what it changed is told; else what is new since.
    let recorded = difference(&replay(records), &now).is_empty();
    let before = if recorded { &records[..records.len() - 1] } else { records.as_slice() };
    let was = replay(before);
    let mut changes = Vec::new();
    if !before.is_empty() {
        for (service, cells) in difference(&was, &now) {
            let (Some(cells), Some(ix)) = (cells, catalog.service(&Id::of(&service))) else { continue };
            for (section, state) in cells {
                let Some(s) = template.section(&section) else { continue };
                let old = was.get(&service).and_then(|w| w.get(&section)).copied().unwrap_or(State::Missing);
                if old == state {
                    continue;
                }
                changes.push(Change {
                    service: site.service_link(ix),
                    section: Named {
                        name: template[s].title.clone(),
                        href: site.addresses.answer(ix, &template[s].id),
                    },
                    was: words::sign(old),
                    now: words::sign(state),
                    better: state < old,
                });
            }
        }
    }
    // What got worse is read first.
    changes.sort_by_key(|c| c.better);
    let better = changes.iter().filter(|c| c.better).count();
    let worse = changes.len() - better;
    let more = changes.len().saturating_sub(14);
    changes.truncate(14);
    let share: Vec<f64> = records.iter().map(|r| percent(r.required)).collect();
    let gaps: Vec<f64> = records.iter().map(|r| f64::from(r.counts.gap)).collect();
    Some(Trend {
        from: first.as_of.clone(),
        to: last.as_of.clone(),
        records: records.len(),
        met: line(&share, 100.0, " %"),
        admitted: line(&gaps, gaps.iter().copied().fold(1.0, f64::max), ""),
        since: before.last().map(|r| r.as_of.clone()),
        changes,
        more,
        better,
        worse,
    })
}

/// An owner's way here.
pub fn of_owner(site: &Site, owner: &str) -> Option<Line> {
    let share: Vec<f64> = site.records.iter().filter_map(|r| r.owners.get(owner)).map(|&t| percent(t)).collect();
    (share.len() > 1).then(|| line(&share, 100.0, " %"))
}

fn percent((met, of): (u32, u32)) -> f64 {
    if of == 0 { 0.0 } else { (f64::from(met) * 100.0 / f64::from(of)).floor() }
}

fn line(values: &[f64], highest: f64, unit: &str) -> Line {
    let (width, height) = (160.0, 32.0);
    let step = if values.len() > 1 { width / (values.len() - 1) as f64 } else { width };
    let mut end = (0.0, 0.0);
    let mut points = String::new();
    for (at, value) in values.iter().enumerate() {
        end = ((at as f64 * step * 10.0).round() / 10.0, ((height - value / highest * height) * 10.0).round() / 10.0);
        _ = write!(points, "{}{},{}", if at > 0 { " " } else { "" }, end.0, end.1);
    }
    let tell = |value: Option<&f64>| value.map_or_else(String::new, |v| format!("{v}{unit}"));
    Line { points, end, first: tell(values.first()), last: tell(values.last()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet(cells: &[(&str, &str, State)]) -> BTreeMap<String, Cells> {
        let mut fleet: BTreeMap<String, Cells> = BTreeMap::new();
        for (service, section, state) in cells {
            fleet.entry((*service).to_owned()).or_default().insert((*section).to_owned(), *state);
        }
        fleet
    }

    #[test]
    fn what_is_replayed_is_what_was_recorded() {
        let days = [
            fleet(&[("a", "x", State::Residue), ("b", "x", State::Answered)]),
            fleet(&[("a", "x", State::Answered), ("b", "x", State::Answered)]),
            fleet(&[("a", "x", State::Answered), ("c", "x", State::Promised)]),
        ];
        let mut records: Vec<Record> = Vec::new();
        for (at, day) in days.iter().enumerate() {
            let changed = difference(&replay(&records), day);
            assert_eq!(changed.len(), [2, 1, 2][at]);
            records.push(Record {
                schema: 1,
                as_of: "2026-10-01".to_owned(),
                services: day.len(),
                required: (1, 2),
                counts: Counts::default(),
                owners: BTreeMap::new(),
                changed,
            });
            // A file is read back as it was written, and a line nobody can read is passed over.
            let text: Vec<String> = records.iter().map(|r| serde_json::to_string(r).unwrap()).collect();
            assert_eq!(replay(&read(&format!("{}\n<<<<<<< broken\n", text.join("\n")))), *day);
            assert!(difference(&replay(&records), day).is_empty());
        }
    }

    #[test]
    fn lines_stay_in_their_box() {
        let one = line(&[50.0], 100.0, " %");
        assert_eq!((one.points.as_str(), one.last.as_str()), ("0,16", "50 %"));
        assert_eq!(line(&[0.0, 100.0, 25.0], 100.0, "").points, "0,32 80,0 160,24");
    }
}

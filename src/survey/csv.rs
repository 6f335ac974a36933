//! CSV as rows of a table: each a mapping from the head's columns to cells that know their places.

use crate::survey::tree::{Node, Value};

/// A table.
pub(super) struct Table {
    /// The columns.
    pub(super) head: Vec<Node>,
    /// Rows that hold anything, as mappings; a cell beyond the head has no column and is left out.
    pub(super) rows: Vec<Node>,
    /// Line and column of a quote that nothing closes.
    pub(super) open: Option<(u32, u32)>,
    /// The first cells that stand beyond the head, one a row.
    pub(super) beyond: Vec<(u32, u32)>,
}

/// Reads a table whose cells stand apart by commas, semicolons or tabs; quotes may hold any of them, and line ends.
pub(super) fn read(text: &str) -> Table {
    let text = text.trim_start_matches('\u{feff}');
    let (mut records, open) = records(text, None);
    if open.is_some() {
        // The quote is taken for a character, so that the rows below it are still rows.
        (records, _) = self::records(text, open);
    }
    let filled = |cells: &Vec<Node>| cells.iter().any(|c| c.text().is_some());
    records.retain(filled);
    let mut records = records.into_iter();
    let head = records.next().unwrap_or_default();
    let mut beyond = Vec::new();
    let row = |cells: Vec<Node>| {
        let first = cells.first().map_or((1, 1), |c| (c.line, c.column));
        beyond.extend(cells.get(head.len()).filter(|c| c.text().is_some()).map(|c| (c.line, c.column)));
        Node { line: first.0, column: first.1, value: Value::Map(head.iter().cloned().zip(cells).collect()) }
    };
    let rows = records.map(row).collect();
    Table { head, rows, open, beyond }
}

fn records(text: &str, bare: Option<(u32, u32)>) -> (Vec<Vec<Node>>, Option<(u32, u32)>) {
    let head = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let most = |c: char| head.matches(c).count();
    let separator = [',', ';', '\t'].into_iter().rev().max_by_key(|c| most(*c)).unwrap_or(',');
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut column, mut place, mut quoted) = (1, 1, (1, 1), None);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = bare == Some((line, column));
        let ends = quoted.is_none() && (c == separator || c == '\n');
        match c {
            '"' if quoted.is_some() && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
                column += 1;
            }
            '"' if quoted.is_some() => quoted = None,
            // A quote inside a bare cell is a character like any other: 19" racks.
            '"' if plain => {}
            '"' if cell.trim().is_empty() => quoted = Some((line, column)),
            _ if ends => {
                record.push(Node { line: place.0, column: place.1, value: Value::Text(std::mem::take(&mut cell)) });
                if c == '\n' {
                    records.push(std::mem::take(&mut record));
                }
            }
            c => cell.push(c),
        }
        (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        if ends {
            place = (line, column);
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(Node { line: place.0, column: place.1, value: Value::Text(cell) });
        records.push(record);
    }
    (records, quoted)
}

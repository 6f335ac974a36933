//! Tables of Markdown: the cells of a row, and those below a head that says secret.

use super::values::boundary;
use std::ops::Range;

/// How many rows of a table are looked at, and how long a row may be.
const ROWS: usize = 200;
const ROW: usize = 2000;

/// What a table has for a name in one of its rows.
pub enum Cells {
    /// A row without a head above it: what stands behind the name's neighbour.
    Behind(Vec<Range<usize>>),
    /// A head: what stands below it.
    Below(Vec<Range<usize>>),
}

/// The row of a table that a word stands in, by its first byte; nothing where the line is none or too long.
pub fn row(text: &str, word: usize, end_of_line: usize) -> Option<usize> {
    let from = boundary(text, word.saturating_sub(ROW));
    let start = memchr::memrchr(b'\n', &text.as_bytes()[from..word]).map_or(from, |n| from + n + 1);
    let begins = text.as_bytes()[start..word].trim_ascii_start().starts_with(b"|");
    (begins && end_of_line - start < ROW).then_some(start)
}

/// The cells that a name in the row at `line` speaks for; `heads` says whether a head's words ask for its column.
pub fn cells_of(text: &str, line: usize, name: usize, heads: impl Fn(&str) -> bool) -> Option<Cells> {
    let mut rows = text[line..].split_inclusive('\n').scan(line, |at, row| {
        *at += row.len();
        Some((*at - row.len(), row))
    });
    let (start, head) = rows.next()?;
    if rows.next().filter(|(_, row)| ruled(row)).is_none() {
        let column = cells(head, start).position(|c| c.start <= name && name < c.end)?;
        return Some(Cells::Behind(cells(head, start).skip(column + 2).collect()));
    }
    let words = |cell: Range<usize>| {
        let lower = text[cell].to_lowercase();
        lower.trim_matches(|c: char| !c.is_alphanumeric()).replace(['_', '-'], " ")
    };
    let asked: Vec<bool> = cells(head, start).map(|cell| heads(&words(cell))).collect();
    let body = rows.take(ROWS).take_while(|(_, row)| row.len() < ROW && row.contains('|') && !ruled(row));
    let below = |(at, row)| cells(row, at).zip(&asked).filter(|(_, asked)| **asked).map(|(cell, _)| cell).collect();
    Some(Cells::Below(body.flat_map(|row| -> Vec<Range<usize>> { below(row) }).collect()))
}

/// Whether a row is the rule below a table's head.
fn ruled(row: &str) -> bool {
    row.contains('-') && row.trim().bytes().all(|b| b"|-: ".contains(&b))
}

/// The cells of a row without the marks around their text.
fn cells(row: &str, start: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let inner = row.trim_start().strip_prefix('|').unwrap_or(row.trim_start());
    let mut at = start + row.trim_end_matches(['\n', '\r']).len().min(row.len() - inner.len());
    inner.split('|').map(move |cell| {
        let bare = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '"' | '\''));
        let from = at + (bare.as_ptr() as usize - cell.as_ptr() as usize);
        at += cell.len() + 1;
        from..from + bare.len()
    })
}

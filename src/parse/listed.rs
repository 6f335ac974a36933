//! Outlines made of nothing but lists: `* Backup` with its answers nested below becomes a heading with its text.

use super::title::WORDS;
use crate::model::text::{Rewrite, words};

/// A title has at most this many words.
const TITLE_WORDS: usize = 8;

/// A line of a list that begins an item.
struct Item {
    /// The line's place among all.
    line: usize,
    indent: usize,
    /// How long the marker and the blanks behind it are.
    marker: usize,
    depth: usize,
    title: bool,
    /// Whether deeper lines stand right below it.
    leads: bool,
}

/// Makes headings of the items that only lead others, in a text that has no headings of its own.
pub fn lines<'t>(text: &'t str, rewrite: &mut Rewrite<'t>) {
    if memchr::memmem::find(text.as_bytes(), b"\n##").is_some() {
        return;
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(items) = items(&lines) else { return };
    let deepest = (0..4).take_while(|&depth| leads(&items, depth)).count();
    let names = |i: &&Item| words(lines[i.line]).any(|w| WORDS.chapters.contains(&w));
    if deepest == 0 || items.iter().filter(|i| i.depth < deepest && i.title).filter(names).take(3).count() < 3 {
        return;
    }
    let mut at = 0;
    let mut base = None;
    let mut under = false;
    let mut items = items.iter().peekable();
    let mut first = true;
    for (number, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let item = items.next_if(|i| i.line == number);
        if let Some(item) = item.filter(|i| i.depth < deepest && i.title) {
            rewrite.replace(at..at + item.indent + item.marker, &format!("\n{} ", "#".repeat(item.depth + 2)));
            (base, under) = (None, true);
        } else if !line.trim().is_empty() {
            if first && item.is_none() && !line.starts_with('#') && title(line.trim()) {
                rewrite.replace(at..at, "# ");
            } else if under {
                let base = *base.get_or_insert(indent);
                rewrite.replace(at..at + indent.min(base), "");
            }
        }
        first &= line.trim().is_empty();
        at += line.len();
    }
}

/// The items of a text that is little else than lists; nothing where it has headings or code of its own.
fn items(lines: &[&str]) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut depths: Vec<usize> = Vec::new();
    let (mut others, mut title_above) = (0, false);
    for (number, line) in lines.iter().enumerate() {
        let bare = line.trim();
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if bare.starts_with('#') || bare.starts_with("```") || bare.starts_with("~~~") {
            if title_above || !bare.starts_with("# ") {
                return None;
            }
            title_above = true;
        }
        let width = marker(bare);
        if let Some(last) = items.last_mut().filter(|i| i.line + 1 == number || lines[number - 1].trim().is_empty()) {
            last.leads |= !bare.is_empty() && indent > last.indent && !last.leads;
        }
        if width > 0 {
            while depths.last().is_some_and(|&d| d >= indent) {
                depths.pop();
            }
            let depth = depths.len();
            depths.push(indent);
            let title = title(&bare[width..]);
            items.push(Item { line: number, indent, marker: width, depth, title, leads: false });
        } else if !bare.is_empty() {
            others += usize::from(indent == 0);
        }
    }
    (items.len() >= 6 && others * 4 <= items.len()).then_some(items)
}

/// Whether the items of a depth are titles, most with something below them.
fn leads(items: &[Item], depth: usize) -> bool {
    let of: Vec<&Item> = items.iter().filter(|i| i.depth == depth).collect();
    let titles = of.iter().filter(|i| i.title).count();
    let leading = of.iter().filter(|i| i.leads).count();
    of.len() >= 2 && titles * 10 >= of.len() * 9 && leading * 2 > of.len()
}

/// The width of a list marker with the blanks behind it.
fn marker(bare: &str) -> usize {
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let mark = match bare.as_bytes() {
        [b'-' | b'*' | b'+', ..] => 1,
        [b'0'..=b'9', ..] if bare[..digits].ends_with('.') || bare[digits..].starts_with(')') => {
            digits + usize::from(bare[digits..].starts_with(')'))
        }
        _ => return 0,
    };
    let blanks = bare[mark..].len() - bare[mark..].trim_start_matches([' ', '\t']).len();
    if blanks == 0 { 0 } else { mark + blanks }
}

/// "Restore procedures", "**Backup:**": a few words that are no sentence and hold no value.
fn title(said: &str) -> bool {
    let bare = said.trim_matches(['*', '_', ' ', ':']);
    let ends = bare.ends_with(['.', ',', ';', '!', '?']);
    let holds = bare.contains("://") || bare.contains(['`', '@', '[', '|', '=']);
    bare.starts_with(char::is_uppercase) && !ends && !holds && bare.split_whitespace().count() <= TITLE_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        crate::parse::repaired(text, lines)
    }

    #[test]
    fn items_that_lead_others_are_headings() {
        let text = "Crane\n\n* Overview\n    * Sends cranes.\n* Backup\n    * Nightly\n      by hand\n* Restore\n* Power\n    * TBC\n    * later\n";
        let made = "# Crane\n\n\n## Overview\n* Sends cranes.\n\n## Backup\n* Nightly\n  by hand\n\n## Restore\n\n## Power\n* TBC\n* later\n";
        assert_eq!(of(text), made);
    }

    #[test]
    fn steps_and_documents_with_headings_stay() {
        for text in [
            "1. Log in\n   - with ssh\n2. Stop it\n   - systemctl\n3. Start it\n   - systemctl\n",
            "# A\n\n## B\n\n* Backup\n  * a\n* Restore\n  * b\n* Power\n  * c\n",
            "* Backup: nightly\n* Restore: load it\n* Power: nothing\n* Overview: a shop\n* Owner: we\n* Alerts: none\n",
        ] {
            assert_eq!(of(text), text);
        }
    }
}

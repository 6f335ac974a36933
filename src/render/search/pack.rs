//! The index on its way: places as bytes while it is built, as printable text in the files that are fetched.
//!
//! A file is one line: entries between `|`, each a term (a letter for how much of the term before it repeats, then
//! the rest) and up to five fields between spaces: places in names, in headings of sections, in headings, in texts, and
//! other forms of the word. Numbers are written in base 64, five bits a letter, the lowest first, the sixth bit set
//! where more follow. Places are pairs of a step from page to page and a unit on it. Where they are many, pages alone are told:
//! behind `.` as steps, behind `!` as a bit a page.

use crate::render::search::index::FIELDS;
use std::ops::Range;

/// A list longer than this tells pages only: who looks for a word that is everywhere looks for others with it.
pub const LONGEST: usize = 2400;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A term with everything known of it.
pub struct Entry<'a> {
    /// The term.
    pub term: &'a str,
    /// Page and unit, sorted, by field.
    pub places: [Vec<(u32, u32)>; FIELDS],
    /// Other forms of the word.
    pub forms: &'a [&'a str],
}

/// Writes the places of one term: for each field its number, how many there are, then steps and units.
pub fn write(places: &[u64], out: &mut Vec<u8>) {
    let fields: Vec<&[u64]> = places.chunk_by(|a, b| a >> 40 == b >> 40).collect();
    byte_number(fields.len() as u32, out);
    for field in fields {
        byte_number((field[0] >> 40 & 3) as u32, out);
        byte_number(field.len() as u32, out);
        let mut before = 0;
        for place in field {
            let page = (place >> 16 & 0xff_ffff) as u32;
            byte_number(page - before, out);
            byte_number((place & 0xffff) as u32, out);
            before = page;
        }
    }
}

/// Reads what [`write()`] wrote, behind what is already there.
pub fn read(bytes: &[u8], places: &mut [Vec<(u32, u32)>; FIELDS]) {
    let mut bytes = bytes.iter();
    let mut next = || {
        let (mut number, mut shift) = (0, 0);
        for &byte in bytes.by_ref() {
            number |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                break;
            }
        }
        number
    };
    for _ in 0..next() {
        let field = next() as usize;
        let mut page = 0;
        for _ in 0..next() {
            page += next();
            places[field].push((page, next()));
        }
    }
}

fn byte_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Cuts `count` things into `files` runs of about the same weight.
pub fn bounds(count: usize, weight: impl Fn(usize) -> usize, files: usize) -> Vec<usize> {
    let total: usize = (0..count).map(&weight).sum();
    let mut bounds = vec![0];
    let mut sum = 0;
    for at in 0..count {
        while sum * files >= total * bounds.len() && bounds.len() < files {
            bounds.push(at);
        }
        sum += weight(at);
    }
    bounds.resize(files, count);
    bounds.push(count);
    bounds
}

/// One file: its first term, cut to what tells it from the file before, and its text.
pub fn file<'a>(
    range: Range<usize>,
    term: &dyn Fn(usize) -> &'a str,
    places: &dyn Fn(usize) -> Entry<'a>,
    pages: usize,
) -> (String, String) {
    let mut start = String::new();
    if range.is_empty() {
        start.push(char::MAX);
    } else if range.start > 0 {
        let (before, first) = (term(range.start - 1), term(range.start));
        let same = before.chars().zip(first.chars()).take_while(|(a, b)| a == b).count();
        start.extend(first.chars().take(same + 1));
    }
    let mut out = String::new();
    let mut before = "";
    for at in range {
        let entry = places(at);
        if !out.is_empty() {
            out.push('|');
        }
        shared(before, entry.term, &mut out);
        before = entry.term;
        let filled = entry.places.iter().rposition(|p| !p.is_empty()).map_or(0, |at| at + 1);
        let filled = if entry.forms.is_empty() { filled } else { FIELDS };
        for (field, places) in entry.places.iter().take(filled).enumerate() {
            out.push(' ');
            list(places, pages, field == 1, &mut out);
        }
        for (at, form) in entry.forms.iter().enumerate() {
            out.push(if at == 0 { ' ' } else { ',' });
            shared(entry.term, form, &mut out);
        }
    }
    (start, out)
}

/// A term as a letter for what it shares with another, and the rest.
fn shared(before: &str, term: &str, out: &mut String) {
    let same = before.chars().zip(term.chars()).take(63).take_while(|(a, b)| a == b);
    let (count, bytes) = same.fold((0, 0), |(count, bytes), (c, _)| (count + 1, bytes + c.len_utf8()));
    out.push(char::from(LETTERS[count]));
    out.push_str(&term[bytes..]);
}

fn list(places: &[(u32, u32)], pages: usize, units_only: bool, out: &mut String) {
    let from = out.len();
    if places.len() <= LONGEST / 2 {
        let (mut page, mut unit) = (0, 0);
        for &place in places {
            if !units_only {
                number(place.0 - page, out);
                unit = 0;
            }
            number(place.1 - unit, out);
            (page, unit) = place;
        }
        if out.len() - from <= LONGEST {
            return;
        }
        out.truncate(from);
    }
    let mut many: Vec<u32> = places.iter().map(|p| p.0).collect();
    many.dedup();
    out.push('.');
    let mut before = 0;
    for &page in &many {
        number(page - before, out);
        before = page;
    }
    if out.len() - from > pages / 6 + 2 {
        out.truncate(from);
        out.push('!');
        let mut bits = vec![0u8; pages.div_ceil(6)];
        for page in many {
            bits[page as usize / 6] |= 1 << (page % 6);
        }
        out.extend(bits.into_iter().map(|six| char::from(LETTERS[usize::from(six)])));
    }
}

fn number(mut number: u32, out: &mut String) {
    while number >= 32 {
        out.push(char::from(LETTERS[(number & 31 | 32) as usize]));
        number >>= 5;
    }
    out.push(char::from(LETTERS[number as usize]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let places: Vec<u64> =
            vec![7 << 42 | 300 << 16, 7 << 42 | 3 << 40 | 5 << 16 | 9, 7 << 42 | 3 << 40 | 5 << 16 | 200];
        let mut bytes = Vec::new();
        write(&places, &mut bytes);
        let mut read_back: [Vec<(u32, u32)>; FIELDS] = Default::default();
        read(&bytes, &mut read_back);
        assert_eq!(read_back, [vec![(300, 0)], vec![], vec![], vec![(5, 9), (5, 200)]]);
    }

    #[test]
    fn runs_weigh_about_the_same_and_none_is_lost() {
        let weights = [1, 1, 50, 1, 1, 1, 30, 1, 1, 1];
        let cut = bounds(weights.len(), |at| weights[at], 4);
        assert_eq!((cut.len(), cut[0], cut[4]), (5, 0, 10));
        assert!(cut.is_sorted());
        assert_eq!(bounds(0, |_| 1, 3), [0, 0, 0, 0]);
        assert_eq!(bounds(2, |_| 1, 5).last(), Some(&2));
    }

    #[test]
    fn a_list_is_as_short_as_it_can_be() {
        let text = |places: &[(u32, u32)], pages| {
            let mut out = String::new();
            list(places, pages, false, &mut out);
            out
        };
        assert_eq!(text(&[(1, 2), (1, 3), (40, 0)], 100), "BCADnBA");
        let everywhere: Vec<(u32, u32)> = (0..6000).map(|page| (page, 1)).collect();
        assert_eq!(text(&everywhere, 6000), format!("!{}", "_".repeat(1000)));
        let seldom: Vec<(u32, u32)> = (0..1300).map(|page| (page * 20, 1)).collect();
        assert!(text(&seldom, 26_000).starts_with(".AUUU"));
    }

    #[test]
    fn terms_share_their_beginnings() {
        let terms = ["restart", "restarted", "жук"];
        let entry = |at: usize| Entry {
            term: terms[at],
            places: Default::default(),
            forms: if at == 0 { &["restarted"] } else { &[] },
        };
        let (start, text) = file(0..3, &|at| terms[at], &entry, 1);
        assert_eq!((start.as_str(), text.as_str()), ("", "Arestart     Hed|Hed|Aжук"));
        assert_eq!(file(1..3, &|at| terms[at], &entry, 1).0, "restarte");
        assert_eq!(file(3..3, &|at| terms[at], &entry, 1).0, char::MAX.to_string());
    }
}

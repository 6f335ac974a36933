//! Folding: the spelling in which words are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds text for scanning: lower case, accents and apostrophes dropped, other marks a space, one space at both ends.
///
/// Scripts that write no spaces have a word a character.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    fold_onto(&mut out, text);
    out
}

/// Folds a text behind others that are folded.
pub fn fold_onto(out: &mut String, text: &str) {
    if out.is_empty() {
        out.push(' ');
    }
    if text.is_ascii() {
        return fold_ascii(out, text);
    }
    for c in text.chars() {
        if is_character(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            out.push(c);
            out.push(' ');
        } else if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if ('\u{c0}'..'\u{250}').contains(&c) {
            let lower = c.to_lowercase().flat_map(|l| l.nfd()).filter(|l| !is_combining_mark(*l));
            out.extend(lower);
        } else if ('\u{ff01}'..='\u{ff5e}').contains(&c) {
            // Letters as wide as Chinese ones.
            let narrow = char::from_u32(c as u32 - 0xfee0).filter(char::is_ascii_alphanumeric);
            match narrow {
                Some(narrow) => out.push(narrow.to_ascii_lowercase()),
                None if !out.ends_with(' ') => out.push(' '),
                None => {}
            }
        } else if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !joins(c) && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Whether a character is a word by itself: Chinese and Japanese write no spaces.
pub fn is_character(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fe}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

/// Whether a mark inside a word is no end of it: an apostrophe, an accent written apart, a blank without width.
pub fn joins(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
        || c >= '\u{300}' && is_combining_mark(c)
}

/// [`fold_onto`] for ASCII, which nearly all of a runbook is.
fn fold_ascii(out: &mut String, text: &str) {
    let mut bytes = std::mem::take(out).into_bytes();
    bytes.reserve(text.len() + 1);
    // A blank behind a blank is not kept, nor what leaves nothing.
    let floor_behind = |folded: u8| b' ' - 1 + u8::from(folded == b' ');
    let mut floor = floor_behind(bytes.last().copied().unwrap_or(b' '));
    // Made a piece at a time, where a byte may be written that the next one takes the place of.
    let mut piece = [0; 64];
    for part in text.as_bytes().chunks(piece.len()) {
        let mut at = 0;
        for &byte in part {
            let folded = FOLDED[byte as usize & 127];
            piece[at & 63] = folded;
            at += usize::from(folded > floor);
            floor = if folded == 0 { floor } else { floor_behind(folded) };
        }
        bytes.extend_from_slice(&piece[..at]);
    }
    if floor < b' ' {
        bytes.push(b' ');
    }
    *out = String::from_utf8(bytes).unwrap_or_default();
}

/// What each character of ASCII is folded to; 0 is nothing at all.
const FOLDED: [u8; 128] = {
    let mut table = [b' '; 128];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        if byte.is_ascii_alphanumeric() {
            table[at] = byte.to_ascii_lowercase();
        }
        at += 1;
    }
    table[b'\'' as usize] = 0;
    table
};

//! UTF-8 that was taken for Windows-1252 and encoded again ("canâ€™t"): put right where that is certain.

use crate::model::text::{Rewrite, Span, SpanMap};
use crate::redact::decode::WINDOWS;
use std::ops::Range;

/// How often a text may have been encoded again.
const ROUNDS: usize = 2;

/// The text put right, the way back, and the first place that changed; nothing where nothing did.
pub fn mend(text: &str) -> Option<(String, SpanMap, Span)> {
    let (mut made, mut map) = round(text)?;
    for _ in 1..ROUNDS {
        let Some((again, back)) = round(&made) else { break };
        (made, map) = (again, back.over(&map));
    }
    let at = made.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    let at = (0..=at).rev().find(|&i| made.is_char_boundary(i)).unwrap_or(0);
    let end = made[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    Some((made, map, Span::new(at, end)))
}

fn round(text: &str) -> Option<(String, SpanMap)> {
    let mut rewrite = Rewrite::of(text);
    let mut done = 0;
    // Every lead byte of UTF-8 (C2 to F4) is a letter from Â to ô in Windows-1252: C3 and one more byte in UTF-8.
    for at in memchr::memchr_iter(0xc3, text.as_bytes()) {
        if at < done {
            continue;
        }
        if let Some((range, run)) = run(text, at) {
            done = range.end;
            if certain(text, &range, &run) {
                rewrite.replace(range, &run);
            }
        }
    }
    rewrite.finish()
}

/// The longest run from `at` on that is UTF-8 when its characters are taken for bytes.
fn run(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let mut run = String::new();
    let mut end = at;
    // A character at a time, so that a long text that is none is not taken for bytes again and again.
    while let Some((made, length)) = character(&text[end..]) {
        run.push(made);
        end += length;
    }
    (end > at).then_some((at..end, run))
}

/// The character that a text's first few are the bytes of, and how many bytes of the text they are.
fn character(text: &str) -> Option<(char, usize)> {
    let mut bytes = Vec::with_capacity(4);
    for (at, c) in text.char_indices().take(4).take_while(|(_, c)| !c.is_ascii()) {
        bytes.push(byte(c)?);
        if let Some(made) = std::str::from_utf8(&bytes).ok().and_then(|made| made.chars().next()) {
            return Some((made, at + c.len_utf8()));
        }
    }
    None
}

fn byte(c: char) -> Option<u8> {
    if (c as u32) < 0x100 {
        return Some(c as u32 as u8);
    }
    (0x80..=0x9f).find(|&b| WINDOWS[b as usize] == c)
}

/// Whether a run cannot have been meant as it stands.
fn certain(text: &str, at: &Range<usize>, run: &str) -> bool {
    let mut chars = run.chars();
    let (Some(first), None) = (chars.next(), chars.next()) else { return true };
    // "NÃ”" ends a shouted Portuguese word in front of a closing quote; "KÃ¼hl" goes on in small letters.
    let small = text[at.end..].chars().next().is_some_and(char::is_lowercase);
    let shouted = !small && text[..at.start].chars().next_back().is_some_and(char::is_uppercase);
    match first as u32 {
        0xa0..=0xff => !shouted,
        // Behind â: €, ‚, „, †, ‡, ˆ, ‰, ”, •, –, —, ˜, ™, š, œ, ž. Quotes and dots are left out: a word may end in â.
        0x2010..=0x209f | 0x20a0..=0x20bf | 0x2100..=0x213f | 0x2190..=0x227f | 0x2500..=0x26ff | 0x2700..=0x27bf => {
            true
        }
        0xfeff | 0x1f000..=0x1faff => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str) -> String {
        text.bytes().map(|b| WINDOWS[b as usize]).collect()
    }

    #[test]
    fn what_was_encoded_twice_is_put_right() {
        for good in ["can’t", "“a” – b…", "café", "10 °C", "→ ✅ ⚠", "日本語", "Привет", "😀", "ß", "a\u{a0}b", "–"]
        {
            let bad = twice(good);
            assert_eq!(mend(&bad).map(|(t, ..)| t).as_deref(), Some(good), "{bad}");
        }
        let (text, map, first) = mend(&format!("x\n{} end", twice(&twice("it’s")))).unwrap();
        assert_eq!(text, "x\nit’s end");
        assert_eq!(first.of(&text), "’");
        assert_eq!(map.back(0), 0);
    }

    #[test]
    fn correct_text_is_left_alone() {
        for good in ["café\u{a0}»", "„Spaß“", "café…”", "NÃO", "IRMÃ”", "âge", "« é »", "Ä“", "naïve – déjà vu", "ção™"]
        {
            assert_eq!(mend(good).map(|(t, ..)| t), None, "{good}");
        }
    }
}

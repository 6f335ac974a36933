//! Units: the smallest things that can answer, their words, labels and signs.

use super::brief::Brief;
use super::fold::{fold_onto, is_character, joins};
use super::labels::label_at;
use super::lexicon::Scan;
use super::says::Says;
use super::signs::{OTHERS, Signs};
use crate::model::document::BlockKind;
use crate::model::id::HeadingIx;
use crate::model::text::Span;

/// Without one of these no text has a label.
const LABELS: Signs = Signs::these(b":-").and(OTHERS);

/// The smallest thing that can answer: a sentence, an item's sentence, a table row, a code block, a comment.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Where it stands in the document's text.
    pub span: Span,
    /// Its block's place in the document.
    pub block: u32,
    /// What its block is.
    pub kind: BlockKind,
    /// How deep its list is nested.
    pub depth: u8,
    /// Whether it stands in a blockquote.
    pub quoted: bool,
    /// Whether its block is in italics throughout.
    pub slanted: bool,
    /// The heading it stands under.
    pub heading: Option<HeadingIx>,
    /// Its words without markup; links are their labels.
    pub plain: String,
    /// `plain`, folded.
    pub folded: String,
    /// Which signs of ASCII stand in `plain`.
    pub signs: Signs,
    /// What the lexicon found in it.
    pub scan: Scan,
    /// How many links it holds, and how many words stand outside their labels and addresses.
    pub links: u16,
    /// Words outside links.
    pub words_outside_links: u16,
    /// Whether it holds a picture.
    pub picture: bool,
    /// Whether it holds inline code, or is a block of commands.
    pub code: bool,
    /// Whether it holds inline code with a blank in it that begins like a command.
    pub command: bool,
    /// Where its label ends and where what stands behind it begins, in `plain`.
    pub label: Option<(u32, u32)>,
    /// Where the label's words end in `folded`, the blank behind them taken in; 0 where there is none.
    pub label_ends: u32,
    /// What it says of the question it stands under; set once all its words are known.
    pub says: Says,
    /// What it amounts to where nothing beside it says more.
    pub brief: Option<Brief>,
    /// Whether it is the template's, not the author's; set by the residue step.
    pub residue: bool,
}

impl Unit {
    /// How many words it has.
    pub fn words(&self) -> usize {
        self.scan.count as usize
    }

    /// The label's words, folded; empty where there is none.
    pub fn label_folded(&self) -> &str {
        &self.folded[..self.label_ends as usize]
    }

    /// The words behind the label, folded.
    pub fn value_folded(&self) -> &str {
        &self.folded[self.label_ends.saturating_sub(1) as usize..]
    }

    /// The cells of a table row.
    pub fn cells(&self) -> Vec<&str> {
        self.plain.trim().trim_matches('|').split('|').map(str::trim).collect()
    }

    /// A word of `plain` as written, counted from 0, through `to`.
    pub fn as_written(&self, from: u32, to: u32) -> &str {
        if self.plain.is_ascii() && !self.plain.contains('\'') {
            return between(&self.plain, from, to);
        }
        let mut words = word_spans(&self.plain);
        let Some(start) = words.nth(from as usize) else { return "" };
        let end = if to > from { words.nth((to - from - 1) as usize).unwrap_or(start) } else { start };
        self.plain.get(start.0..end.1).unwrap_or("")
    }
}

/// The words of a text of ASCII from one through another, counted from 0.
fn between(text: &str, from: u32, to: u32) -> &str {
    let (mut count, mut start, mut inside) = (0, 0, false);
    for (at, byte) in text.bytes().enumerate() {
        let letter = byte.is_ascii_alphanumeric();
        if letter && !inside {
            if count == from {
                start = at;
            }
            count += 1;
        } else if inside && !letter && count > to {
            return &text[start..at];
        }
        inside = letter;
    }
    if count > from { &text[start..] } else { "" }
}

/// The words of a plain text as byte ranges, in step with what folding makes of it.
pub fn word_spans(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|(_, c)| !c.is_alphanumeric()).is_some() {}
        let (start, first) = chars.next()?;
        let mut end = start + first.len_utf8();
        let alone = is_character(first);
        while let Some((at, c)) = chars.next_if(|&(_, c)| joins(c) || !alone && c.is_alphanumeric() && !is_character(c))
        {
            end = at + c.len_utf8();
        }
        Some((start, end))
    })
}

/// A text folded, where its label ends and what stands behind it begins, and where the label ends in what is folded.
pub fn fold_labelled(kind: BlockKind, plain: &str, signs: Signs) -> (Option<(u32, u32)>, u32, String) {
    let mut folded = String::with_capacity(plain.len() + 2);
    let may = kind == BlockKind::TableRow || signs.meets(LABELS);
    let Some(at) = may.then(|| label_at(kind, plain)).flatten() else {
        fold_onto(&mut folded, plain);
        return (None, 0, folded);
    };
    fold_onto(&mut folded, &plain[..at.0 as usize]);
    let ends = folded.len() as u32;
    fold_onto(&mut folded, &plain[at.1 as usize..]);
    (Some(at), ends, folded)
}

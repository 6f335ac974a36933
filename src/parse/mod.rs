//! Text to document: repairs damage, finds the outline, blocks, links and notes. Never fails.

mod anchors;
mod bold;
mod damage;
mod front_matter;
mod gaps;
mod html;
mod links;
mod listed;
mod notes;
mod plain;
mod rst;
mod title;
mod underlined;
mod unflatten;
mod urls;
mod walk;

use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::document::{Document, HeadingStyle, Repair};
use crate::model::source::TextFile;
use crate::model::text::{Rewrite, Span};
use std::sync::Arc;

const NEWLINES: Rule = Rule {
    id: "newlines-lost",
    severity: Severity::Warning,
    summary: "A document has lost its line breaks; they were put back where its marks show where they belong",
};

const HEADING: Rule = Rule {
    id: "heading-without-space",
    severity: Severity::Note,
    summary: "A heading is written without the space behind its #, so that most tools do not see it",
};

const FENCE: Rule = Rule {
    id: "fence-unclosed",
    severity: Severity::Warning,
    summary: "A code fence is never closed, so that most tools show the rest of the document as code",
};

const COMMENT: Rule = Rule {
    id: "comment-unclosed",
    severity: Severity::Warning,
    summary: "A comment is never closed, so that most tools hide the rest of the document",
};

const NESTING: Rule = Rule {
    id: "nesting-flattened",
    severity: Severity::Warning,
    summary: "Lists or quotes are nested deeper than a page can show; the deepest levels became one",
};

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[front_matter::UNREADABLE, NEWLINES, HEADING, FENCE, COMMENT, NESTING];

/// Reads a text's structure.
pub fn parse(file: TextFile) -> (Document, Vec<Diagnostic>) {
    let mut document = Document::new(file.origin, file.hash, file.text);
    let mut diagnostics = Vec::new();
    mend(&mut document, Repair::LineEnds, line_ends);
    front_matter::read(&mut document, &mut diagnostics);
    let path = document.origin.path.clone();
    if rst::is_rst(&path, document.body.of(&document.text)) {
        mend(&mut document, Repair::Rst, rst::lines);
    } else {
        mend(&mut document, Repair::LostNewlines, unflatten::lines);
        if plain::is_plain(&path, document.body.of(&document.text)) {
            mend(&mut document, Repair::PlainOutline, plain::lines);
        }
    }
    let rewritten = document.repairs.iter().any(|r| matches!(r, Repair::Rst | Repair::PlainOutline));
    if !document.repairs.contains(&Repair::Rst) {
        mend(&mut document, Repair::PlainOutline, underlined::lines);
        mend(&mut document, Repair::PlainOutline, listed::lines);
    }
    damage(&mut document, &mut diagnostics);
    if document.repairs.contains(&Repair::LostNewlines) {
        diagnostics.push(said(&document, Repair::LostNewlines, 0));
    }
    if memchr::memmem::find(document.text.as_bytes(), b"<%").is_some() {
        document.repairs.push(Repair::TemplateCode);
    }
    walk::read(&mut document);
    if rewritten {
        let atx = document.headings.iter_mut().filter(|h| h.style == HeadingStyle::Atx);
        atx.for_each(|h| h.style = HeadingStyle::Repaired);
    }
    document.repairs.sort_unstable();
    document.repairs.dedup();
    // Documents of a whole fleet are kept side by side: what growing them left over is given back.
    document.headings.shrink_to_fit();
    document.blocks.shrink_to_fit();
    document.links.shrink_to_fit();
    (document, diagnostics)
}

/// Does one repair to the text, where it finds something to repair.
fn mend(document: &mut Document, repair: Repair, find: impl for<'t> FnOnce(&'t str, &mut Rewrite<'t>)) {
    let text = document.text.clone();
    let start = document.body.start as usize;
    let mut rewrite = Rewrite::behind(&text, start);
    find(&text[start..], &mut rewrite);
    if rewritten(document, rewrite) {
        document.repairs.push(repair);
    }
}

/// Takes a rewritten text over, if it was.
fn rewritten(document: &mut Document, rewrite: Rewrite) -> bool {
    let Some((text, map)) = rewrite.finish() else { return false };
    document.map = map.over(&document.map);
    document.text = Arc::from(text);
    document.body = Span::new(document.body.start as usize, document.text.len());
    true
}

/// Mends what single lines show, and says what it was, once a kind.
fn damage(document: &mut Document, diagnostics: &mut Vec<Diagnostic>) {
    let text = document.text.clone();
    let start = document.body.start as usize;
    let edits = damage::find(&text[start..]);
    let mut rewrite = Rewrite::behind(&text, start);
    for edit in &edits {
        if !document.repairs.contains(&edit.repair) {
            diagnostics.push(said(document, edit.repair, (start + edit.range.start) as u32));
            document.repairs.push(edit.repair);
        }
        rewrite.replace(edit.range.clone(), &edit.with);
    }
    rewritten(document, rewrite);
}

/// What there is to say about a repair, with its first place in the repaired text.
fn said(document: &Document, repair: Repair, at: u32) -> Diagnostic {
    let (rule, message, help) = match repair {
        Repair::LostNewlines => {
            (NEWLINES, "the line breaks of this document are lost", "put them back: the breaks read here are a guess")
        }
        Repair::HeadingSpace => (HEADING, "a heading has no space behind its #", "write `## Title`"),
        Repair::UnclosedFence => {
            (FENCE, "a code fence is never closed; it is taken to end here", "close it with ``` on a line of its own")
        }
        Repair::UnclosedComment => (COMMENT, "a comment is never closed; it is taken to end here", "close it with -->"),
        _ => (NESTING, "lists or quotes are nested too deep here", "use headings instead of so many levels"),
    };
    let place = document.map.back(at);
    let span = Span { start: place, end: place };
    let location = Location::span(document.origin.clone(), &document.source, &document.lines, span);
    rule.says(message, Some(location), help)
}

/// Every line end becomes `\n`.
fn line_ends<'t>(text: &'t str, rewrite: &mut Rewrite<'t>) {
    for at in memchr::memchr_iter(b'\r', text.as_bytes()) {
        let end = if text.as_bytes().get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 };
        rewrite.replace(at..end, "\n");
    }
}

/// A text as one kind of repair leaves it.
#[cfg(test)]
fn repaired(text: &str, repair: for<'t> fn(&'t str, &mut Rewrite<'t>)) -> String {
    let mut rewrite = Rewrite::of(text);
    repair(text, &mut rewrite);
    rewrite.finish().map_or_else(|| text.to_owned(), |(made, _)| made)
}

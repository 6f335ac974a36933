//! Blocks to units: sentences, items, rows and code, their markup taken away, each scanned once.

use super::fold::fold;
use super::lexicon::{Lexicon, Scan};
use super::lists::List;
use super::marks::{
    blank_entity, breaks, closed_example, closers, emphasis, ends_sentence, entity, fenced, goes_on, html_tag,
    is_command, label_line, shortcode, skip_markers, slanted, struck,
};
use super::residue::opens_example;
use super::says::Says;
use super::signs::Signs;
use super::units::{Unit, fold_labelled, word_spans};
use crate::model::document::{Block, BlockKind, Document, LinkKind};
use crate::model::text::Span;

/// No sentence is this long, in bytes: a text without ends is cut, so that nothing here grows with its square.
const LONG: usize = 1500;

/// Cuts a document's blocks into units.
pub fn units(document: &Document, lexicon: &Lexicon) -> Vec<Unit> {
    let mut out = Vec::with_capacity(document.blocks.len() + document.blocks.len() / 4);
    let mut links = Links { document, next: 0 };
    let mut plain = String::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let mut cutter = Cutter {
            block,
            at: at as u32,
            plain: &mut plain,
            out: &mut out,
            lexicon,
            seen: Seen::default(),
            began: false,
            slanted: slanted(block.span.of(&document.text)),
        };
        match block.kind {
            BlockKind::Rule | BlockKind::Definition | BlockKind::TableHead => {}
            BlockKind::Comment => {
                if !document.notes.iter().any(|n| block.span.contains(n.span)) {
                    cutter.finish(block.span);
                }
            }
            BlockKind::Code => {
                let text = block.span.of(&document.text);
                let cut = (0..=text.len().min(600)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
                let (language, body) = fenced(&text[..cut]);
                cutter.seen.code = !lexicon.is(List::NoCommands, &fold(language));
                cutter.plain.push_str(body);
                cutter.finish(block.span);
            }
            _ => strip(document, block, &mut links, &mut cutter),
        }
    }
    out
}

#[derive(Default, Clone, Copy)]
struct Seen {
    links: u16,
    link_words: u16,
    picture: bool,
    code: bool,
    promise: bool,
    command: bool,
    /// Whether words were struck through, or blanks written as entities.
    wiped: bool,
    summary: bool,
}

struct Cutter<'a> {
    block: &'a Block,
    at: u32,
    plain: &'a mut String,
    out: &'a mut Vec<Unit>,
    lexicon: &'a Lexicon,
    seen: Seen,
    /// Whether the block has given a unit.
    began: bool,
    slanted: bool,
}

impl Cutter<'_> {
    fn lone_mark(&self) -> bool {
        self.block.kind == BlockKind::Paragraph && self.block.span.end - self.block.span.start <= 4
    }

    /// "Owned by Team Purser" is a label without its colon.
    fn opening(&self, plain: &str, folded: &str) -> Option<(u32, u32)> {
        let opening = self.lexicon.list(List::OwnerOpening).iter().find(|o| {
            folded[1..].strip_prefix(o.as_str()).is_some_and(|rest| rest.starts_with(' ') && rest.len() > 2)
        })?;
        let to = opening.len();
        let fits = plain.get(..to).is_some_and(|p| p.eq_ignore_ascii_case(opening));
        fits.then_some((to as u32, to as u32))
    }

    fn finish(&mut self, span: Span) {
        let seen = std::mem::take(&mut self.seen);
        let comment = self.block.kind == BlockKind::Comment;
        let plain = self.plain.trim().to_owned();
        self.plain.clear();
        // A lone mark is the template's: kept, so that the place is not taken for an empty one.
        let mark = plain.is_empty() && !comment && seen.links == 0;
        if mark && !seen.wiped && (self.began || !self.lone_mark()) {
            return;
        }
        self.began = true;
        let signs = Signs::of(&plain);
        let (mut label, mut label_ends, folded) = fold_labelled(self.block.kind, &plain, signs);
        let mut scan = if comment { Scan::of_words(&folded) } else { self.lexicon.scan(&folded) };
        if label.is_none() && scan.starts.has(List::OwnerOpening) {
            label = self.opening(&plain, &folded);
            label_ends = label.map_or(0, |(to, _)| to + 2);
        }
        if seen.promise {
            scan.holds.put(List::Promise);
        }
        let words = scan.count as u16;
        self.out.push(Unit {
            span,
            block: self.at,
            kind: self.block.kind,
            depth: self.block.depth,
            quoted: self.block.quoted,
            slanted: self.slanted,
            heading: self.block.heading,
            words_outside_links: words.saturating_sub(seen.link_words),
            plain,
            folded,
            signs,
            scan,
            links: seen.links,
            picture: seen.picture,
            code: seen.code,
            command: seen.command,
            label,
            label_ends,
            says: Says::Fact,
            brief: None,
            residue: comment || mark || seen.summary,
        });
    }
}

/// Walks the document's links in step with its blocks.
struct Links<'a> {
    document: &'a Document,
    next: usize,
}

impl<'a> Links<'a> {
    /// Those that start at an offset or behind it.
    fn from(&self, offset: u32) -> &'a [crate::model::document::Link] {
        let rest = &self.document.links[self.next.min(self.document.links.len())..];
        &rest[rest.partition_point(|l| l.span.start < offset)..]
    }

    fn starting_at(&mut self, offset: u32) -> Option<&'a crate::model::document::Link> {
        let links = &self.document.links;
        while links.get(self.next).is_some_and(|l| l.span.start < offset) {
            self.next += 1;
        }
        links.get(self.next).filter(|l| l.span.start == offset)
    }

    /// Where the next link starts, at an offset or behind it.
    fn next_from(&self, offset: u32) -> Option<u32> {
        self.document.links.get(self.next..)?.iter().map(|l| l.span.start).find(|&start| start > offset)
    }
}

/// Bytes that may be more than a letter where a text is cut; one of them opens every full stop of Chinese and Japanese.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let signs = b"\n`*_~&\\<:|.!?)\xe3\xef";
    let mut at = 0;
    while at < signs.len() {
        marks[signs[at] as usize] = true;
        at += 1;
    }
    marks
};

fn lexicon_promises(lexicon: &Lexicon, target: &str) -> bool {
    target.len() <= 24 && lexicon.is(List::Promise, &fold(target))
}

fn strip(document: &Document, block: &Block, links: &mut Links, cutter: &mut Cutter) {
    let text = &document.text[..];
    let bytes = text.as_bytes();
    let (start, end) = (block.span.start as usize, block.span.end as usize);
    let row = block.kind == BlockKind::TableRow;
    let mut at = skip_markers(bytes, start, end, block.kind == BlockKind::Item);
    let mut from = at;
    let mut address_to = None;
    let mut marks = emphasis(text, links.from(at as u32), at, end).into_iter().peekable();
    while at < end {
        if let Some(link) = links.starting_at(at as u32)
            && link.span.end as usize <= end
            && link.span.end > link.span.start
        {
            let label = if link.label.is_empty() && link.kind != LinkKind::Image { &link.target } else { &link.label };
            let label = if matches!(link.kind, LinkKind::Auto | LinkKind::Email) { &link.target } else { label };
            cutter.plain.push_str(label.trim_start_matches("mailto:"));
            if matches!(link.kind, LinkKind::Auto | LinkKind::Email) {
                address_to = Some(cutter.plain.len());
            }
            // "[Dashboard](TBD)", "[Board]()": a link that nobody has written yet is a promise.
            let unwritten = link.target.is_empty() || lexicon_promises(cutter.lexicon, &link.target);
            cutter.seen.promise |= unwritten;
            cutter.seen.links += u16::from(!unwritten);
            cutter.seen.picture |= link.kind == LinkKind::Image;
            cutter.seen.link_words += word_spans(label).count() as u16;
            at = link.span.end as usize;
            continue;
        }
        // Letters are taken by the run, up to the next sign that may mean something and the next link; what is longer than
        // any sentence is looked at letter by letter.
        let stop = links.next_from(at as u32).map_or(end, |start| end.min(start as usize));
        let most = stop.min(at + LONG.saturating_sub(cutter.plain.len()));
        let mut to = at + bytes[at..most].iter().take_while(|&&b| !MARKS[b as usize]).count();
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        if to > at {
            cutter.plain.push_str(&text[at..to]);
            at = to;
            continue;
        }
        let c = text[at..].chars().next().unwrap_or(' ');
        let next = at + c.len_utf8();
        match c {
            '\n' => {
                // A line that ends in an address is a record of its own: "Payments team <pay@example.org>".
                let ends_in_address = std::mem::take(&mut address_to) == Some(cutter.plain.trim_end().len());
                if cutter.plain.ends_with('\\') {
                    cutter.plain.pop();
                    cutter.finish(Span::new(from, at));
                    from = next;
                } else if cutter.plain.ends_with("  ")
                    || closed_example(cutter.plain)
                    || label_line(cutter.plain) && !goes_on(&text[next..end])
                    || ends_in_address
                    || cutter.plain.len() > LONG
                {
                    cutter.finish(Span::new(from, at));
                    from = next;
                } else {
                    cutter.plain.push(' ');
                }
                at = skip_markers(bytes, next, end, false);
                continue;
            }
            '`' => {
                let ticks = bytes[at..end].iter().take_while(|&&b| b == b'`').count();
                let inner = at + ticks;
                let close = text[inner..end].find(&text[at..inner]).map(|i| inner + i);
                let Some(close) = close else {
                    at = inner;
                    continue;
                };
                let inside = text[inner..close].trim();
                cutter.seen.code = true;
                cutter.seen.command |= is_command(inside);
                cutter.plain.push_str(inside);
                at = close + ticks;
                continue;
            }
            '*' | '_' => {
                while marks.next_if(|&(mark, _)| mark < at).is_some() {}
                match marks.next_if(|&(mark, _)| mark == at) {
                    Some((_, length)) => {
                        at += length;
                        continue;
                    }
                    None => cutter.plain.push(c),
                }
            }
            '~' | '<' if let Some(to) = struck(text, at, end) => {
                cutter.seen.wiped = true;
                at = to;
                continue;
            }
            '~' if bytes.get(next) == Some(&b'~') || (at > 0 && bytes[at - 1] == b'~') => {}
            '&' if let Some(length) = blank_entity(&text[at..end]) => {
                cutter.plain.push(' ');
                cutter.seen.wiped = true;
                at += length;
                continue;
            }
            '\\' if bytes.get(next).is_some_and(|b| b.is_ascii_punctuation()) => {}
            '<' => {
                if let Some(length) = html_tag(&bytes[at..end]) {
                    let tag = &bytes[at..at + length];
                    if breaks(tag) {
                        cutter.seen.summary = tag.len() > 3 && tag[2].eq_ignore_ascii_case(&b's');
                        cutter.finish(Span::new(from, at));
                        from = at + length;
                    }
                    at += length;
                    continue;
                }
                cutter.plain.push('<');
            }
            ':' if shortcode(&bytes[at..end]) > 0 && !cutter.plain.ends_with(|c: char| !c.is_whitespace()) => {
                at += shortcode(&bytes[at..end]);
                continue;
            }
            '&' => {
                let (letter, length) = entity(&bytes[at..end]).unwrap_or(('&', 1));
                cutter.plain.push(letter);
                at += length;
                continue;
            }
            // "Version 1.3 | Owner: Finance Systems | internal": labels side by side.
            '|' if !row
                && (label_line(cutter.plain) || label_line(text[next..end].split('|').next().unwrap_or(""))) =>
            {
                cutter.finish(Span::new(from, at));
                from = next;
            }
            // "_(e.g. ...)_ Ours is ...": what stands behind a whole example is somebody's own.
            '.' | '!' | '?' | ')'
                if !row
                    && match c {
                        ')' => opens_example(cutter.plain) && closed_example(&format!("{})", cutter.plain)),
                        _ => ends_sentence(text, next, end, cutter.plain),
                    } =>
            {
                cutter.plain.push(c);
                let close = closers(bytes, next, end);
                cutter.finish(Span::new(from, close));
                at = close;
                from = close;
                continue;
            }
            // Sentences of scripts without blanks between words.
            '。' | '！' | '？' if !row => {
                cutter.plain.push(c);
                cutter.finish(Span::new(from, next));
                from = next;
            }
            ' ' if cutter.plain.len() > LONG => {
                cutter.finish(Span::new(from, at));
                from = next;
            }
            c => cutter.plain.push(c),
        }
        at = next;
    }
    cutter.finish(Span::new(from.min(end), end));
}

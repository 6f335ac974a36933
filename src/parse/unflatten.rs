//! Puts line breaks back into a document that lost them: one huge line with ` ## `, ` > ` and ` - ` inside.

use crate::model::text::Rewrite;
use crate::parse::title::WORDS;
use std::ops::Range;

/// A line shorter than this has not swallowed a document.
const SHORTEST: usize = 200;
/// A title longer than this many words is no title.
const TITLE_WORDS: usize = 14;

/// Breaks every line that holds at least two headings.
pub fn lines<'t>(text: &'t str, rewrite: &mut Rewrite<'t>) {
    if memchr::memmem::find(text.as_bytes(), b" ##").is_none() {
        return;
    }
    let mut at = 0;
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```") && line.len() < SHORTEST;
        if line.len() >= SHORTEST && !fenced {
            let words = pieces(line.trim_end(), at);
            let heads = words.iter().filter(|w| w.head > 0).count();
            if heads > 1 {
                Break { text, rewrite, words: &words }.all();
            }
        }
        at += line.len();
    }
}

/// A run without blanks, or a whole code span.
struct Piece {
    span: Range<usize>,
    /// How many `#`s, where it begins a heading.
    head: usize,
    code: bool,
}

/// Splits a line at its blanks, code spans kept whole.
fn pieces(line: &str, base: usize) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut at = 0;
    let ticks = |at: usize| line[at..].bytes().take_while(|b| *b == b'`').count();
    // A run of backticks that nobody closes is looked for only once.
    let mut lonely = [false; 4];
    while at < line.len() {
        let start = at + (line[at..].len() - line[at..].trim_start().len());
        if start >= line.len() {
            break;
        }
        let mut end = start;
        let mut code = false;
        while let Some(c) = line[end..].chars().next().filter(|c| !c.is_whitespace()) {
            if c != '`' {
                end += c.len_utf8();
                continue;
            }
            let open = ticks(end);
            let mark = &line[end..end + open];
            let close = if lonely[open.min(3)] { None } else { line[end + open..].find(mark) };
            match close {
                Some(close) => {
                    code |= end == start;
                    end += open + close;
                    end += ticks(end);
                }
                None => {
                    lonely[open.min(3)] = true;
                    end += open;
                }
            }
        }
        let word = &line[start..end];
        let hashes = word.bytes().take_while(|b| *b == b'#').count();
        let more = !line[end..].trim_start().is_empty();
        let heads = hashes == word.len() && hashes <= 6 && (hashes > 1 || found.is_empty()) && more;
        found.push(Piece { span: base + start..base + end, head: if heads { hashes } else { 0 }, code });
        at = end;
    }
    found
}

struct Break<'a, 't> {
    text: &'t str,
    rewrite: &'a mut Rewrite<'t>,
    words: &'a [Piece],
}

impl Break<'_, '_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |w| &self.text[w.span.clone()])
    }

    /// Puts a line break in front of a word, with a blank line where a block begins.
    fn before(&mut self, at: usize, block: bool) {
        if at > 0 && at < self.words.len() {
            let gap = self.words[at - 1].span.end..self.words[at].span.start;
            self.rewrite.replace(gap, if block { "\n\n" } else { "\n" });
        }
    }

    fn all(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            let next = (at + 1..self.words.len()).find(|&i| self.words[i].head > 0).unwrap_or(self.words.len());
            if self.words[at].head > 0 {
                self.before(at, true);
                let body = self.title_end(at + 1, next);
                self.body(body, next, true);
            } else {
                self.body(at, next, false);
            }
            at = next;
        }
    }

    /// Where the words of a title end: at a mark, or where a sentence begins.
    fn title_end(&self, from: usize, to: usize) -> usize {
        let mark = |i: usize| {
            let word = self.word(i);
            let tail = word == "-" && WORDS.tails.iter().any(|t| t == self.word(i + 1)) && self.marks(i + 2, to);
            let bullet = matches!(word, "-" | "*") && !tail;
            bullet
                || matches!(word, ">" | "|")
                || ["_(", "**", "<!--", "![", "```"].iter().any(|m| word.starts_with(m)) && i > from
        };
        let end = (from + 1..to).find(|&i| mark(i) || self.word(i) == "1." && i + 1 < to).unwrap_or(to);
        let starter = |i: usize| {
            let word = self.word(i);
            let bare = word.trim_end_matches([',', '.', ':']).to_lowercase();
            word.starts_with(char::is_uppercase) && WORDS.starters.contains(&bare)
        };
        let sentence = (from + 1..end).find(|&i| starter(i));
        match sentence {
            Some(at) => at,
            None if end - from <= TITLE_WORDS => end,
            None => (from + 1..end)
                .find(|&i| {
                    let before = self.word(i - 1).starts_with(char::is_lowercase) || self.word(i - 1).ends_with(')');
                    before && self.word(i).starts_with(char::is_uppercase)
                })
                .unwrap_or(end),
        }
    }

    /// Whether a mark or the end of the section comes within three words.
    fn marks(&self, from: usize, to: usize) -> bool {
        from + 3 >= to
            || (from..from + 3).any(|i| matches!(self.word(i), "-" | ">" | "*") || self.word(i).starts_with("_("))
    }

    /// Breaks what stands under a heading into its quote, its list and its paragraphs.
    fn body(&mut self, from: usize, to: usize, mut fresh: bool) {
        let mut at = from;
        if fresh {
            self.before(at, at < to);
        }
        if self.word(at) == ">" && at < to {
            let list = (at + 1..to).find(|&i| self.word(i) == "-").unwrap_or(to);
            let asked = (at + 1..list).rev().find(|&i| self.word(i).ends_with('?'));
            let stop = |i: &usize| self.word(*i).starts_with("_(") || self.word(*i).starts_with("**");
            let end = asked.map_or_else(|| (at + 1..list).find(stop).unwrap_or(list), |i| i + 1);
            for i in at + 1..end {
                if self.word(i) == ">" {
                    self.before(i, false);
                }
            }
            self.before(end, end < to);
            at = end;
            fresh = true;
        }
        let mut listed = false;
        let mut number = 1;
        for i in at..to {
            let word = self.word(i).to_owned();
            let last = self.word(i.max(1) - 1).trim_end_matches(['*', '_']);
            let ended = i > at && last.ends_with([':', '.', '?', '!', ')']);
            if self.words[i].code && !word.starts_with("```") {
                continue;
            }
            if matches!(word.as_str(), "-" | "*") && i + 1 < to && (listed || ended || fresh && i == at) {
                self.before(i, !listed);
                listed = true;
            } else if word == format!("{number}.") && i + 1 < to && (number > 1 || ended || i == at) {
                self.before(i, number == 1);
                number += 1;
            } else if i > at && (word.starts_with("_(") || word.starts_with("<!--") || self.labels(i, to)) {
                self.before(i, true);
                listed = false;
                number = 1;
            } else if word.starts_with("```") && self.words[i].code {
                self.fence(i);
            }
        }
    }

    /// Whether a bold label (`**Service name:**`) begins here.
    fn labels(&self, at: usize, to: usize) -> bool {
        let ends = |i: usize| self.word(i).ends_with(":**") || self.word(i).ends_with("**:");
        self.word(at).starts_with("**") && (at..to.min(at + 8)).any(ends)
    }

    /// A fenced block that stands on one line.
    fn fence(&mut self, at: usize) {
        let span = self.words[at].span.clone();
        let code = &self.text[span.clone()];
        let inner = code.trim_matches('`');
        let mark = code.len() - code.trim_start_matches('`').len();
        let Some(first) = inner.find(' ').filter(|_| code.ends_with(&code[..mark])) else { return };
        let open = span.start + mark + first;
        let close = span.start + code.trim_end_matches('`').trim_end().len();
        if open >= close {
            return;
        }
        self.before(at, true);
        self.rewrite.replace(open..open + 1, "\n");
        self.rewrite.replace(close..span.end - mark, "\n");
        if at + 1 < self.words.len() {
            self.before(at + 1, true);
        }
    }
}

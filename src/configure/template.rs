//! Reads a template: Markdown in which a comment below each heading says what the heading is.
//!
//! ```text
//! ## Backup and restore
//! <!-- opsbook: chapter=backup
//! aliases: backups; recovery of data
//! -->
//! ### Restore procedures
//! <!-- opsbook: section=restore-procedures
//! aliases: restoring; how to restore
//! aliases: wiederherstellung; restauration
//! words: pg_restore; point in time
//! not: service restoration
//! -->
//! > What an author should write
//!
//! _(e.g. A believable answer.)_
//! ```

use super::raw::Sheet;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::id::{ChapterIx, ParentIx, SectionIx};
use crate::model::source::Origin;
use crate::model::template::{Chapter, Parent, Section, Template};
use std::ops::Range;

/// The template cannot be used as it stands.
pub(super) const TEMPLATE_SHAPE: Rule = Rule {
    id: "template-shape",
    severity: Severity::Error,
    summary: "a heading of the template has no id, one that is taken, or stands outside any chapter",
};

const OPEN: &str = "<!-- opsbook:";
const EXAMPLE: &str = "(e.g.";

/// A heading that waits for the comment that says what it is.
struct Heading {
    level: u8,
    title: String,
    at: Range<usize>,
}

/// What a comment says: `section=restore-procedures` and the `key: value` lines below it.
struct Comment {
    what: String,
    id: String,
    lines: Vec<(String, String)>,
    at: Range<usize>,
}

impl Comment {
    fn get(&self, key: &str) -> &str {
        self.lines.iter().find(|(k, _)| k == key).map_or("", |(_, value)| value)
    }

    fn list(&self, key: &str) -> Vec<String> {
        let lines = self.lines.iter().filter(|(k, _)| k == key);
        let items = lines.flat_map(|(_, value)| value.split(';')).map(|item| item.trim().to_lowercase());
        items.filter(|item| !item.is_empty()).collect()
    }
}

/// The template so far.
struct Builder<'s> {
    sheet: Sheet<'s>,
    title: Option<String>,
    chapters: Vec<Chapter>,
    parents: Vec<Parent>,
    sections: Vec<Section>,
    /// The parent inside the chapter that the next section stands below.
    group: Option<ParentIx>,
    /// Whether guidance and examples that follow belong to the last section.
    open: bool,
}

pub(super) fn read(text: &str, origin: Origin) -> (Template, Vec<Diagnostic>) {
    let mut builder = Builder {
        sheet: Sheet::new(text, origin),
        title: None,
        chapters: Vec::new(),
        parents: Vec::new(),
        sections: Vec::new(),
        group: None,
        open: false,
    };
    let mut heading: Option<Heading> = None;
    let mut at = 0;
    while at < text.len() {
        let end = |from: usize| text[from..].find('\n').map_or(text.len(), |line| from + line + 1);
        let line = text[at..end(at)].trim_end();
        let mut next = end(at);
        if line.starts_with(OPEN) {
            let comment = comment(text, at);
            next = end(comment.at.end);
            builder.comment(heading.take(), comment);
        } else if let Some((level, title)) = atx(line) {
            builder.nameless(heading.take());
            builder.open = false;
            heading = Some(Heading { level, title, at: at..at + line.len() });
        } else if builder.open {
            builder.words(line);
        }
        at = next;
    }
    builder.nameless(heading);
    builder.finish()
}

/// The level and the words of a heading line.
fn atx(line: &str) -> Option<(u8, String)> {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    let title = words.strip_prefix(' ')?.trim().trim_end_matches('#').trim_end();
    (1..=6).contains(&level).then(|| (level as u8, title.to_owned()))
}

/// The comment that opens at an offset; one that is never closed ends with its line.
fn comment(text: &str, from: usize) -> Comment {
    let inside = &text[from + OPEN.len()..];
    let line_end = inside.find('\n').unwrap_or(inside.len());
    let len = inside.find("-->").unwrap_or(line_end);
    let mut lines = inside[..len].lines();
    let first = lines.next().unwrap_or_default().trim();
    let (what, id) = first.split_once('=').unwrap_or((first, ""));
    let pair = |line: &str| line.split_once(':').map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()));
    Comment {
        what: what.trim().to_owned(),
        id: id.trim().trim_matches('"').to_owned(),
        lines: lines.filter_map(pair).collect(),
        at: from..from + OPEN.len() + len,
    }
}

impl Builder<'_> {
    fn wrong(&mut self, at: Range<usize>, message: impl Into<String>, help: &str) {
        self.sheet.wrong(&TEMPLATE_SHAPE, at, message.into(), help);
    }

    /// A heading without a comment: below the title every heading must say what it is.
    fn nameless(&mut self, heading: Option<Heading>) {
        let Some(heading) = heading.filter(|h| h.level > 1) else { return };
        let help = "put `<!-- opsbook: section=some-id -->` (or `chapter=`, `parent=`) on the line below it";
        self.wrong(heading.at, format!("the heading \"{}\" has no id", heading.title), help);
    }

    fn comment(&mut self, heading: Option<Heading>, comment: Comment) {
        if comment.what == "template" {
            self.title = Some(comment.get("title").to_owned()).filter(|t| !t.is_empty());
            return;
        }
        let known = ["chapter", "parent", "section"];
        if !known.contains(&comment.what.as_str()) {
            return self.sheet.unknown(&TEMPLATE_SHAPE, "note", &comment.what, comment.at, &known);
        }
        let Some(heading) = heading else {
            return self.wrong(comment.at, "this note has no heading above it", "put it on the line below its heading");
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if comment.id.is_empty() || !comment.id.chars().all(plain) {
            let help = "write an id of lower-case letters, digits and `-`, such as `section=restore-procedures`";
            return self.wrong(comment.at, format!("`{}` is no id", comment.id), help);
        }
        let taken = match comment.what.as_str() {
            "section" => self.sections.iter().any(|s| s.id == comment.id),
            _ => self.parents.iter().any(|p| p.id == comment.id),
        };
        if taken {
            let message = format!("the id `{}` is taken by another {}", comment.id, comment.what);
            return self.wrong(comment.at, message, "give each its own id");
        }
        if comment.what == "chapter" {
            let parent = ParentIx::from(self.parents.len());
            self.chapters.push(Chapter { id: comment.id.clone(), title: heading.title.clone(), parent });
        }
        if comment.what != "section" {
            self.group = (comment.what == "parent").then(|| ParentIx::from(self.parents.len()));
        }
        let Some(chapter) = self.chapters.len().checked_sub(1).map(ChapterIx::from) else {
            let help = "begin with `## Title` and `<!-- opsbook: chapter=some-id -->`";
            return self.wrong(heading.at, format!("\"{}\" stands before the first chapter", heading.title), help);
        };
        match comment.what.as_str() {
            "section" => self.section(heading, comment, chapter),
            _ => self.parents.push(Parent {
                title: heading.title,
                level: heading.level,
                chapter,
                aliases: comment.list("aliases"),
                one_topic: comment.get("one-topic").eq_ignore_ascii_case("yes"),
                sections: Vec::new(),
                id: comment.id,
            }),
        }
    }

    fn section(&mut self, heading: Heading, comment: Comment, chapter: ChapterIx) {
        let of_chapter = self.chapters[chapter.at()].parent;
        self.group = self.group.filter(|group| self.parents[group.at()].level < heading.level);
        let parent = self.group.unwrap_or(of_chapter);
        let ix = SectionIx::from(self.sections.len());
        self.parents[of_chapter.at()].sections.push(ix);
        if parent != of_chapter {
            self.parents[parent.at()].sections.push(ix);
        }
        self.sections.push(Section {
            aliases: comment.list("aliases"),
            words: comment.list("words"),
            tells: comment.list("tells"),
            not: comment.list("not"),
            id: comment.id,
            title: heading.title,
            level: heading.level,
            chapter,
            parent,
            guidance: String::new(),
            example: String::new(),
        });
        self.open = true;
    }

    /// A line below a section: its guidance, its example, or nothing.
    fn words(&mut self, line: &str) {
        let Some(section) = self.sections.last_mut() else { return };
        let into = |text: &mut String, words: &str| {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(words);
        };
        if let Some(words) = line.strip_prefix('>') {
            into(&mut section.guidance, words.trim());
        } else if let Some(words) = line.trim().trim_matches('_').strip_prefix(EXAMPLE) {
            into(&mut section.example, words.strip_suffix(')').unwrap_or(words).trim());
        } else if !line.trim().is_empty() && !line.trim_start().starts_with("<!--") {
            // Guidance that its house does not quote: kept in a document, it is nobody's answer all the same.
            into(&mut section.guidance, line.trim());
        }
    }

    fn finish(mut self) -> (Template, Vec<Diagnostic>) {
        if self.sections.is_empty() && self.sheet.found.is_empty() {
            let help = "put `<!-- opsbook: section=some-id -->` below each heading that asks something";
            self.wrong(0..0, "the template has no section", help);
        }
        let title = self.title.unwrap_or_else(|| "Runbook".to_owned());
        let text = self.sheet.text.to_owned();
        (Template::new(title, self.chapters, self.parents, self.sections, text), self.sheet.found)
    }
}

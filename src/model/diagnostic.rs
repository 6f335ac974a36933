//! Something wrong in the users' documents, configuration or theme, said so that they can mend it.

use crate::model::source::Origin;
use crate::model::text::Span;
use serde::Serialize;

/// How bad it is. The gate of `check` compares against this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Fails the gate.
    Error,
}

/// What a kind of diagnostic is called and means; each stands beside the code that speaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case id, also the name of its page in the handbook (`book/src/rules/<id>.md`).
    pub id: &'static str,
    /// Severity unless the configuration says otherwise.
    pub severity: Severity,
    /// One line: what is wrong when it speaks.
    pub summary: &'static str,
}

/// A place in a collected file, the configuration or a theme file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Which file.
    pub origin: Origin,
    /// Line, counted from 1; 0 where the whole file is meant.
    pub line: u32,
    /// Column in characters, counted from 1; 0 where the whole line is meant.
    pub column: u32,
    /// The line of text meant, for the caret; empty where there is none to show.
    pub excerpt: String,
    /// The part of `excerpt` to underline, in bytes of it.
    pub mark: Span,
}

impl Location {
    /// A whole file.
    pub fn file(origin: Origin) -> Self {
        Self { origin, line: 0, column: 0, excerpt: String::new(), mark: Span::default() }
    }

    /// A whole line.
    pub fn line(origin: Origin, line: u32) -> Self {
        Self { line, ..Self::file(origin) }
    }

    /// A span of a text, with the line it begins on as the excerpt.
    ///
    /// Lines of more than 240 bytes are cut around the span, so that a one-line document stays readable.
    pub fn span(origin: Origin, text: &str, lines: &crate::model::text::LineIndex, span: Span) -> Self {
        let line = lines.line(span.start);
        let whole = lines.span(text, line);
        let floor = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor((span.start as usize).saturating_sub(80).max(whole.start as usize));
        let end = floor((start + 240).min(whole.end as usize));
        let excerpt = text[start..end].trim_end_matches(['\r', '\n']).to_owned();
        let from = (span.start as usize - start).min(excerpt.len());
        let to = (span.end as usize).saturating_sub(start).clamp(from, excerpt.len());
        Self { column: lines.column(text, span.start), mark: Span::new(from, to), excerpt, ..Self::line(origin, line) }
    }
}

/// A change that mends a diagnostic: replace `span` of the file as collected by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace, in bytes of the decoded text.
    pub span: Span,
    /// What to put there.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule speaks.
    pub rule: &'static str,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop at the end.
    pub message: String,
    /// Where; `None` for findings about the fleet as a whole.
    pub location: Option<Location>,
    /// What to do about it.
    pub help: String,
    /// The service it is about, by id, where it is about one.
    pub service: Option<crate::model::id::Id>,
    /// The section it is about, by id, where it is about one.
    pub section: Option<String>,
    /// A change that mends it, where one is sure.
    pub fix: Option<Fix>,
}

impl Rule {
    /// A finding of this rule.
    pub fn says(&self, message: impl Into<String>, location: Option<Location>, help: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule: self.id,
            severity: self.severity,
            message: message.into(),
            location,
            help: help.into(),
            service: None,
            section: None,
            fix: None,
        }
    }
}

impl Diagnostic {
    /// The same finding, said to be about a service.
    pub fn about(mut self, service: &crate::model::id::Id) -> Self {
        self.service = Some(service.clone());
        self
    }

    /// The same finding, said to be about a section.
    pub fn in_section(mut self, section: &str) -> Self {
        self.section = Some(section.to_owned());
        self
    }
}

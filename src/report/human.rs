//! Diagnostics for a person at a terminal: what is wrong, the line with a caret, what to do, a count at the end.

use crate::model::diagnostic::{Diagnostic, Location, Severity};
use crate::model::text;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeSet;

/// Diagnostics file by file, in the order of their lines; those of no file come last.
///
/// The text holds words of collected documents: everything in them that a terminal would obey is made visible instead.
pub fn human(diagnostics: &[Diagnostic], colour: bool) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|d| (d.location.is_none(), &d.location, std::cmp::Reverse(d.severity), d.rule, &d.message));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in &sorted {
        out += &renderer.render(&[group(diagnostic)]);
        out += "\n\n";
    }
    out + &summary(diagnostics) + "\n"
}

fn group(diagnostic: &Diagnostic) -> Group<'static> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(harmless(&diagnostic.message)).id(diagnostic.rule));
    group = match &diagnostic.location {
        None => group,
        Some(location) if location.excerpt.trim().is_empty() => group.element(origin(location)),
        Some(location) => {
            let (snippet, column) = snippet(location);
            // The renderer counts columns in what it is shown: where the line was cut, the true one is said apart.
            if column == location.column {
                group.element(snippet.path(harmless(&location.origin.label())))
            } else {
                group.element(origin(location)).element(snippet)
            }
        }
    };
    if diagnostic.help.is_empty() { group } else { group.element(Level::HELP.message(harmless(&diagnostic.help))) }
}

fn origin(location: &Location) -> Origin<'static> {
    let origin = Origin::path(harmless(&location.origin.label()));
    match (location.line, location.column) {
        (0, _) => origin,
        (line, 0) => origin.line(line as usize),
        (line, column) => origin.line(line as usize).char_column(column as usize),
    }
}

/// The excerpt with its caret, and the caret's column in it.
fn snippet(location: &Location) -> (Snippet<'static, Annotation<'static>>, u32) {
    let marked = location.mark.of(&location.excerpt);
    let before = location.excerpt.get(..location.mark.start as usize).unwrap_or_default();
    let after = location.excerpt.get(before.len() + marked.len()..).unwrap_or_default();
    let column = before.chars().count() as u32 + 1;
    let (before, marked) = (harmless(before), harmless(marked));
    let caret = AnnotationKind::Primary.span(before.len()..before.len() + marked.len());
    let source = before + &marked + &harmless(after);
    (Snippet::source(source).line_start(location.line as usize).annotation(caret), column)
}

/// The text with control characters, escape sequences and direction marks shown as what they are.
pub fn harmless(text: &str) -> String {
    text::harmless(text).into_owned()
}

/// `2 errors, 1 note in 2 files`.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|(severity, name)| (diagnostics.iter().filter(|d| d.severity == severity).count(), name))
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| counted(n, name))
        .collect();
    let files: BTreeSet<_> = diagnostics.iter().filter_map(|d| Some(&d.location.as_ref()?.origin)).collect();
    match (counts.is_empty(), files.len()) {
        (true, _) => "nothing found".to_owned(),
        (_, 0) => counts.join(", "),
        (_, n) => format!("{} in {}", counts.join(", "), counted(n, "file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::diagnostic::Rule;
    use crate::model::source;
    use crate::model::text::{LineIndex, Span};

    const GAP: Rule = Rule { id: "gap", severity: Severity::Error, summary: "" };
    const LOOK: Rule = Rule { id: "look", severity: Severity::Note, summary: "" };

    fn file(path: &str) -> source::Origin {
        source::Origin { repo: "orders".into(), commit: None, path: path.into() }
    }

    fn at(text: &str, words: &str) -> Location {
        let start = text.find(words).unwrap();
        Location::span(file("README.md"), text, &LineIndex::of(text), Span::new(start, start + words.len()))
    }

    #[test]
    fn shows_the_words_and_what_to_do() {
        let place = at("# Orders\nRestore: TBD, soon\n", "TBD");
        assert_eq!(
            human(&[GAP.says("nothing is restored", Some(place), "Write it")], false),
            "error[gap]: nothing is restored
 --> orders/README.md:2:10
  |
2 | Restore: TBD, soon
  |          ^^^
  |
  = help: Write it

1 error in 1 file
"
        );
    }

    #[test]
    fn is_short_without_an_excerpt_and_sorts_by_place() {
        let found = [
            LOOK.says("about the fleet", None, "Look"),
            LOOK.says("about b", Some(Location::line(file("b.md"), 7)), "Look"),
            GAP.says("about a", Some(Location::file(file("a.md"))), "Mend"),
        ];
        assert_eq!(
            human(&found, false),
            "error[gap]: about a
--> orders/a.md
 = help: Mend

note[look]: about b
--> orders/b.md:7
 = help: Look

note[look]: about the fleet
 |
 = help: Look

1 error, 2 notes in 2 files
"
        );
    }

    #[test]
    fn a_terminal_obeys_nothing_an_author_wrote() {
        let hostile = "\u{1b}[2J\u{9b}31m\u{202e}fdp\0\u{7}";
        let place = at(&format!("a {hostile} b"), hostile);
        let shown = human(&[GAP.says(hostile, Some(place), hostile)], false);
        assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
        assert!(shown.contains("␛[2J"), "{shown}");
    }

    #[test]
    fn keeps_the_column_of_a_line_that_was_cut() {
        let text = format!("{} TBD", "x".repeat(5000));
        let shown = human(&[GAP.says("late", Some(at(&text, "TBD")), "Mend")], false);
        assert!(shown.contains("README.md:1:5002"), "{shown}");
        assert!(shown.lines().all(|l| l.chars().count() < 200), "{shown}");
    }

    #[test]
    fn a_mark_that_fits_nothing_is_no_panic() {
        let place = Location { mark: Span::new(3, 900), ..at("é TBD", "TBD") };
        assert!(human(&[GAP.says("odd", Some(place), "")], true).contains("odd"));
    }

    #[test]
    fn colour_is_asked_for() {
        let found = [LOOK.says("odd", None, "Look")];
        assert!(!human(&found, false).contains('\u{1b}') && human(&found, true).contains('\u{1b}'));
        assert_eq!(human(&[], true), "nothing found\n");
    }
}

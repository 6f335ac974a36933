//! Front matter at the very start of a document, read leniently: YAML between `---`, TOML between `+++`.

use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::document::{Document, Field, FrontMatter};
use crate::model::text::Span;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Front matter that is neither YAML nor TOML.
pub const UNREADABLE: Rule = Rule {
    id: "front-matter-unreadable",
    severity: Severity::Warning,
    summary: "The front matter could not be read, so that what it says about the service is not known",
};

/// Finds the front matter and the body behind it.
pub fn read(document: &mut Document, diagnostics: &mut Vec<Diagnostic>) {
    let text = document.text.clone();
    document.body = Span::new(0, text.len());
    let Some((fence, inner, end)) = fenced(&text) else { return };
    let read = if fence == "---" { yaml(inner) } else { toml(inner) };
    let start = inner.as_ptr() as usize - text.as_ptr() as usize;
    let (map, error) = match read {
        Ok(Some(map)) => (map, None),
        Ok(None) => return,
        Err((_, _)) if !inner.lines().any(|l| key_of(l, fence).is_some()) => return,
        Err((message, at)) => (Map::new(), Some((message, start + at))),
    };
    let span = Span::new(0, end);
    if let Some((message, at)) = &error {
        let place = document.map.back(*at as u32);
        let location = Location::span(
            document.origin.clone(),
            &document.source,
            &document.lines,
            Span { start: place, end: place },
        );
        diagnostics.push(UNREADABLE.says(
            format!("front matter cannot be read: {message}"),
            Some(location),
            "mend it, or remove it: until then it is shown as text and nothing in it is used",
        ));
    }
    let fields = fields(document, map, start, inner, fence);
    document.body = Span::new(end, text.len());
    document.front_matter = Some(FrontMatter { span, fields, error: error.map(|(message, _)| message) });
}

/// The fence, what stands inside, and where the body begins.
fn fenced(text: &str) -> Option<(&'static str, &str, usize)> {
    let first = text.split_inclusive('\n').next()?;
    let fence = ["---", "+++"].into_iter().find(|f| first.trim_end() == *f && first.ends_with('\n'))?;
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        let bare = line.trim_end();
        if bare == fence || fence == "---" && bare == "..." {
            return Some((fence, &text[first.len()..at], at + line.len()));
        }
        at += line.len();
    }
    None
}

type Read = Result<Option<Map<String, Value>>, (String, usize)>;

fn yaml(inner: &str) -> Read {
    let options = serde_saphyr::options! { duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::FirstWins };
    match serde_saphyr::from_str_with_options::<Value>(inner, options) {
        Ok(Value::Object(map)) => Ok(Some(map)),
        Ok(_) => Ok(inner.trim().is_empty().then(Map::new)),
        Err(error) => {
            let at = error.location().map_or(0, |l| offset(inner, l.line() as usize, l.column() as usize));
            let message = first_line(&error.to_string());
            // The place is said apart, counted in the file as collected.
            let place = message.find("column ").and_then(|at| Some(at + message[at..].find(": ")? + 2)).unwrap_or(0);
            Err((message[place..].to_owned(), at))
        }
    }
}

fn toml(inner: &str) -> Read {
    match toml::from_str::<Map<String, Value>>(inner) {
        Ok(map) => Ok(Some(map)),
        Err(error) => Err((first_line(error.message()), error.span().map_or(0, |s| s.start.min(inner.len())))),
    }
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim().to_owned()
}

/// The byte offset of a line and column, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let line = text[before..].lines().next().unwrap_or_default();
    before + line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

fn fields(document: &Document, map: Map<String, Value>, start: usize, inner: &str, fence: &str) -> Vec<Field> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut at = start;
    for line in inner.split_inclusive('\n') {
        if let Some(key) = key_of(line, fence) {
            places.entry(key).or_insert(at);
        }
        at += line.len();
    }
    let mut fields: Vec<Field> = map
        .into_iter()
        .map(|(key, value)| {
            let place = places.get(key.as_str()).copied().unwrap_or(start);
            Field { line: document.line(place as u32), key, value }
        })
        .collect();
    fields.sort_by_key(|f| f.line);
    fields
}

/// The top-level key a line of front matter begins with.
fn key_of<'a>(line: &'a str, fence: &str) -> Option<&'a str> {
    if line.starts_with([' ', '\t', '#', '-']) {
        return None;
    }
    if let Some(table) = line.strip_prefix('[') {
        return table.trim_start_matches('[').split([']', '.']).next();
    }
    let (key, _) = line.split_once(if fence == "---" { ':' } else { '=' })?;
    let key = key.trim().trim_matches(['"', '\'']);
    (!key.is_empty() && !key.contains(' ') || key.len() < 40 && !key.is_empty()).then_some(key)
}

//! TOML with its places kept: every wrong key and value becomes a finding that points at it, and reading goes on.
//!
//! serde would stop at the first mistake; somebody who mends a configuration wants to see all of them at once.

use crate::model::diagnostic::{Diagnostic, Location, Rule};
use crate::model::source::Origin;
use crate::model::text::{LineIndex, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Of more names than this only the nearest are told.
const LISTED: usize = 20;

/// A table as it stands in the file, with the keys it may have.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    values: &'t DeTable<'t>,
    keys: &'static [&'static str],
}

/// A text that is read, and what was found wrong with it.
pub(super) struct Sheet<'s> {
    pub(super) text: &'s str,
    origin: Origin,
    lines: LineIndex,
    pub(super) found: Vec<Diagnostic>,
    /// The tables a file may have with their keys, so that a key in the wrong one is told where it belongs.
    pub(super) tables: &'static [(&'static str, &'static [&'static str])],
}

impl<'s> Sheet<'s> {
    pub(super) fn new(text: &'s str, origin: Origin) -> Self {
        Self { text, origin, lines: LineIndex::of(text), found: Vec::new(), tables: &[] }
    }

    /// A place of the file.
    pub(super) fn place(&self, at: Range<usize>) -> Location {
        let end = at.end.min(self.text.len());
        Location::span(self.origin.clone(), self.text, &self.lines, Span::new(at.start.min(end), end))
    }

    /// Says that something is wrong at a place.
    pub(super) fn wrong(&mut self, rule: &Rule, at: Range<usize>, message: String, help: impl Into<String>) {
        let at = self.place(at);
        self.found.push(rule.says(message, Some(at), help));
    }

    /// The line of a place, counted from 1.
    pub(super) fn line(&self, at: &Range<usize>) -> u32 {
        self.lines.line(at.start as u32)
    }

    /// A name nobody knows, with the nearest one somebody does.
    pub(super) fn unknown(&mut self, rule: &Rule, what: &str, name: &str, at: Range<usize>, known: &[&str]) {
        let elsewhere = || {
            let exact = self.tables.iter().find(|(_, keys)| keys.contains(&name)).map(|(table, _)| (*table, name));
            let near = || self.tables.iter().find_map(|(table, keys)| nearest(name, keys).map(|near| (*table, near)));
            exact.or_else(near)
        };
        let help = match (nearest(name, known), elsewhere()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some((table, near))) if what == "key" && near == name => format!("`{near}` belongs {table}"),
            (None, Some((table, near))) if what == "key" => format!("did you mean `{near}`? it belongs {table}"),
            _ if known.len() > LISTED => {
                let mut near: Vec<&str> = known.to_vec();
                near.sort_by_key(|k| distance(name, k));
                let all = if what == "rule" { "; the handbook has a page of each under Rules" } else { "" };
                format!("the nearest of {} are `{}`, `{}` and `{}`{all}", known.len(), near[0], near[1], near[2])
            }
            _ => format!("known here: {}", known.join(", ")),
        };
        self.wrong(rule, at, format!("unknown {what} `{name}`"), help);
    }

    /// What serde or the TOML parser refused, as a finding.
    pub(super) fn refused(&mut self, error: &toml::de::Error) {
        let message = error.message();
        let at = error.span().unwrap_or(0..0);
        if let Some(rest) = message.strip_prefix("unknown field `") {
            let mut names = rest.split('`').step_by(2);
            let name = names.next().unwrap_or_default().to_owned();
            let known: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
            self.unknown(&super::UNKNOWN_KEY, "key", &name, at, &known);
        } else {
            let message = message.lines().collect::<Vec<_>>().join("; ");
            self.wrong(&super::BAD_VALUE, at, message, "mend this line; everything before it was understood");
        }
    }

    /// A table whose every key must be one of `keys`.
    pub(super) fn table<'t>(&mut self, values: &'t DeTable<'t>, keys: &'static [&'static str]) -> Table<'t> {
        for key in values.keys().filter(|k| !keys.contains(&&**k.get_ref())) {
            self.unknown(&super::UNKNOWN_KEY, "key", key.get_ref(), key.span(), keys);
        }
        Table { values, keys }
    }

    fn value<'t>(&self, table: Table<'t>, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        debug_assert!(table.keys.contains(&key), "{key} is read and not listed");
        table.values.get(key)
    }

    /// Whether a key is there, whatever its value.
    pub(super) fn has(&self, table: Table, key: &str) -> bool {
        self.value(table, key).is_some()
    }

    fn expected(&mut self, key: &str, what: &str, value: &Spanned<DeValue>) {
        let is = value.get_ref().type_str();
        let article = |word: &str| if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let message = format!("`{key}` is {} {is}, but should be {what}", article(is));
        self.wrong(&super::BAD_VALUE, value.span(), message, format!("write {what}"));
    }

    /// A text with its place.
    pub(super) fn text_at(&mut self, table: Table, key: &str) -> Option<(String, Range<usize>)> {
        let value = self.value(table, key)?;
        let text = value.get_ref().as_str().map(|text| (text.to_owned(), value.span()));
        if text.is_none() {
            self.expected(key, "a text in quotes", value);
        }
        text
    }

    pub(super) fn string(&mut self, table: Table, key: &str) -> Option<String> {
        self.text_at(table, key).map(|(text, _)| text)
    }

    pub(super) fn flag(&mut self, table: Table, key: &str) -> Option<bool> {
        let value = self.value(table, key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.expected(key, "`true` or `false`", value);
        }
        flag
    }

    /// A whole number within limits, with its place.
    pub(super) fn number(&mut self, table: Table, key: &str, limits: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let value = self.value(table, key)?;
        let number = value.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        if let Some(number) = number.filter(|n| limits.contains(n)) {
            return Some(number);
        }
        let what = match (*limits.start(), *limits.end()) {
            (1, 3) => "1, 2 or 3".to_owned(),
            (least, most) => format!("a whole number from {least} to {most}"),
        };
        match value.get_ref().as_integer() {
            Some(said) => {
                let message = format!("`{key}` is {}, but should be {what}", said.as_str());
                self.wrong(&super::BAD_VALUE, value.span(), message, format!("write {what}"));
            }
            None => self.expected(key, &what, value),
        }
        None
    }

    /// A list of texts, each with its place; one text alone is a list of one.
    pub(super) fn list_at(&mut self, table: Table, key: &str) -> Vec<(String, Range<usize>)> {
        self.value(table, key).map_or_else(Vec::new, |value| self.texts(key, value))
    }

    pub(super) fn list(&mut self, table: Table, key: &str) -> Vec<String> {
        self.list_at(table, key).into_iter().map(|(text, _)| text).collect()
    }

    /// The texts of a value that is a text or a list of them.
    pub(super) fn texts(&mut self, key: &str, value: &Spanned<DeValue>) -> Vec<(String, Range<usize>)> {
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), item.span())),
                None => self.expected(key, "a list of texts in quotes", item),
            }
        }
        texts
    }

    /// The table below a key.
    pub(super) fn below<'t>(&mut self, table: Table<'t>, key: &str) -> Option<&'t DeTable<'t>> {
        let value = self.value(table, key)?;
        let below = value.get_ref().as_table();
        if below.is_none() {
            self.expected(key, &format!("a table: `[{key}]`"), value);
        }
        below
    }

    /// The tables of a list of tables (`[[source]]`), each with its place.
    pub(super) fn many<'t>(&mut self, table: Table<'t>, key: &str) -> Vec<(&'t DeTable<'t>, Range<usize>)> {
        let Some(value) = self.value(table, key) else { return Vec::new() };
        let what = format!("a list of tables: `[[{key}]]`");
        let Some(items) = value.get_ref().as_array() else {
            self.expected(key, &what, value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(table) => tables.push((table, item.span())),
                None => self.expected(key, &what, item),
            }
        }
        tables
    }
}

/// The name that is near enough to be what somebody meant.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = known.iter().min_by_key(|k| distance(name, k))?;
    (distance(name, near) <= (name.chars().count() / 3).max(1)).then_some(*near)
}

fn distance(name: &str, known: &str) -> usize {
    strsim::damerau_levenshtein(&name.to_lowercase().replace('_', "-"), known)
}

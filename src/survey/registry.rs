//! An organisation's own registry of services: CSV, JSON or YAML, columns told by their names.

use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{Id, Trait};
use crate::model::source::TextFile;
use crate::model::stated::{Relation, TargetType};
use crate::survey::page::{Page, UNREADABLE};
use crate::survey::tree::{self, Node, Value};
use crate::survey::words::{WORDS, pick};

/// The claims of a registry: a file that the configuration names, whatever it is called.
pub fn registry(file: &TextFile) -> (Vec<Claim>, Vec<Diagnostic>) {
    let mut page = Page::new(file, Rank::Registry);
    let lower = file.origin.path.to_ascii_lowercase();
    if super::is_tree(&lower) {
        for (first, text) in tree::documents(&file.text) {
            let (node, faults) = tree::read(text, first);
            faults.into_iter().for_each(|fault| page.fault(fault));
            node.iter().for_each(|node| services(&mut page, node));
        }
    } else {
        rows(&file.text).iter().for_each(|row| service(&mut page, row));
    }
    if page.claims.is_empty() && page.diagnostics.is_empty() {
        let message = "no column or key here names a service".to_owned();
        page.say(
            &UNREADABLE,
            0,
            0,
            message,
            "name one of the columns `service`; src/data/survey.toml lists what else is known",
        );
    }
    (page.claims, page.diagnostics)
}

/// A list of services, a mapping from names to services, or either under one key.
fn services(page: &mut Page, node: &Node) {
    let words = &WORDS.registry["service"];
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| service(page, item)),
        Value::Map(_) if pick(node, words).is_some() => service(page, node),
        Value::Map(entries) => {
            for (key, value) in entries {
                match &value.value {
                    Value::List(items) => items.iter().for_each(|item| service(page, item)),
                    Value::Map(inner) if inner.iter().all(|(_, v)| matches!(v.value, Value::Map(_))) => {
                        inner.iter().for_each(|(key, value)| named(page, key, value));
                    }
                    Value::Map(_) => named(page, key, value),
                    Value::Null | Value::Text(_) => {}
                }
            }
        }
        Value::Null | Value::Text(_) => page.wrong(node, "a list"),
    }
}

/// A service under its name.
fn named(page: &mut Page, key: &Node, value: &Node) {
    if let Some(name) = key.text() {
        let subject = Subject::Service(name.to_owned());
        page.claim(key, &subject, Fact::Exists { kind: "service".to_owned() });
        facts(page, value, &subject);
    }
}

fn service(page: &mut Page, node: &Node) {
    match pick(node, &WORDS.registry["service"]) {
        Some((at, name)) if !Id::of(name).is_empty() => {
            let subject = Subject::Service(name.to_owned());
            page.claim(at, &subject, Fact::Exists { kind: "service".to_owned() });
            facts(page, node, &subject);
        }
        _ => page.nameless(node, "service"),
    }
}

fn facts(page: &mut Page, node: &Node, subject: &Subject) {
    let one = |key: &str| pick(node, &WORDS.registry[key]);
    let own = |text: &str| text.to_owned();
    for (key, wrap) in [
        ("title", Fact::Title as fn(String) -> Fact),
        ("owner", Fact::Owner),
        ("on-call", Fact::OnCall),
        ("lifecycle", Fact::Lifecycle),
    ] {
        if let Some((at, text)) = one(key) {
            page.claim(at, subject, wrap(own(text)));
        }
    }
    if let (Some((at, contact)), Some((_, owner))) = (one("contact"), one("owner")) {
        page.claim(at, &Subject::Owner(own(owner)), Fact::Contact(own(contact)));
    }
    if let Some((at, tier)) = one("tier").and_then(|(at, text)| Some((at, WORDS.tier(text)?))) {
        page.claim(at, subject, Fact::Tier(tier));
    }
    for (at, text) in several(node, "traits") {
        if let Some(known) = Trait::of(&text) {
            page.claim(at, subject, Fact::Trait(known));
        }
    }
    for (at, text) in several(node, "alias") {
        page.claim(at, subject, Fact::Alias(text));
    }
    for (at, name) in several(node, "needs") {
        let (target, relation) = (TargetType::Service, Relation::Uses);
        page.claim(at, subject, Fact::Needs { name, target, relation, purpose: None });
    }
}

/// The values of a key: a list, or one text with commas or semicolons between them.
fn several<'n>(node: &'n Node, key: &str) -> Vec<(&'n Node, String)> {
    let ids: Vec<Id> = WORDS.registry[key].iter().map(|w| Id::of(w)).collect();
    let known = |k: &Node| k.text().is_some_and(|k| ids.contains(&Id::of(k)));
    let mut found = Vec::new();
    for (_, value) in node.entries().iter().filter(|(k, _)| known(k)) {
        let nodes = if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() };
        for item in nodes {
            let parts = item.text().unwrap_or_default().split([',', ';', '|']).map(str::trim).filter(|p| !p.is_empty());
            found.extend(parts.map(|part| (item, part.to_owned())));
        }
    }
    found
}

/// The rows of a CSV as mappings from the head's columns; quotes may hold commas and line ends.
fn rows(text: &str) -> Vec<Node> {
    let mut records = records(text).into_iter();
    let Some(head) = records.next() else { return Vec::new() };
    let record = |cells: Vec<Node>| {
        let (line, column) = cells.first().map_or((1, 1), |c| (c.line, c.column));
        Node { line, column, value: Value::Map(head.iter().cloned().zip(cells).collect()) }
    };
    let filled = |cells: &Vec<Node>| cells.iter().any(|c| c.text().is_some());
    records.filter(filled).map(record).collect()
}

fn records(text: &str) -> Vec<Vec<Node>> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let separator = if head.matches(';').count() > head.matches(',').count() { ';' } else { ',' };
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut column, mut place, mut quoted) = (1, 1, (1, 1), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
                column += 1;
            }
            '"' => quoted = !quoted,
            c if !quoted && (c == separator || c == '\n') => {
                let value = Value::Text(std::mem::take(&mut cell));
                record.push(Node { line: place.0, column: place.1, value });
                if c == '\n' {
                    records.push(std::mem::take(&mut record));
                }
            }
            c => cell.push(c),
        }
        (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        if !quoted && (c == separator || c == '\n') {
            place = (line, column);
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(Node { line: place.0, column: place.1, value: Value::Text(cell) });
        records.push(record);
    }
    records
}

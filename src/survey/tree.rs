//! YAML and JSON as a tree whose every node knows its line and column.

use crate::survey::mend::mended;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Error, Options, Spanned};
use std::fmt;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Line, from 1.
    pub(super) line: u32,
    /// Column, from 1.
    pub(super) column: u32,
    /// What stands there.
    pub(super) value: Value,
}

/// What stands at a place. Numbers and booleans are kept as people read them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing.
    Null,
    /// A word, a number, a text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys with their places, in order.
    Map(Vec<(Node, Node)>),
}

/// A fault of a text: where it is, and whether it is one that a second reading can look past.
#[derive(Debug)]
pub(super) struct Fault {
    /// Line, from 1; 0 where not known.
    pub(super) line: u32,
    /// Column, from 1.
    pub(super) column: u32,
    /// What is wrong.
    pub(super) kind: FaultKind,
}

/// The kinds of faults.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A key stands twice in one mapping.
    DuplicateKey(String),
    /// Aliases unfold into more than anybody writes by hand.
    AliasBomb,
    /// It is too deep or too large.
    TooLarge,
    /// It is no YAML.
    Syntax(String),
}

/// The documents of a text, each on its own, so that a broken one leaves the others.
///
/// A document is what stands between lines that begin with `---`, as YAML has it even inside block scalars.
pub(super) fn documents(text: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let (mut start, mut first, mut line) = (0, 1, 0);
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        line += 1;
        let rest = whole.trim_end();
        if rest == "---" || rest.starts_with("--- ") || rest.starts_with("---\t") {
            found.push((first, &text[start..at]));
            // What follows on the same line belongs to the new document.
            (start, first) = if rest == "---" { (at + whole.len(), line + 1) } else { (at + 3, line) };
        }
        at += whole.len();
    }
    found.push((first, &text[start..]));
    found.retain(|(_, document)| document.lines().any(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#')));
    found
}

/// Reads one document that begins on a line. A duplicate key is a fault that leaves the first of both; of a text that
/// is broken further down, what stands before the fault is read.
pub(super) fn read(document: &str, first: u32) -> (Option<Node>, Vec<Fault>) {
    let parse = |text: &str, policy| {
        let read = serde_saphyr::from_str_with_options::<Node>(text, options(policy));
        read.map(|mut node| {
            node.shift(first - 1);
            node
        })
    };
    let mut faults = Vec::new();
    for policy in [DuplicateKeyPolicy::Error, DuplicateKeyPolicy::FirstWins] {
        match parse(document, policy) {
            Ok(node) => return (Some(node), faults),
            Err(error) => faults.push(fault(&error, first)),
        }
        let Some(Fault { line, column, kind }) = faults.last() else { break };
        match kind {
            FaultKind::DuplicateKey(_) => {}
            FaultKind::Syntax(_) => {
                let reads = |text: &str| {
                    let node = parse(text, DuplicateKeyPolicy::FirstWins).ok()?;
                    (!matches!(node.value, Value::Null | Value::Text(_))).then_some(node)
                };
                return (mended(document, (line + 1).saturating_sub(first), *column, reads), faults);
            }
            FaultKind::AliasBomb | FaultKind::TooLarge => break,
        }
    }
    (None, faults)
}

fn options(policy: DuplicateKeyPolicy) -> Options {
    let budget = serde_saphyr::budget! { max_depth: 48, max_nodes: 1_000_000, max_events: 2_000_000, max_recorded_anchor_events: 100_000 };
    serde_saphyr::options! { budget: budget, duplicate_keys: policy, with_snippet: false, strict_booleans: true }
}

fn fault(error: &Error, first: u32) -> Fault {
    let error = error.without_snippet();
    let place = error.location();
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let line = place.map_or(0, |p| number(p.line()));
    let kind = match error {
        Error::DuplicateMappingKey { key, .. } => FaultKind::DuplicateKey(key.clone().unwrap_or_default()),
        Error::AliasReplayCounterOverflow { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => FaultKind::AliasBomb,
        other => {
            // A breached budget comes wrapped in the place that breached it; only its words are left.
            let text = other.to_string().lines().next().unwrap_or_default().to_owned();
            match text.find("breached") {
                Some(_) if text.contains("Anchor") || text.contains("Alias") => FaultKind::AliasBomb,
                Some(_) => FaultKind::TooLarge,
                // The place comes beside it, counted in the whole file.
                None => FaultKind::Syntax(text.split(" at line ").next().unwrap_or_default().to_owned()),
            }
        }
    };
    let line = if line == 0 { 0 } else { line + first - 1 };
    Fault { line, column: place.map_or(0, |p| number(p.column())), kind }
}

impl Node {
    fn shift(&mut self, by: u32) {
        if by == 0 {
            return;
        }
        self.line += by;
        match &mut self.value {
            Value::List(list) => list.iter_mut().for_each(|n| n.shift(by)),
            Value::Map(map) => map.iter_mut().for_each(|(k, v)| {
                k.shift(by);
                v.shift(by);
            }),
            Value::Null | Value::Text(_) => {}
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v)
    }

    /// The value at a path of keys: `["metadata", "name"]`.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text at a path of keys, where it is text and not empty.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<(&Node, &str)> {
        let node = self.at(path)?;
        node.text().map(|text| (node, text))
    }

    /// Its text, trimmed; nothing where it is no text or empty.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text.trim()).filter(|t| !t.is_empty()),
            _ => None,
        }
    }

    /// Its values where it is a list.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The items of the list at a key, or the one value that stands there instead of a list.
    pub(super) fn list(&self, key: &str) -> &[Node] {
        match self.get(key) {
            Some(node) => match &node.value {
                Value::List(list) => list,
                Value::Null => &[],
                _ => std::slice::from_ref(node),
            },
            None => &[],
        }
    }

    /// Its keys and values where it is a mapping.
    pub(super) fn entries(&self) -> &[(Node, Node)] {
        match &self.value {
            Value::Map(map) => map,
            _ => &[],
        }
    }

    /// What kind of value it is, for messages.
    pub(super) fn shape(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let place = spanned.referenced;
        Ok(Self { line: number(place.line()), column: number(place.column()), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Text(v.to_string()))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Text(v.to_string()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Text(v.to_string()))
    }

    fn visit_i128<E>(self, v: i128) -> Result<Value, E> {
        Ok(Value::Text(v.to_string()))
    }

    fn visit_u128<E>(self, v: u128) -> Result<Value, E> {
        Ok(Value::Text(v.to_string()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Value::Text(v.to_string()))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::Text(v.to_owned()))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = seq.next_element()? {
            list.push(node);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Node {
        let (node, faults) = read(text, 1);
        assert!(faults.is_empty(), "{faults:?}");
        node.expect("a document")
    }

    #[test]
    fn every_node_knows_its_place() {
        let node = one("a: 1\nb:\n  - name: x\n    on: yes\n");
        let (place, text) = node.get("b").unwrap().items()[0].text_at(&["name"]).unwrap();
        assert_eq!((place.line, place.column, text), (3, 11, "x"));
        let key = &node.entries()[1].0;
        assert_eq!((key.line, key.column, key.text()), (2, 1, Some("b")));
        assert_eq!(node.text_at(&["a"]).unwrap().1, "1");
    }

    #[test]
    fn json_is_read_with_tabs_and_all() {
        let node = one("{\n\t\"a\": {\"b\": [1, true, null, \"x\\ty\"]},\n\t\"u\": \"http:\\/\\/x\"\n}");
        assert_eq!(node.at(&["a", "b"]).unwrap().items().len(), 4);
        assert_eq!(node.text_at(&["u"]).unwrap().1, "http://x");
    }

    #[test]
    fn a_broken_document_leaves_the_others() {
        let text = "a: 1\n---\nb: [\n---\nc: 3\nc: 4\n";
        let read: Vec<_> = documents(text).into_iter().map(|(first, d)| read(d, first)).collect();
        assert_eq!(read.iter().map(|(node, _)| node.is_some()).collect::<Vec<_>>(), [true, false, true]);
        assert!(matches!(read[1].1[0].kind, FaultKind::Syntax(_)));
        assert_eq!((read[2].1[0].line, read[2].1[0].column), (6, 1));
        assert_eq!(read[2].1[0].kind, FaultKind::DuplicateKey("c".into()));
        assert_eq!(read[2].0.as_ref().unwrap().text_at(&["c"]).unwrap().1, "3");
    }

    #[test]
    fn bombs_are_named() {
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for n in 1..9 {
            let list = vec![format!("*a{}", n - 1); 9].join(",");
            bomb.push_str(&format!("a{n}: &a{n} [{list}]\n"));
        }
        let (node, faults) = read(&bomb, 1);
        assert!(node.is_none());
        assert_eq!(faults[0].kind, FaultKind::AliasBomb, "{faults:?}");
        let (node, faults) = read(&"[".repeat(5_000), 1);
        assert!(node.is_none() && !faults.is_empty());
    }

    #[test]
    fn merged_keys_are_no_duplicates() {
        let node = one("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  a: 3\n");
        assert!(node.get("y").is_some(), "{node:?}");
        assert_eq!(node.text_at(&["y", "a"]).unwrap().1, "3");
        assert_eq!(node.text_at(&["y", "b"]).unwrap().1, "2");
    }
}

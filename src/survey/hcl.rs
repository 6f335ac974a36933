//! Terraform's language, as far as alert resources need it: blocks, plain texts, heredocs, lists and maps.
//!
//! Expressions are kept as the text they are, with `${` in front, so that nobody takes them for names.

use crate::survey::tree::{Node, Value};
use std::collections::HashMap;

/// Blocks and values nested deeper than this are skipped.
const DEPTH: usize = 32;

/// The `resource "kind" "label" { ... }` blocks of a file: mappings of `resource`, `label` and `body`. With them the
/// line and column of the first quote, heredoc or brace that nothing closes.
pub(super) fn resources(text: &str) -> (Vec<Node>, Option<(u32, u32)>) {
    let mut reader = Reader { text, at: 0, line: 1, start: 0, open: None };
    let mut found = Vec::new();
    loop {
        reader.blanks();
        let (line, column) = reader.place();
        let Some(token) = reader.token() else { break };
        let Token::Word("resource") = token else { continue };
        let (Some(Token::Text(kind)), Some(Token::Text(label))) = (reader.token(), reader.token()) else { continue };
        if reader.token() != Some(Token::Mark('{')) {
            continue;
        }
        let node = |value| Node { line, column, value };
        let (text, body) = (|t: &str| node(Value::Text(t.to_owned())), reader.body(0));
        let entries = vec![
            (text("resource"), text(&kind)),
            (text("label"), text(&label)),
            (text("body"), node(Value::Map(body))),
        ];
        found.push(node(Value::Map(entries)));
    }
    (found, reader.open)
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Text(String),
    Mark(char),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    start: usize,
    open: Option<(u32, u32)>,
}

impl<'a> Reader<'a> {
    /// Line and column of what comes next, from 1.
    fn place(&self) -> (u32, u32) {
        (self.line, self.text.get(self.start..self.at).map_or(1, |before| before.chars().count() as u32 + 1))
    }

    /// Notes that what opened at a place is never closed.
    fn unclosed(&mut self, place: (u32, u32)) {
        self.open = self.open.or(Some(place));
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self, bytes: usize) {
        let passed = &self.text[self.at..self.at + bytes];
        if let Some(last) = passed.rfind('\n') {
            self.line += passed.matches('\n').count() as u32;
            self.start = self.at + last + 1;
        }
        self.at += bytes;
    }

    /// Skips blanks and comments; line ends count as blanks.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            let comment = match &rest.as_bytes()[blank..] {
                [b'#', ..] | [b'/', b'/', ..] => rest[blank..].find('\n').unwrap_or(rest.len() - blank),
                [b'/', b'*', ..] => rest[blank..].find("*/").map_or(rest.len() - blank, |end| end + 2),
                _ => 0,
            };
            self.skip(blank + comment);
            if comment == 0 {
                return;
            }
        }
    }

    fn token(&mut self) -> Option<Token<'a>> {
        self.blanks();
        let rest = self.rest();
        let first = rest.chars().next()?;
        if first == '"' {
            return Some(Token::Text(self.quoted()));
        }
        if let Some(heredoc) = rest.strip_prefix("<<") {
            return Some(self.heredoc(heredoc));
        }
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if word(first) {
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            self.skip(end);
            return Some(Token::Word(&rest[..end]));
        }
        self.skip(first.len_utf8());
        Some(Token::Mark(first))
    }

    fn quoted(&mut self) -> String {
        let (rest, place) = (self.rest(), self.place());
        let mut text = String::new();
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                'n' if escaped => text.push('\n'),
                't' if escaped => text.push('\t'),
                c if escaped => text.push(c),
                '\\' => {}
                '"' | '\n' => {
                    self.skip(at + usize::from(c == '"'));
                    if c == '\n' {
                        self.unclosed(place);
                    }
                    return text;
                }
                c => text.push(c),
            }
            escaped = c == '\\' && !escaped;
        }
        self.skip(rest.len());
        self.unclosed(place);
        text
    }

    fn heredoc(&mut self, opened: &'a str) -> Token<'a> {
        let (opened, place) = (opened.strip_prefix('-').unwrap_or(opened), self.place());
        let head = self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
        let name = opened.lines().next().unwrap_or_default().trim();
        self.skip(head);
        let rest = self.rest();
        let mut length = 0;
        for line in rest.split_inclusive('\n') {
            if !name.is_empty() && line.trim() == name {
                let text = rest[..length].to_owned();
                self.skip(length + line.len());
                return Token::Text(text);
            }
            length += line.len();
        }
        self.skip(length);
        self.unclosed(place);
        Token::Text(rest.to_owned())
    }

    /// What stands between braces: `key = value`, and blocks, which come together as lists under their names.
    fn body(&mut self, depth: usize) -> Vec<(Node, Node)> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut blocks: HashMap<String, usize> = HashMap::new();
        let opened = self.place();
        loop {
            self.blanks();
            let (line, column) = self.place();
            let Some(token) = self.token() else {
                self.unclosed(opened);
                break;
            };
            let name = match token {
                Token::Word(word) => word.to_owned(),
                Token::Text(text) => text,
                Token::Mark('}') => break,
                Token::Mark(_) => continue,
            };
            let key = Node { line, column, value: Value::Text(name) };
            self.blanks();
            match self.rest().chars().next() {
                Some('=' | ':') => {
                    self.skip(1);
                    entries.push((key, self.value(depth)));
                }
                Some('{') => {
                    self.skip(1);
                    let block = Node { line, column, value: self.map(depth) };
                    let at = *blocks.entry(key.text().unwrap_or_default().to_owned()).or_insert(entries.len());
                    match entries.get_mut(at) {
                        Some((_, Node { value: Value::List(list), .. })) => list.push(block),
                        _ => entries.push((key, Node { line, column, value: Value::List(vec![block]) })),
                    }
                }
                _ => {}
            }
        }
        entries
    }

    fn map(&mut self, depth: usize) -> Value {
        if depth < DEPTH {
            return Value::Map(self.body(depth + 1));
        }
        let mut open = 1;
        while open > 0
            && let Some(token) = self.token()
        {
            open = match token {
                Token::Mark('{') => open + 1,
                Token::Mark('}') => open - 1,
                _ => open,
            };
        }
        Value::Null
    }

    fn value(&mut self, depth: usize) -> Node {
        self.blanks();
        let (line, column) = self.place();
        let token = self.token();
        let value = match token {
            Some(Token::Text(text)) => Value::Text(text),
            Some(Token::Mark('{')) => self.map(depth),
            Some(Token::Mark('[')) if depth < DEPTH => {
                let mut list = Vec::new();
                loop {
                    self.blanks();
                    match self.rest().chars().next() {
                        None => break,
                        Some(']') => {
                            self.skip(1);
                            break;
                        }
                        Some(',' | '}' | ')') => self.skip(1),
                        Some(_) => list.push(self.value(depth + 1)),
                    }
                }
                Value::List(list)
            }
            Some(Token::Word(word)) if word.parse::<f64>().is_ok() || matches!(word, "true" | "false") => {
                Value::Text(word.to_owned())
            }
            Some(Token::Word(word)) => {
                // A reference, or a call with its arguments: up to the end of the line.
                let end = self.rest().find(['\n', ',', ']', '}']).unwrap_or(self.rest().len());
                let text = format!("${{{word}{}}}", self.rest()[..end].trim_end());
                self.skip(end);
                Value::Text(text)
            }
            Some(Token::Mark(_)) | None => Value::Null,
        };
        Node { line, column, value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_read_with_blocks_and_heredocs() {
        let text = "variable \"x\" {}\nresource \"grafana_rule_group\" \"g\" {\n  # no\n  rule {\n    name = \"One\"\n  }\n  rule {\n    \
                    name = \"Two\"\n    labels = { service = \"orders\", n = 2 }\n  }\n  doc = <<-EOF\n    a }\n  EOF\n  \
                    list = [\"x\", var.y, 3]\n}\n";
        let (found, open) = resources(text);
        assert_eq!(open, None);
        let body = found[0].get("body").unwrap();
        let names: Vec<_> = body.list("rule").iter().map(|r| r.text_at(&["name"]).unwrap().1).collect();
        assert_eq!(names, ["One", "Two"]);
        let (at, name) = body.list("rule")[1].text_at(&["labels", "service"]).unwrap();
        assert_eq!((at.line, name), (9, "orders"));
        assert_eq!(body.text_at(&["doc"]).unwrap().1, "a }");
        let list: Vec<_> = body.list("list").iter().filter_map(Node::text).collect();
        assert_eq!(list, ["x", "${var.y}", "3"]);
    }

    #[test]
    fn nothing_hangs_or_overflows() {
        for text in ["resource \"a\" \"b\" {", "resource \"a\" \"b\" { x = ", "resource \"a\" \"b\" { x = <<", "\"\\"] {
            resources(text);
        }
        resources(&format!("resource \"a\" \"b\" {{ x = {}", "[".repeat(100_000)));
        resources(&format!("resource \"a\" \"b\" {{ {}", "x {".repeat(100_000)));
    }
}

//! Code in about ten colours, named by class; each distinct block is coloured once a thread.

use crate::render::lexer;
use crate::render::markdown::{escape, escape_into};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Blocks larger than this, or with longer lines, stay plain: nobody reads colours there, and patterns are slow.
const LARGEST: usize = 16 * 1024;
const LONGEST_LINE: usize = 800;
/// What a thread keeps, in bytes of HTML, before it starts anew.
const KEPT: usize = 4 << 20;

/// Scopes by the class they get; the innermost scope that is listed decides.
const CLASSES: [(&str, &str); 26] = [
    ("comment", "hc"),
    ("string", "hs"),
    ("constant.character.escape", "hn"),
    ("constant", "hn"),
    ("keyword.operator", "ho"),
    ("keyword", "hk"),
    ("storage", "hk"),
    ("entity.name.function", "hf"),
    ("support.function", "hf"),
    ("variable.function", "hf"),
    ("meta.function-call", "hf"),
    ("entity.name.tag", "ht"),
    ("entity.name.type", "ht"),
    ("entity.name", "ht"),
    ("support.type", "ht"),
    ("support.class", "ht"),
    ("entity.other.attribute-name", "hv"),
    ("variable.parameter", "hv"),
    ("variable.other", "hv"),
    ("variable", "hv"),
    ("markup.inserted", "hi"),
    ("markup.deleted", "hd"),
    ("markup.heading", "hk"),
    ("meta.mapping.key", "ht"),
    ("punctuation.definition.variable", "hv"),
    ("invalid", "hd"),
];

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> =
    LazyLock::new(|| CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect());

#[derive(Default)]
struct Colours {
    set: OnceCell<SyntaxSet>,
    classes: HashMap<Scope, Option<&'static str>>,
    blocks: HashMap<(String, String), Rc<str>>,
    kept: usize,
}

thread_local! {
    // One set a thread: two threads sharing one gain nothing from the second.
    static COLOURS: RefCell<Colours> = RefCell::default();
}

/// The inside of `<code>` for a block in a language as its author names it.
pub fn html(language: &str, code: &str) -> Rc<str> {
    let language = match language.to_ascii_lowercase().as_str() {
        "" | "text" | "txt" | "plain" | "none" | "output" | "mermaid" => return escape(code).into(),
        "shell-session" | "shellsession" | "terminal" => "console".to_owned(),
        other => other.to_owned(),
    };
    if code.len() > LARGEST || code.lines().any(|l| l.len() > LONGEST_LINE) {
        return escape(code).into();
    }
    COLOURS.with_borrow_mut(|colours| colours.block(language, code))
}

impl Colours {
    fn block(&mut self, language: String, code: &str) -> Rc<str> {
        let key = (language, code.to_owned());
        if let Some(known) = self.blocks.get(&key) {
            return known.clone();
        }
        let html: Rc<str> = match key.0.as_str() {
            "console" => self.console(code),
            language => self.coloured(language, code).unwrap_or_else(|| escape(code)),
        }
        .into();
        if self.kept > KEPT {
            self.blocks.clear();
            self.kept = 0;
        }
        self.kept += html.len();
        self.blocks.insert(key, html.clone());
        html
    }

    /// Commands behind a prompt are shell, the lines between them are what it answered.
    fn console(&mut self, code: &str) -> String {
        let mut out = String::new();
        for line in code.split_inclusive('\n') {
            let prompt = line.find(['$', '#', '%', '>']).filter(|&at| {
                line[at + 1..].starts_with(' ')
                    && line[..at].chars().all(|c| c.is_alphanumeric() || "@:~/-_.[] ".contains(c))
            });
            match prompt {
                Some(at) => {
                    out.push_str("<span class=\"hp\">");
                    escape_into(&mut out, &line[..=at]);
                    out.push_str("</span>");
                    let command = &line[at + 1..];
                    out.push_str(&self.coloured("bash", command).unwrap_or_else(|| escape(command)));
                }
                None => escape_into(&mut out, line),
            }
        }
        out
    }

    fn coloured(&mut self, language: &str, code: &str) -> Option<String> {
        if let Some(language) = lexer::language(language) {
            let mut out = Spans::default();
            lexer::colour(language, code, &mut out);
            return Some(out.close());
        }
        let set = self.set.get_or_init(two_face::syntax::extra_newlines);
        let syntax: &SyntaxReference = set.find_syntax_by_token(language)?;
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut out = Spans::default();
        for line in code.split_inclusive('\n') {
            let ops = state.parse_line(line, set).ok()?;
            let mut from = 0;
            for (at, op) in ops {
                if at > from {
                    out.push(class(&mut self.classes, &stack), line.get(from..at)?);
                    from = at;
                }
                stack.apply(&op).ok()?;
            }
            out.push(class(&mut self.classes, &stack), line.get(from..)?);
        }
        Some(out.close())
    }
}

/// The class of the innermost scope that has one.
fn class(classes: &mut HashMap<Scope, Option<&'static str>>, stack: &ScopeStack) -> Option<&'static str> {
    let listed = |scope: Scope| SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class);
    stack.as_slice().iter().rev().find_map(|&scope| *classes.entry(scope).or_insert_with(|| listed(scope)))
}

/// Runs of one class, merged as they come.
#[derive(Default)]
pub struct Spans {
    out: String,
    class: Option<&'static str>,
}

impl Spans {
    /// Adds text of a class.
    pub fn push(&mut self, class: Option<&'static str>, text: &str) {
        if text.is_empty() {
            return;
        }
        // Spaces have no colour: they never begin a run.
        if class != self.class && !text.trim().is_empty() {
            self.end();
            self.class = class;
            if let Some(class) = class {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
            }
        }
        escape_into(&mut self.out, text);
    }

    fn end(&mut self) {
        if self.class.take().is_some() {
            self.out.push_str("</span>");
        }
    }

    fn close(mut self) -> String {
        self.end();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_never_change_the_words() {
        for (language, code) in [
            ("sh", "kubectl -n $NS get pods --watch # look\n"),
            ("console", "$ ls -l <dir>\ntotal 0\n"),
            ("promql", "sum(rate(http_requests_total{job=\"a\"}[5m])) > 1\n"),
            ("yaml", "a: [1, 'x'] # è\nb-c: \"open\n"),
            ("json", "{\"a\": \"b\\\"\", \"c\": 1.5e3}\n"),
            ("sql", "select count(*) from t -- why\nwhere a = 'it''s'\n"),
            ("java", "class A { int b = 1; } // c\n"),
            ("nobody-knows", "a < b & c\n"),
        ] {
            let html = html(language, code);
            let mut words = String::new();
            let mut in_tag = false;
            for c in html.chars() {
                match c {
                    '<' => in_tag = true,
                    '>' if in_tag => in_tag = false,
                    c if !in_tag => words.push(c),
                    _ => {}
                }
            }
            let words = words
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            assert_eq!(words, code);
        }
        let marked = "<span class=\"hv\">A</span>=<span class=\"hn\">1 </span><span class=\"hf\">echo </span>\
            <span class=\"hs\">&quot;a&quot; </span><span class=\"ht\">--to</span>=<span class=\"hv\">$B </span>| <span class=\"hf\">tee </span>x";
        assert_eq!(&*html("sh", "A=1 echo \"a\" --to=$B | tee x"), marked);
    }
}

//! The page a format writes its claims and findings on.

use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::diagnostic::{Diagnostic, Location, Rule, Severity};
use crate::model::source::TextFile;
use crate::model::text::Span;
use crate::survey::tree::{Fault, FaultKind, Node, Value};
use crate::survey::words::WORDS;

/// A file is not in the syntax its name promises.
pub(super) const UNREADABLE: Rule = Rule {
    id: "survey-unreadable",
    severity: Severity::Warning,
    summary: "a catalog, alert or deployment file is broken; what could be read of it was used",
};
/// A key stands twice.
pub(super) const DUPLICATE_KEY: Rule = Rule {
    id: "survey-duplicate-key",
    severity: Severity::Warning,
    summary: "a key stands twice in one mapping; the first was used",
};
/// Aliases that unfold without end.
pub(super) const ALIAS_BOMB: Rule = Rule {
    id: "alias-bomb",
    severity: Severity::Warning,
    summary: "YAML aliases unfold into more than anybody writes by hand; the document was not read",
};
/// Nested or long beyond reason.
pub(super) const TOO_LARGE: Rule = Rule {
    id: "survey-too-large",
    severity: Severity::Warning,
    summary: "a catalog, alert or deployment file is nested too deep or too large; it was not read",
};
/// A template, not a document.
pub(super) const TEMPLATED: Rule = Rule {
    id: "survey-templated",
    severity: Severity::Note,
    summary: "a file is a template whose values are not known here; it was skipped",
};
/// An entity of a kind that is not known.
pub(super) const UNKNOWN_KIND: Rule = Rule {
    id: "survey-unknown-kind",
    severity: Severity::Note,
    summary: "a catalog file describes something of a kind that is not known",
};
/// A value of the wrong type.
pub(super) const WRONG_TYPE: Rule = Rule {
    id: "survey-wrong-type",
    severity: Severity::Warning,
    summary: "a value in a catalog, alert or deployment file is not of the type it should be; it was left out",
};

/// What one file says so far.
pub(super) struct Page<'a> {
    /// The file.
    pub(super) file: &'a TextFile,
    /// How much what it says weighs.
    pub(super) rank: Rank,
    /// Facts found.
    pub(super) claims: Vec<Claim>,
    /// Faults found.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(file: &'a TextFile, rank: Rank) -> Self {
        Self { file, rank, claims: Vec::new(), diagnostics: Vec::new() }
    }

    /// Writes down a fact found at a node. A name that is filled in elsewhere, or a bare number, names nobody.
    pub(super) fn claim(&mut self, at: &Node, subject: &Subject, fact: Fact) {
        if matches!(subject, Subject::Service(name) | Subject::Owner(name) if is_open(name)) {
            if matches!(fact, Fact::Exists { .. }) {
                self.open(at);
            }
            return;
        }
        if told(&fact).is_some_and(is_open) {
            return self.open(at);
        }
        if named(&fact).is_some_and(is_bare) {
            let message = "a number or a yes and no stands where a name is wanted".to_owned();
            return self.say(
                &WRONG_TYPE,
                at.line,
                at.column,
                message,
                "write it as the format asks; the rest was used",
            );
        }
        let (subject, origin) = (subject.clone(), self.file.origin.clone());
        self.claims.push(Claim { subject, fact, origin, line: at.line, column: at.column, rank: self.rank });
    }

    fn open(&mut self, at: &Node) {
        let message = "this is a template: its value is not known here".to_owned();
        self.say(&TEMPLATED, at.line, at.column, message, "nothing to do; the rest of the file was used");
    }

    /// Writes down that a text stands at a node, where it does; anything else there is a fault.
    pub(super) fn text(&mut self, node: Option<&Node>, subject: &Subject, fact: impl FnOnce(String) -> Fact) {
        let Some(node) = node else { return };
        match node.text() {
            Some(text) => self.claim(node, subject, fact(text.to_owned())),
            None => self.wrong(node, "a text"),
        }
    }

    /// Says that a node is not what it should be; nothing at all, or an empty text, is no fault.
    pub(super) fn wrong(&mut self, node: &Node, wanted: &str) {
        if node.shape() != "nothing" && node.shape() != wanted {
            let message = format!("{} stands where {wanted} is wanted", node.shape());
            self.say(&WRONG_TYPE, node.line, node.column, message, "write it as the format asks; the rest was used");
        }
    }

    /// The mappings of the list at a key; anything else in it is a fault.
    pub(super) fn mappings<'n>(&mut self, node: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> + use<'n> {
        let items = node.list(key);
        items.iter().for_each(|item| self.wrong(item, "a mapping"));
        items.iter().filter(|item| matches!(item.value, Value::Map(_)))
    }

    /// Writes down a tier, where a word for one stands at a node.
    pub(super) fn tier(&mut self, node: Option<&Node>, subject: &Subject) {
        let Some((node, word)) = node.and_then(|n| Some((n, n.text()?))) else {
            return node.into_iter().for_each(|n| self.wrong(n, "a text"));
        };
        match WORDS.tier(word) {
            Some(tier) => self.claim(node, subject, Fact::Tier(tier)),
            None => {
                let message = format!("the tier \"{word}\" is not known");
                self.say(&WRONG_TYPE, node.line, node.column, message, "write 1, 2 or 3, or a word such as critical");
            }
        }
    }

    /// Says that an entity has no name: nothing it says can be used.
    pub(super) fn nameless(&mut self, entity: &Node, key: &str) {
        match entity.get(key).filter(|n| n.shape() != "nothing") {
            Some(name) => self.wrong(name, "a text"),
            None if entity.shape() == "a mapping" => {
                let message = format!("this has no `{key}`, so that it speaks of nobody");
                self.say(&WRONG_TYPE, entity.line, entity.column, message, "name it; the rest of the file was used");
            }
            None => self.wrong(entity, "a mapping"),
        }
    }

    /// The subject of a file that does not say which service it is of: whoever lives around it.
    pub(super) fn place(&self) -> Subject {
        Subject::Path(self.file.origin.path.to_string())
    }

    /// Writes down a finding at a line and column.
    pub(super) fn say(&mut self, rule: &Rule, line: u32, column: u32, message: String, help: &str) {
        let location = self.location(line, column);
        self.diagnostics.push(rule.says(message, Some(location), help));
    }

    /// Writes down a fault of the syntax.
    pub(super) fn fault(&mut self, fault: Fault) {
        let (rule, message, help) = match fault.kind {
            FaultKind::DuplicateKey(key) => {
                (&DUPLICATE_KEY, format!("the key \"{key}\" stands twice"), "remove one of them; the first was used")
            }
            FaultKind::AliasBomb => {
                (&ALIAS_BOMB, "aliases unfold without end".to_owned(), "write the values out, or fewer aliases")
            }
            FaultKind::TooLarge => (&TOO_LARGE, "it is nested too deep or too large".to_owned(), "split the file"),
            FaultKind::Syntax(what) => (
                &UNREADABLE,
                format!("this cannot be read: {what}"),
                "mend the syntax; what could be read of the file was used",
            ),
        };
        self.say(rule, fault.line, fault.column, message, help);
    }

    fn location(&self, line: u32, column: u32) -> Location {
        let file = self.file;
        if line == 0 {
            return Location::file(file.origin.clone());
        }
        // What is missing at the end is told of on the last line.
        let line = line.min(file.lines.count(&file.text));
        let whole = file.lines.span(&file.text, line);
        let before: usize = whole.of(&file.text).chars().take(column.max(1) as usize - 1).map(char::len_utf8).sum();
        let start = (whole.start as usize + before).min(whole.end as usize);
        let rest = file.text[start..whole.end as usize].trim_end();
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Location::span(file.origin.clone(), &file.text, &file.lines, Span::new(start, start + word))
    }
}

/// Whether a text has a place that is filled in elsewhere.
pub(super) fn is_open(text: &str) -> bool {
    ["{{", "${", "%{", "<%"].iter().any(|open| text.contains(open))
}

/// Whether a text is what YAML takes for a number, or for yes and no.
fn is_bare(text: &str) -> bool {
    matches!(text, "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The name a fact gives to somebody else.
fn named(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Owner(text) | Fact::System(text) | Fact::Provides(text) | Fact::Consumes(text) => Some(text),
        Fact::Needs { name, .. } | Fact::Alert { name, .. } => Some(name),
        _ => None,
    }
}

/// The words of a fact.
fn told(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Title(text) | Fact::Alias(text) | Fact::Contact(text) => Some(text),
        Fact::OnCall(text) | Fact::Lifecycle(text) => Some(text),
        _ => named(fact),
    }
}

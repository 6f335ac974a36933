//! What alerts of every format have in common: a name, a service, a runbook, how loud, and a summary.

use crate::model::claim::{Fact, Subject};
use crate::survey::page::{Page, TEMPLATED, is_open};
use crate::survey::tree::Node;
use crate::survey::words::{WORDS, is_one, pick};

/// Whether a path may hold alerts.
pub(super) fn path(path: &str, name: &str) -> bool {
    name.ends_with(".tf")
        || name.ends_with(".rules")
        || WORDS.alert_files.iter().any(|n| n == name)
        || super::is_tree(name) && WORDS.alert_paths.iter().any(|word| path.contains(word.as_str()))
}

/// An alert as a format gives it.
#[derive(Default)]
pub(super) struct Found<'n> {
    /// Its name, with its place.
    pub(super) name: Option<(&'n Node, &'n str)>,
    /// The service it says it is of.
    pub(super) service: Option<&'n str>,
    /// Where its runbook is said to be.
    pub(super) runbook: Option<&'n str>,
    /// How loud it is.
    pub(super) severity: Option<&'n str>,
    /// What it says of itself.
    pub(super) summary: Option<&'n str>,
}

impl<'n> Found<'n> {
    /// Takes what a mapping of labels or annotations says, where it is not known yet.
    pub(super) fn labels(&mut self, labels: Option<&'n Node>) {
        let Some(labels) = labels else { return };
        let take =
            |known: Option<&'n str>, words: &[String]| known.or_else(|| pick(labels, words).map(|(_, text)| text));
        self.service = take(self.service, &WORDS.alert_service);
        self.runbook = take(self.runbook, &WORDS.alert_runbook);
        self.severity = take(self.severity, &WORDS.alert_severity);
        self.summary = take(self.summary, &WORDS.alert_summary);
        let texts = || labels.entries().iter().filter_map(|(_, value)| value.text());
        self.runbook = self.runbook.or_else(|| texts().find_map(runbook_in));
    }

    /// Takes what tags say: `service:orders`.
    pub(super) fn tags(&mut self, tags: &'n [Node]) {
        for (key, value) in tags.iter().filter_map(|t| t.text()?.split_once(':')) {
            if is_one(&WORDS.alert_service, key) {
                self.service = self.service.or(Some(value.trim()));
            } else if is_one(&WORDS.alert_severity, key) {
                self.severity = self.severity.or(Some(value.trim()));
            }
        }
    }

    /// Takes the runbook's address out of a message, and its first line as the summary.
    pub(super) fn message(&mut self, message: Option<&'n str>) {
        let Some(message) = message else { return };
        self.runbook = self.runbook.or_else(|| runbook_in(message));
        self.summary = self.summary.or_else(|| message.lines().map(str::trim).find(|l| !l.is_empty()));
    }

    /// Writes the alert down. A name that is a template names nothing; a service that is one is whoever lives there.
    pub(super) fn claim(self, page: &mut Page) {
        let Some((at, name)) = self.name else { return };
        if is_open(name) {
            let message = format!("the alert's name \"{name}\" is a template");
            page.say(&TEMPLATED, at.line, at.column, message, "nothing to do; the other alerts of the file were used");
            return;
        }
        let service = self.service.filter(|s| !is_open(s));
        let subject = service.map_or_else(|| page.place(), |s| Subject::Service(s.to_owned()));
        let own = |text: Option<&str>| text.map(str::to_owned);
        let runbook = own(self.runbook.filter(|r| !is_open(r)));
        let (severity, summary) = (own(self.severity), own(self.summary));
        page.claim(at, &subject, Fact::Alert { name: name.to_owned(), runbook, severity, summary });
    }
}

/// The address in a message that is called a runbook's, or says so itself.
fn runbook_in(message: &str) -> Option<&str> {
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | ']' | '>' | '"' | '\'' | '|');
    let calls = |text: &str| ["runbook", "run book", "playbook"].iter().any(|w| text.to_lowercase().contains(w));
    message.lines().find_map(|line| {
        let (before, _) = line.split_once("http")?;
        let address = line[before.len()..].split(ends).next()?.trim_end_matches(['.', ',']);
        ((address.starts_with("http://") || address.starts_with("https://")) && (calls(before) || calls(address)))
            .then_some(address)
    })
}

//! Text to configuration: raw shapes with spans first, then values that are valid by construction.

mod knowledge;
mod raw;
mod settings;
mod template;
#[cfg(test)]
mod tests;

use crate::model::config::{Config, Knowledge};
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::source::Origin;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[UNKNOWN_KEY, BAD_VALUE, template::TEMPLATE_SHAPE];

/// A name that means nothing: most often a typing mistake, and then a setting without effect.
const UNKNOWN_KEY: Rule = Rule {
    id: "unknown-key",
    severity: Severity::Error,
    summary: "a file of settings has a key that means nothing to opsbook",
};

/// A setting we understand, with a value we do not.
pub const BAD_VALUE: Rule = Rule {
    id: "bad-value",
    severity: Severity::Error,
    summary: "a file of settings has a value of the wrong kind, outside its limits, or unknown",
};

/// A file of knowledge: where it stands and its text.
#[derive(Clone, Debug)]
pub struct KnowledgeFile {
    /// Where it stands, as the configuration names it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The texts the shell read for `Config::replacements`; what is absent is ours.
#[derive(Clone, Debug, Default)]
pub struct KnowledgeTexts {
    /// Replaces our template.
    pub template: Option<KnowledgeFile>,
    /// Replaces our profiles.
    pub profiles: Option<KnowledgeFile>,
    /// Added to our technologies; one with an id of ours replaces it.
    pub technologies: Vec<KnowledgeFile>,
    /// Added to our forms; one with an id of ours replaces it.
    pub forms: Vec<KnowledgeFile>,
}

/// Reads `opsbook.toml`. Any diagnostic of severity error means that the run must not go on.
///
/// `rule_ids` are the rules whose severity may be set.
pub fn config(text: &str, origin: Origin, rule_ids: &[&str]) -> (Config, Vec<Diagnostic>) {
    settings::read(text, origin, rule_ids)
}

/// What holds where nothing is configured: the one place with default values.
pub fn defaults() -> Config {
    Config {
        title: "Operations handbook".to_owned(),
        out: "site".to_owned(),
        max_bytes: 2 << 20,
        verified_for: 365,
        ..Config::default()
    }
}

/// Reads the template, the profiles, the forms and the vocabulary. Any diagnostic means that the run must not go on.
pub fn knowledge(texts: &KnowledgeTexts) -> (Knowledge, Vec<Diagnostic>) {
    knowledge::read(texts)
}

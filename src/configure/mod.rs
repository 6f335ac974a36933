//! Text to configuration: raw shapes with spans first, then values that are valid by construction.

use crate::model::config::{Config, Knowledge};
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::source::Origin;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[];

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
    /// Added to our technologies.
    pub technologies: Vec<KnowledgeFile>,
    /// Added to our forms.
    pub forms: Vec<KnowledgeFile>,
}

/// Reads `opsbook.toml`. Any diagnostic of severity error means that the run must not go on.
pub fn config(_text: &str, origin: Origin) -> (Config, Vec<Diagnostic>) {
    (Config { origin: Some(origin), ..Config::default() }, Vec::new())
}

/// The configuration of `--source DIR...` without a file.
pub fn defaults() -> Config {
    Config::default()
}

/// Reads the template, the profiles, the forms and the vocabulary.
pub fn knowledge(_texts: &KnowledgeTexts) -> (Knowledge, Vec<Diagnostic>) {
    (Knowledge::default(), Vec::new())
}

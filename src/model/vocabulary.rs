//! Vocabulary: technologies with their spellings, and the phrases that tell answer states apart. Data.

use serde::Deserialize;
use std::collections::BTreeMap;

/// What reading knows about words, besides the template and the forms.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Products that services need and that are no services of the fleet.
    pub technologies: Vec<Technology>,
    /// Phrases by what they mean, such as `not-investigated` or `pointer`.
    pub phrases: BTreeMap<String, Vec<String>>,
}

/// A product with its spellings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Technology {
    /// Canonical id: `mongodb`.
    pub id: String,
    /// Canonical name: `MongoDB`.
    pub name: String,
    /// Other spellings, any case: `mongo`, `MongodB`.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Whether its spellings count only when written with their capitals (`Helm`, `Go`).
    #[serde(default)]
    pub cased: bool,
    /// What it is: `store`, `queue`, `platform`, `runtime`, `library`, `delivery`, `watching`, `network`, `identity`, `tool`.
    /// `delivery`, `watching` and `tool` count as dependencies only where a dependency section lists them.
    pub class: String,
}

//! The words surveying goes by, read from `src/data/survey.toml`.

use crate::model::id::{Id, Tier};
use crate::survey::tree::Node;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The lists of `survey.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Words {
    /// Words in paths of files that may hold alerts.
    pub(super) alert_paths: Vec<String>,
    /// Names of files that may hold alerts.
    pub(super) alert_files: Vec<String>,
    /// Labels that name an alert's service.
    pub(super) alert_service: Vec<String>,
    /// Labels that give an alert's runbook.
    pub(super) alert_runbook: Vec<String>,
    /// Labels that say how loud it is.
    pub(super) alert_severity: Vec<String>,
    /// Labels that say what it means.
    pub(super) alert_summary: Vec<String>,
    /// Keys of an alert's name in plain lists.
    pub(super) alert_name: Vec<String>,
    /// Annotations that say who is called.
    pub(super) on_call: Vec<String>,
    tier_one: Vec<String>,
    tier_two: Vec<String>,
    tier_three: Vec<String>,
    /// Columns of registries, by what they say.
    pub(super) registry: BTreeMap<String, Vec<String>>,
}

/// Our words, read once.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/survey.toml")).expect("survey.toml is tested"));

impl Words {
    /// The tier people mean by a word.
    pub(super) fn tier(&self, word: &str) -> Option<Tier> {
        let tiers = [(&self.tier_one, Tier::One), (&self.tier_two, Tier::Two), (&self.tier_three, Tier::Three)];
        tiers.into_iter().find(|(words, _)| is_one(words, word)).map(|(_, tier)| tier)
    }
}

/// Whether a word is in a list, however its parts are joined.
pub(super) fn is_one(words: &[String], word: &str) -> bool {
    let id = Id::of(word);
    words.iter().any(|w| Id::of(w) == id)
}

/// The first entry of a mapping whose key is in a list, in the order of the list.
pub(super) fn pick<'n>(node: &'n Node, words: &[String]) -> Option<(&'n Node, &'n str)> {
    words.iter().find_map(|word| {
        let id = Id::of(word);
        let mut entries = node.entries().iter().filter(|(k, _)| k.text().is_some_and(|k| Id::of(k) == id));
        entries.find_map(|(_, value)| value.text().map(|text| (value, text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_are_told_by_many_words() {
        assert_eq!(
            ["Tier 1", "critical", "tier_2", "HIGH", "3", "Tier-4"].map(|w| WORDS.tier(w).map(u8::from)),
            [Some(1), Some(1), Some(2), Some(2), Some(3), Some(3)]
        );
        assert_eq!(WORDS.tier("five"), None);
    }
}

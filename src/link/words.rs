//! The words linking goes by, read from `src/data/catalog.toml`.

use crate::model::id::Id;
use crate::model::stated::LinkPurpose;
use serde::Deserialize;
use std::sync::LazyLock;

/// The lists of `catalog.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Words {
    service_kinds: Vec<String>,
    grouping_kinds: Vec<String>,
    unwritten_links: Vec<String>,
    /// Around owners' names.
    pub(super) owners: OwnerWords,
    link: Vec<LinkWords>,
}

/// Words around owners' names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnerWords {
    /// In front of a colon.
    pub(super) prefixes: Vec<String>,
    /// In front of the name.
    pub(super) before: Vec<String>,
    /// Behind the name.
    pub(super) after: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkWords {
    purpose: String,
    words: Vec<String>,
}

/// Our words, read once.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/catalog.toml")).expect("catalog.toml is tested"));

impl Words {
    /// Whether a catalog's kind of entity is something somebody operates.
    pub(super) fn is_service(&self, kind: &str) -> bool {
        kind.is_empty() || self.service_kinds.iter().any(|k| k.eq_ignore_ascii_case(kind))
    }

    /// Whether a catalog's kind of entity groups others.
    pub(super) fn is_grouping(&self, kind: &str) -> bool {
        self.grouping_kinds.iter().any(|k| k.eq_ignore_ascii_case(kind))
    }

    /// Whether an address is one that nobody wrote yet.
    pub(super) fn is_unwritten(&self, target: &str) -> bool {
        self.unwritten_links.iter().any(|w| w.eq_ignore_ascii_case(target.trim()))
    }

    /// What an address is for, by its label, else by the address.
    pub(super) fn purpose(&self, label: &str, target: &str) -> Option<LinkPurpose> {
        [label, target].into_iter().find_map(|text| {
            let folded = format!("-{}-", Id::of(text));
            let fits = |list: &&LinkWords| list.words.iter().any(|w| folded.contains(&format!("-{}-", Id::of(w))));
            self.link.iter().find(fits).and_then(|list| purpose(&list.purpose))
        })
    }
}

fn purpose(name: &str) -> Option<LinkPurpose> {
    Some(match name {
        "dashboard" => LinkPurpose::Dashboard,
        "health" => LinkPurpose::Health,
        "logs" => LinkPurpose::Logs,
        "service" => LinkPurpose::Service,
        "channel" => LinkPurpose::Channel,
        "source" => LinkPurpose::Source,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_in_the_file_is_known() {
        assert!(WORDS.link.iter().all(|l| purpose(&l.purpose).is_some()));
        assert_eq!(WORDS.purpose("Grafana", "https://g.example/d/1"), Some(LinkPurpose::Dashboard));
        assert_eq!(WORDS.purpose("", "https://x.example/healthz"), Some(LinkPurpose::Health));
        assert_eq!(WORDS.purpose("Wiki", "https://wiki.example/a"), None);
    }
}

//! Products: which names are a technology's and not a service's.

use crate::model::id::Id;
use crate::model::vocabulary::{Technology, Vocabulary};
use std::collections::HashMap;

/// The vocabulary's technologies by every spelling's id.
pub(super) struct Products<'a>(HashMap<Id, &'a Technology>);

impl<'a> Products<'a> {
    /// Makes the vocabulary ready.
    pub(super) fn of(vocabulary: &'a Vocabulary) -> Self {
        let mut by = HashMap::new();
        for technology in &vocabulary.technologies {
            let spellings = technology.spellings.iter().map(String::as_str);
            for spelling in [technology.id.as_str(), technology.name.as_str()].into_iter().chain(spellings) {
                by.entry(Id::of(spelling)).or_insert(technology);
            }
        }
        Self(by)
    }

    /// The technology of an id.
    pub(super) fn get(&self, id: &Id) -> Option<&'a Technology> {
        self.0.get(id).copied()
    }
}

//! Names of services: one canonical id from many spellings, each other name with where it is said.

use crate::model::catalog::Stated;
use crate::model::id::{Id, ServiceIx};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Longest chain of "is another name of" that is followed: enough for people, and a loop ends.
const CHAIN: usize = 8;

/// Every name a service goes by.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Another name's id to the id it stands for.
    other: HashMap<Id, Id>,
    /// Ids several repositories claim, with the id each repository's service got instead.
    claimed: HashMap<Id, Vec<(String, Id)>>,
    /// Ids, and repositories whose catalog files do not speak of them: the configuration gives the id to another one.
    aside: HashSet<(Id, Arc<str>)>,
    /// Where each other name is said, under the canonical id.
    evidence: Vec<(Id, Stated<String>)>,
    /// Places of ids in the catalog, once it is laid out.
    places: HashMap<Id, ServiceIx>,
    /// Places of every claimant of a contested id.
    contested: HashMap<Id, Vec<ServiceIx>>,
    ids: Vec<Id>,
}

/// A name without its trailing qualifier in parentheses: `"CCMS-EBS (MP)"` is `CCMS-EBS` and `MP`.
pub(super) fn qualifier(name: &str) -> Option<(&str, &str)> {
    let inner = name.trim_end().strip_suffix(')')?;
    let (base, within) = inner.rsplit_once('(')?;
    let base = base.trim_end();
    (!base.is_empty() && !within.trim().is_empty() && !Id::of(base).is_empty()).then_some((base, within.trim()))
}

/// An id without its separators: what two spellings of one name share.
pub(super) fn squashed(id: &Id) -> String {
    id.as_str().chars().filter(|c| *c != '-').collect()
}

impl Names {
    /// Notes that `alias` stands for `of`; the first to say so wins, and a name never stands for itself.
    pub(super) fn stands_for(&mut self, alias: &Id, of: &Id, evidence: Stated<String>) {
        let of = self.canonical(of).clone();
        if alias.is_empty() || *alias == of || self.other.contains_key(alias) || self.claimed.contains_key(alias) {
            return;
        }
        self.other.insert(alias.clone(), of.clone());
        self.evidence.push((of, evidence));
    }

    /// The id a name's id stands for.
    pub(super) fn canonical<'n>(&'n self, id: &'n Id) -> &'n Id {
        let mut at = id;
        for _ in 0..CHAIN {
            match self.other.get(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// The canonical id of a name as written: its own, else that of the name without its qualifier where that is known.
    pub(super) fn of(&self, name: &str) -> Id {
        let whole = Id::of(name);
        let canonical = self.canonical(&whole);
        if *canonical != whole || self.places.contains_key(&whole) {
            return canonical.clone();
        }
        if let Some((base, _)) = qualifier(name) {
            let base = Id::of(base);
            let base = self.canonical(&base);
            if self.places.contains_key(base) || self.claimed.contains_key(base) {
                return base.clone();
            }
        }
        whole
    }

    /// Splits an id that several repositories claim.
    pub(super) fn split(&mut self, id: &Id, claimants: Vec<(String, Id)>) {
        self.claimed.insert(id.clone(), claimants);
    }

    /// Gives other names that only one of an id's claimants uses to that claimant.
    pub(super) fn part(&mut self) {
        for (of, stated) in &mut self.evidence {
            let Some(claimants) = self.claimed.get(of) else { continue };
            let Some((_, own)) = claimants.iter().find(|(repo, _)| **repo == *stated.origin.repo) else { continue };
            if let Some(target) = self.other.get_mut(&Id::of(&stated.value)).filter(|target| *target == of) {
                *target = own.clone();
            }
            *of = own.clone();
        }
    }

    /// Notes that a repository's catalog files do not speak of an id.
    pub(super) fn set_aside(&mut self, id: &Id, repo: &Arc<str>) {
        self.aside.insert((id.clone(), repo.clone()));
    }

    /// Whether a repository's catalog files do not speak of an id.
    pub(super) fn is_aside(&self, id: &Id, repo: &Arc<str>) -> bool {
        !self.aside.is_empty() && self.aside.contains(&(id.clone(), repo.clone()))
    }

    /// The services a catalog file means by a name.
    pub(super) fn catalogued(&self, repo: &Arc<str>, name: &str) -> &[ServiceIx] {
        let id = self.of(name);
        if self.is_aside(&id, repo) { &[] } else { self.resolve_id(repo, &id) }
    }

    /// The id a repository means by an id: its own claim where several claim it.
    pub(super) fn within<'n>(&'n self, repo: &str, id: &'n Id) -> &'n Id {
        let claimants = self.claimed.get(id).map_or(&[][..], Vec::as_slice);
        claimants.iter().find(|(r, _)| r == repo).map_or(id, |(_, own)| own)
    }

    /// Gives every id its place in the catalog; `ids` are sorted.
    pub(super) fn lay_out(&mut self, ids: &[Id]) {
        self.ids = ids.to_vec();
        self.places = ids.iter().enumerate().map(|(at, id)| (id.clone(), ServiceIx::from(at))).collect();
        let place = |claimants: &Vec<(String, Id)>| claimants.iter().filter_map(|(_, id)| self.place(id)).collect();
        self.contested = self.claimed.iter().map(|(id, claimants)| (id.clone(), place(claimants))).collect();
    }

    /// The id at a place.
    pub(super) fn id(&self, ix: ServiceIx) -> &Id {
        &self.ids[ix.at()]
    }

    /// The place of a canonical id.
    pub(super) fn place(&self, id: &Id) -> Option<ServiceIx> {
        self.places.get(id).copied()
    }

    /// Whether a text is the id of a service, letter by letter.
    pub(super) fn is_id(&self, text: &str) -> bool {
        self.ids.binary_search_by(|id| id.as_str().cmp(text)).is_ok()
    }

    /// Whether an id is a service's, or stands for one.
    pub(super) fn knows(&self, id: &Id) -> bool {
        let id = self.canonical(id);
        self.places.contains_key(id) || self.claimed.contains_key(id)
    }

    /// The services a repository means by a name: none, one, or every claimant of a contested id.
    pub(super) fn resolve(&self, repo: &str, name: &str) -> &[ServiceIx] {
        self.resolve_id(repo, &self.of(name))
    }

    /// The same for an id.
    pub(super) fn resolve_id(&self, repo: &str, id: &Id) -> &[ServiceIx] {
        let id = self.canonical(id);
        match self.places.get(self.within(repo, id)) {
            Some(place) => std::slice::from_ref(place),
            None => self.contested.get(id).map_or(&[], Vec::as_slice),
        }
    }

    /// Other names of services, with where each is said.
    pub(super) fn evidence(&self) -> &[(Id, Stated<String>)] {
        &self.evidence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qualifier_is_the_last_parenthesis() {
        assert_eq!(qualifier("CCMS-EBS (MP)"), Some(("CCMS-EBS", "MP")));
        assert_eq!(qualifier("(MP)"), None);
        assert_eq!(qualifier("Orders ()"), None);
        assert_eq!(qualifier("A (b) c"), None);
        assert_eq!(qualifier("Оплата (ЕС)"), Some(("Оплата", "ЕС")));
    }

    #[test]
    fn a_loop_of_names_ends() {
        let mut names = Names::default();
        names.other.insert(Id::of("a"), Id::of("b"));
        names.other.insert(Id::of("b"), Id::of("a"));
        assert!(["a", "b"].contains(&names.canonical(&Id::of("a")).as_str()));
    }
}

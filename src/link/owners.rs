//! Owners: one team under many spellings, its contacts joined, and what it owns.

use crate::link::facts::disagree;
use crate::link::ground::{Ground, Places, claims};
use crate::link::patterns::Patterns;
use crate::link::words::WORDS;
use crate::model::catalog::{Owner, Service, Stated};
use crate::model::claim::{Claim, Fact, Subject};
use crate::model::config::Config;
use crate::model::id::{Id, OwnerIx, ServiceIx};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One place that says who owns a service.
struct Statement {
    service: ServiceIx,
    name: Stated<String>,
    contacts: Vec<String>,
}

/// Makes the owners and gives each service its own.
pub(super) fn gather(ground: &Ground, config: &Config, services: &mut [Service]) -> Vec<Owner> {
    let statements = statements(ground, services);
    let titles = titles(ground);
    let contacts = Contacts::of(&statements, config, &titles);
    let mut spellings: BTreeMap<&Id, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut reached: BTreeMap<&Id, BTreeSet<String>> = BTreeMap::new();
    // Few names own many services: each is folded once.
    let mut meant: HashMap<&str, Id> = HashMap::new();
    for statement in &statements {
        let name = statement.name.value.as_str();
        meant.entry(name).or_insert_with(|| contacts.id(name));
    }
    let ids: Vec<&Id> = statements.iter().map(|s| &meant[s.name.value.as_str()]).collect();
    for (statement, &id) in statements.iter().zip(&ids) {
        let name = statement.name.value.trim();
        *spellings.entry(id).or_default().entry(name).or_default() += 1;
        let contacts = reached.entry(id).or_default();
        contacts.extend(statement.contacts.iter().cloned());
        if is_contact(name) {
            contacts.insert(name.to_owned());
        }
    }
    for claim in ground.claims {
        let name = match (&claim.subject, &claim.fact) {
            (Subject::Owner(name), Fact::Contact(_) | Fact::Link { .. }) => name,
            _ => continue,
        };
        let Some(known) = reached.get_mut(&contacts.id(name)) else { continue };
        match &claim.fact {
            Fact::Contact(contact) => known.insert(contact.clone()),
            Fact::Link { target, .. } => known.insert(target.clone()),
            _ => false,
        };
    }
    let mut said: Vec<Vec<(&Stated<String>, &Id)>> = vec![Vec::new(); services.len()];
    for (statement, &id) in statements.iter().zip(&ids) {
        said[statement.service.at()].push((&statement.name, id));
    }
    let title = |id: &Id, names: &BTreeMap<&str, usize>| {
        let title = names.keys().find_map(|name| titles.get(&folded(name)));
        title.map_or_else(|| display(id, names, config), |title| (*title).to_owned())
    };
    let names: BTreeMap<&Id, String> = spellings.iter().map(|(id, names)| (*id, title(id, names))).collect();
    let mut owned: BTreeMap<&Id, BTreeSet<ServiceIx>> = BTreeMap::new();
    let won: Vec<Vec<Stated<&Id>>> =
        services.iter_mut().zip(said).map(|(service, said)| settle(service, said, &names)).collect();
    for (at, owners) in won.iter().enumerate() {
        for owner in owners {
            owned.entry(owner.value).or_default().insert(ServiceIx::from(at));
        }
    }
    // Whoever owns nothing after all, because a stronger place names another, is no owner.
    let places: BTreeMap<&Id, OwnerIx> = owned.keys().enumerate().map(|(at, id)| (*id, OwnerIx::from(at))).collect();
    for (service, owners) in services.iter_mut().zip(won) {
        service.owners = owners.iter().map(|o| o.map(|id| places[id])).collect();
    }
    let owner = |(id, services): (&Id, BTreeSet<ServiceIx>)| {
        let name = names[id].clone();
        let aliases = spellings[id].keys().filter(|n| **n != name).map(|n| (*n).to_owned()).collect();
        let contacts = reached.remove(id).into_iter().flatten().collect();
        Owner { name, aliases, contacts, services: services.into_iter().collect(), id: id.clone() }
    };
    owned.into_iter().map(owner).collect()
}

/// What catalogs call a team in words, by its folded handle.
fn titles<'a>(ground: &Ground<'a>) -> BTreeMap<Id, &'a str> {
    let title = |claim: &'a Claim| match (&claim.subject, &claim.fact) {
        (Subject::Owner(name), Fact::Title(title)) if !Id::of(title).is_empty() => Some((folded(name), title.trim())),
        _ => None,
    };
    ground.claims.iter().filter_map(title).collect()
}

/// Everything documents, catalogs and CODEOWNERS say of who owns what.
fn statements(ground: &Ground, services: &[Service]) -> Vec<Statement> {
    let mut found = Vec::new();
    for (_, runbook, service) in ground.spoken() {
        let places = Places::of(&runbook.document);
        let named = runbook.owners.iter().find(|o| !is_contact(&o.name));
        for owner in runbook.owners.iter().filter(|o| !Id::of(&o.name).is_empty()) {
            // Beside a named owner, a bare contact is a way to reach that owner.
            let (name, extra) = match named {
                Some(named) if is_contact(&owner.name) => (&named.name, Some(owner.name.clone())),
                _ => (&owner.name, None),
            };
            let contacts = owner.contacts.iter().cloned().chain(extra).collect();
            found.push(Statement { service, name: places.states(name.clone(), owner.line), contacts });
        }
    }
    for claim in ground.claims {
        if let (Subject::Service(_), Fact::Owner(name)) = (&claim.subject, &claim.fact)
            && !Id::of(name).is_empty()
        {
            for &service in ground.subjects(claim) {
                found.push(Statement { service, name: claims(name.clone(), claim), contacts: Vec::new() });
            }
        }
    }
    let patterns = Patterns::of(ground.claims);
    for (at, service) in services.iter().enumerate() {
        let Some(&first) = service.documents.first() else { continue };
        for claim in patterns.owners(&ground.runbooks[first.at()].document.origin) {
            let Fact::Owner(name) = &claim.fact else { continue };
            let service = ServiceIx::from(at);
            found.push(Statement { service, name: claims(name.clone(), claim), contacts: Vec::new() });
        }
    }
    found
}

/// Owners of the strongest rank; the others are kept where they disagree.
fn settle<'s>(
    service: &mut Service,
    mut said: Vec<(&Stated<String>, &'s Id)>,
    names: &BTreeMap<&Id, String>,
) -> Vec<Stated<&'s Id>> {
    said.sort_by(|(a, x), (b, y)| {
        b.rank.cmp(&a.rank).then_with(|| (&a.origin, a.line, x).cmp(&(&b.origin, b.line, y)))
    });
    let Some(rank) = said.first().map(|(s, _)| s.rank) else { return Vec::new() };
    let mut known = BTreeSet::new();
    let strongest = said.iter().filter(|(s, id)| s.rank == rank && known.insert(*id));
    let won: Vec<Stated<&Id>> = strongest.map(|(stated, id)| stated.map(|_| *id)).collect();
    // Another file of the same rank names an owner, too: both are asked, and it is said that they differ.
    let first = &said[0].0.origin;
    let agreed: BTreeSet<&Id> =
        said.iter().filter(|(s, _)| s.rank == rank && s.origin == *first).map(|(_, id)| *id).collect();
    let differs = |(s, id): &&(&Stated<String>, &Id)| !agreed.contains(id) && (s.rank == rank || !known.contains(id));
    let others: Vec<_> = said.iter().filter(differs).collect();
    if !others.is_empty() {
        let winner = names[won[0].value].clone();
        let mut list = vec![won[0].map(|_| winner.clone())];
        list.extend(others.into_iter().map(|(s, id)| s.map(|_| names[id].clone())));
        disagree(service, "owner", &winner, list);
    }
    won
}

/// The name most places write; a name with words before a handle, then the first by alphabet.
fn display(id: &Id, names: &BTreeMap<&str, usize>, config: &Config) -> String {
    if let Some(name) = config.owner_aliases.values().find(|n| folded(n) == *id) {
        return name.clone();
    }
    let handle = |name: &str| is_contact(name) || name.contains([':', '/']) || !name.contains(char::is_uppercase);
    let best = names.iter().max_by_key(|(name, count)| (!handle(name), **count, std::cmp::Reverse(**name)));
    best.map_or_else(String::new, |(name, _)| strip(name).to_owned())
}

/// Whether a name is only a way to reach somebody: a channel, a mail address, a link.
fn is_contact(name: &str) -> bool {
    let name = name.trim();
    name.starts_with('#') || name.contains("://") || name.split_once('@').is_some_and(|(user, _)| !user.is_empty())
}

/// A name without what catalogs and hosts put around it: `group:default/payments`, `@org/payments`, `#payments`.
fn strip(name: &str) -> &str {
    let mut name = name.trim().trim_matches(['*', '_', '`']).trim();
    let handle = name.starts_with('@');
    name = name.trim_start_matches(['@', '#']);
    let mut namespaced = handle;
    if let Some((prefix, rest)) = name.split_once(':')
        && WORDS.owners.prefixes.iter().any(|p| p.eq_ignore_ascii_case(prefix.trim()))
    {
        (name, namespaced) = (rest.trim(), true);
    }
    if namespaced { name.rsplit('/').next().unwrap_or(name) } else { name }
}

/// The id of a team's name, words like "the" and "team" around it taken away where a name is left.
fn folded(name: &str) -> Id {
    let id = Id::of(strip(name));
    let mut parts: Vec<&str> = id.as_str().split('-').collect();
    let any = |words: &[String], part: &str| words.iter().any(|w| w == part);
    while parts.len() > 1 && any(&WORDS.owners.before, parts[0]) {
        parts.remove(0);
    }
    while parts.len() > 1 && any(&WORDS.owners.after, parts[parts.len() - 1]) {
        parts.pop();
    }
    Id::of(&parts.join("-"))
}

/// Whose each contact is, so that a bare channel or mail address finds its team.
struct Contacts<'a> {
    whose: BTreeMap<String, Option<Id>>,
    named: BTreeSet<Id>,
    /// Teams' handles by what catalogs call them in words; nothing for words that several bear.
    titled: HashMap<Id, Option<Id>>,
    config: &'a Config,
}

impl<'a> Contacts<'a> {
    fn of(statements: &[Statement], config: &'a Config, titles: &BTreeMap<Id, &str>) -> Self {
        let mut titled: HashMap<Id, Option<Id>> = HashMap::new();
        for (handle, title) in titles {
            let known = titled.entry(folded(title)).or_insert_with(|| Some(handle.clone()));
            *known = known.take().filter(|k| k == handle);
        }
        let mut contacts = Self { whose: BTreeMap::new(), named: BTreeSet::new(), titled, config };
        for statement in statements.iter().filter(|s| !is_contact(&s.name.value)) {
            let id = contacts.aliased(&statement.name.value);
            contacts.named.insert(id.clone());
            for contact in &statement.contacts {
                let whose = contacts.whose.entry(contact.to_lowercase()).or_insert_with(|| Some(id.clone()));
                if whose.as_ref() != Some(&id) {
                    *whose = None;
                }
            }
        }
        contacts
    }

    fn aliased(&self, name: &str) -> Id {
        let id = folded(name);
        let aliases = &self.config.owner_aliases;
        match aliases.get(&Id::of(name)).or_else(|| aliases.get(&id)) {
            Some(real) => folded(real),
            None => self.titled.get(&id).cloned().flatten().unwrap_or(id),
        }
    }

    /// The owner a name means.
    fn id(&self, name: &str) -> Id {
        let own = self.aliased(name);
        if !is_contact(name) || self.named.contains(&own) {
            return own;
        }
        if let Some(Some(id)) = self.whose.get(&name.trim().to_lowercase()) {
            return id.clone();
        }
        let user = name.split_once('@').map(|(user, _)| self.aliased(user)).filter(|id| self.named.contains(id));
        user.unwrap_or(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_team_under_many_spellings() {
        for name in
            ["Payments", "the Payments team", "@acme/payments", "group:default/payments", "team:payments", "#payments"]
        {
            assert_eq!(folded(name).as_str(), "payments", "{name}");
        }
        assert_eq!(folded("Team").as_str(), "team");
        assert_eq!(folded("R&D / Tools").as_str(), "r-d-tools");
        assert_eq!(folded("DFS Platform Team").as_str(), "dfs-platform");
    }

    #[test]
    fn contacts_are_told_from_names() {
        assert!(["#ops", "ops@example.com", "https://chat.example/ops"].iter().all(|n| is_contact(n)));
        assert!(["@acme/ops", "Ops", "group:ops"].iter().all(|n| !is_contact(n)));
    }
}

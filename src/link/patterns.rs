//! CODEOWNERS patterns: the last one that fits a path decides who owns it.

use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::source::Origin;
use codeowner::Pattern;
use std::collections::HashMap;

/// The rules of every repository's CODEOWNERS, ready for looking up paths.
#[derive(Default)]
pub(super) struct Patterns<'a>(HashMap<&'a str, Rules<'a>>);

/// A rule's line and the claims it makes: one an owner.
type Rule<'a> = (u32, Vec<&'a Claim>);

#[derive(Default)]
struct Rules<'a> {
    /// Patterns without wildcards, by their path: found by walking up, so that a file of many rules stays quick.
    plain: HashMap<&'a str, Rule<'a>>,
    /// The others, in the order of the file.
    wild: Vec<(Pattern, Rule<'a>)>,
}

impl<'a> Patterns<'a> {
    /// Takes the patterns out of the claims.
    pub(super) fn of(claims: &'a [Claim]) -> Self {
        let mut lines: HashMap<(&str, &str, u32), Vec<&Claim>> = HashMap::new();
        let mut order = Vec::new();
        for claim in claims.iter().filter(|c| c.rank == Rank::CodeOwners) {
            if let (Subject::Path(pattern), Fact::Owner(_)) = (&claim.subject, &claim.fact) {
                let key = (&*claim.origin.repo, pattern.as_str(), claim.line);
                let list = lines.entry(key).or_insert_with(|| {
                    order.push(key);
                    Vec::new()
                });
                list.push(claim);
            }
        }
        order.sort_by_key(|key| (key.0, key.2));
        let mut patterns = Self::default();
        for key @ (repo, pattern, line) in order {
            let rules = patterns.0.entry(repo).or_default();
            let rule = (line, lines.remove(&key).unwrap_or_default());
            let anchored = pattern.starts_with('/') || pattern.trim_end_matches('/').contains('/');
            if anchored && !pattern.contains(['*', '?']) {
                rules.plain.insert(pattern.trim_matches('/'), rule);
            } else if !pattern.starts_with("*.")
                // A rule for all files of one ending says who looks after that kind of file, not after the service.
                && let Ok(pattern) = Pattern::new(pattern)
            {
                rules.wild.push((pattern, rule));
            }
        }
        patterns
    }

    /// The claims of the rule that decides a path; nobody where that rule clears ownership.
    pub(super) fn owners(&self, origin: &Origin) -> Vec<&'a Claim> {
        let Some(rules) = self.0.get(&*origin.repo) else { return Vec::new() };
        let mut path = &*origin.path;
        let mut best: Option<&Rule> = None;
        loop {
            if let Some(rule) = rules.plain.get(path).filter(|r| best.is_none_or(|b| r.0 > b.0)) {
                best = Some(rule);
            }
            match path.rsplit_once('/') {
                Some((up, _)) => path = up,
                None => break,
            }
        }
        let wild = rules.wild.iter().rev().find(|(pattern, _)| pattern.matches(&origin.path)).map(|(_, rule)| rule);
        let best = best.into_iter().chain(wild).max_by_key(|rule| rule.0);
        let named = |c: &&Claim| matches!(&c.fact, Fact::Owner(name) if !name.is_empty());
        best.map_or_else(Vec::new, |(_, claims)| claims.iter().copied().filter(named).collect())
    }
}

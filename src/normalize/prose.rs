//! What sentences say a service needs: products, services behind a word of needing, parts of the system, links.

use super::dependencies::{Counts, Found, Place};
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;
use super::signs::Signs;
use super::units::Unit;
use crate::model::document::LinkKind;
use crate::model::stated::{Relation, StatedDependency, TargetType};

/// A hyphen.
const HYPHEN: Signs = Signs::these(b"-");

impl Found<'_> {
    /// Technologies and services a sentence names.
    pub(super) fn sentence(&mut self, unit: &Unit, place: Place) {
        let line = self.reading.document.line(unit.span.start);
        for &(at, from, to) in &unit.scan.technologies {
            let technology = &self.reading.reader.knowledge.vocabulary.technologies[at as usize];
            // "s3://bucket" names S3 and where in it.
            let written = unit.as_written(from, to);
            let written = written.split("://").next().unwrap_or(written);
            if in_larger_token(&unit.plain, written) {
                continue;
            }
            let written = if place == Place::Listed {
                written.to_owned()
            } else {
                without_noun(written, &self.reading.reader.lexicon)
            };
            let counts = match self.reading.reader.counts[at as usize] {
                Counts::Listed => place == Place::Listed,
                Counts::Running => place != Place::Elsewhere,
                Counts::Hosting => place == Place::Listed || self.is_hosting(unit),
                Counts::Anywhere => true,
            };
            let cased = !technology.cased || written.chars().next().is_some_and(char::is_uppercase);
            if cased && counts {
                self.push(&written, None, Relation::Uses, line);
            }
        }
        if place != Place::Elsewhere {
            self.components(unit, line);
        }
        if place != Place::Elsewhere && unit.scan.holds.has(List::Needs) {
            self.calls(unit, line);
            self.partners(unit, line);
        }
    }

    /// Hyphenated names right behind a word of needing: "launches gyr-efiler", "depends on order-store".
    fn calls(&mut self, unit: &Unit, line: u32) {
        if !unit.signs.meets(HYPHEN) {
            return;
        }
        let words: Vec<&str> =
            unit.plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).collect();
        for (at, word) in words.iter().enumerate() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let name = word.contains('-')
                && word.len() > 5
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            let before = fold(&words[at.saturating_sub(4)..at].join(" "));
            if name && self.reading.reader.lexicon.scan(&before).holds.has(List::Needs) {
                self.push(word, None, Relation::Calls, line);
            }
        }
    }

    /// Capitalised names right behind words of talking to another system: "integrates with the Ledger", "hands invoices to SAP".
    fn partners(&mut self, unit: &Unit, line: u32) {
        let lexicon = &self.reading.reader.lexicon;
        if !unit.scan.holds.has(List::Partner) {
            return;
        }
        let words: Vec<&str> = unit.plain.split_whitespace().collect();
        let mut at = 1;
        while at < words.len() {
            let named = |w: &&&str| {
                w.trim_matches(['(', '"']).starts_with(char::is_uppercase) && !lexicon.is(List::Pronoun, &fold(w))
            };
            let ends = |w: &str| w.ends_with([',', '.', ';', ':', ')']);
            let mut to = at + words[at..].iter().take_while(named).take(4).count();
            to = (at..to).find(|&i| ends(words[i])).map_or(to, |i| i + 1);
            if to == at {
                at += 1;
                continue;
            }
            let article = at - usize::from(lexicon.is(List::Article, &fold(words[at - 1])));
            let before = fold(&words[article.saturating_sub(3)..article].join(" "));
            if lexicon.list(List::Partner).iter().any(|p| before.trim_end().ends_with(p.as_str())) {
                let name = words[at..to].join(" ");
                let name = name.split(['(', '/']).next().unwrap_or_default();
                if !name.trim_end_matches('.').contains(['.', '_']) {
                    self.push(name, None, Relation::Calls, line);
                }
            }
            at = to;
        }
    }

    fn is_hosting(&self, unit: &Unit) -> bool {
        let template = &self.reading.reader.knowledge.template;
        unit.heading
            .is_some_and(|h| self.reading.aims[h.at()].sections().any(|(s, _)| template[s].id == "infrastructure"))
    }

    /// Made-up names of parts of the system: "BundleSubmissionJob", "libDataAccess".
    fn components(&mut self, unit: &Unit, line: u32) {
        // A capital behind another letter; nearly no sentence has one.
        let inside = |pair: &[u8]| pair[1].is_ascii_uppercase() && (pair[0].is_ascii_alphanumeric() || pair[0] >= 128);
        if !unit.plain.as_bytes().windows(2).any(inside) {
            return;
        }
        for word in unit.plain.split(|c: char| !c.is_alphanumeric()) {
            if !word.bytes().skip(1).any(|b| b.is_ascii_uppercase()) {
                continue;
            }
            let humps =
                word.chars().zip(word.chars().skip(1)).filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count();
            let shaped = humps >= 1
                || word.len() > 5
                    && word.chars().filter(|c| c.is_uppercase()).count() >= 3
                    && word.chars().any(char::is_lowercase);
            if shaped
                && self
                    .reading
                    .reader
                    .lexicon
                    .list(List::Component)
                    .iter()
                    .any(|end| word.ends_with(end.as_str()) && word.len() > end.len() + 2)
            {
                self.push(word, None, Relation::Uses, line);
            }
        }
    }

    /// What stands behind "runs on" in a folded text.
    pub(super) fn says_runs_on<'t>(&self, folded: &'t str) -> Option<&'t str> {
        let lists = self.reading.reader.lexicon.list(List::RunsOn);
        lists.iter().find_map(|phrase| folded.split_once(phrase.as_str())).map(|(_, rest)| rest.trim_start())
    }

    /// "Runs on the Cloud Platform", where the host is told of: says it of what the list of dependencies names.
    fn runs_on(&mut self, unit: &Unit) {
        if !unit.scan.holds.has(List::RunsOn) || !self.is_hosting(unit) {
            return;
        }
        let Some(rest) = self.says_runs_on(&unit.folded) else { return };
        let rest = rest.strip_prefix("the ").unwrap_or(rest);
        let meant = |d: &&mut StatedDependency| {
            d.relation == Relation::Uses
                && rest.strip_prefix(fold(&d.name).trim()).is_some_and(|r| !r.starts_with(char::is_alphanumeric))
        };
        self.list.iter_mut().filter(meant).for_each(|d| d.relation = Relation::RunsOn);
    }

    /// Runtime components in prose elsewhere, and what it is said to run on.
    pub(super) fn named_in_prose(&mut self, unit: &Unit) {
        self.runs_on(unit);
        self.sentence(unit, Place::Runtime);
        let line = self.reading.document.line(unit.span.start);
        if unit.links > 0 {
            self.links(unit, line, unit.scan.holds.has(List::Needs));
        }
        self.record(unit, line);
    }

    /// "Ledger DB - ec2-ledger-prod-db": a part of the system with the host it is found on.
    fn record(&mut self, unit: &Unit, line: u32) {
        if !unit.signs.meets(HYPHEN) || !self.is_hosting(unit) {
            return;
        }
        let Some((name, host)) = unit.plain.split_once(" - ") else { return };
        let shaped = |host: &str| host.matches('-').count() >= 2 && !host.contains(['/', '.', ':']);
        let hosts = !host.trim().is_empty() && host.split_whitespace().all(shaped);
        if hosts && name.split_whitespace().count() <= 3 && name.chars().next().is_some_and(char::is_uppercase) {
            self.push(name, None, Relation::RunsOn, line);
        }
    }

    /// Linked names in a sentence that says what is needed.
    pub(super) fn links(&mut self, unit: &Unit, line: u32, needs: bool) {
        let document = self.reading.document;
        let from = document.links.partition_point(|l| l.span.start < unit.span.start);
        let inside: Vec<_> = document.links[from..].iter().take_while(|l| l.span.end <= unit.span.end).collect();
        for link in inside {
            let name = link.label.trim();
            let words = name.split_whitespace().count();
            let named = matches!(link.kind, LinkKind::Inline | LinkKind::Reference)
                && (1..=4).contains(&words)
                && !name.contains(['/', '@', '#'])
                && (name.chars().next().is_some_and(char::is_uppercase) || name.contains('-'))
                && !name.contains('.')
                && !(words > 2 && name.split(' ').next().is_some_and(|w| w.ends_with("ing")));
            let before = self.reading.document.text[unit.span.start as usize..link.span.start as usize].trim_end();
            let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
            let source = fold(before.get(before.len().saturating_sub(40)..).unwrap_or(before));
            let source = self
                .reading
                .reader
                .lexicon
                .list(List::LinkSource)
                .iter()
                .any(|s| source.trim_end().ends_with(s.as_str()));
            let needed = !source && (needs || self.reading.reader.lexicon.is(List::LinkNeeds, word));
            if needed && named && (link.target.contains("/") || link.target.ends_with(".md")) {
                let before = self.list.len();
                self.push(name, None, Relation::Uses, line);
                if let Some(new) =
                    self.list.get_mut(before).filter(|d| d.target == TargetType::Unknown && needs && words <= 2)
                {
                    new.target = TargetType::Service;
                }
            }
        }
    }
}

/// Whether a word is only part of a host name or a path: "ec2" in "ec2-orders-1.example.org".
fn in_larger_token(plain: &str, written: &str) -> bool {
    let at = written.as_ptr() as usize - plain.as_ptr() as usize;
    let joined = |c: Option<char>| c.is_some_and(|c| matches!(c, '-' | '_' | '/' | '.' | '@'));
    let after = plain[at + written.len()..].chars();
    let behind = joined(after.clone().next())
        && after.clone().nth(1).is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    joined(plain[..at].chars().next_back()) || behind && written.chars().all(|c| !c.is_uppercase())
}

/// "SQS queue" in prose is SQS; "S3 Bucket" with a capital is a name.
fn without_noun(written: &str, lexicon: &Lexicon) -> String {
    match written.rsplit_once(' ') {
        Some((name, noun)) if lexicon.list(List::ComponentNoun).iter().any(|n| n == noun) => name.to_owned(),
        _ => written.to_owned(),
    }
}

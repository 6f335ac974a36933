//! Dependencies as a document states them: what its list names, what it runs on, what its prose needs.

use super::Reading;
use super::fold::fold;
use super::lexicon::{Lexicon, Scan};
use super::lists::List;
use super::marks::Signs;
use super::says::Says;
use super::units::Unit;
use crate::model::config::Knowledge;
use crate::model::document::{BlockKind, LinkKind};
use crate::model::id::Id;
use crate::model::stated::{Relation, StatedDependency, TargetType};
use crate::model::vocabulary::Technology;

/// More dependencies than this and a list is no list of dependencies: nothing here grows with its square.
const MOST: usize = 500;

/// A hyphen.
const HYPHEN: Signs = Signs::of(b"-");

/// Dependencies in the order they stand; `own` is the service's own name, which is none.
pub fn dependencies(reading: &Reading, own: Option<&str>) -> Vec<StatedDependency> {
    let template = &reading.reader.knowledge.template;
    let mut found = Found { reading, own: own.map(Id::of), list: Vec::new() };
    let Some(section) = template.section("dependencies") else { return Vec::new() };
    let below = below_labels(reading, section);
    let listed = |u: &Unit| {
        u.heading.is_some_and(|h| reading.aims[h.at()].sections().any(|(s, _)| s == section))
            || labelled(reading, u, section)
            || below.binary_search(&u.block).is_ok()
    };
    let sections = |list: List| -> Vec<_> {
        reading.reader.lexicon.list(list).iter().filter_map(|id| template.section(id)).collect()
    };
    let (runtime, watches) = (sections(List::RuntimeSections), sections(List::WatchingSections));
    let told = || reading.units.iter().filter(|u| !u.residue && u.kind != BlockKind::Code);
    let mut prose = Vec::new();
    for unit in told() {
        if !listed(unit) {
            prose.push(unit);
            continue;
        }
        // "Not documented", "TBD": a verdict names nothing.
        let verdict = !matches!(unit.says, Says::Fact | Says::Admission | Says::Label | Says::Links | Says::Pointer);
        let names = !verdict || !unit.scan.technologies.is_empty() || unit.links > 0;
        if names {
            found.listed(unit);
        }
    }
    // Where a text is to be read, and what somebody means to use one day, is nothing the service needs.
    for unit in prose.into_iter().filter(|u| !matches!(u.says, Says::Pointer | Says::Promise)) {
        let about_runtime = unit.heading.is_none_or(|h| {
            let aimed = &reading.aims[h.at()];
            aimed.matches.is_empty() || aimed.sections().any(|(s, _)| runtime.contains(&s))
        });
        if about_runtime {
            found.named_in_prose(unit);
        } else if !watching(reading, unit, &watches) {
            found.sentence(unit, Place::Elsewhere);
        }
    }
    found.hosts();
    found.list
}

/// Text about watching, delivering and securing names those tools, not what the service needs.
fn watching(reading: &Reading, unit: &Unit, watches: &[crate::model::id::SectionIx]) -> bool {
    unit.heading.is_some_and(|h| reading.aims[h.at()].sections().any(|(s, _)| watches.contains(&s)))
}

/// Where a sentence stands decides which products it makes dependencies.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Listed,
    Runtime,
    Elsewhere,
}

/// Where a technology's name makes it a dependency.
#[derive(Clone, Copy)]
pub(super) enum Counts {
    /// In a list of dependencies.
    Listed,
    /// There, and where the text is about what runs.
    Running,
    /// There, and where the text is about where it runs: a cloud's bare name.
    Hosting,
    Anywhere,
}

/// What each technology of the vocabulary counts as.
pub(super) fn counts(knowledge: &Knowledge, lexicon: &Lexicon) -> Vec<Counts> {
    let languages = lexicon.list(List::Languages);
    let each = knowledge.vocabulary.technologies.iter().map(|technology| match technology.class.as_str() {
        "delivery" | "watching" | "tool" => Counts::Listed,
        _ if languages.contains(&technology.id) => Counts::Listed,
        "library" | "runtime" => Counts::Running,
        _ if lexicon.is(List::Clouds, &fold(&technology.id)) => Counts::Hosting,
        _ => Counts::Anywhere,
    });
    each.collect()
}

/// Blocks nested below a bullet that is the section's name, with or without a colon, in order.
fn below_labels(reading: &Reading, section: crate::model::id::SectionIx) -> Vec<u32> {
    let mut blocks = Vec::new();
    let mut open: Option<&Unit> = None;
    for unit in reading.units.iter().filter(|u| u.kind == BlockKind::Item) {
        open = open.filter(|o| o.heading == unit.heading && unit.depth > o.depth);
        if open.is_some() {
            blocks.push(unit.block);
            continue;
        }
        let name = if unit.label.is_some() { unit.label_folded() } else { &unit.folded };
        let aims = reading.reader.headings.exactly_folded(name);
        open = aims.iter().any(|m| m.aim == super::matching::Aim::Section(section)).then_some(unit);
    }
    blocks.dedup();
    blocks
}

fn labelled(reading: &Reading, unit: &Unit, section: crate::model::id::SectionIx) -> bool {
    let matches = reading.reader.headings.exactly_folded(unit.label_folded());
    matches.iter().any(|m| m.aim == super::matching::Aim::Section(section))
}

/// Dependencies found so far.
pub(super) struct Found<'a> {
    pub(super) reading: &'a Reading<'a>,
    own: Option<Id>,
    list: Vec<StatedDependency>,
}

impl<'a> Found<'a> {
    pub(super) fn technology(&self, text: &str) -> Option<&'a Technology> {
        self.of_scan(&self.reading.reader.lexicon.scan(&fold(text)))
    }

    /// The first technology a scan found.
    fn of_scan(&self, scan: &Scan) -> Option<&'a Technology> {
        let (at, ..) = *scan.technologies.first()?;
        self.reading.reader.knowledge.vocabulary.technologies.get(at as usize)
    }

    /// "s3-store", "upp-kafka": a service's own name that holds a product's; "kafka-cluster" and "redis-7" are the product.
    fn is_slug_around(&self, name: &str, folded: &str, scan: &Scan) -> bool {
        let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !name.contains('-') || !name.chars().all(slug) {
            return false;
        }
        let lexicon = &self.reading.reader.lexicon;
        let Some(&(_, from, to)) = scan.technologies.first() else { return false };
        let part = |w: &str| w.bytes().all(|b| b.is_ascii_digit()) || lexicon.is(List::ComponentNoun, w);
        let mut words = folded.split_whitespace().enumerate();
        words.any(|(at, w)| !(from..=to).contains(&(at as u32)) && !part(w))
    }

    pub(super) fn push(&mut self, name: &str, purpose: Option<String>, relation: Relation, line: u32) {
        let name = tidy(name);
        if self.list.len() >= MOST {
            return;
        }
        let id = Id::of(&name);
        let folded = fold(&name);
        let scan = self.reading.reader.lexicon.scan(&folded);
        if id.is_empty()
            || name.split_whitespace().count() > 7
            || name.len() > 70
            || self.own.as_ref() == Some(&id)
            || name.starts_with("http") && name.contains("://")
            || scan.whole.has(List::NoDependency)
        {
            return;
        }
        let slug = self.is_slug_around(&name, &folded, &scan);
        let technology = self.of_scan(&scan).filter(|_| !slug);
        let class = technology.map(|t| t.class.as_str());
        let (id, target) = match &technology {
            Some(technology) => (Id::of(&technology.id), TargetType::Technology),
            None => (id, TargetType::Unknown),
        };
        if let Some(same) = self.list.iter_mut().find(|d| d.id == id) {
            same.purpose = same.purpose.take().or(purpose);
            if same.relation == Relation::Uses {
                same.relation = relation;
            }
            // The fuller spelling says more: "AWS ECS" over "ECS".
            if name.ends_with(same.name.as_str()) && class.is_some() && name.split_whitespace().count() == 2 {
                same.name = name;
            }
            return;
        }
        let relation = match class {
            Some("store") => Relation::StoresIn,
            Some("queue") => Relation::PublishesTo,
            Some("platform") => Relation::RunsOn,
            // "Cloud Platform (runs on)".
            _ if purpose.as_deref().is_some_and(|p| self.says_runs_on(&fold(p)).is_some()) => Relation::RunsOn,
            _ => relation,
        };
        self.list.push(StatedDependency { name, id, target, relation, purpose, line });
    }

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

    /// The platform a form names as its host, also where the form itself filled it in.
    fn hosts(&mut self) {
        let reading = self.reading;
        let Some(form) = reading.form.map(|f| &reading.reader.knowledge.forms[f]) else { return };
        let values: Vec<String> = form.headings.iter().flat_map(|h| &h.prefilled).map(|p| fold(p)).collect();
        for unit in reading.units.iter().filter(|u| values.contains(&u.folded)) {
            self.push(&unit.plain, None, Relation::RunsOn, reading.document.line(unit.span.start));
        }
    }

    /// What stands behind "runs on" in a folded text.
    fn says_runs_on<'t>(&self, folded: &'t str) -> Option<&'t str> {
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
    fn named_in_prose(&mut self, unit: &Unit) {
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

fn tidy(name: &str) -> String {
    let name = name.trim().trim_matches(['*', '_', '`', '.', ',', ':', ';', '-', '"', '\\', ' ']);
    let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    for head in ["the ", "a ", "an ", "our ", "The ", "A ", "An ", "Our ", "one ", "One "] {
        if let Some(rest) = name.strip_prefix(head) {
            name = rest.to_owned();
        }
    }
    name
}

//! Dependencies as a document states them: what its list names, what it runs on, what its prose needs.

use super::Reading;
use super::fold::fold;
use super::lexicon::{Lexicon, Scan};
use super::lists::List;
use super::says::Says;
use super::units::Unit;
use crate::model::config::Knowledge;
use crate::model::document::BlockKind;
use crate::model::id::Id;
use crate::model::stated::{Relation, StatedDependency, TargetType};
use crate::model::vocabulary::Technology;

/// More dependencies than this and a list is no list of dependencies: nothing here grows with its square.
const MOST: usize = 500;

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
    pub(super) list: Vec<StatedDependency>,
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

    /// The platform a form names as its host, also where the form itself filled it in.
    fn hosts(&mut self) {
        let reading = self.reading;
        let Some(form) = reading.form.map(|f| &reading.reader.knowledge.forms[f]) else { return };
        let values: Vec<String> = form.headings.iter().flat_map(|h| &h.prefilled).map(|p| fold(p)).collect();
        for unit in reading.units.iter().filter(|u| values.contains(&u.folded)) {
            self.push(&unit.plain, None, Relation::RunsOn, reading.document.line(unit.span.start));
        }
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

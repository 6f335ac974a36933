//! Heading to section by words: exact titles and aliases first, then the aliases inside a longer heading.

use super::fold::fold;
use super::lexicon::{Lexicon, Words};
use super::lists::List;
use super::outline::Title;
use crate::model::config::Knowledge;
use crate::model::form::FormHeading;
use crate::model::id::{ParentIx, SectionIx};
use crate::model::state::Reached;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::{HashMap, HashSet};

/// Where a heading leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aim {
    /// To a section.
    Section(SectionIx),
    /// To a heading that groups sections.
    Parent(ParentIx),
    /// To nothing we count: a form says so.
    Nowhere,
}

/// A heading's match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Where it leads.
    pub aim: Aim,
    /// How it was found.
    pub reached: Reached,
    /// Share of the heading's words that the match explains, 0 to 1.
    pub fit: f32,
    /// Larger decides among equally good answers.
    pub weight: i32,
}

/// Titles and aliases made ready for matching.
pub struct Headings {
    exact: HashMap<String, Vec<Match>, Words>,
    forms: HashMap<String, Vec<(usize, usize)>, Words>,
    aliases: Vec<(Vec<String>, Aim)>,
    by_stem: HashMap<String, Vec<usize>, Words>,
    filler: HashSet<String, Words>,
    neutral: HashSet<String, Words>,
    object: HashSet<String, Words>,
    doing: HashSet<String, Words>,
    question: HashSet<String, Words>,
    weak: HashSet<String, Words>,
    one_topic: Vec<bool>,
    /// The groups each section stands in.
    above: Vec<[ParentIx; 2]>,
    not: Vec<Vec<String>>,
    stemmer: Stemmer,
}

impl Headings {
    /// Indexes the template's and the forms' headings; done once a run.
    pub fn new(knowledge: &Knowledge, lexicon: &Lexicon) -> Self {
        let template = &knowledge.template;
        let stemmer = Stemmer::create(Algorithm::English);
        let set = |list: List| lexicon.list(list).iter().map(|w| w.to_lowercase()).collect::<HashSet<_, Words>>();
        let mut all = Self {
            exact: HashMap::default(),
            forms: HashMap::default(),
            aliases: Vec::new(),
            by_stem: HashMap::default(),
            filler: set(List::HeadingFiller),
            object: set(List::HeadingObject),
            doing: set(List::Doing),
            question: set(List::HeadingQuestion),
            weak: set(List::HeadingWeak),
            neutral: set(List::HeadingNeutral).iter().map(|w| stemmer.stem(w).into_owned()).collect(),
            above: template.sections.iter().map(|s| [s.parent, template[s.chapter].parent]).collect(),
            one_topic: template.parents.iter().map(|p| p.one_topic).collect(),
            not: template.sections.iter().map(|s| s.not.iter().map(|n| fold(n)).collect()).collect(),
            stemmer,
        };
        for (at, parent) in template.parents.iter().enumerate() {
            let aim = Aim::Parent(at.into());
            all.learn(&parent.title, aim, Reached::Heading);
            parent.aliases.iter().for_each(|a| all.learn(a, aim, Reached::Alias));
        }
        for at in template.all() {
            let section = &template[at];
            all.learn(&section.title, Aim::Section(at), Reached::Heading);
            section.aliases.iter().for_each(|a| all.learn(a, Aim::Section(at), Reached::Alias));
        }
        for (form, data) in knowledge.forms.iter().enumerate() {
            for (at, heading) in data.headings.iter().enumerate() {
                let entries = all.forms.entry(fold(&heading.title)).or_default();
                // Of two headings with the same words the later one counts.
                entries.retain(|&(of, _)| of != form);
                entries.push((form, at));
            }
        }
        for (at, (stems, _)) in all.aliases.iter().enumerate() {
            for stem in stems {
                all.by_stem.entry(stem.clone()).or_default().push(at);
            }
        }
        all
    }

    fn learn(&mut self, title: &str, aim: Aim, reached: Reached) {
        let list = self.exact.entry(fold(title)).or_default();
        if !list.iter().any(|m| m.aim == aim) {
            list.push(Match { aim, reached, fit: 1.0, weight: 0 });
            // A title beats an alias of something else.
            list.sort_by_key(|m| m.reached);
            let best = list[0].reached;
            list.retain(|m| m.reached == best);
        }
        let stems = self.stems(&fold(title));
        let weak = stems.len() == 1 && self.weak.contains(&stems[0]) && fold(title).trim().contains(' ');
        if !weak && !stems.iter().all(|s| self.question.contains(s) || self.neutral.contains(s)) {
            self.aliases.push((stems, aim));
        }
    }

    fn stems(&self, folded: &str) -> Vec<String> {
        folded
            .split(' ')
            .filter(|w| !w.is_empty() && !self.filler.contains(*w))
            .map(|w| if w == "whom" { "who" } else { w })
            .map(|w| self.stemmer.stem(w).into_owned())
            .collect()
    }

    /// The entries of forms that a folded heading is, as form and heading.
    pub fn forms(&self, folded: &str) -> &[(usize, usize)] {
        self.forms.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Whether a title is exactly one of the template's titles or aliases.
    pub fn exactly(&self, title: &str) -> &[Match] {
        self.exactly_folded(&fold(title))
    }

    /// The same for a title that is folded already.
    pub fn exactly_folded(&self, folded: &str) -> &[Match] {
        self.exact.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Where a heading leads; empty where its words are nobody's.
    pub fn find(&self, written: &str, title: &Title) -> Vec<Match> {
        if !title.exact.is_empty() {
            return title.exact.to_vec();
        }
        let folded = &title.folded;
        let stems = self.stems(folded);
        if stems.is_empty() || stems.len() > 14 {
            return Vec::new();
        }
        // Aliases that stand in the heading as a run of words, the longest first.
        let mut found: Vec<(usize, usize, Aim)> = Vec::new();
        let candidates: HashSet<usize> = stems.iter().filter_map(|s| self.by_stem.get(s)).flatten().copied().collect();
        for at in candidates {
            let (alias, aim) = &self.aliases[at];
            if alias.len() > stems.len() {
                continue;
            }
            if let Some(place) = stems.windows(alias.len()).position(|w| w == alias.as_slice())
                && !self.excluded(*aim, folded)
            {
                found.push((place, alias.len(), *aim));
            }
        }
        found.sort_by_key(|&(place, length, aim)| (std::cmp::Reverse(length), place, aim));
        found.dedup();
        let mut taken = vec![false; stems.len()];
        let mut kept: Vec<(usize, usize, Aim)> = Vec::new();
        for (place, length, aim) in found {
            let same_words = kept.iter().any(|k| k.0 == place && k.1 == length);
            if (same_words && kept.iter().all(|k| k.2 != aim)) || taken[place..place + length].iter().all(|t| !t) {
                taken[place..place + length].iter_mut().for_each(|t| *t = true);
                kept.push((place, length, aim));
            }
        }
        self.without_objects(folded, stems.len(), &mut kept);
        let neutral = |stem: &String| self.neutral.contains(stem) || self.question.contains(stem);
        let explained = taken.iter().zip(&stems).filter(|(t, s)| **t || neutral(s)).count();
        let whole = explained == stems.len();
        let doing = folded.split_whitespace().next().is_some_and(|w| w.ends_with("ing"));
        let mut matches: Vec<Match> = kept
            .into_iter()
            .filter(|&(place, length, aim)| whole || self.stands_alone(&stems, doing, place, length, aim))
            .map(|(_, length, aim)| {
                let fit = if whole { 0.9 } else { length as f32 / stems.len() as f32 };
                Match { aim, reached: Reached::Words, fit, weight: 0 }
            })
            .collect();
        if matches.is_empty() {
            matches = self.one_of_list(written);
        }
        // A section beside its own group's name: "Backup procedures and schedule" is the section's.
        if matches.iter().any(|m| matches!(m.aim, Aim::Section(_))) {
            matches.retain(|m| matches!(m.aim, Aim::Section(_)) || whole);
        }
        matches
    }

    /// "Accounts, secrets and networks": an item of a list of three and more that is a section's title or alias.
    fn one_of_list(&self, title: &str) -> Vec<Match> {
        let items: Vec<&str> = title.split(&[',', '&', '/'][..]).flat_map(|p| p.split(" and ")).collect();
        if !(3..=6).contains(&items.len()) {
            return Vec::new();
        }
        let known = items.iter().flat_map(|item| self.exactly(item));
        let fit = 1.0 / items.len() as f32;
        let sections = known.filter(|m| matches!(m.aim, Aim::Section(_)));
        sections.map(|m| Match { aim: m.aim, reached: Reached::Words, fit, weight: 0 }).collect()
    }

    /// "Copies of the database", "Restore the database": what a section's words are about is not asked for itself.
    fn without_objects(&self, folded: &str, stems: usize, kept: &mut Vec<(usize, usize, Aim)>) {
        let mut object = Vec::with_capacity(stems);
        let does = folded.split_whitespace().next().is_some_and(|w| self.doing.contains(w));
        let mut behind = false;
        for word in folded.split_whitespace() {
            if self.filler.contains(word) {
                behind = behind && !matches!(word, "and" | "or") || self.object.contains(word);
            } else {
                object.push(std::mem::replace(&mut behind, does));
            }
        }
        let heads = |&(place, _, aim): &(usize, usize, Aim)| matches!(aim, Aim::Section(_)) && !object[place];
        if let Some(first) = kept.iter().filter(|k| heads(k)).map(|k| k.0).min() {
            kept.retain(|&(place, ..)| place < first || !object[place]);
        }
    }

    /// Whether part of a heading is enough: several words, or one word at its head that is only this section's.
    fn stands_alone(&self, stems: &[String], doing: bool, place: usize, length: usize, aim: Aim) -> bool {
        let share = length as f32 / stems.len() as f32;
        match aim {
            Aim::Parent(parent) if self.one_topic[parent.at()] => share >= 0.6,
            _ if length > 1 => share >= 0.4,
            // "Troubleshooting an outage": what is done leads, and takes the rest as its object.
            _ if place == 0 && doing => share >= 0.2 && self.is_only(&stems[place], aim, 0.5),
            _ => (place == 0 || place + 1 == stems.len()) && share >= 0.2 && self.is_only(&stems[place], aim, 0.8),
        }
    }

    /// Whether a stem is this aim's alone; that a section's own group shares it ("Alerts", "Monitoring and alerting") is no matter.
    fn is_only(&self, stem: &str, aim: Aim, share: f32) -> bool {
        let uses = self.by_stem.get(stem).map_or(&[][..], Vec::as_slice);
        let own = uses.iter().filter(|&&at| self.aliases[at].1 == aim).count();
        let group = |other: Aim| match (aim, other) {
            (Aim::Section(section), Aim::Parent(parent)) => self.above[section.at()].contains(&parent),
            _ => false,
        };
        let others = uses.iter().filter(|&&at| self.aliases[at].1 != aim && !group(self.aliases[at].1)).count();
        own >= 1 && own as f32 >= (own + others) as f32 * share
    }

    fn excluded(&self, aim: Aim, folded: &str) -> bool {
        matches!(aim, Aim::Section(section) if self.not[section.at()].iter().any(|n| folded.contains(n.as_str())))
    }

    /// The section whose aliases share most words with a heading that leads nowhere.
    pub fn nearest(&self, folded: &str) -> Option<SectionIx> {
        let stems = self.stems(folded);
        let mut scores: HashMap<SectionIx, f32> = HashMap::new();
        for stem in &stems {
            let uses = self.by_stem.get(stem).map_or(&[][..], Vec::as_slice);
            for &at in uses {
                if let Aim::Section(section) = self.aliases[at].1 {
                    *scores.entry(section).or_default() += 1.0 / (uses.len() as f32 * self.aliases[at].0.len() as f32);
                }
            }
        }
        scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(section, _)| section)
    }
}

/// The matches a form's heading stands for.
pub fn of_form(heading: &FormHeading, knowledge: &Knowledge) -> Vec<Match> {
    let sections: Vec<Match> = heading
        .sections
        .iter()
        .filter_map(|id| knowledge.template.section(id))
        .map(|s| Match { aim: Aim::Section(s), reached: Reached::Heading, fit: 1.0, weight: heading.weight })
        .collect();
    if sections.is_empty() {
        return vec![Match { aim: Aim::Nowhere, reached: Reached::Heading, fit: 1.0, weight: 0 }];
    }
    sections
}

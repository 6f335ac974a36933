//! Document to runbook: which section each heading answers, in what state, and the facts it states.
//!
//! In order: the words are cut into units and scanned once ([`cut`], [`lexicon`]); the template's are marked
//! ([`residue`]); headings find their aims ([`outline`], [`matching`]); each section's units are weighed
//! ([`says`], [`answer`], [`sections`]); then the document's kind and facts are read, one file each.

mod alerts;
mod answer;
mod brief;
mod code;
mod cut;
mod dependencies;
mod elsewhere;
mod facts;
mod fold;
mod front;
mod kind;
mod labels;
mod lexicon;
mod listed;
mod lists;
mod marks;
mod matching;
mod name;
mod notes;
mod outline;
mod owners;
mod parents;
mod parts;
mod prose;
mod residue;
mod says;
mod sections;
mod signs;
mod substance;
mod units;

use crate::model::config::Knowledge;
use crate::model::diagnostic::Rule;
use crate::model::document::{Document, HeadingStyle};
use crate::model::runbook::{Candidate, Evidence, Home, Part, Runbook};
use crate::model::state::{Kind, Reached, State};
use crate::model::stated::StatedName;
use crate::model::text::harmless;
use std::sync::Arc;

/// Rules this phase speaks.
pub const RULES: &[Rule] = notes::RULES;

/// Knowledge made ready for reading many documents.
pub struct Reader {
    knowledge: Arc<Knowledge>,
    lexicon: lexicon::Lexicon,
    headings: matching::Headings,
    guidance: residue::Guidance,
    questions: Vec<answer::Asked>,
    /// The form of alerts' pages.
    alert_form: Option<usize>,
    /// Words of titles that are no part of a name.
    title_words: aho_corasick::AhoCorasick,
    /// What each technology counts as, by its place in the vocabulary.
    counts: Vec<dependencies::Counts>,
}

/// A document on its way to a runbook: what every later step looks at.
struct Reading<'a> {
    reader: &'a Reader,
    document: &'a Document,
    units: Vec<units::Unit>,
    titles: Vec<outline::Title<'a>>,
    form: Option<usize>,
    aims: Vec<outline::Aimed>,
    /// For each heading, the one whose aim its text follows.
    roots: Vec<usize>,
    /// For each heading, the units it and those that continue it hold, as places in `units`.
    of_root: Vec<Vec<u32>>,
    /// Which sections have a heading of their own.
    headed: Vec<bool>,
}

impl Reader {
    /// Makes the knowledge ready; done once a run.
    pub fn new(knowledge: &Arc<Knowledge>) -> Self {
        let lexicon = lexicon::Lexicon::new(knowledge);
        let headings = matching::Headings::new(knowledge, &lexicon);
        let guidance = residue::Guidance::new(knowledge);
        let questions = sections::questions(knowledge, &lexicon);
        let title_words = name::title_words(&lexicon);
        let counts = dependencies::counts(knowledge, &lexicon);
        let alert_form = knowledge.forms.iter().position(|form| form.kind == "alert");
        Self { knowledge: knowledge.clone(), lexicon, headings, guidance, questions, alert_form, title_words, counts }
    }

    /// Reads one document, knowing nothing of the others.
    pub fn read(&self, document: Arc<Document>) -> Runbook {
        let mut units = cut::units(&document, &self.lexicon);
        residue::mark(&mut units, &self.guidance, &self.lexicon);
        for unit in &mut units {
            says::weigh(unit, &self.lexicon);
        }
        let titles = outline::titles(&document, &self.headings, &self.lexicon);
        let form = outline::choose_form(&titles, &self.knowledge);
        let aims = outline::aims(&document, &titles, form, &self.knowledge, &self.headings, &self.lexicon);
        let mut roots: Vec<usize> = Vec::with_capacity(aims.len());
        for (at, aimed) in aims.iter().enumerate() {
            let above = document.headings[at].parent.filter(|_| aimed.continues);
            roots.push(above.map_or(at, |p| roots[p.at()]));
        }
        let mut of_root: Vec<Vec<u32>> = vec![Vec::new(); roots.len()];
        for (at, unit) in units.iter().enumerate() {
            if let Some(heading) = unit.heading {
                of_root[roots[heading.at()]].push(at as u32);
            }
        }
        let mut headed = vec![false; self.knowledge.template.sections.len()];
        aims.iter().flat_map(|a| a.sections()).for_each(|(s, _)| headed[s.at()] = true);
        let mut reading =
            Reading { reader: self, document: &document, units, titles, form, aims, roots, of_root, headed };
        sections::mark_prefilled(&mut reading);
        sections::mark_repeated(&mut reading);
        let mut candidates = sections::candidates(&reading);
        let mut parts = parts::parts(&reading);
        let notes = notes::notes(&reading);
        let alerts = alerts::alerts(&reading);
        let name = name::stated(&reading);
        let place = name::place(&document.origin, &self.lexicon);
        let kind = kind::kind(&reading, &candidates, &alerts, name.as_ref(), place.is_some());
        // `runbooks/restore.md` is one operation, not a service.
        let operation = |p: &String| self.lexicon.starts_with_one(lists::List::Doing, &fold::fold(p));
        let place = place.filter(|p| !(kind == Kind::Procedure && operation(p)));
        if kind == Kind::Alert {
            // An alert's page has questions of its own: "Impact" there tells of the alert, not of the business. It
            // answers the template's where its author says so, and nothing of it lies beyond the template.
            candidates.retain(|c| c.reached == Reached::Claimed);
            let answers = |p: &Part| p.sections.iter().any(|&s| candidates.iter().any(|c| c.section == s));
            parts.iter_mut().filter(|p| !answers(p)).for_each(|p| {
                p.home = Home::Front;
                p.sections.clear();
            });
        }
        let facts = facts::facts(&reading);
        // Names in an untouched form, in minutes or in an essay are nobody's owners and dependencies.
        let speaks = matches!(kind, Kind::Service | Kind::Procedure | Kind::Alert)
            && !(kind == Kind::Service && kind::is_blank(&candidates));
        let (owners, dependencies) = if speaks {
            let own = name.as_ref().map(|n| n.text.as_str()).or(place.as_deref());
            let needs = if kind == Kind::Alert { Vec::new() } else { dependencies::dependencies(&reading, own) };
            (owners::owners(&reading), needs)
        } else {
            Default::default()
        };
        // An owner's section out of which nobody can read a name is one to look at.
        if owners.is_empty() {
            let owner = self.knowledge.template.section("service-owner");
            let unsure = |c: &&mut Candidate| Some(c.section) == owner && c.state == State::Answered;
            candidates.iter_mut().filter(unsure).for_each(|c| c.confidence *= 0.65);
        }
        // An alert's name is no service's.
        let alerts_own = |n: &StatedName| alerts.iter().any(|a| a.name == n.text);
        let name = name.filter(|n| match kind {
            Kind::Service | Kind::Procedure => true,
            Kind::Alert => !alerts_own(n),
            _ => false,
        });
        let title = title(&reading);
        let blank = kind::is_blank(&candidates);
        let mut runbook = Runbook {
            title: title.unwrap_or_else(|| harmless(document.origin.file_name()).into_owned()),
            kind,
            form: form.map(|f| self.knowledge.forms[f].id.clone()),
            blank: blank && matches!(kind, Kind::Service | Kind::Template),
            owners,
            dependencies,
            name,
            place,
            links: facts.links,
            reviewed: facts.reviewed,
            tier: facts.tier,
            traits: facts.traits,
            parts,
            candidates,
            alerts,
            waivers: notes.waivers,
            verifications: notes.verifications,
            diagnostics: notes.diagnostics,
            document: document.clone(),
        };
        runbook.sort_candidates();
        runbook.candidates.shrink_to_fit();
        runbook.parts.shrink_to_fit();
        runbook
    }
}

/// The first heading; of a plain text that opens with a short line, that line.
fn title(reading: &Reading) -> Option<String> {
    let document = reading.document;
    let heading = document.headings.first().map(|h| h.title.trim().to_owned()).filter(|t| !t.is_empty());
    let plain = document.headings.first().is_none_or(|h| h.style == HeadingStyle::Repaired);
    let first = reading.units.first().filter(|u| plain && u.heading.is_none() && !u.residue && u.words() <= 12);
    let line = first.map(|u| u.plain.trim_end_matches(['.', ':', '=', '-', ' ']).to_owned()).filter(|t| !t.is_empty());
    line.or(heading)
}

impl Reading<'_> {
    /// The evidence a unit gives: one line of its words, and where they stand.
    fn evidence(&self, unit: &units::Unit) -> Evidence {
        let first = unit.span.of(&self.document.text);
        let text = if unit.plain.is_empty() { first.lines().next().unwrap_or_default() } else { &unit.plain };
        let plain =
            |(blank, other), byte: u8| (byte == b' ', other | !(b' '..=b'~').contains(&byte) | blank & (byte == b' '));
        // Most are one line as they stand.
        let as_it_stands = text.len() <= 240 && !text.bytes().fold((true, false), plain).1;
        if as_it_stands && !text.ends_with(' ') {
            return Evidence { line: self.document.line(unit.span.start), text: text.to_owned(), span: unit.span };
        }
        // Longer than this nothing is quoted; of a long text no more is looked at.
        let mut line = String::with_capacity(text.len().min(1024));
        for word in text.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            if line.len() > 1000 {
                break;
            }
        }
        if line.len() > 240 && line.chars().count() > 240 {
            line = line.chars().take(239).chain(['…']).collect();
        }
        Evidence { line: self.document.line(unit.span.start), text: line, span: unit.span }
    }

    /// Units under a heading itself or under those that continue it.
    fn units_of_root(&self, root: usize) -> Vec<&units::Unit> {
        self.of_root[root].iter().map(|&at| &self.units[at as usize]).collect()
    }

    /// Units under one heading itself; `None` is the text before the first.
    fn units_under(&self, heading: Option<crate::model::id::HeadingIx>) -> &[units::Unit] {
        let from = self.units.partition_point(|u| u.heading < heading);
        let to = self.units.partition_point(|u| u.heading <= heading);
        &self.units[from..to]
    }

    /// A state nobody needs to look at twice.
    fn is_written(state: State) -> bool {
        state < State::Residue
    }
}

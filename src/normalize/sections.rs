//! Candidates: every place of a document that answers a section, or stands where its answer should.

use super::answer::{Asked, Verdict, verdict};
use super::brief::Brief;
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;
use super::says::Says;
use super::units::Unit;
use super::{Reading, elsewhere, labels, parents, substance};
use crate::model::config::Knowledge;
use crate::model::document::BlockKind;
use crate::model::id::{HeadingIx, PartIx, SectionIx};
use crate::model::runbook::{Candidate, OTHER_WORDS};
use crate::model::state::{Reached, State};

/// Values a form comes filled in with are the form's.
pub fn mark_prefilled(reading: &mut Reading) {
    for root in 0..reading.aims.len() {
        let Some((form, entry)) = reading.aims[root].form_heading else { continue };
        let prefilled = &reading.reader.knowledge.forms[form].headings[entry].prefilled;
        if prefilled.is_empty() || reading.roots[root] != root {
            continue;
        }
        let known: Vec<String> = prefilled.iter().map(|p| fold(p)).collect();
        if reading.units_of_root(root).iter().filter(|u| !u.residue).all(|u| u.links == 0 && known.contains(&u.folded))
        {
            for at in reading.of_root[root].clone() {
                reading.units[at as usize].residue = true;
            }
        }
    }
}

/// "The restore procedure" below "Restore procedures" says its heading again.
pub fn mark_repeated(reading: &mut Reading) {
    let Reading { reader, units, titles, .. } = reading;
    let one = |word: &str| word.trim_end_matches('s').len();
    let brief = |u: &&mut Unit| u.brief.is_none() && u.links == 0 && u.says == Says::Fact && u.words() <= 5;
    for unit in units.iter_mut().filter(brief) {
        let Some(heading) = unit.heading.map(|h| &titles[h.at()].folded) else { continue };
        let same = |w: &str| heading.split_whitespace().any(|t| t[..one(t)] == w[..one(w)]);
        let filler = |w: &str| reader.lexicon.is(List::HeadingFiller, w);
        let mut words = unit.folded.split_whitespace().filter(|w| !filler(w)).peekable();
        if words.peek().is_some() && words.all(same) {
            unit.brief = Some(Brief::Form);
        }
    }
}

/// Every candidate of a document, unsorted.
pub fn candidates(reading: &Reading) -> Vec<Candidate> {
    let mut found = Found { list: Vec::new(), written: vec![false; reading.reader.knowledge.template.sections.len()] };
    for root in (0..reading.aims.len()).filter(|&at| reading.roots[at] == at) {
        under_heading(reading, root, &mut found);
    }
    super::front::fields(reading, &mut found);
    labels::labels(reading, &mut found);
    labels::links(reading, &mut found);
    // The nearest group speaks first: "Health checks" before "Monitoring" above it.
    let mut groups: Vec<usize> = (0..reading.aims.len()).filter(|&at| reading.roots[at] == at).collect();
    groups.sort_by_key(|&at| std::cmp::Reverse(reading.document.headings[at].level));
    for root in groups {
        parents::under_heading(reading, root, &mut found);
    }
    elsewhere::elsewhere(reading, &mut found);
    found.list
}

/// Candidates found so far.
pub struct Found {
    pub list: Vec<Candidate>,
    /// Which sections have an answer, asked often.
    pub written: Vec<bool>,
}

impl Found {
    /// Adds a candidate.
    pub fn push(&mut self, candidate: Candidate) {
        self.written[candidate.section.at()] |= Reading::is_written(candidate.state);
        self.list.push(candidate);
    }

    /// Whether a section has an answer, if only an admission.
    pub fn has(&self, section: SectionIx) -> bool {
        self.written[section.at()]
    }
}

/// Where a candidate's words stand and how they were found.
pub struct Place<'a> {
    pub heading: Option<HeadingIx>,
    pub units: &'a [&'a Unit],
    pub reached: Reached,
    pub inherited: bool,
    pub weight: i32,
    pub fit: f32,
}

/// What each section's question is, as far as links and pictures may answer it.
pub fn questions(knowledge: &Knowledge, lexicon: &Lexicon) -> Vec<Asked> {
    let each = knowledge.template.sections.iter().map(|section| {
        let lists = |list: List| lexicon.list(list).contains(&section.id);
        Asked {
            links_answer: lists(List::LinksAnswer),
            pointers_answer: lists(List::PointersAnswer),
            pictures_answer: lists(List::PicturesAnswer),
            questions_answer: lists(List::QuestionsAnswer),
            people_answer: lists(List::PeopleAnswer),
            absence_is_a_gap: lists(List::AbsenceIsAGap),
            overview: lists(List::Overviews),
        }
    });
    each.collect()
}

/// What one section's question is.
pub fn asked(reading: &Reading, section: SectionIx) -> Asked {
    reading.reader.questions[section.at()]
}

/// A place and its verdict as a candidate.
pub fn candidate(reading: &Reading, section: SectionIx, place: &Place, verdict: Verdict) -> Candidate {
    let units = place.units;
    // "Owner: DBA team" above the steps of a restore answers another question.
    let others = |&&at: &&usize| {
        let aims = reading.reader.headings.exactly_folded(units[at].label_folded());
        units[at].kind == BlockKind::Paragraph
            && !aims.is_empty()
            && aims.iter().all(|m| m.aim != super::matching::Aim::Section(section))
    };
    let off = if verdict.decisive.len() > 1 { verdict.decisive.iter().take_while(others).count() } else { 0 };
    let off = if off < verdict.decisive.len() { off } else { 0 };
    let mut evidence: Vec<_> = verdict.decisive[off..].iter().take(2).map(|&at| reading.evidence(units[at])).collect();
    // The decisive words are quoted in full; the others only show where to look.
    for more in evidence.iter_mut().skip(1).filter(|e| e.text.len() > 96) {
        more.text = more.text.chars().take(80).chain(['…']).collect();
        more.text.shrink_to_fit();
    }
    if evidence.is_empty() {
        evidence.extend(units.first().map(|u| reading.evidence(u)));
    }
    let base = match place.reached {
        Reached::Claimed => 0.98,
        Reached::Heading => 0.96,
        Reached::Alias => 0.94,
        Reached::Words => 0.62 + 0.25 * place.fit,
        Reached::Elsewhere => 0.6,
        Reached::Inherited => 0.75,
    };
    let author: Vec<&Unit> = units.iter().copied().filter(|u| !u.residue).collect();
    let heading = place.units.first().and_then(|u| u.heading).or(place.heading);
    Candidate {
        section,
        part: part_of(heading),
        heading,
        state: verdict.state,
        confidence: base * verdict.clear,
        substance: substance::of(&author, &reading.reader.lexicon),
        inherited: place.inherited,
        reached: place.reached,
        weight: place.weight,
        evidence,
        delegate: verdict.delegate,
        runs: runs(&author),
    }
}

/// The part a heading's text is: the front is the first, each heading's the next.
pub fn part_of(heading: Option<HeadingIx>) -> PartIx {
    PartIx(heading.map_or(0, |h| h.0 + 1))
}

/// Hashes of sentences and lines of eight words and more; a verdict, short words and code are never the form's.
fn runs(author: &[&Unit]) -> Vec<u64> {
    let mut runs: Vec<u64> = Vec::new();
    for unit in author {
        let run = match unit.says {
            Says::Fact if unit.words() >= 8 && unit.kind != BlockKind::Code => hash(&unit.folded),
            Says::Label => continue,
            _ => OTHER_WORDS,
        };
        if run != OTHER_WORDS || runs.last() != Some(&OTHER_WORDS) {
            runs.push(run);
        }
    }
    runs.shrink_to_fit();
    runs
}

/// FNV-1a of 64 bits, the same on every machine.
fn hash(folded: &str) -> u64 {
    folded.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

fn under_heading(reading: &Reading, root: usize, found: &mut Found) {
    let aimed = &reading.aims[root];
    let heading = HeadingIx::from(root);
    let mut units = reading.units_of_root(root);
    let inline = super::parts::inline_answer(reading, heading);
    units.extend(inline.as_ref());
    let mut sections: Vec<_> = aimed.sections().collect();
    let either = sections.len() > 1 && sections.iter().all(|(_, m)| m.reached == Reached::Alias);
    if either {
        // The same words head two questions ("Availability"): what stands below tells which is meant.
        let meant: Vec<_> = sections.iter().copied().filter(|(s, _)| units.iter().any(|u| speaks(u, *s))).collect();
        let figures = units.iter().any(|u| !u.residue && super::says::has_number(&u.plain));
        sections = match meant.is_empty() {
            true if figures => vec![sections[0]],
            true => sections.split_off(sections.len() - 1),
            false => meant,
        };
    }
    for (section, matched) in &sections {
        // One heading for several sections: each takes what speaks to it, or all where nothing does.
        let several = sections.len() > 1 && matched.reached != Reached::Heading;
        let own: Vec<&Unit> = units.iter().copied().filter(|u| several && speaks(u, *section)).collect();
        let others = |u: &&Unit| sections.iter().any(|(s, _)| s != section && speaks(u, *s));
        let units = if !own.is_empty() && units.iter().any(others) { &own } else { &units };
        let asked = asked(reading, *section);
        let of_page = |u: &&Unit| asked.overview && speaks_of_page(u, *section);
        let about: Option<Vec<&Unit>> =
            units.iter().any(of_page).then(|| units.iter().copied().filter(|u| !of_page(u)).collect());
        if about.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let units = about.as_ref().unwrap_or(units);
        let verdict = enum_word(reading, aimed.form_heading, units)
            .unwrap_or_else(|| verdict(units, asked, &reading.reader.lexicon));
        let links = |s: SectionIx| self::asked(reading, s).links_answer;
        if either && verdict.state == State::LinkOnly && sections.iter().any(|(s, _)| s != section && links(*s)) {
            continue;
        }
        let place = Place {
            heading: Some(heading),
            units,
            reached: matched.reached,
            inherited: false,
            weight: matched.weight,
            fit: matched.fit,
        };
        found.push(candidate(reading, *section, &place, verdict));
    }
    parents::blanket(reading, root, &units, found);
}

/// "This document describes how to run X" says nothing of what X is.
fn speaks_of_page(unit: &Unit, section: SectionIx) -> bool {
    unit.scan.starts.has(List::PageSubject) && !speaks(unit, section)
}

/// A whole answer that is one word of the form's closed list.
pub fn enum_word(reading: &Reading, form_heading: Option<(usize, usize)>, units: &[&Unit]) -> Option<Verdict> {
    let (form, _) = form_heading?;
    let author: Vec<usize> = (0..units.len()).filter(|&at| !units[at].residue).collect();
    let [only] = author[..] else { return None };
    let word = units[only].folded.trim();
    let state = reading.reader.knowledge.forms[form]
        .enums
        .iter()
        .find(|e| e.words.iter().any(|w| fold(w).trim() == word))
        .and_then(|e| State::of(&e.state))?;
    Some(Verdict { state, decisive: vec![only], delegate: None, clear: 1.0 })
}

/// Whether a unit's words are a section's.
pub fn speaks(unit: &Unit, section: SectionIx) -> bool {
    unit.scan.speaks.contains(&section) || unit.scan.tells.contains(&section)
}

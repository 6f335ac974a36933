//! The outline with its aims: which sections and parents each heading's text speaks for.

use super::fold::fold;
use super::lexicon::{Lexicon, Scan};
use super::lists::List;
use super::matching::{Aim, Headings, Match, of_form};
use crate::model::config::Knowledge;
use crate::model::document::{Document, Note};
use crate::model::id::{HeadingIx, SectionIx};
use crate::model::state::Reached;
use std::collections::BTreeSet;

/// A heading's own aim, or that of the heading above it whose text it continues.
#[derive(Clone, Debug, Default)]
pub struct Aimed {
    /// Matches that decide where its text goes.
    pub matches: Vec<Match>,
    /// Whether the matches are those of a heading above.
    pub continues: bool,
    /// The form's entry it is, as form and heading.
    pub form_heading: Option<(usize, usize)>,
}

impl Aimed {
    /// Sections it leads to, with their matches.
    pub fn sections(&self) -> impl Iterator<Item = (SectionIx, &Match)> {
        self.matches.iter().filter_map(|m| match m.aim {
            Aim::Section(section) => Some((section, m)),
            _ => None,
        })
    }

    /// The parent it leads to.
    pub fn parent(&self) -> Option<crate::model::id::ParentIx> {
        self.matches.iter().find_map(|m| match m.aim {
            Aim::Parent(parent) => Some(parent),
            _ => None,
        })
    }
}

/// A heading's words, looked up once.
pub struct Title<'a> {
    /// The words, folded.
    pub folded: String,
    /// What the lexicon found in them.
    pub scan: Scan,
    /// What they lead to where they are one of the template's titles or aliases.
    pub exact: &'a [Match],
    /// The entries of forms they are, as form and heading.
    pub forms: &'a [(usize, usize)],
}

impl Title<'_> {
    /// Which of a form's headings it is.
    pub fn in_form(&self, form: usize) -> Option<usize> {
        self.forms.iter().find(|(of, _)| *of == form).map(|&(_, entry)| entry)
    }
}

/// The headings of a document, their words looked up.
pub fn titles<'a>(document: &Document, headings: &'a Headings, lexicon: &Lexicon) -> Vec<Title<'a>> {
    let title = |written: &str| {
        let folded = fold(written);
        let (exact, forms) = (headings.exactly_folded(&folded), headings.forms(&folded));
        Title { scan: lexicon.scan(&folded), exact, forms, folded }
    };
    document.headings.iter().map(|h| title(&h.title)).collect()
}

/// The form a document is written in: most of whose headings it has; `None` where none fits.
///
/// Two in five of the document's headings must be the form's, so that a stray "Dependencies" chooses nothing.
pub fn choose_form(titles: &[Title], knowledge: &Knowledge) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    let mut fits = vec![0; knowledge.forms.len()];
    titles.iter().flat_map(|t| t.forms).for_each(|&(form, _)| fits[form] += 1);
    for (at, form) in knowledge.forms.iter().enumerate().filter(|(_, f)| f.kind == "service") {
        let fits = fits[at];
        let enough = fits >= form.min_headings.max(1) && fits * 5 >= titles.len() * 2;
        if enough && best.is_none_or(|(most, _)| fits > most) {
            best = Some((fits, at));
        }
    }
    best.map(|(_, at)| at)
}

/// How many different titles of the template itself a document has as headings.
pub fn template_titles(titles: &[Title]) -> usize {
    let known = titles.iter().filter_map(|title| title.exact.first());
    known.filter(|m| m.reached == Reached::Heading).map(|m| m.aim).collect::<BTreeSet<_>>().len()
}

/// Finds every heading's aim.
pub fn aims(
    document: &Document,
    titles: &[Title],
    form: Option<usize>,
    knowledge: &Knowledge,
    headings: &Headings,
    lexicon: &Lexicon,
) -> Vec<Aimed> {
    let mut aims: Vec<Aimed> = Vec::with_capacity(document.headings.len());
    for (at, heading) in document.headings.iter().enumerate() {
        let (ix, title) = (HeadingIx::from(at), &titles[at]);
        let claimed = claims(document, ix, knowledge);
        let in_form = form.and_then(|f| title.in_form(f).map(|h| (f, h)));
        let first_title = at == 0 && heading.level == 1 && heading.parent.is_none();
        let own = if !claimed.is_empty() {
            claimed
        } else if let Some((form, entry)) = in_form {
            of_form(&knowledge.forms[form].headings[entry], knowledge)
        } else if heading.parent.is_some() && title.scan.whole.has(List::FrontHeading) {
            vec![Match { aim: Aim::Nowhere, reached: Reached::Heading, fit: 1.0, weight: 0 }]
        } else if first_title && is_title(title, titles.len() == 1) {
            Vec::new()
        } else {
            let found = headings.find(&heading.title, title);
            if found.is_empty() { trouble(title, knowledge, lexicon) } else { found }
        };
        let own = false_friends(own, heading.parent, title, &aims, knowledge);
        let aimed = match heading.parent {
            // A heading of nobody's continues the section above it; below a group or a title it stands alone.
            Some(parent) if own.is_empty() && aims[parent.at()].sections().next().is_some() => {
                let above = &aims[parent.at()];
                Aimed { matches: above.matches.clone(), continues: true, form_heading: above.form_heading }
            }
            Some(parent) if own.is_empty() && one_topic_above(&aims[parent.at()], knowledge) => {
                Aimed { matches: aims[parent.at()].matches.clone(), continues: true, form_heading: None }
            }
            _ => Aimed { matches: own, continues: false, form_heading: in_form },
        };
        aims.push(aimed);
    }
    aims
}

/// "When it does not print", "If the file is late", "Ledger down": what to do when something is wrong is troubleshooting.
fn trouble(title: &Title, knowledge: &Knowledge, lexicon: &Lexicon) -> Vec<Match> {
    if !title.scan.words.any(&[List::TroubleEnd, List::Trouble]) {
        return Vec::new();
    }
    let mut words = title.folded.split_whitespace();
    let opens = words.next().is_some_and(|w| lexicon.is(List::Occasion, w));
    // "Ledger down" befell it; "Shutting the ledger down" is done to it.
    let mut back = title.folded.split_whitespace().rev();
    let befell = back.next().is_some_and(|w| lexicon.is(List::TroubleEnd, w))
        && back.clone().next().is_some_and(|w| !lexicon.is(List::Pronoun, w))
        && back.all(|w| !w.ends_with("ing") && !lexicon.is(List::DownVerb, w));
    if !befell && (!opens || !words.any(|w| lexicon.is(List::Trouble, w))) {
        return Vec::new();
    }
    let section = knowledge.template.section("troubleshooting");
    section.map(|s| Match { aim: Aim::Section(s), reached: Reached::Words, fit: 0.8, weight: 0 }).into_iter().collect()
}

fn one_topic_above(aimed: &Aimed, knowledge: &Knowledge) -> bool {
    aimed.parent().is_some_and(|p| knowledge.template[p].one_topic)
}

/// Sections an author claims a heading for in a comment below it.
fn claims(document: &Document, heading: HeadingIx, knowledge: &Knowledge) -> Vec<Match> {
    let whole = |note: &&Note| note.heading == Some(heading) && note.verb.is_empty();
    document
        .notes
        .iter()
        .filter(whole)
        .filter_map(|note| note.get("section"))
        .flat_map(|ids| ids.split([',', ';', ' ']))
        .filter_map(|id| knowledge.template.section(id.trim()))
        .map(|s| Match { aim: Aim::Section(s), reached: Reached::Claimed, fit: 1.0, weight: 1 })
        .collect()
}

/// A document's first heading is its title, not an answer, unless the whole page is one procedure.
fn is_title(title: &Title, only: bool) -> bool {
    let section = only && !title.exact.is_empty();
    title.scan.holds.has(List::TitleWords) || !title.scan.opens.has(List::Doing) && !section
}

/// Words that mean something else where they stand: "Prerequisites" of a procedure, "Environment variables" below a setup.
fn false_friends(
    own: Vec<Match>,
    parent: Option<HeadingIx>,
    title: &Title,
    aims: &[Aimed],
    knowledge: &Knowledge,
) -> Vec<Match> {
    let Some(parent) = parent else { return own };
    let above = &aims[parent.at()];
    // Below a group of one topic, a looser match of another topic is a word of this one's answer.
    if let Some(group) = above.parent().filter(|&p| knowledge.template[p].one_topic) {
        let inside = |m: &Match| match m.aim {
            Aim::Section(s) => knowledge.template[group].sections.contains(&s),
            _ => false,
        };
        return own.into_iter().filter(|m| m.reached != Reached::Words || inside(m)).collect();
    }
    // "Database", "Disk", "Errors" below Troubleshooting are what is wrong there, not sections.
    let troubles = |(s, _): (SectionIx, &Match)| knowledge.template[s].id == "troubleshooting";
    if above.sections().any(troubles) {
        return own.into_iter().filter(|m| matches!(m.reached, Reached::Heading | Reached::Claimed)).collect();
    }
    // Below a section's heading, a looser match of another section is part of that section's answer.
    let below_section = above.sections().next().is_some();
    // "Prerequisites", "Verification" and their kin are steps of what the section above does.
    let own_title = own.iter().any(|m| m.reached == Reached::Heading);
    if below_section && !own_title && title.scan.whole.has(List::ProcedureHeading) {
        return Vec::new();
    }
    // ... unless it opens with what is done: "Deploy the schema" below "Database".
    let does = title.scan.opens.has(List::Doing);
    if below_section
        && !does
        && own.iter().all(|m| m.reached == Reached::Words || m.reached == Reached::Alias && m.fit < 1.0)
    {
        let chapter = |m: &Match| match m.aim {
            Aim::Section(s) => Some(knowledge.template[s].chapter),
            Aim::Parent(p) => Some(knowledge.template[p].chapter),
            Aim::Nowhere => None,
        };
        let home = above.matches.first().and_then(chapter);
        return own.into_iter().filter(|m| chapter(m) == home && m.fit >= 0.6).collect();
    }
    own
}

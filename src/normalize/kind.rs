//! What a document is: a runbook, a procedure, an alert's page, notes, an index, an untouched form, or something else.

use super::Reading;
use super::fold::fold;
use super::lexicon::{Lexicon, Scan};
use super::lists::List;
use super::says::Says;
use crate::model::document::BlockKind;
use crate::model::runbook::{AlertEntry, Candidate};
use crate::model::state::{Class, Kind, Reached};
use crate::model::stated::{NameSource, StatedName};
use std::collections::BTreeSet;

/// Decides a document's kind from what it says; its path only breaks ties.
pub fn kind(
    reading: &Reading,
    candidates: &[Candidate],
    alerts: &[AlertEntry],
    stated: Option<&StatedName>,
    placed: bool,
) -> Kind {
    let named = stated.is_some() || placed;
    let document = reading.document;
    let path = document.origin.path.to_lowercase();
    let file = path.rsplit('/').next().unwrap_or(&path);
    let loosely: BTreeSet<_> = candidates.iter().filter(|c| c.reached <= Reached::Words).map(|c| c.section).collect();
    let written: BTreeSet<_> = candidates.iter().filter(|c| Reading::is_written(c.state)).map(|c| c.section).collect();
    let titles = super::outline::template_titles(&reading.titles);
    let in_form = reading.form.is_some_and(|f| reading.reader.knowledge.forms[f].kind == "service") || titles >= 5;

    if !in_form && is_notes(reading) {
        return Kind::Notes;
    }
    // A page about a service that lists its alerts is the service's: it says more beside them than of them.
    let inside = |c: &Candidate| {
        let at = c.heading.map_or(0, |h| document.headings[h.at()].span.start);
        alerts.iter().any(|a| a.heading == c.heading || a.span.start <= at && at < a.span.end)
    };
    let beside =
        candidates.iter().filter(|c| c.reached <= Reached::Alias && !c.inherited && alerts.len() < 100 && !inside(c));
    let beside = beside.map(|c| c.section).collect::<BTreeSet<_>>().len().max(chapters_beside(reading, alerts));
    if !alerts.is_empty() && titles < 3 && (beside < 3 || alerts.len() > 2 * beside) {
        return Kind::Alert;
    }
    if in_form {
        return if is_blank(candidates) && (!named || is_template_path(&path, &reading.reader.lexicon)) {
            Kind::Template
        } else {
            Kind::Service
        };
    }
    if is_index(reading) {
        return Kind::Index;
    }
    // A form that is nobody's we know, not filled in: headings of a runbook, a service nobody named.
    let answers = |c: &Candidate| matches!(c.state.class(), Class::Covered | Class::Partial);
    if !named && loosely.len() >= 4 && !candidates.iter().any(answers) {
        return Kind::Template;
    }
    let title = reading.titles.first();
    let called = title.is_some_and(|t| t.scan.holds.has(List::TitleWords) && !t.folded.contains(" readme "));
    let develops = developer_headings(reading);
    let lexicon = &reading.reader.lexicon;
    let in_runbooks = path.split('/').any(|p| lexicon.is(List::ProcedurePlace, &fold(p)));
    let named_file = lexicon.scan(&fold(file)).holds.has(List::RunbookFile);
    let says_whose = stated.is_some_and(|n| n.by <= NameSource::Label);
    if is_essay(reading) && !called {
        return Kind::Other;
    }
    let operates = written.intersection(&operational(reading)).count();
    if is_procedure(reading, title.map_or("", |t| &t.folded), &loosely, in_runbooks) {
        return Kind::Procedure;
    }
    // Whoever calls the page a runbook, or names its service or its owner, needs to answer less to be believed.
    let owned = reading.reader.knowledge.template.section("service-owner").is_some_and(|s| written.contains(&s));
    let enough = match () {
        () if called || says_whose || only_sections(reading, file) => 1,
        () if named_file || in_runbooks || owned => 2,
        () => 3,
    };
    if loosely.len() >= enough
        && (operates >= enough.min(2) || called && !loosely.is_empty())
        && loosely.len() + operates > develops
    {
        return Kind::Service;
    }
    Kind::Other
}

/// A folder's own page, short as it is, whose every heading below its title is one of the template's: "## Deployment".
fn only_sections(reading: &Reading, file: &str) -> bool {
    let stem = file.split('.').next().unwrap_or(file);
    let mut below = reading.aims.iter().zip(&reading.document.headings).filter(|(_, h)| h.level > 1).peekable();
    reading.reader.lexicon.is(List::FolderFile, &fold(stem))
        && below.peek().is_some()
        && below.all(|(aimed, _)| {
            aimed.sections().next().is_some_and(|(_, m)| m.reached <= Reached::Alias) || aimed.parent().is_some()
        })
}

/// Headings with words of their own that stand beside a heading under which all alerts are listed.
fn chapters_beside(reading: &Reading, alerts: &[AlertEntry]) -> usize {
    let headings = &reading.document.headings;
    let above = |a: &AlertEntry| a.heading.and_then(|h| headings[h.at()].parent).filter(|p| p.at() > 0);
    let Some(list) = alerts.first().and_then(above) else { return 0 };
    if alerts.iter().any(|a| above(a) != Some(list)) {
        return 0;
    }
    let level = headings[list.at()].level;
    let beside = |at: &usize| {
        *at != list.at() && headings[*at].level == level && headings[*at].parent == headings[list.at()].parent
    };
    let written = |at: &usize| reading.units_under(Some((*at).into())).iter().any(|u| !u.residue);
    (0..headings.len()).filter(beside).filter(written).count()
}

/// Whether a document's sections hold nothing an author wrote.
pub fn is_blank(candidates: &[Candidate]) -> bool {
    !candidates.is_empty() && !candidates.iter().any(|c| Reading::is_written(c.state))
}

fn is_template_path(path: &str, lexicon: &Lexicon) -> bool {
    lexicon.list(List::SamplePlace).iter().any(|word| path.contains(word.as_str()))
}

/// Sections that only people who run something write about.
fn operational(reading: &Reading) -> BTreeSet<crate::model::id::SectionIx> {
    let template = &reading.reader.knowledge.template;
    let about = ["overview", "characteristics", "configuration", "resources"];
    template
        .all()
        .filter(|&s| {
            !about.contains(&template[template[s].chapter].id.as_str())
                || ["service-owner", "service-levels"].contains(&template[s].id.as_str())
        })
        .collect()
}

fn developer_headings(reading: &Reading) -> usize {
    reading.titles.iter().filter(|title| title.scan.whole.has(List::Develop)).count()
}

fn is_essay(reading: &Reading) -> bool {
    reading.titles.iter().filter(|title| title.scan.whole.has(List::Essay)).count() >= 2
}

/// Minutes and incident records say so in their title or open like a meeting.
fn is_notes(reading: &Reading) -> bool {
    let document = reading.document;
    let lexicon = &reading.reader.lexicon;
    let record = reading.titles.iter().filter(|title| title.scan.whole.has(List::Record)).take(2).count();
    // Minutes open with who was there.
    let present = reading.units.iter().take(12).filter_map(super::labels::label_of);
    let attended = present.filter(|(label, _)| lexicon.is(List::Record, &fold(label))).count();
    if record >= 2 || attended >= 2 {
        return true;
    }
    let title = reading.titles.first().map(|title| (title.folded.as_str(), &title.scan));
    let first = reading.units.iter().find(|u| !u.residue).map(|u| (u.folded.as_str(), &u.scan));
    let at_top = document.headings.first().is_some_and(|h| h.span.start <= document.body.start + 4);
    let opening = if at_top { title } else { first };
    let holds = |words: Option<(&str, &Scan)>, list| words.is_some_and(|(_, scan)| scan.holds.has(list));
    let says_so = holds(opening, List::Notes) || holds(title, List::Notes);
    let dated = opening.is_some_and(|(folded, _)| has_date(folded)) || has_date(&fold(document.origin.file_name()));
    let inner = |enough: usize| {
        let headings = reading.titles.iter().skip(1).filter(|title| title.scan.holds.has(List::Notes));
        let lines = reading.units.iter().take(200).filter(|u| u.words() <= 3 && u.scan.whole.has(List::Notes));
        headings.map(|_| ()).chain(lines.map(|_| ())).take(enough).count() == enough
    };
    says_so && (dated || !holds(opening, List::TitleWords) || inner(1)) || dated && inner(2)
}

/// A day: "2019-04-04", "April 4, 2019", "4 April 2019".
fn has_date(folded: &str) -> bool {
    let words: Vec<&str> = folded.split_whitespace().collect();
    let year = words
        .iter()
        .any(|w| w.len() == 4 && (w.starts_with("20") || w.starts_with("19")) && w.bytes().all(|b| b.is_ascii_digit()));
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = words.iter().any(|w| {
        months.iter().any(|m| w.starts_with(m) && w.len() <= 9)
            || (w.len() == 2 && w.parse::<u8>().is_ok_and(|n| (1..=12).contains(&n)))
    });
    year && month
}

/// Three in four of its lines are nothing but links.
fn is_index(reading: &Reading) -> bool {
    let lines: Vec<_> = reading.units.iter().filter(|u| !u.residue && u.kind != BlockKind::Code).collect();
    let links = lines
        .iter()
        .filter(|u| {
            u.links > 0
                && (u.words_outside_links <= 8 || u.kind == BlockKind::TableRow || matches!(u.says, Says::Links))
        })
        .count();
    links >= 3 && links * 4 >= lines.len() * 3 - 3 && reading.document.links.len() >= 3 && links * 2 > lines.len()
}

/// One operation: a title that does one thing, and no headings of several others.
fn is_procedure(
    reading: &Reading,
    title: &str,
    sections: &BTreeSet<crate::model::id::SectionIx>,
    in_runbooks: bool,
) -> bool {
    // "003 - Roll back" counts its page.
    let first = title.split_whitespace().find(|w| !w.bytes().all(|b| b.is_ascii_digit())).unwrap_or_default();
    let steps = reading.units.iter().filter(|u| u.kind == BlockKind::Code || u.kind == BlockKind::Item).count();
    reading.reader.lexicon.is(List::Doing, first)
        && steps >= 2
        && (in_runbooks || sections.len() <= 4)
        && sections.len() <= 6
}

//! The service's name: where a document states it, and what its path suggests.

use super::Reading;
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;
use crate::model::document::BlockKind;
use crate::model::id::Id;
use crate::model::source::Origin;
use crate::model::stated::{NameSource, StatedName};
use crate::model::text::harmless;
use aho_corasick::AhoCorasick;
use std::ops::Range;

/// A longer title names nothing.
const LONGEST: usize = 400;

/// The name a document states, strongest place first: front matter, label, title.
pub fn stated(reading: &Reading) -> Option<StatedName> {
    let label = from_front_matter(reading).or_else(|| from_label(reading));
    let title = from_title(reading).map(|title| as_in_prose(title, reading));
    match (label, title) {
        // Of two spellings of one name the title's reads better: "Gift cards" over `gift-cards`, "Shop - Baskets" over `baskets`.
        (Some(label), Some(title)) if Id::of(&title.text).as_str().ends_with(Id::of(&label.text).as_str()) => {
            Some(StatedName { text: title.text, ..label })
        }
        (label, title) => label.or(title).or_else(|| page_title(reading)).or_else(|| from_prose(reading)),
    }
}

/// A title all in small letters as the sentences below it spell it: "lightrail" above, "Lightrail" in them.
fn as_in_prose(title: StatedName, reading: &Reading) -> StatedName {
    let small = title.text.chars().all(|c| c.is_lowercase());
    let mut spellings = reading.units.iter().filter(|_| small).filter(|u| !u.residue).flat_map(|u| {
        u.plain.split(|c: char| !c.is_alphanumeric()).filter(|w| w.to_lowercase() == title.text && **w != title.text)
    });
    match (spellings.next(), spellings.next()) {
        (Some(first), Some(second)) if first == second => StatedName { text: first.to_owned(), ..title },
        _ => title,
    }
}

fn from_front_matter(reading: &Reading) -> Option<StatedName> {
    let fields = &reading.document.front_matter.as_ref()?.fields;
    let field = ["service", "service-name", "service_name", "system"]
        .iter()
        .find_map(|key| fields.iter().find(|f| f.key.eq_ignore_ascii_case(key)))?;
    let text = field.value.as_str()?.trim();
    named(text, reading).then(|| StatedName { text: text.to_owned(), line: field.line, by: NameSource::FrontMatter })
}

/// "**Service or system name:** X", "**Service or system name:X**", the label and X in the next paragraph or bullet,
/// or a bold label that is the name itself, alone under the overview.
fn from_label(reading: &Reading) -> Option<StatedName> {
    for (at, unit) in reading.units.iter().enumerate().take(60) {
        if unit.residue {
            continue;
        }
        let Some((label, value)) = unit.plain.split_once(':') else { continue };
        let folded = fold(label);
        if !reading.reader.lexicon.is(List::NameLabel, &folded) {
            continue;
        }
        let line = |u: &super::units::Unit| reading.document.line(u.span.start);
        let value = value.trim();
        let value = if value.split_whitespace().count() > 8 { before_what_it_is(value, reading) } else { value };
        if named(value, reading) && value.split_whitespace().count() <= 8 {
            return Some(StatedName { text: clean(value), line: line(unit), by: NameSource::Label });
        }
        if value.is_empty()
            && let Some(next) = reading.units.get(at + 1)
            && next.heading == unit.heading
            && !next.residue
            && !next.quoted
            && next.words() <= 8
            && named(&next.plain, reading)
        {
            return Some(StatedName { text: clean(&next.plain), line: line(next), by: NameSource::Label });
        }
    }
    heading_label(reading).or_else(|| bold_label(reading))
}

/// A label taken for a heading: "**Service or system name:** - X" of a text that had lost its lines.
fn heading_label(reading: &Reading) -> Option<StatedName> {
    let document = reading.document;
    let at = (0..document.headings.len()).find(|&at| {
        let title = reading.titles[at].scan.whole;
        // "Code" holds the name only where a form says so; elsewhere it is about source code.
        title.has(List::NameHeading) || reading.aims[at].form_heading.is_some() && title.has(List::CodeHeading)
    })?;
    let heading = Some(crate::model::id::HeadingIx::from(at));
    let inline = super::parts::inline_answer(reading, crate::model::id::HeadingIx::from(at));
    let unit = inline.as_ref().or_else(|| reading.units_under(heading).iter().find(|u| !u.residue && !u.quoted))?;
    (unit.words() <= 8 && named(&unit.plain, reading)).then(|| StatedName {
        text: clean(&unit.plain),
        line: document.line(unit.span.start),
        by: NameSource::Label,
    })
}

/// An author who put the name in place of the label: "**DFS Identity Management Services:**".
fn bold_label(reading: &Reading) -> Option<StatedName> {
    let document = reading.document;
    let template = &reading.reader.knowledge.template;
    let chapter = template.chapters.first()?.parent;
    let overview = reading.aims.iter().position(|a| a.parent() == Some(chapter))?;
    let in_form = reading.aims.get(overview + 1).is_some_and(|a| a.form_heading.is_some());
    let in_heading = document.headings.get(overview + 1).filter(|h| {
        let about_page = [List::ReviewLabel, List::FrontHeading, List::ContactLabel];
        !in_form
            && !reading.titles[overview + 1].scan.whole.any(&about_page)
            && h.style == crate::model::document::HeadingStyle::Bold
            && reading.reader.headings.find(&h.title, &reading.titles[overview + 1]).is_empty()
            && h.title.split_whitespace().count() <= 8
            && named(&h.title, reading)
    });
    if let Some(heading) = in_heading {
        let line = document.line(heading.span.start);
        return Some(StatedName { text: clean(&heading.title), line, by: NameSource::Label });
    }
    let unit = reading.units_under(Some(overview.into())).first().filter(|u| !u.residue && !u.quoted)?;
    let source = unit.span.of(&document.text).trim();
    let bold = source.starts_with("**") && source.trim_end_matches([' ', '\\']).ends_with("**");
    let name = unit.plain.trim().trim_end_matches(':');
    let whole = bold && unit.plain.trim().ends_with(':');
    // "**gripbot:** Takes pictures": the name leads what it does. "Hello shop" alone is nothing but a name.
    let (lead, what) = unit.plain.split_once(':').unwrap_or_default();
    let leads = source.starts_with("**") && source[2..].starts_with(lead) && !what.trim().is_empty();
    let lonely = || {
        let block = reading.units_under(Some(overview.into())).iter().filter(|u| u.block == unit.block).count();
        unit.kind == BlockKind::Paragraph
            && block == 1
            && unit.words() <= 4
            && unit.links == 0
            && name.starts_with(char::is_uppercase)
            && unit.says == super::says::Says::Fact
            && !unit.plain.trim().ends_with(['.', ':', '!', '?'])
    };
    let name = if leads && reading.reader.headings.exactly(lead).is_empty() { lead } else { name };
    (name.split_whitespace().count() <= 8 && (whole || name == lead || lonely()) && named(name, reading))
        .then(|| StatedName { text: clean(name), line: document.line(unit.span.start), by: NameSource::Label })
}

/// "A shop built as a lesson in six phases" is a shop: what it is follows its name.
fn before_what_it_is<'a>(value: &'a str, reading: &Reading) -> &'a str {
    let ends = value.split(' ').find(|w| reading.reader.lexicon.is(List::NameEnd, w));
    let end = ends.map_or(value.len(), |w| w.as_ptr() as usize - value.as_ptr() as usize);
    value[..end].trim_start_matches("A ").trim_start_matches("An ").trim_start_matches("The ").trim()
}

/// `title: Loyalty points API` of the front matter, where no heading names the service.
fn page_title(reading: &Reading) -> Option<StatedName> {
    let fields = &reading.document.front_matter.as_ref()?.fields;
    let field = fields.iter().find(|f| f.key.eq_ignore_ascii_case("title") || f.key.eq_ignore_ascii_case("name"))?;
    less_title_words(field.value.as_str()?, field.line, reading)
}

/// The words that are no part of a name in a title, in any case.
pub fn title_words(lexicon: &Lexicon) -> AhoCorasick {
    let words = lexicon.list(List::TitleWords).iter().chain(lexicon.list(List::TitleDrop));
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("a few words make an automaton")
}

/// The first heading, less "Run Book" and its kin.
fn from_title(reading: &Reading) -> Option<StatedName> {
    let heading = reading.document.headings.first().filter(|h| {
        h.level == 1 || !h.title.is_empty() && reading.document.headings.iter().all(|o| o.level > 1) && h.level < 3
    })?;
    if !reading.titles[0].exact.is_empty() {
        return None;
    }
    less_title_words(&heading.title, reading.document.line(heading.span.start), reading)
}

fn less_title_words(written: &str, line: u32, reading: &Reading) -> Option<StatedName> {
    if written.len() > LONGEST {
        return None;
    }
    let mut title = written.replace(['—', '–', '|', ':', '/'], " - ");
    let lexicon = &reading.reader.lexicon;
    let mut dropped = false;
    let opens = lexicon.scan(&fold(written));
    while opens.holds.any(&[List::TitleWords, List::TitleDrop]) {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let hits = reading.reader.title_words.find_overlapping_iter(&title).map(|hit| hit.range());
        let whole =
            |hit: &Range<usize>| edge(title[..hit.start].chars().next_back()) && edge(title[hit.end..].chars().next());
        // The longest goes first, and of two as long the first.
        let Some(hit) = hits.filter(whole).min_by_key(|hit| std::cmp::Reverse(hit.len())) else { break };
        title.replace_range(hit, " ");
        dropped = true;
    }
    // "Restoring the ledger" names what is done, not a service.
    if !dropped && opens.opens.has(List::Doing) {
        return None;
    }
    let mut name = clean(&title);
    for tail in [" for", " of", " the"] {
        if dropped && name.to_ascii_lowercase().ends_with(tail) {
            name.truncate(name.len() - tail.len());
        }
    }
    for head in ["for ", "of ", "the ", "how to run ", "operating "] {
        if dropped && name.to_ascii_lowercase().starts_with(head) {
            name.replace_range(..head.len(), "");
        }
    }
    let name = clean(&name);
    (name.split_whitespace().count() <= 6 && named(&name, reading)).then_some(StatedName {
        text: name,
        line,
        by: NameSource::Title,
    })
}

/// "PlanetFM is the facilities management system.": a capitalised subject that the text says is a system.
fn from_prose(reading: &Reading) -> Option<StatedName> {
    if let Some(name) = opening_subject(reading) {
        return Some(name);
    }
    let unit = reading.units.iter().filter(|u| !u.residue).take(12).find(|u| {
        let (_, rest) = u.plain.split_once(' ').unwrap_or_default();
        let says = ["is the ", "is a ", "is an ", "provides ", "handles "].iter().any(|v| rest.starts_with(v));
        u.plain.chars().next().is_some_and(char::is_uppercase) && (says || subject(&u.plain).is_some())
    })?;
    let name = subject(&unit.plain).or_else(|| unit.plain.split(' ').next())?;
    let pronoun = reading.reader.lexicon.starts_with_one(List::Pronoun, &fold(name));
    let known = unit.scan.technologies.iter().any(|t| t.1 == 0);
    (!pronoun && !known && name.len() > 2 && named(name, reading)).then(|| StatedName {
        text: name.to_owned(),
        line: reading.document.line(unit.span.start),
        by: NameSource::Prose,
    })
}

/// What opens a page's first words of the service: "Berth upload is a single page ...", "Tariff Service – the main store".
fn opening_subject(reading: &Reading) -> Option<StatedName> {
    let overview = reading.reader.knowledge.template.section("business-overview")?;
    let chapter = reading.reader.knowledge.template[overview].parent;
    let about = |a: &super::outline::Aimed| {
        a.parent() == Some(chapter) || a.sections().any(|(s, _)| s == overview) && !a.continues
    };
    let headings = (0..reading.aims.len()).filter(|&at| about(&reading.aims[at])).take(4);
    let first = |at: usize| reading.units_under(Some(at.into())).iter().find(|u| !u.residue);
    headings.filter_map(first).find_map(|unit| subject_of(unit, reading))
}

fn subject_of(unit: &super::units::Unit, reading: &Reading) -> Option<StatedName> {
    let lexicon = &reading.reader.lexicon;
    let is = [" is a ", " is an ", " is the ", " – ", " — ", " - "].iter().filter_map(|v| unit.plain.find(v)).min()?;
    let name = &unit.plain[..is];
    let words: Vec<&str> = name.split(' ').collect();
    let small = words.iter().filter(|w| !w.starts_with(char::is_uppercase)).count();
    let shaped = (2..=4).contains(&words.len())
        && small <= 1
        && words[0].starts_with(char::is_uppercase)
        && words.iter().all(|w| w.chars().all(|c| c.is_alphanumeric() || c == '-'));
    (unit.kind == BlockKind::Paragraph
        && shaped
        && !lexicon.starts_with_one(List::Pronoun, &fold(name))
        && reading.reader.headings.exactly(name).is_empty()
        && named(name, reading))
    .then(|| StatedName { text: name.to_owned(), line: reading.document.line(unit.span.start), by: NameSource::Prose })
}

/// "Parcel Labeler prints labels": two or three capitalised words, then what they do.
fn subject(plain: &str) -> Option<&str> {
    let mut end = 0;
    let mut words = plain.split(' ');
    let named = words.by_ref().take_while(|w| {
        let name = w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphanumeric() || c == '-');
        end += if name { w.len() + 1 } else { 0 };
        name
    });
    let count = named.count();
    let verb = plain[end.min(plain.len())..].split(' ').next()?;
    let does =
        verb.len() > 1 && verb.ends_with('s') && verb.chars().all(|c| c.is_ascii_lowercase()) && !verb.ends_with("ss");
    ((2..=3).contains(&count) && does).then(|| plain[..end].trim_end())
}

fn clean(name: &str) -> String {
    let name = name.trim().trim_matches(['*', '_', '`', '-', ':', '"', '.', ' ', '\\', '#']).trim();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether words can be a service's name at all.
fn named(text: &str, reading: &Reading) -> bool {
    let text = clean(text);
    let folded = fold(&text);
    let lexicon = &reading.reader.lexicon;
    !folded.trim().is_empty()
        && text.len() <= 80
        && !lexicon.is(List::Nameless, &folded)
        && !lexicon.is(List::Promise, &folded)
        && !lexicon.is(List::NotApplicable, &folded)
        && !text.starts_with(['<', '[', '{', '('])
        && !(text.chars().all(char::is_uppercase) && lexicon.is(List::NoName, &folded))
        && !folded.trim().chars().all(|c| c.is_ascii_digit() || c == ' ')
}

/// The name a path gives: `<service>/README`, `runbooks/<service>.*`, or the repository at its root.
pub fn place(origin: &Origin, lexicon: &Lexicon) -> Option<String> {
    let mut parts: Vec<&str> = origin.path.split('/').collect();
    let file = parts.pop()?.to_lowercase();
    let stem = file.split('.').next().unwrap_or(&file);
    let holds_one = lexicon.is(List::FolderFile, &fold(stem));
    if holds_one {
        while parts.last().is_some_and(|p| lexicon.is(List::PlaceLess, &fold(p))) && parts.len() == 1 {
            parts.pop();
        }
        return match parts.last() {
            None if stem == "index" => None,
            None => names_one(&origin.repo, lexicon),
            Some(folder) => names_one(folder, lexicon),
        };
    }
    let in_runbooks = parts.last().is_some_and(|p| lexicon.is(List::ServiceFolder, &fold(p)));
    if in_runbooks {
        let written = origin.file_name().split('.').next().unwrap_or_default();
        return names_one(written, lexicon);
    }
    None
}

fn names_one(part: &str, lexicon: &Lexicon) -> Option<String> {
    let folded = fold(part);
    let word = folded.trim();
    let is_hex =
        word.len() >= 6 && word.chars().all(|c| c.is_ascii_hexdigit()) && word.chars().any(|c| c.is_ascii_digit());
    let taken = word.split(' ').any(|w| lexicon.is(List::SamplePlace, w));
    let digits = word.chars().all(|c| c.is_ascii_digit() || c == ' ');
    (!word.is_empty() && !lexicon.is(List::PlaceLess, &folded) && !is_hex && !taken && !digits)
        .then(|| harmless(part).into_owned())
}

//! What one unit says of the question it stands under: a fact, an absence, a promise, a pointer ...

use super::brief::Brief;
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::{List, Lists};
use super::signs::{DIGITS, Signs};
use super::units::Unit;
use crate::model::document::BlockKind;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What a unit amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// States something.
    Fact,
    /// States something and admits a hole in it.
    Admission,
    /// The thing asked for does not exist or is not done.
    Absent,
    /// The question does not apply.
    NotApplicable,
    /// Nobody knows.
    Unknown,
    /// Somebody will.
    Promise,
    /// Somebody else looks after it.
    Delegated,
    /// Only points elsewhere.
    Pointer,
    /// A link or links and next to nothing else; whether that is an answer depends on the section.
    Links,
    /// A picture and nothing else.
    Picture,
    /// Introduces what follows ("Pod health:").
    Label,
}

/// Says of a unit what it amounts to, and what where nothing beside it says more.
pub fn weigh(unit: &mut Unit, lexicon: &Lexicon) {
    // A comment is nobody's answer.
    if unit.kind == BlockKind::Comment {
        return;
    }
    unit.brief = brief(unit, lexicon);
    if unit.kind == BlockKind::Code {
        // A block without one line to run is words, and these may promise, ask or be the form's.
        unit.code &= !super::code::is_only_words(&unit.plain, lexicon);
        unit.says = unit.brief.map_or(Says::Fact, |brief| brief.says(unit.words()));
        return;
    }
    unit.says = match (says(unit, lexicon), unit.brief) {
        // "None?", "No documentation exists": a denial that is none.
        (Says::Absent | Says::NotApplicable, _) if unit.plain.ends_with('?') => Says::Unknown,
        (Says::Absent | Says::NotApplicable, Some(Brief::Doubt)) => Says::Unknown,
        (Says::Absent | Says::NotApplicable, Some(b @ (Brief::Promise | Brief::Unknown | Brief::Form))) => {
            b.says(unit.words())
        }
        // "We have not yet had time to look into this" admits no hole in anything.
        (Says::Admission, Some(b @ (Brief::Promise | Brief::Unknown))) => b.says(unit.words()),
        (Says::Absent, Some(Brief::NotApplicable)) => Says::NotApplicable,
        (Says::Label, Some(Brief::Unknown)) if !unit.plain.ends_with(':') => Says::Unknown,
        (says, _) => says,
    };
}

/// What a unit amounts to where it is all there is; with code, or a link, it says something.
fn brief(unit: &Unit, lexicon: &Lexicon) -> Option<Brief> {
    if unit.kind == BlockKind::Code {
        return super::code::brief(&unit.plain, lexicon);
    }
    if unit.code && unit.words() > 3 || unit.links > 0 {
        return None;
    }
    // "02:00" is no label, and "Example: restore it" tells no more than an example.
    let value = || {
        let (to, from) = unit.label?;
        let apart = unit.kind == BlockKind::TableRow
            || unit.plain[from as usize..].starts_with(' ')
            || unit.plain[..from as usize].ends_with('：');
        if !(to < from && apart) {
            return None;
        }
        if lexicon.is(List::ExampleLabel, unit.label_folded()) && !unit.signs.meets(DIGITS) {
            return Some(Brief::Form);
        }
        if unit.scan.brief.1 { lexicon.brief(unit.value_folded()) } else { None }
    };
    let question = || {
        let asks = unit.plain.trim_end_matches(['"', ')', '*', '_']).ends_with(['?', '？']);
        asks.then_some(if unit.words() < 3 { Brief::Unknown } else { Brief::Question })
    };
    // "Q3", "2027", "v0", "1": a number of something that is not said.
    let bare = unit.plain.trim_end_matches('.').trim_start_matches(['Q', 'q', 'v', 'V']);
    let number = (1..=4).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit());
    let number = || number.then_some(Brief::Unsure);
    let whom = || {
        (unit.signs.meets(const { Signs::these(b"@#") }) && only_whom(&unit.plain, lexicon)).then_some(Brief::Delegated)
    };
    let few =
        unit.words() <= 12 && unit.signs.meets(const { Signs::these(b"<Y") }) && unit.scan.technologies.is_empty();
    let holes = || (few && holes(&unit.plain) > 1).then_some(Brief::Form);
    let pattern = if unit.scan.brief.0 { lexicon.brief(&unit.folded) } else { None };
    match pattern {
        Some(found) if found < Brief::Doubt => Some(found),
        found if unit.words() > 14 => found.or_else(question),
        found => [value(), question(), holes(), whom(), number()].into_iter().flatten().chain(found).min(),
    }
}

/// How many names a text leaves to be filled in: `restore <service> from YOUR_BACKUP`.
fn holes(plain: &str) -> usize {
    let angled = plain.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    let name = |inner: &str| {
        inner.len() <= 40 && inner.starts_with(char::is_alphabetic) && !inner.contains(['@', '/', ':', '='])
    };
    let yours = plain.split_whitespace().filter(|w| w.starts_with("YOUR_") || w.starts_with("YOUR-"));
    angled.filter(|(inner, _)| name(inner)).count() + yours.count()
}

/// "@dave", "#ops", "mail dave@example.org": whom to ask, and nothing else.
fn only_whom(plain: &str, lexicon: &Lexicon) -> bool {
    let mut words = plain.split_whitespace().take(5).skip_while(|w| lexicon.is(List::Reach, &fold(w))).peekable();
    words.peek().is_some()
        && words.by_ref().take(3).all(|w| {
            let name = w.trim_start_matches(['@', '#']);
            name.len() < w.len() && name.contains(char::is_alphabetic) || w.contains('@') && w.contains('.')
        })
        && words.next().is_none()
}

/// Weighs a unit's phrases. Decisive are the words, not their wrapper.
fn says(unit: &Unit, lexicon: &Lexicon) -> Says {
    let has = |list| unit.scan.holds.has(list);
    let first = |list| unit.scan.starts.has(list);
    let words = unit.words();
    if unit.picture && unit.words_outside_links <= 2 {
        return Says::Picture;
    }
    let sees = sees(&unit.plain);
    if unit.links > 0 && unit.words_outside_links <= 2 {
        if first(List::Pointer) || sees {
            return Says::Pointer;
        }
        // "curl https://example.org/health" is a command, whatever it calls.
        return if lexicon.is(List::Programs, first_word(&unit.plain)) { Says::Fact } else { Says::Links };
    }
    if words == 0 {
        return if unit.plain.contains('?') { Says::Unknown } else { Says::Label };
    }
    let asks = unit.kind == BlockKind::Paragraph && unit.plain.ends_with('?') && words >= 3;
    if asks || unit.plain.ends_with(':') && words <= 12 || empty_row(unit) {
        return Says::Label;
    }
    let numbered = unit.signs.meets(DIGITS);
    let ticket = numbered && words <= 12 && unit.signs.meets(const { Signs::these(b"-#") });
    if ticket && only_ticket(&unit.plain) && !has(List::Unknown) && !has(List::Promise) {
        return Says::Pointer;
    }
    // A short verdict may stand behind a label: "Backup: no", "- Restore: N/A".
    let behind =
        if unit.signs.meets(const { Signs::these(b":") }) { verdict_behind(&unit.plain, lexicon) } else { None };
    let whole = || if words <= 6 { short_verdict(&unit.folded, unit.scan.whole) } else { None };
    if let Some(verdict) = behind.or_else(whole) {
        return verdict;
    }
    let specific = unit.code || numbered || !unit.scan.technologies.is_empty() || unit.links > 0;
    if has(List::Unknown) || first(List::UnknownWord) {
        return if specific && words > 12 || words > 22 { Says::Admission } else { Says::Unknown };
    }
    if has(List::Promise) && !in_a_name(&unit.plain, lexicon) {
        return if words > 18 || (specific && words > 9) { Says::Admission } else { Says::Promise };
    }
    if is_delegated(unit, lexicon) {
        return Says::Delegated;
    }
    // What stands in quotation marks is a message, not the author's verdict.
    let quotes = || unit.plain.matches(['"', '“', '”']).count() >= 2;
    let not_done = words <= 5
        && !first(List::NoDenial)
        && unit.folded.starts_with(" not ")
        && unit.folded[5..].split(' ').next().is_some_and(|w| w.ends_with("ed"));
    let denied = |list| has(list) && (!quotes() || outside(&unit.plain, lexicon, '"', '"').has(list));
    // "No more than" looks like an absence and is none.
    let absent = first(List::AbsentStart) && !first(List::NoDenial) || denied(List::Absent) || not_done;
    if has(List::NotApplicable) && (words <= 14 || first(List::NotApplicable)) {
        return Says::NotApplicable;
    }
    let yet = absent && unit.folded.contains(" yet ");
    if has(List::Admission) || yet {
        // "Not yet implemented." and nothing else only says that somebody will.
        if words <= 6 && !specific {
            return Says::Promise;
        }
        return Says::Admission;
    }
    if absent && words <= 26 && (!has(List::Instead) || !outside(&unit.plain, lexicon, '(', ')').has(List::Instead)) {
        return Says::Absent;
    }
    if has(List::NotApplicable) && words <= 30 && !has(List::Instead) {
        return Says::NotApplicable;
    }
    let points =
        has(List::Pointer) || sees || unit.links > 0 && (unit.folded.contains(" see ") || leads(unit, lexicon));
    if points && is_pointer(unit) && !states_first(unit, lexicon) {
        return Says::Pointer;
    }
    if unit.signs.meets(const { Signs::these(b"[") }) && bracket_placeholder(&unit.plain, lexicon) {
        return Says::Admission;
    }
    Says::Fact
}

/// Whether a reader is told to see something, not somebody said to see it.
fn sees(plain: &str) -> bool {
    static FINDER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("ee "));
    let lower = plain.as_bytes();
    FINDER.find_iter(lower).any(|at| {
        let open = at.checked_sub(1).filter(|&s| matches!(lower[s], b's' | b'S'));
        let before = open.map(|s| plain[..s].trim_end_matches([' ', '*', '_']));
        before.is_some_and(|b| {
            b.is_empty()
                || b.ends_with(['.', ',', ';', '(', ':', '-', '!', '?'])
                || b.to_ascii_lowercase().ends_with("please")
        })
    })
}

/// "We use TBD Bank's API": capitals that are the beginning of somebody's name.
fn in_a_name(plain: &str, lexicon: &Lexicon) -> bool {
    let words: Vec<&str> = plain.split_whitespace().take(40).collect();
    let name = |at: usize| {
        let small = |w: &str| w.chars().all(char::is_lowercase);
        let capital = |w: &str| w.starts_with(char::is_uppercase) && w.contains(char::is_lowercase);
        let shouts = |w: &str| w.bytes().all(|b| b.is_ascii_uppercase());
        at > 0 && small(words[at - 1]) && shouts(words[at]) && words.get(at + 1).is_some_and(|w| capital(w))
    };
    let Some(at) = (0..words.len()).find(|&at| name(at)) else { return false };
    let rest = [&words[..at], &words[at + 1..]].concat().join(" ");
    !lexicon.scan(&fold(&rest)).holds.has(List::Promise)
}

/// "Ticket OPS-812.": where something is tracked says nothing of it.
fn only_ticket(plain: &str) -> bool {
    let ticket = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
        let (project, number) = bare.split_once('-').unwrap_or_default();
        project.len() >= 2 && project.bytes().all(|b| b.is_ascii_uppercase()) && number.parse::<u32>().is_ok()
            || bare.strip_prefix('#').is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let mut words = plain.split_whitespace().take(4);
    words.by_ref().take(3).any(ticket) && words.next().is_none()
}

/// "| Owner | | |": a row nobody filled in.
fn empty_row(unit: &Unit) -> bool {
    if unit.kind != BlockKind::TableRow {
        return false;
    }
    let cells = unit.plain.trim().trim_start_matches('|');
    let cells = cells.strip_suffix('|').unwrap_or(cells);
    cells.contains('|') && cells.split('|').skip(1).all(|c| !c.contains(char::is_alphanumeric) && !c.contains('?'))
}

/// The phrases outside the first pair of brackets or quotation marks; what stands in them is an aside.
fn outside(plain: &str, lexicon: &Lexicon, open: char, close: char) -> Lists {
    let plain = plain.replace(['“', '”'], "\"");
    let (before, rest) = plain.split_once(open).unwrap_or((&plain, ""));
    let after = rest.split_once(close).map_or("", |(_, after)| after);
    lexicon.scan(&fold(&format!("{before} {after}"))).holds
}

/// The verdict of a few words behind a label.
fn verdict_behind(plain: &str, lexicon: &Lexicon) -> Option<Says> {
    let (label, value) = plain.split_once(':')?;
    let (few, words) = (label.split_whitespace().take(7).count(), value.split_whitespace().take(5).count());
    if few > 6 || !(1..=4).contains(&words) {
        return None;
    }
    let folded = fold(value);
    short_verdict(&folded, lexicon.lists(&folded))
}

/// The verdict that a folded text is, by the lists it is a phrase of.
fn short_verdict(folded: &str, lists: Lists) -> Option<Says> {
    // "We make none" denies as shortly as "none".
    if lists.has(List::Denial) || folded.ends_with(" none ") && folded.len() > 6 {
        return Some(Says::Absent);
    }
    if lists == Lists::default() {
        return None;
    }
    let verdicts = [
        (List::NotApplicable, Says::NotApplicable),
        (List::Unknown, Says::Unknown),
        (List::UnknownWord, Says::Unknown),
        (List::PromiseWord, Says::Promise),
        (List::Promise, Says::Promise),
    ];
    verdicts.into_iter().find(|(list, _)| lists.has(*list)).map(|(_, says)| says)
}

/// Handed to a team or a platform without saying how; a product that does the work is a fact.
fn is_delegated(unit: &Unit, lexicon: &Lexicon) -> bool {
    let Some(at) = unit.scan.delegated_at else { return false };
    if unit.words() > 26 || unit.code || unit.signs.meets(DIGITS) {
        return false;
    }
    let near: Vec<&str> = unit.folded.split_whitespace().skip(at as usize).take(8).collect();
    let to_somebody = near.iter().any(|w| lexicon.is(List::DelegateWord, w));
    let by_product = unit.scan.technologies.iter().any(|t| t.1 >= at && t.1 <= at + 4);
    to_somebody || (!by_product && unit.words() <= 8)
}

/// Whom a delegated unit names.
pub fn delegate(unit: &Unit, lexicon: &Lexicon) -> Option<String> {
    let at = unit.scan.delegated_at?;
    let count = unit.words() as u32;
    if at >= count {
        return None;
    }
    let tail = unit.as_written(at, count - 1);
    let name = tail.split(['.', ',', ';', '(', ':']).next().unwrap_or(tail).trim();
    let mut words: Vec<&str> = name.split_whitespace().collect();
    while words.first().is_some_and(|w| lexicon.is(List::DelegateHead, &w.to_lowercase())) {
        words.remove(0);
    }
    while words.last().is_some_and(|w| lexicon.is(List::DelegateTail, &w.to_lowercase())) {
        words.pop();
    }
    let to = words.iter().position(|w| lexicon.is(List::DelegateEnd, w)).unwrap_or(words.len());
    let name = words[..to.min(5)].join(" ");
    (!name.is_empty()).then_some(name)
}

/// "It runs in AWS using ECS, a drawing can be found here": a fact with a technology in it, then the pointer.
fn states_first(unit: &Unit, lexicon: &Lexicon) -> bool {
    let Some((first, _)) = unit.plain.split_once(", ") else { return false };
    let words = first.split_whitespace().count();
    words >= 5 && unit.scan.technologies.iter().any(|t| (t.2 as usize) < words) && {
        let scan = lexicon.scan(&super::fold::fold(first));
        !scan.holds.has(List::Pointer) && scan.holds.has(List::Needs) && !sees(first)
    }
}

fn first_word(plain: &str) -> &str {
    plain.split_whitespace().next().unwrap_or_default()
}

/// "You can check the wiki page: `https://example.org/wiki`": the place, a colon, and where it is.
fn leads(unit: &Unit, lexicon: &Lexicon) -> bool {
    let place = unit.plain.rsplit_once(": ").filter(|(_, to)| to.split_whitespace().count() == 1);
    let word = place.and_then(|(before, _)| before.rsplit(' ').next()).unwrap_or_default();
    lexicon.is(List::PointerPlace, &word.to_lowercase())
}

fn is_pointer(unit: &Unit) -> bool {
    let names_place = unit.scan.words.has(List::PointerPlace);
    // "See Grafana" and nothing more.
    let only_sees = unit.words() <= 4 && unit.folded.starts_with(" see ");
    (unit.links > 0 && unit.words_outside_links <= 16 || names_place && unit.words() <= 16 || only_sees) && !unit.code
}

/// A mix of facts and `[your team here]`.
fn bracket_placeholder(plain: &str, lexicon: &Lexicon) -> bool {
    let mut rest = plain;
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|c| open + c) else { return false };
        if is_instruction(&rest[open + 1..close], lexicon) {
            return true;
        }
        rest = &rest[close + 1..];
    }
    false
}

/// Words that tell an author what to put in their place.
pub fn is_instruction(inner: &str, lexicon: &Lexicon) -> bool {
    let folded = fold(inner);
    let Some(first) = folded.split_whitespace().next() else { return true };
    lexicon.list(List::Instruction).iter().any(|w| w == first || folded.trim() == w)
}

/// Whether a text has a number that says something.
pub fn has_number(plain: &str) -> bool {
    plain.bytes().any(|b| b.is_ascii_digit())
}

//! Which units are the template's: guidance, examples, placeholders, comments. The author's words win over any wrapper.

use super::lexicon::{Lexicon, Scan, Words};
use super::lists::List;
use super::says::is_instruction;
use super::signs::{DIGITS, Signs};
use super::units::Unit;
use crate::model::config::Knowledge;
use crate::model::document::BlockKind;
use std::collections::HashSet;

/// Words in a run that is compared with known guidance.
const RUN: usize = 5;

/// A question mark.
const QUESTION: Signs = Signs::these(b"?");

/// Lists of words that are the form's.
const FORMS: [List; 4] = [List::PlaceholderWords, List::UnfilledOpening, List::FillIn, List::FillInHere];

/// An opening square bracket.
const SQUARE: Signs = Signs::these(b"[");

/// Word runs of the guidance of known forms.
pub struct Guidance {
    runs: HashSet<u32, Words>,
}

impl Guidance {
    /// Gathers the runs of the template's own guidance and of every form; done once a run.
    pub fn new(knowledge: &Knowledge) -> Self {
        let mut runs: HashSet<u32, Words> = HashSet::default();
        for section in &knowledge.template.sections {
            // Its lines may be broken elsewhere in a document.
            runs.extend(word_runs(&super::fold::fold(&section.guidance)));
        }
        for hash in knowledge.forms.iter().flat_map(|f| &f.guidance) {
            runs.extend(u32::from_str_radix(hash, 16));
        }
        Self { runs }
    }

    /// Whether a text is guidance word for word, or nearly so and nobody's in particular: then it needs no wrapper.
    fn is(&self, unit: &Unit) -> bool {
        let folded = unit.folded.as_str();
        if unit.words() < RUN {
            return false;
        }
        // Nearly every text is told apart by the words it opens and ends with.
        let known = |text: &str| word_runs(text).any(|run| self.runs.contains(&run));
        let (head, tail) = ends(folded);
        let share = if known(head) || known(tail) { self.share(folded) } else { 0.0 };
        let plain = || !unit.code && !unit.signs.meets(DIGITS);
        share > 0.99 || share >= 0.7 && unit.words() > 9 && plain() && !super::substance::names_something(&unit.plain)
    }

    /// The share of a text's runs that are known guidance; 0 for texts too short to have one.
    fn share(&self, folded: &str) -> f32 {
        let (mut known, mut all) = (0, 0);
        for run in word_runs(folded) {
            all += 1;
            known += u32::from(self.runs.contains(&run));
        }
        if all == 0 { 0.0 } else { known as f32 / all as f32 }
    }
}

/// The words of a text's first two runs and of its last two.
fn ends(folded: &str) -> (&str, &str) {
    let bytes = folded.as_bytes();
    let head = memchr::memchr_iter(b' ', bytes).nth(RUN + 1).unwrap_or(folded.len());
    let tail = memchr::memrchr_iter(b' ', bytes).nth(RUN + 1).unwrap_or(0);
    (&folded[..head], &folded[tail..])
}

/// FNV-1a hashes of every run of five folded words, as forms' files hold them.
fn word_runs(folded: &str) -> impl Iterator<Item = u32> + '_ {
    let bytes = folded.trim().as_bytes();
    let ends = memchr::memchr_iter(b' ', bytes).chain([bytes.len()]).skip(RUN - 1);
    let starts = std::iter::once(0).chain(memchr::memchr_iter(b' ', bytes).map(|at| at + 1));
    starts.zip(ends).map(|(start, end)| {
        bytes[start..end].iter().fold(0x811c_9dc5u32, |hash, b| (hash ^ u32::from(*b)).wrapping_mul(0x0100_0193))
    })
}

/// Marks the template's units; `units` are a document's, in order.
pub fn mark(units: &mut [Unit], guidance: &Guidance, lexicon: &Lexicon) {
    let mut from = 0;
    while from < units.len() {
        let block = units[from].block;
        let to = from + units[from..].iter().take_while(|u| u.block == block).count();
        mark_block(&mut units[from..to], guidance, lexicon);
        from = to;
    }
    after_generic(units);
}

fn mark_block(block: &mut [Unit], guidance: &Guidance, lexicon: &Lexicon) {
    if block[0].kind == BlockKind::Code {
        let promises = || super::code::brief(&block[0].plain, lexicon) == Some(super::brief::Brief::Promise);
        block[0].residue |= only_instructions(&block[0].plain, lexicon) && !promises();
    }
    if block[0].kind == BlockKind::Comment || block[0].kind == BlockKind::Code {
        return;
    }
    // "(e.g. ...)" around all of it, or up to its closing bracket.
    if opens_example(&block[0].plain) {
        let bracket = block[0].plain.trim_start().starts_with('(');
        let mut open = 0i32;
        for unit in block.iter_mut() {
            unit.residue = true;
            open += unit.plain.matches('(').count() as i32 - unit.plain.matches(')').count() as i32;
            if bracket && open <= 0 {
                break;
            }
        }
    }
    let asks = block.iter().any(|u| u.plain.ends_with('?'));
    for unit in block.iter_mut() {
        let question = unit.signs.meets(QUESTION) && unit.plain.trim_end_matches(['_', '*', ')', '"']).ends_with('?');
        // Words that repeat the form's and yet name something of their own are an answer to it.
        let forms =
            |share: f32| share >= 0.8 || share >= 0.5 && (question || !super::substance::names_something(&unit.plain));
        unit.residue |= is_placeholder(&unit.plain, unit.signs, &unit.folded, &unit.scan, lexicon)
            || unit.links == 0
                && (unit.signs.meets(SQUARE) && is_bracketed(&unit.plain, lexicon) || value_bracketed(unit, lexicon))
            || ((unit.quoted || unit.slanted) && (question || instructs(unit, asks)))
            || asks_the_author(unit)
            || unit.kind != BlockKind::TableRow && unit.links == 0 && guidance.is(unit)
            || ((unit.quoted || question || asks) && forms(guidance.share(&unit.folded)))
            || (question && unit.words() >= RUN && guidance.share(&unit.folded) >= 0.3);
    }
}

/// Whether a text opens as an example: "(e.g.", "e.g.", "(for example".
pub fn opens_example(plain: &str) -> bool {
    let text = plain.trim_start_matches(['_', '*', ' ', '"', '>', '|']);
    let (bracket, inner) = match text.strip_prefix(['(', '[']) {
        Some(inner) => (true, inner.trim_start()),
        None => (false, text),
    };
    let opens = |with: &str| inner.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    ["e.g", "eg.", "eg:", "example:"].into_iter().any(opens)
        || bracket && ["for example", "example"].into_iter().any(opens)
}

/// A lone mark, an empty bracket, or a bracket that holds an instruction.
fn is_placeholder(plain: &str, signs: Signs, folded: &str, scan: &Scan, lexicon: &Lexicon) -> bool {
    let text = plain.trim().trim_matches(['_', '*', '.', ' ']);
    if text.is_empty() || text.chars().all(|c| !c.is_alphanumeric() && c != '?' && c != '/') {
        return !text.contains("???") && !plain.contains("http");
    }
    if is_forms(folded, scan) || scan.count == 2 && is_counted(folded, lexicon) {
        return true;
    }
    if signs.meets(const { Signs::these(b"X") }) && is_crossed(text) {
        return true;
    }
    // What is left to be filled in stands in brackets or between the marks of a variable.
    if !signs.meets(const { Signs::these(b"<{[$%") }) {
        return false;
    }
    if all_angled(text) {
        return true;
    }
    // "{{ description }}", "${STEPS}", "%STEPS%": what a program should have filled in.
    let filled_in = |open: &str, close: &str| {
        text.strip_prefix(open)
            .and_then(|t| t.strip_suffix(close))
            .is_some_and(|t| !t.contains(open) && !t.contains(close))
    };
    if filled_in("{{", "}}") || filled_in("${", "}") || !text.contains(' ') && text.len() > 2 && filled_in("%", "%") {
        return true;
    }
    let inner = [('[', ']'), ('<', '>'), ('{', '}')].iter().find_map(|(open, close)| {
        text.strip_prefix(*open)?.strip_suffix(*close).map(|i| i.trim_matches(['{', '}', ' ']))
    });
    inner.is_some_and(|inner| !inner.contains(['[', '<', '{', '@', '/']) && is_instruction(inner, lexicon))
}

/// "Yes / No", "Brief description of what it does", "Your alerts here": words of no service.
fn is_forms(folded: &str, scan: &Scan) -> bool {
    let fills_in = || scan.opens.has(List::FillIn) || scan.opens.has(List::FillInHere) && folded.ends_with(" here ");
    scan.whole.has(List::PlaceholderWords)
        || scan.count <= 10 && scan.starts.has(List::UnfilledOpening)
        || scan.count <= 4 && fills_in()
}

/// `<what does it do?>`, `<team>, <mail>`, `{{ service_name }}`: nothing outside the brackets, no address inside.
fn all_angled(text: &str) -> bool {
    let mut rest = text;
    let mut groups = 0;
    while let Some(open) = rest.find(['<', '{']) {
        if rest[..open].contains(char::is_alphanumeric) {
            return false;
        }
        let (mark, close) = if rest[open..].starts_with('<') { ('<', '>') } else { ('{', '}') };
        let inner = rest[open..].trim_start_matches(mark);
        let Some((inside, behind)) = inner.split_once(close) else { return false };
        if inside.contains(['@', '/', ':']) || !inside.contains(char::is_alphabetic) {
            return false;
        }
        groups += 1;
        rest = behind.trim_start_matches(close);
    }
    groups > 0 && !rest.contains(char::is_alphanumeric)
}

/// "XX requests per second", "99.X%": a figure nobody has put in yet, and nothing else to go by.
fn is_crossed(text: &str) -> bool {
    let cross = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        !bare.is_empty() && bare.chars().all(|c| c == 'X') || bare.ends_with(".X") || bare.ends_with(".XX")
    };
    text.split_whitespace().count() <= 6
        && text.split_whitespace().any(cross)
        && !text.split_whitespace().any(|w| !cross(w) && w.contains(|c: char| c.is_ascii_digit()))
}

/// "Service A", "Dependency 2": what a form counts off until somebody names it.
fn is_counted(folded: &str, lexicon: &Lexicon) -> bool {
    let mut words = folded.split_whitespace();
    let (Some(noun), Some(count), None) = (words.next(), words.next(), words.next()) else { return false };
    lexicon.is(List::CountedPlaceholder, noun)
        && (count.len() == 1 && matches!(count.as_bytes()[0], b'a'..=b'd' | b'x'..=b'z' | b'1'..=b'9' | b'n'))
}

/// "[Brief description of the service]": square brackets around all of it, which are no link, hold nobody's answer.
fn is_bracketed(plain: &str, lexicon: &Lexicon) -> bool {
    let text = plain.trim().trim_matches(['_', '*', '.', ' ', '`']);
    let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) else { return false };
    let folded = super::fold::fold(inner);
    let verdict = lexicon.lists(&folded).any(&[List::Denial, List::NotApplicable, List::UnknownWord, List::Promise]);
    inner.len() > 2 && inner.contains(char::is_alphabetic) && !inner.contains(['[', ']', '@', ':']) && !verdict
}

/// "Severity: [Critical/Warning]", "| Owner | `[team]` |": nothing but brackets behind the label.
fn value_bracketed(unit: &Unit, lexicon: &Lexicon) -> bool {
    if unit.kind == BlockKind::TableRow {
        let mut values = unit.cells().into_iter().skip(1).filter(|c| !c.is_empty()).peekable();
        return values.peek().is_some() && values.all(|c| is_unfilled(c, unit, lexicon));
    }
    let fills = |(_, value)| is_unfilled(value, unit, lexicon);
    super::labels::label_of(unit).is_some_and(fills)
}

/// "`[team]`", "<link>", "...", "XX%", "#your-team": what stands behind a label until somebody fills it in.
fn is_unfilled(value: &str, unit: &Unit, lexicon: &Lexicon) -> bool {
    let angled = value.strip_prefix('<').and_then(|v| v.strip_suffix('>'));
    unit.signs.meets(SQUARE) && is_bracketed(value, lexicon)
        || is_yours(value)
        || unit.scan.holds.any(&FORMS) && forms_words(value, lexicon)
        || angled.is_some_and(|v| !v.contains(['@', '/', ':', '<']))
        || !value.is_empty() && !value.contains(|c: char| c.is_alphanumeric() || c == '?' || c == '/')
        || !value.contains(' ') && (value.starts_with("XX") || value.starts_with("YYYY"))
}

/// The same as [`is_forms`] of words that are not scanned yet; longer ones are nobody's form.
fn forms_words(text: &str, lexicon: &Lexicon) -> bool {
    let few = text.len() <= 200 && text.split_whitespace().take(11).count() <= 10;
    few && {
        let folded = super::fold::fold(text);
        is_forms(&folded, &lexicon.scan(&folded))
    }
}

/// "#your-team", "your-team@example.com": one word that speaks to the author.
fn is_yours(value: &str) -> bool {
    let bare = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    let yours = bare.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("your"));
    yours && !value.contains(' ') && super::fold::fold(value).starts_with(" your ")
}

/// A block of code that only says what to put there: "# insert commands here".
fn only_instructions(code: &str, lexicon: &Lexicon) -> bool {
    let mut lines = code.lines().map(str::trim).filter(|l| !l.is_empty()).peekable();
    lines.peek().is_none()
        || lines.all(|line| {
            let said = line.trim_start_matches(['#', '/', ' ', '-', '$']);
            let bare = said.split_whitespace().count() <= 4
                && lexicon.scan(&super::fold::fold(said)).holds.has(List::CommandsToCome);
            let comment = line.starts_with(['#', '/']) && (bare || is_instruction(said, lexicon));
            comment
                || said == "..."
                || said.starts_with(['<', '[', '{']) && {
                    let folded = super::fold::fold(said);
                    is_placeholder(said, Signs::of(said), &folded, &lexicon.scan(&folded), lexicon)
                }
        })
}

/// "Describe how the service is deployed.": a sentence of its own that nobody says to the reader of a runbook.
fn asks_the_author(unit: &Unit) -> bool {
    matches!(unit.kind, BlockKind::Paragraph | BlockKind::Item)
        && unit.scan.opens.has(List::AsksAuthor)
        && unit.links == 0
        && !unit.code
        && !unit.signs.meets(DIGITS)
        && !super::substance::names_something(&unit.plain)
}

/// A quoted sentence that tells an author what to write.
fn instructs(unit: &Unit, beside_question: bool) -> bool {
    if unit.words() == 0 {
        return true;
    }
    unit.scan.opens.has(List::Guides)
        && (beside_question || unit.words() <= 30)
        && unit.links == 0
        && !unit.plain.contains('@')
}

/// A text that calls itself generic is a sample as a whole: nothing under its heading is about this service.
fn after_generic(units: &mut [Unit]) {
    let samples: Vec<_> = units.iter().filter(|u| u.scan.holds.has(List::Generic)).filter_map(|u| u.heading).collect();
    for unit in units.iter_mut().filter(|u| u.heading.is_some_and(|h| samples.binary_search(&h).is_ok())) {
        unit.residue = true;
    }
}

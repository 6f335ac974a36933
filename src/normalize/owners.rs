//! Owners as a document states them: teams, people, channels, addresses.

use super::Reading;
use super::brief::Brief;
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;
use super::says::Says;
use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::id::Id;
use crate::model::stated::StatedOwner;

/// More owners than this and a list is no list of owners: reading stops, so that nothing grows with its square.
const MOST: usize = 200;

/// Owners under the sections about them, in the order they stand.
pub fn owners(reading: &Reading) -> Vec<StatedOwner> {
    let template = &reading.reader.knowledge.template;
    let Some(section) = template.section("service-owner") else { return Vec::new() };
    let needs = template.section("dependencies");
    let mut found: Vec<StatedOwner> = Vec::new();
    if let Some(front) = &reading.document.front_matter {
        for field in front.fields.iter().filter(|f| reading.reader.lexicon.is(List::OwnerField, &fold(&f.key))) {
            let list = field.value.as_array().cloned().unwrap_or_else(|| vec![field.value.clone()]);
            for name in list.iter().filter_map(|v| v.as_str()) {
                add(&mut found, name, vec![], field.line, &reading.reader.lexicon);
            }
        }
        // How to reach them, where the front matter says it.
        for field in front.fields.iter().filter(|f| reading.reader.lexicon.is(List::ContactLabel, &fold(&f.key))) {
            let reach = contacts(field.value.as_str().unwrap_or_default(), &reading.reader.lexicon);
            match found.first_mut() {
                Some(owner) => owner.contacts.extend(reach),
                None => reach
                    .into_iter()
                    .for_each(|c| add(&mut found, &c.clone(), vec![c], field.line, &reading.reader.lexicon)),
            }
        }
    }
    let of_owner = |u: &&Unit| {
        // In a list of what is needed, owners are those of the things needed.
        let of_others = u.heading.is_some_and(|h| reading.aims[h.at()].sections().any(|(s, _)| Some(s) == needs));
        let by_words = u.scan.tells.contains(&section) && !of_others;
        let by_heading = u.heading.is_some_and(|h| reading.aims[h.at()].sections().any(|(s, _)| s == section));
        // "Slack: #payments" beside the page's own labels.
        let front = u.heading.is_none_or(|h| h.at() == 0);
        let by_contact = || front && reading.reader.lexicon.is(List::ContactLabel, u.label_folded());
        let by_verb = || front && reaches(u, &reading.reader.lexicon);
        let by_label = || {
            let matches = reading.reader.headings.exactly_folded(u.label_folded());
            matches.iter().any(|m| m.aim == super::matching::Aim::Section(section))
        };
        // An address set apart as a block is no command.
        if u.kind == BlockKind::Code {
            let first = u.plain.split_whitespace().next().unwrap_or_default();
            return !u.residue && by_heading && u.words() <= 20 && !reading.reader.lexicon.is(List::Programs, first);
        }
        !u.residue
            && !names_nobody(u)
            && (by_words || by_heading || !of_others && by_label() || by_contact() || by_verb())
    };
    for unit in reading.units.iter().filter(of_owner) {
        if found.len() >= MOST {
            break;
        }
        read_unit(reading, unit, &mut found);
    }
    found
}

/// "Orphaned", "The team was dissolved", "we do not know": whoever stands there owns nothing.
fn names_nobody(unit: &Unit) -> bool {
    let nobody =
        |b| matches!(b, Brief::Nobody | Brief::Unknown | Brief::Promise | Brief::Absent | Brief::NotApplicable);
    unit.says == Says::Unknown || unit.brief.is_some_and(nobody)
}

/// "Contact the Data team in #data": a sentence that opens with how to reach somebody, and says where.
pub fn reaches(unit: &Unit, lexicon: &Lexicon) -> bool {
    unit.scan.opens.has(List::Reach) && unit.words() <= 30 && !contacts(&unit.plain, lexicon).is_empty()
}

fn read_unit(reading: &Reading, unit: &Unit, found: &mut Vec<StatedOwner>) {
    let line = reading.document.line(unit.span.start);
    let source = unit.span.of(&reading.document.text);
    let lexicon = &reading.reader.lexicon;
    // "For the acquirer: Quay Bank's merchant desk" beside the owner is somebody else's.
    if !found.is_empty() && lexicon.starts_with_one(List::AboutLabel, unit.label_folded()) {
        return;
    }
    let contacts = contacts(&unit.plain, lexicon);
    let teams = if unit.kind == BlockKind::Code {
        Vec::new()
    } else if unit.kind == BlockKind::TableRow {
        row(unit, source, lexicon)
    } else {
        names_in(&strip_label(unit), source, lexicon)
    };
    // "Member Services IT: it@example.org": the label is whom the address reaches.
    let teams = match super::labels::label_of(unit).filter(|_| teams.is_empty() && !contacts.is_empty()) {
        Some((label, _))
            if reading.reader.headings.exactly(label).is_empty() && !lexicon.is(List::ContactLabel, &fold(label)) =>
        {
            names_in(label, source, lexicon)
        }
        _ => teams,
    };
    if teams.is_empty() {
        // Addresses without a name stand for themselves, or belong to the owner named just before under their heading;
        // a number alone is nobody's.
        let heading = unit.heading.map_or(0, |h| reading.document.line(reading.document.headings[h.at()].span.start));
        let numbers = unit.label.is_none() || unit.plain.starts_with(|c: char| c.is_ascii_digit() || c == '+');
        let contacts: Vec<String> = contacts
            .into_iter()
            .filter(|c| !numbers || !c.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '('))
            .collect();
        let before = found
            .last_mut()
            .filter(|o| o.line >= heading)
            .filter(|o| o.name != o.contacts.first().cloned().unwrap_or_default() && line.saturating_sub(o.line) <= 6);
        match before {
            Some(owner) if !contacts.is_empty() => {
                owner.contacts.extend(contacts.into_iter().filter(|c| !owner.contacts.contains(c)).collect::<Vec<_>>());
            }
            _ => contacts.into_iter().for_each(|c| add(found, &c.clone(), vec![c], line, lexicon)),
        }
        return;
    }
    for (at, team) in teams.into_iter().enumerate() {
        add(found, &team, if at == 0 { contacts.clone() } else { vec![] }, line, lexicon);
    }
}

fn strip_label(unit: &Unit) -> String {
    match unit.plain.split_once(": ") {
        Some((label, value)) if label.split_whitespace().count() <= 4 => value.to_owned(),
        // "Owned by Team Purser" has a label without a mark.
        _ => match (unit.label, super::labels::label_of(unit)) {
            (Some((to, from)), Some((_, value))) if to == from => value.to_owned(),
            _ => unit.plain.clone(),
        },
    }
}

fn add(found: &mut Vec<StatedOwner>, name: &str, contacts: Vec<String>, line: u32, lexicon: &Lexicon) {
    let name = name.trim().trim_matches(['*', '_', '`', '.', ',', ':']).trim();
    if name.is_empty() || is_placeholder(name, lexicon) {
        return;
    }
    let id = Id::of(name);
    let same = |o: &&mut StatedOwner| {
        Id::of(&o.name) == id || o.contacts.iter().any(|c| c == name || o.name == *c && contacts.contains(c))
    };
    if let Some(owner) = found.iter_mut().find(same) {
        // A name is better than the address that stood for it.
        if owner.contacts.contains(&owner.name)
            && !contacts.iter().any(|c| c == name)
            && !owner.contacts.iter().any(|c| c == name)
        {
            name.clone_into(&mut owner.name);
        }
        owner.contacts.extend(contacts.into_iter().filter(|c| !owner.contacts.contains(c)).collect::<Vec<_>>());
        return;
    }
    found.push(StatedOwner { name: name.to_owned(), contacts, line });
}

fn is_placeholder(name: &str, lexicon: &Lexicon) -> bool {
    let folded = fold(name);
    lexicon.is(List::NoOwner, &folded) || folded.split_whitespace().any(|w| lexicon.is(List::NobodyWord, w))
}

/// Mail addresses, channels and telephone numbers of a text.
pub fn contacts(plain: &str, lexicon: &Lexicon) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // Addresses hold a sign, and numbers digits.
    if !plain.bytes().any(|b| matches!(b, b'@' | b'#' | b'0'..=b'9')) {
        return found;
    }
    for word in plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '|' | '"')) {
        let word = word.trim_matches(['.', ':', '*', '_', '`', '/', '\'']).trim_start_matches("mailto:");
        let handle = word.strip_prefix('@').is_some_and(|rest| {
            let rest = rest.split_once('/').map_or(rest, |(_, team)| team);
            rest.len() >= 3 && rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        });
        let mail = word
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
        let channel = word.strip_prefix('#').is_some_and(|rest| {
            rest.len() >= 3
                && rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                && rest.chars().any(char::is_alphabetic)
        });
        if (mail || channel || handle) && !is_placeholder(word, lexicon) && !found.iter().any(|f| f == word) {
            found.push(word.to_owned());
        }
    }
    found.extend(telephones(plain));
    found
}

/// Telephone numbers: "+49 30 5550 199", "020 7946 0018", "(555) 010-1234".
fn telephones(plain: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '\u{a0}');
    let mut found = Vec::new();
    for run in plain.split(|c: char| !part(c)) {
        let run = run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+' && c != '(');
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let dialled = run.starts_with(['+', '0', '(']) || run.matches(['-', ' ']).count() >= 2;
        if (7..=15).contains(&digits) && dialled && super::facts::date(run).is_none() {
            found.push(run.to_owned());
        }
    }
    found
}

/// "The *Sneaky Sharks* team", "DFS Platform Team", "the `ppud-replacement` team", "Team Purser", "service desk".
fn names_in(text: &str, source: &str, lexicon: &Lexicon) -> Vec<String> {
    let mut found = Vec::new();
    // "@acme/payments" is a team by its handle.
    let handles = text.split_whitespace().map(|w| w.trim_matches([',', '.', ';', '`', '(', ')']));
    found.extend(handles.filter(|w| w.starts_with('@') && w.contains('/')).map(str::to_owned));
    if !found.is_empty() {
        return found;
    }
    let clean: String = text.chars().map(|c| if matches!(c, '*' | '`' | '"' | '“' | '”') { ' ' } else { c }).collect();
    // "The DevOps/SRE team" is one; "Payments team / Ledger team" are two.
    let apart = clean.contains(" /") || clean.contains("/ ");
    for piece in clean.split(|c: char| matches!(c, ',' | ';' | '(' | '.' | '|' | '\n') || apart && c == '/') {
        let words: Vec<&str> = piece.split_whitespace().collect();
        let is = |w: &str, list: List| lexicon.is(list, w.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()));
        for (at, word) in words.iter().enumerate() {
            if is(word, List::TeamWord) {
                // The words before it that are a name: capitalised, hyphenated, or all of a short line.
                let mut from = at;
                let short = found.is_empty() && words.len() <= 6;
                while from > 0 {
                    // "The Count a Crate team": a small word between two of a name's is the name's.
                    let joins = from >= 2
                        && from < at
                        && lexicon.is(List::Article, words[from - 1])
                        && words[from - 2].starts_with(char::is_uppercase)
                        && names(words[from - 2], false, lexicon);
                    if !joins && !names(words[from - 1], short, lexicon) {
                        break;
                    }
                    from -= 1;
                }
                if from == at && at > 0 && is(word, List::TeamNameWord) && is(words[at - 1], List::DeskOf) {
                    from -= 1;
                }
                let name = words[from..at].join(" ");
                let desk = is(word, List::TeamNameWord);
                if !name.is_empty() {
                    let whole = words[from..=at].join(" ");
                    found.push(
                        if desk
                            || name.chars().all(|c| !c.is_uppercase()) && !name.contains('-') && words.len() <= 7
                            || at > from + 1 && words[at - 1].starts_with(char::is_lowercase)
                            || words.len() <= at + 2 && word.starts_with('T')
                        {
                            whole
                        } else {
                            name
                        },
                    );
                } else if word.starts_with('T') && behind_team(&words, at, lexicon) > 0 {
                    let to = behind_team(&words, at, lexicon);
                    found.push(words[at..=at + to].join(" "));
                }
            }
        }
    }
    if found.is_empty() {
        found.extend(people(text));
    }
    if found.is_empty() {
        found.extend(short_name(text, source, lexicon));
    }
    if found.is_empty() {
        found.extend(reached(text, lexicon));
    }
    found.dedup();
    found
}

/// How many words behind "Team" are its name: capitals, "42", "data_platform", or all of a line of two or three words.
fn behind_team(words: &[&str], at: usize, lexicon: &Lexicon) -> usize {
    let own = |w: &str| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || w.contains(['_', '-']);
    let named = words[at + 1..].iter().take_while(|w| own(w)).count();
    let whole = at == 0 && words.len() <= 3 && named + 2 >= words.len();
    let filler = |w: &&str| {
        lexicon.is(List::HeadingFiller, &fold(w)) || lexicon.is(List::DelegateEnd, &fold(w)) || w.ends_with('s')
    };
    if whole && !words[1..].iter().any(|w| !own(w) && filler(w)) { words.len() - 1 } else { named }
}

fn names(word: &str, short: bool, lexicon: &Lexicon) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-' && c != '&');
    let lower = bare.to_lowercase();
    if bare.is_empty()
        || (lexicon.is(List::NotTeam, &lower) || !bare.contains(char::is_alphanumeric))
            && !(short && lower == "service" || lower == "support" && bare.starts_with('S'))
        || word.ends_with([',', ';', ':'])
        || bare.contains('@')
    {
        return false;
    }
    bare.chars().next().is_some_and(char::is_uppercase) || bare.contains('-') || bare == "&" || short
}

/// The first cell of a row that is a name: "Product owner | Ada Ruiz | ada@example.org".
fn row(unit: &Unit, source: &str, lexicon: &Lexicon) -> Vec<String> {
    let mut cells = unit.cells().into_iter().map(|cell| names_in(cell, source, lexicon));
    let label = unit.cells().first().is_some_and(|c| lexicon.is(List::NoOwnerWord, &fold(c)));
    if label {
        cells.next();
    }
    cells.find(|names| !names.is_empty()).unwrap_or_default()
}

/// "Ask Maria first", "ring Jonas Berg": whoever is to be reached is named right behind the word.
fn reached(text: &str, lexicon: &Lexicon) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let verb = words.iter().position(|w| lexicon.is(List::Reach, &fold(w)))?;
    let capital = |w: &&&str| w.starts_with(char::is_uppercase) && !lexicon.is(List::NoOwnerWord, &fold(w));
    let ends = |w: &str| w.ends_with([',', '.', ';', ':', ')']);
    let mut name: Vec<&str> = Vec::new();
    for word in words[verb + 1..].iter().take_while(capital).take(3) {
        name.push(word.trim_matches(|c: char| !c.is_alphanumeric()));
        if ends(word) {
            break;
        }
    }
    (!name.is_empty()).then(|| name.join(" "))
}

/// "Ada Ruiz, Jonas Berg": nothing but people's names, one behind another.
fn people(text: &str) -> Vec<String> {
    let pieces: Vec<&str> = text.split(',').map(|p| p.trim().trim_matches(['*', '_', '.'])).collect();
    let person = |piece: &&str| {
        let words: Vec<&str> = piece.split(' ').collect();
        let name =
            |w: &&str| w.starts_with(char::is_uppercase) && w.chars().skip(1).all(|c| c.is_lowercase() || c == '-');
        (2..=3).contains(&words.len()) && words.iter().all(name)
    };
    let all = (2..=6).contains(&pieces.len()) && pieces.iter().all(person);
    if all { pieces.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}

/// A whole short line that is a name: "Freight Desk", "Terminal IT", "`payments`".
fn short_name(text: &str, source: &str, lexicon: &Lexicon) -> Option<String> {
    let without: String = text
        .split_whitespace()
        .filter(|w| !w.contains('@') && !w.starts_with('#') && !w.starts_with("http"))
        .collect::<Vec<_>>()
        .join(" ");
    let name = without
        .split([',', ';', '(', '|', '/', '>', '·', '•'])
        .next()?
        .trim()
        .trim_matches(['-', '–', '.', ':', '*', '_', '`', '>', ' '])
        .trim();
    // "Ask Dave": the verb is no part of the name.
    let asks = name.split_once(' ').filter(|(verb, _)| lexicon.is(List::ReachOnly, &fold(verb)));
    let name = asks.map_or(name, |(_, name)| name.trim());
    let words: Vec<&str> = name.split_whitespace().collect();
    let generic = lexicon.is(List::NoOwnerWord, &fold(name));
    // Beside an address one word may be small: "Civil billing & payments <pay@example.org>".
    let small = words.iter().filter(|w| !w.chars().next().is_some_and(|c| c.is_uppercase() || c == '&')).count();
    let capital =
        small == 0 || small == 1 && text.contains('@') && words[0].chars().next().is_some_and(char::is_uppercase);
    // A single word that is all there is names somebody: `payments`, content, t.okafor.
    let slug = || name.contains('-') && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let coded = words.len() == 1 && (source.contains('`') || text.trim().trim_matches(['"', '.']) == name || slug());
    (!generic
        && (1..=4).contains(&words.len())
        && (capital || coded)
        && name.chars().any(char::is_alphabetic)
        && name.len() > 2)
        .then(|| name.to_owned())
}

//! What an item, a row or a line of a list of dependencies names, and what for.

use super::dependencies::{Found, Place};
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;
use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::stated::Relation;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

impl Found<'_> {
    /// An item, row or sentence of the dependency section.
    pub(super) fn listed(&mut self, unit: &Unit) {
        let line = self.reading.document.line(unit.span.start);
        let lexicon = &self.reading.reader.lexicon;
        // "| Dependencies | Adyen, SendGrid |" in a table of facts.
        let fact = |(label, _): &(&str, &str)| !self.reading.reader.headings.exactly(label).is_empty();
        let value = super::labels::label_of(unit)
            .filter(|_| unit.kind == BlockKind::TableRow && unit.cells().len() == 2)
            .filter(fact);
        if unit.kind == BlockKind::TableRow && value.is_none() {
            return self.row(unit, line);
        }
        let (text, relation) = without_opening(value.map_or(unit.plain.trim(), |(_, value)| value), lexicon);
        if text.ends_with(':') || !self.reading.reader.headings.exactly(text).is_empty() {
            return;
        }
        let text = match super::labels::label_of(unit) {
            Some((label, value))
                if label.split_whitespace().any(|w| lexicon.is(List::NeedsLabel, &fold(w)))
                    || fact(&(label, value)) =>
            {
                value
            }
            _ => text,
        };
        // What an item or a line of its own needs is said first; what follows explains it.
        let first = unit.span.start <= self.block_of(unit).span.start + 8;
        let item = self.block_of(unit).kind == BlockKind::Item && first;
        let address = |(_, to): (&str, &str)| to.starts_with("http") && !to.contains(' ');
        if !first && super::labels::label_of(unit).is_some_and(address) || unit.picture {
            // "GitHub: https://example.org/x" below an item is where its thing is found.
            return;
        }
        let first = first || self.begins_its_line(unit);
        let behind_label = text.len() < unit.plain.trim().len();
        let short = first
            && (behind_label
                || are_names(text)
                || text.split_whitespace().count() <= 6 && !unit.scan.holds.has(List::Needs));
        let bold = self.bold_lead(unit).filter(|_| item && unit.says != super::says::Says::Label);
        if let Some(name) = bold {
            // "**ledger-api** requests prices for ...": the bold words are the name.
            let purpose = text
                .get(name.len()..)
                .filter(|_| text.starts_with(name))
                .map(|p| p.trim_matches([' ', ':', '-', '–', '.']));
            let purpose = purpose
                .map(|p| p.strip_prefix("for ").unwrap_or(p))
                .filter(|p| !p.is_empty() && !p.starts_with("http"));
            self.push(name, purpose.map(str::to_owned), relation, line);
        } else if text.contains(" + ") {
            for piece in text.split(" + ") {
                let (name, purpose) = name_and_purpose(piece, 0);
                self.push(name, purpose, relation, line);
            }
        } else if let Some(pieces) = (item || short).then(|| each_with_brackets(text)).flatten() {
            for piece in pieces {
                let (name, purpose) = name_and_purpose(piece, 0);
                self.push(name, purpose, relation, line);
            }
        } else if item || short {
            let (name, purpose) = name_and_purpose(text, self.product_end(unit, text));
            let many: Vec<&str> = name.split(", ").flat_map(|p| p.split(" and ")).collect();
            let listed = many.len() > 1 && many.iter().all(|p| p.split_whitespace().count() <= 4);
            if let Some(group) = one_group(&many) {
                self.push(group, purpose, relation, line);
            } else if listed {
                let known = many.iter().any(|name| self.technology(name).is_some());
                for name in many {
                    self.one_of_many(name, known, purpose.clone(), relation, line);
                }
            } else if name.split_whitespace().count() <= 5 && !self.is_sentence(text, name) {
                self.push(name, purpose, relation, line);
            } else {
                self.sentence(unit, Place::Listed);
            }
        } else {
            self.sentence(unit, Place::Listed);
        }
        self.links(unit, line, true);
    }

    /// The bold words an item opens with, where they are few and no label of a section.
    fn bold_lead<'u>(&self, unit: &'u Unit) -> Option<&'u str> {
        let source = unit.span.of(&self.reading.document.text).trim_start_matches(['-', '*', '+', ' ']);
        let from = unit.span.of(&self.reading.document.text).len() - source.len();
        let marked = unit.span.of(&self.reading.document.text)[..from].ends_with("**");
        let (bold, _) = source.split_once("**").filter(|_| marked)?;
        let name = bold.trim().trim_end_matches(':');
        let known = !self.reading.reader.headings.exactly(name).is_empty();
        let needs = name.split_whitespace().any(|w| self.reading.reader.lexicon.is(List::NeedsLabel, &fold(w)));
        (!known && !needs && (1..=4).contains(&name.split_whitespace().count()))
            .then(|| unit.plain.get(..name.len()))?
            .filter(|lead| *lead == name)
    }

    /// Whether words open a sentence and are no name: "You need a connection", "Connecting to it", "Pages served by Apache".
    fn is_sentence(&self, text: &str, name: &str) -> bool {
        let lexicon = &self.reading.reader.lexicon;
        let mut words = text.split(' ');
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let does = first.ends_with("ing") && (second == "to" || lexicon.is(List::Article, second));
        let says = lexicon.is(List::Pronoun, &fold(first)) && !lexicon.is(List::Article, &fold(first));
        let made = name.split_once(" by ").is_some_and(|(before, _)| before.ends_with("ed"));
        says || does || made
    }

    /// Where the product's name ends that a text begins with: "Ruby on Rails app" is not Ruby on something.
    fn product_end(&self, unit: &Unit, text: &str) -> usize {
        let first = unit.scan.technologies.iter().find(|t| t.1 == 0).filter(|_| text == unit.plain.trim());
        let written = first.map_or("", |&(_, _, to)| unit.as_written(0, to));
        if text.starts_with(written) { written.len() } else { 0 }
    }

    /// A row of a table of dependencies: the name stands in the column that says so, else in the first.
    fn row(&mut self, unit: &Unit, line: u32) {
        let lexicon = &self.reading.reader.lexicon;
        let cells = unit.cells();
        if cells.iter().any(|c| lexicon.is(List::DependantWord, &fold(c))) {
            return;
        }
        let head = self.head_of(unit);
        let column = |list: List| head.iter().position(|c| lexicon.is(list, &fold(c)));
        let named = column(List::DependencyColumn).unwrap_or(0);
        let name = cells.get(named).copied().unwrap_or_default();
        let long = || cells.iter().skip(1).rev().find(|c| c.split_whitespace().count() >= 2);
        let purpose = column(List::PurposeColumn).and_then(|at| cells.get(at)).or_else(long);
        let purpose = purpose.filter(|p| !p.is_empty() && **p != name).map(|p| (*p).to_owned());
        // "React + Vite" are two, and what stands in brackets explains.
        for name in name.split(" + ") {
            let name = name.split(" (").next().unwrap_or(name);
            self.push(name, purpose.clone(), Relation::Uses, line);
        }
    }

    /// The cells at the head of a row's table; of a very long table's later rows nothing is asked.
    fn head_of(&self, unit: &Unit) -> Vec<&str> {
        let blocks = &self.reading.document.blocks[..unit.block as usize];
        let head = blocks.iter().rev().take(100).find(|b| b.kind != BlockKind::TableRow);
        let head = head.filter(|b| b.kind == BlockKind::TableHead);
        let line = head.map_or("", |b| b.span.of(&self.reading.document.text)).lines().next().unwrap_or_default();
        line.trim().trim_matches('|').split('|').map(|c| c.trim().trim_matches(['*', '`'])).collect()
    }

    /// Whether nothing but marks of Markdown stands before a unit on its line.
    fn begins_its_line(&self, unit: &Unit) -> bool {
        let before = &self.reading.document.text[..unit.span.start as usize];
        before.chars().rev().take_while(|&c| c != '\n').all(|c| !c.is_alphanumeric())
    }

    fn block_of(&self, unit: &Unit) -> &crate::model::document::Block {
        let blocks = &self.reading.document.blocks;
        &blocks[(unit.block as usize).min(blocks.len() - 1)]
    }

    /// "RabbitMQ, exchange `orders`" is one thing and a part of it; "PostgreSQL 15 and 16" is one as well.
    fn one_of_many(&mut self, name: &str, beside_known: bool, purpose: Option<String>, relation: Relation, line: u32) {
        let noun = |w: &str| self.reading.reader.lexicon.is(List::ComponentNoun, &fold(w));
        let part = name.split_whitespace().any(noun) || name.trim_start().starts_with(|c: char| c.is_ascii_digit());
        if !(beside_known && part && self.technology(name).is_none()) {
            let counted = name.split_once(' ').filter(|(count, _)| count.bytes().all(|b| b.is_ascii_digit()));
            self.push(counted.map_or(name, |(_, rest)| rest), purpose, relation, line);
        }
    }
}

/// "Kubernetes (kubeadm), Cilium, Flux": a list where some names carry their brackets, cut at the commas outside them.
fn each_with_brackets(text: &str) -> Option<Vec<&str>> {
    let mut pieces = Vec::new();
    let (mut from, mut depth) = (0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 && text[at + 1..].starts_with(' ') => {
                pieces.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(text[from..].trim());
    let short = |p: &&str| (1..=4).contains(&p.split('(').next().unwrap_or_default().split_whitespace().count());
    let before_the_last = pieces.iter().rev().skip(1).any(|p| p.ends_with(')'));
    (before_the_last && pieces.iter().all(short)).then_some(pieces)
}

/// "edge proxies edge-1, edge-2" is one thing, of which there are several.
fn one_group<'a>(many: &[&'a str]) -> Option<&'a str> {
    let stem = |name: &'a str| {
        let last = name.split_whitespace().next_back()?;
        let stem = last.trim_end_matches(|c: char| c.is_ascii_digit());
        (stem.len() < last.len() && stem.ends_with(['-', '_'])).then_some((last, stem))
    };
    let (last, first) = stem(many.first()?)?;
    let same = many.len() > 1 && many.iter().all(|name| stem(name).is_some_and(|(_, s)| s == first));
    let group = many[0][..many[0].len() - last.len()].trim();
    same.then(|| if group.is_empty() { first.trim_end_matches(['-', '_']) } else { group })
}

/// "NOMIS, the Auth service and GOV.UK Pay": nothing but names, side by side.
fn are_names(text: &str) -> bool {
    let pieces: Vec<&str> = text.trim_end_matches('.').split(", ").flat_map(|p| p.split(" and ")).collect();
    let name = |piece: &&str| {
        let piece = piece.trim().trim_start_matches("the ");
        piece.split_whitespace().count() <= 3 && (piece.starts_with(char::is_uppercase) || piece.contains('-'))
    };
    pieces.len() > 1 && pieces.iter().all(name)
}

/// "Runs on the Harbour Platform": what it runs on is the name.
fn without_opening<'a>(text: &'a str, lexicon: &Lexicon) -> (&'a str, Relation) {
    let lower = text.to_ascii_lowercase();
    let openings = lexicon.list(List::NeedsOpening).iter().filter(|o| lower.starts_with(o.as_str()));
    let opening = openings.max_by_key(|o| o.len()).filter(|o| lower[o.len()..].starts_with([' ', ':']));
    let Some(opening) = opening else { return (text, Relation::Uses) };
    let relation = if lexicon.is(List::RunsOn, opening) { Relation::RunsOn } else { Relation::Uses };
    (text[opening.len()..].trim_start_matches([' ', ':']), relation)
}

/// `named`: so much of the text is one name, whatever words are in it.
/// "Winston for logging", "Redis (cache)", "orders: prices", "RabbitMQ - events".
fn name_and_purpose(text: &str, named: usize) -> (&str, Option<String>) {
    static CUTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let marks = [
            " for ",
            " (",
            ": ",
            " - ",
            " – ",
            " — ",
            ", which ",
            " to ",
            " via ",
            " as ",
            " where ",
            ". ",
            " with ",
            " which ",
            " that ",
            " based on ",
            " on ",
            " in ",
        ];
        AhoCorasick::new(marks).expect("a few words make an automaton")
    });
    match CUTS.find(&text[named..]).map(|cut| (named + cut.start(), named + cut.end())) {
        Some((at, behind)) => {
            let purpose = text[behind..].trim_matches(['.', ')', ' ', '*']).to_owned();
            (&text[..at], (!purpose.is_empty()).then_some(purpose))
        }
        None => (text, None),
    }
}

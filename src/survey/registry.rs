//! An organisation's own registry of services: CSV, JSON or YAML, columns told by their names or by the configuration.

use crate::model::claim::{Claim, Fact, Rank, Subject};
use crate::model::config::RegistryConfig;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::id::{Id, Trait};
use crate::model::source::TextFile;
use crate::model::stated::{Relation, TargetType};
use crate::survey::csv;
use crate::survey::page::{DUPLICATE_KEY, Page, UNREADABLE};
use crate::survey::tree::{self, Node, Value};
use crate::survey::words::WORDS;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A column the configuration names is not there.
pub(super) const NO_COLUMN: Rule = Rule {
    id: "registry-column-missing",
    severity: Severity::Error,
    summary: "a registry has no column or key of a name that the configuration gives",
};

/// How many columns a finding lists.
const NAMED: usize = 40;

/// The claims of a registry: a file that the configuration names, whatever it is called.
pub fn registry(file: &TextFile, config: &RegistryConfig) -> (Vec<Claim>, Vec<Diagnostic>) {
    let mut reader = Reader::new(Page::new(file, Rank::Registry), config);
    if super::is_tree(&file.origin.path.to_ascii_lowercase()) {
        for (first, text) in tree::documents(&file.text) {
            let (node, faults) = tree::read(text, first);
            faults.into_iter().for_each(|fault| reader.page.fault(fault));
            node.iter().for_each(|node| reader.services(node));
        }
    } else {
        reader.table(csv::read(&file.text));
    }
    reader.finish()
}

/// A registry being read.
struct Reader<'r> {
    page: Page<'r>,
    config: &'r RegistryConfig,
    /// Columns by their folded name: what stands there, and how early in the list of its names it comes.
    columns: HashMap<Id, (&'r str, usize)>,
    /// Configured columns that no row had so far, folded.
    unseen: BTreeSet<Id>,
    /// Every column met, as written.
    met: BTreeSet<String>,
}

impl<'r> Reader<'r> {
    fn new(page: Page<'r>, config: &'r RegistryConfig) -> Self {
        let mut columns = HashMap::new();
        for (key, words) in &WORDS.registry {
            // What the configuration maps is looked for nowhere else.
            let words = config.columns.get(key).unwrap_or(words);
            words
                .iter()
                .enumerate()
                .for_each(|(at, word)| _ = columns.entry(Id::of(word)).or_insert((key.as_str(), at)));
        }
        for (key, words) in &config.columns {
            words.iter().enumerate().for_each(|(at, word)| _ = columns.insert(Id::of(word), (key.as_str(), at)));
        }
        let unseen = config.columns.values().flatten().map(|word| Id::of(word)).collect();
        Self { page, config, columns, unseen, met: BTreeSet::new() }
    }

    /// Rows of a CSV, with what is wrong with their form.
    fn table(&mut self, table: csv::Table) {
        if let Some((line, column)) = table.open {
            let message = "a quote opens here and is never closed".to_owned();
            self.page.say(&UNREADABLE, line, column, message, "close it; everything before it was used");
        }
        for (line, column) in table.beyond {
            let message = "this row has more cells than the head has columns".to_owned();
            self.page.say(
                &UNREADABLE,
                line,
                column,
                message,
                "is a quote missing? what stands below a column was used",
            );
        }
        let mut known = BTreeSet::new();
        for column in table.head.iter().filter(|c| c.text().is_some_and(|text| !known.insert(Id::of(text)))) {
            let message = format!("the column \"{}\" stands twice", column.text().unwrap_or_default());
            self.page.say(
                &DUPLICATE_KEY,
                column.line,
                column.column,
                message,
                "remove one of them; the first was used",
            );
        }
        self.seen(table.head.iter().filter_map(Node::text));
        // Without a column for the service no row can be used: said once, and not for each.
        let names =
            |c: &Node| c.text().and_then(|t| self.columns.get(&Id::of(t))).is_some_and(|(what, _)| *what == "service");
        if table.head.iter().any(names) {
            table.rows.iter().for_each(|row| self.service(row, None));
        }
    }

    fn seen<'n>(&mut self, keys: impl Iterator<Item = &'n str>) {
        for key in keys {
            if !self.met.contains(key) {
                self.met.insert(key.to_owned());
                self.unseen.remove(&Id::of(key));
            }
        }
    }

    /// A service, a list of services, a mapping from names to services, or either under one key.
    fn services(&mut self, node: &Node) {
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.service(item, None)),
            Value::Map(_) if self.facts_of(node).contains_key("service") => self.service(node, None),
            Value::Map(entries) => {
                for (key, value) in entries {
                    match &value.value {
                        Value::List(items) if items.iter().any(|i| matches!(i.value, Value::Map(_))) => {
                            items.iter().for_each(|item| self.service(item, None));
                        }
                        Value::Map(inner) if inner.iter().all(|(_, v)| matches!(v.value, Value::Map(_))) => {
                            inner.iter().for_each(|(key, value)| self.service(value, Some(key)));
                        }
                        Value::Map(_) => self.service(value, Some(key)),
                        _ => {}
                    }
                }
            }
            Value::Null | Value::Text(_) => self.page.wrong(node, "a list"),
        }
    }

    /// What a row says, by what we ask; where several columns say one thing, the earliest in its list first.
    fn facts_of<'n>(&mut self, row: &'n Node) -> BTreeMap<&'r str, Vec<&'n Node>> {
        let mut found: BTreeMap<&str, Vec<(usize, &Node)>> = BTreeMap::new();
        let mut names = BTreeSet::new();
        for (key, value) in row.entries() {
            let Some(name) = key.text().filter(|name| names.insert(*name)) else { continue };
            if let Some((what, order)) = self.columns.get(&Id::of(name)) {
                found.entry(what).or_default().push((*order, value));
            }
        }
        self.seen(names.into_iter());
        for (what, paths) in &self.config.columns {
            for (order, path) in paths.iter().enumerate().filter(|(_, path)| path.contains('.')) {
                if let Some(node) = row.at(&path.split('.').collect::<Vec<_>>()) {
                    self.unseen.remove(&Id::of(path));
                    found.entry(what).or_default().push((order, node));
                }
            }
        }
        let sorted = |mut list: Vec<(usize, &'n Node)>| {
            list.sort_by_key(|(order, _)| *order);
            list.into_iter().map(|(_, node)| node).collect()
        };
        found.into_iter().map(|(what, list)| (what, sorted(list))).collect()
    }

    fn service(&mut self, node: &Node, key: Option<&Node>) {
        let said = self.facts_of(node);
        let one = |what: &str| said.get(what).into_iter().flatten().find_map(|n| Some((*n, n.text()?)));
        let named = one("service").or_else(|| key.and_then(|key| Some((key, key.text()?))));
        let Some((at, name)) = named.filter(|(_, name)| !Id::of(name).is_empty()) else {
            return self.page.nameless(node, "service");
        };
        let subject = Subject::Service(name.to_owned());
        self.page.claim(at, &subject, Fact::Exists { kind: "service".to_owned() });
        for (what, wrap) in [
            ("title", Fact::Title as fn(String) -> Fact),
            ("owner", Fact::Owner),
            ("on-call", Fact::OnCall),
            ("lifecycle", Fact::Lifecycle),
            ("system", Fact::System),
        ] {
            match (one(what), said.get(what).and_then(|list| list.first())) {
                (Some((at, text)), _) => self.page.claim(at, &subject, wrap(text.to_owned())),
                (None, Some(other)) => self.page.wrong(other, "a text"),
                (None, None) => {}
            }
        }
        let several = |what: &str| said.get(what).into_iter().flatten().flat_map(|n| parts(n)).collect::<Vec<_>>();
        if let Some((_, owner)) = one("owner") {
            for (at, contact) in several("contact") {
                self.page.claim(at, &Subject::Owner(owner.to_owned()), Fact::Contact(contact.to_owned()));
            }
        }
        if let Some((at, word)) = one("tier") {
            match self.config.tiers.get(&Id::of(word)).copied().or_else(|| WORDS.tier(word)) {
                Some(tier) => self.page.claim(at, &subject, Fact::Tier(tier)),
                None => self.strange(at, format!("the tier \"{word}\" is not known"), "write 1, 2 or 3, or say in the configuration what it means: `tiers = { gold = 1 }` in its [[registry]]"),
            }
        }
        for (at, text) in several("traits") {
            match Trait::of(text) {
                Some(known) => self.page.claim(at, &subject, Fact::Trait(known)),
                // Tags say all sorts of things; a column that is said to hold traits holds nothing else.
                None if self.config.columns.contains_key("traits") => {
                    let known = Trait::ALL.map(Trait::id).join(", ");
                    self.strange(at, format!("the trait \"{text}\" is not known"), &format!("write one of {known}"));
                }
                None => {}
            }
        }
        for (at, text) in several("alias") {
            self.page.claim(at, &subject, Fact::Alias(text.to_owned()));
        }
        for (at, name) in several("needs") {
            let (target, relation) = (TargetType::Service, Relation::Uses);
            self.page.claim(at, &subject, Fact::Needs { name: name.to_owned(), target, relation, purpose: None });
        }
    }

    fn strange(&mut self, at: &Node, message: String, help: &str) {
        self.page.say(&super::page::WRONG_TYPE, at.line, at.column, message, help);
    }

    /// Says which configured columns no row had, and that a file names nobody.
    fn finish(mut self) -> (Vec<Claim>, Vec<Diagnostic>) {
        let met: Vec<&str> = self.met.iter().map(String::as_str).take(NAMED).collect();
        let there = met.join(", ");
        // The head, or the first entry: the first line that is not blank.
        let line = 1 + self.page.file.text.lines().take_while(|l| l.trim().is_empty()).count() as u32;
        for (what, words) in &self.config.columns {
            // One of several names is enough.
            let absent = words.iter().all(|word| self.unseen.contains(&Id::of(word)));
            let Some(word) = words.first().filter(|_| absent && !met.is_empty()) else { continue };
            let far = |name: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &word.to_lowercase());
            let near = met.iter().min_by_key(|name| far(name));
            let help = match near.filter(|name| far(name) <= word.chars().count() / 3 + 1) {
                Some(near) => format!("did you mean \"{near}\"? correct `{what}` in the [[registry]]'s columns"),
                None => format!("these are there: {there}; correct `{what}` in the [[registry]]'s columns"),
            };
            let message =
                format!("no column or key here is called \"{word}\", where the configuration looks for the {what}");
            self.page.say(&NO_COLUMN, line, 1, message, &help);
        }
        if self.page.claims.is_empty() && self.page.diagnostics.is_empty() {
            let message = "no column or key here names a service".to_owned();
            let help = format!(
                "call one of them `service`, or say in the configuration which one it is: `columns = {{ service = \"...\" }}` in its [[registry]] (these are there: {there})"
            );
            self.page.say(&UNREADABLE, line, 1, message, &help);
        }
        (self.page.claims, self.page.diagnostics)
    }
}

/// The texts of a value: of each item of a list, and between commas, semicolons or bars of one text.
fn parts(value: &Node) -> impl Iterator<Item = (&Node, &str)> {
    let nodes = if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() };
    nodes.iter().flat_map(|node| {
        let texts = node.text().unwrap_or_default().split([',', ';', '|']).map(str::trim);
        texts.filter(|part| !part.is_empty()).map(move |part| (node, part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::diagnostic::Location;
    use crate::model::id::Tier;
    use crate::model::source::Origin;
    use crate::model::text::{LineIndex, SpanMap};

    fn file(path: &str, text: &str) -> TextFile {
        TextFile {
            origin: Origin::of_ours(path),
            text: text.into(),
            map: SpanMap::default(),
            lines: LineIndex::of(text),
            redacted: Vec::new(),
            hash: [0; 32],
        }
    }

    fn told(path: &str, text: &str, columns: &[(&str, &[&str])], tiers: &[(&str, Tier)]) -> Vec<String> {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        let config = RegistryConfig {
            path: path.into(),
            columns: columns.iter().map(|(key, words)| ((*key).to_owned(), list(words))).collect(),
            tiers: tiers.iter().map(|(word, tier)| (Id::of(word), *tier)).collect(),
        };
        let (claims, found) = registry(&file(path, text), &config);
        let mark = |at: &Location| at.mark.of(&at.excerpt).to_owned();
        let claims = claims.iter().map(|c| format!("{}:{} {:?}", c.line, c.column, c.fact));
        let found = found.iter().map(|d| {
            let at = d.location.as_ref().expect("a place");
            format!("! {} {}:{} [{}] {} ({})", d.rule, at.line, at.column, mark(at), d.message, d.help)
        });
        claims.chain(found).collect()
    }

    #[test]
    fn columns_and_tiers_are_mapped() {
        let text = "Application Code;Squad name;Blech\nfares;Fares;Gold\n";
        let columns: &[(&str, &[&str])] =
            &[("service", &["Application code"]), ("owner", &["team", "squad NAME"]), ("tier", &["blech"])];
        let said = told("apps.csv", text, columns, &[("gold", Tier::One)]);
        assert_eq!(said, ["2:1 Exists { kind: \"service\" }", "2:7 Owner(\"Fares\")", "2:13 Tier(One)"]);
    }

    #[test]
    fn keys_may_lie_deeper() {
        let text = "{\"apps\": [{\"id\": \"fares\", \"meta\": {\"team\": \"Fares\", \"rank\": 2}}]}";
        let columns: &[(&str, &[&str])] = &[("owner", &["meta.team"]), ("tier", &["meta.rank"])];
        let said = told("apps.json", text, columns, &[]);
        assert_eq!(said, ["1:18 Exists { kind: \"service\" }", "1:44 Owner(\"Fares\")", "1:61 Tier(Two)"]);
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_the_nearest() {
        let columns: &[(&str, &[&str])] = &[("owner", &["Sqad"]), ("tier", &["importance level"])];
        let said = told("apps.csv", "\nService,Squad\nfares,Fares\n", columns, &[]);
        assert_eq!(
            said,
            [
                "3:1 Exists { kind: \"service\" }",
                "! registry-column-missing 2:1 [Service,Squad] no column or key here is called \"Sqad\", where the configuration looks for the owner (did you mean \"Squad\"? correct `owner` in the [[registry]]'s columns)",
                "! registry-column-missing 2:1 [Service,Squad] no column or key here is called \"importance level\", where the configuration looks for the tier (these are there: Service, Squad; correct `tier` in the [[registry]]'s columns)",
            ]
        );
    }

    #[test]
    fn a_file_that_names_nobody_says_what_is_there() {
        let said = told("apps.csv", "Art,Owner\nfares,Fares\n", &[], &[]);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].starts_with("! survey-unreadable 1:1 [Art,Owner] no column or key here names a service"),
            "{said:?}"
        );
        assert!(said[0].contains("(these are there: Art, Owner)"), "{said:?}");
    }
}

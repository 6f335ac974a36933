//! Reading what people wrote: one small document a case, with what a careful person finds in it.

#![allow(clippy::disallowed_methods)]

use opsbook::model::config::Knowledge;
use opsbook::model::coverage::SURE;
use opsbook::model::runbook::{Home, Runbook};
use opsbook::model::source::{Origin, RawFile};
use opsbook::model::state::State;
use opsbook::normalize::Reader;
use opsbook::{compare, configure, pipeline};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(&knowledge()));

fn knowledge() -> Arc<Knowledge> {
    static KNOWLEDGE: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
        let (knowledge, wrong) = configure::knowledge(&configure::KnowledgeTexts::default());
        assert!(wrong.is_empty(), "{wrong:?}");
        Arc::new(knowledge)
    });
    KNOWLEDGE.clone()
}

/// What a case expects: only what it is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Where the document stands in its repository.
    #[serde(default = "neutral")]
    path: String,
    #[serde(default)]
    repo: String,
    kind: Option<String>,
    blank: Option<bool>,
    form: Option<String>,
    /// The name the document states; empty for none.
    service: Option<String>,
    /// The name its path gives; empty for none.
    place: Option<String>,
    reviewed: Option<String>,
    tier: Option<u8>,
    traits: Option<Vec<String>>,
    owners: Option<Vec<String>>,
    contacts: Option<Vec<String>>,
    /// Names as written, in any order.
    dependencies: Option<Vec<String>>,
    #[serde(default)]
    ids: BTreeMap<String, String>,
    #[serde(default)]
    purpose: BTreeMap<String, String>,
    /// Headings beyond the template, with their states.
    unmapped: Option<BTreeMap<String, String>>,
    #[serde(default)]
    sections: BTreeMap<String, String>,
    #[serde(default)]
    substance: BTreeMap<String, String>,
    /// Words that must stand in the first piece of evidence.
    #[serde(default)]
    evidence: BTreeMap<String, String>,
    #[serde(default)]
    delegate: BTreeMap<String, String>,
    #[serde(default)]
    inherited: Vec<String>,
    /// Sections whose reading is one to look at.
    #[serde(default)]
    unsure: Vec<String>,
    /// Every section but those listed is missing.
    #[serde(default)]
    only: bool,
    #[serde(default)]
    alerts: Option<BTreeMap<String, [String; 4]>>,
    waivers: Option<Vec<String>>,
    verified: Option<Vec<String>>,
    diagnostics: Option<Vec<String>>,
}

fn neutral() -> String {
    "docs/input.md".to_owned()
}

fn read_at(repo: &str, path: &str, bytes: &[u8]) -> (Option<Arc<Runbook>>, Vec<String>) {
    let origin = Origin { repo: repo.into(), commit: None, path: path.into() };
    let reading = pipeline::read(RawFile { origin, bytes: bytes.to_vec() }, &READER);
    (reading.runbook, reading.diagnostics.iter().map(|d| d.rule.to_owned()).collect())
}

/// Says what differs between what was read and what was expected.
struct Differences(Vec<String>);

impl Differences {
    fn differ<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, got: T, want: T) {
        if got != want {
            self.0.push(format!("{what}: {got:?}, expected {want:?}"));
        }
    }
}

fn differences(case: &Path) -> Vec<String> {
    let expected = std::fs::read_to_string(case.join("expected.toml")).unwrap();
    let want: Expected = toml::from_str(&expected).unwrap_or_else(|e| panic!("{}: {e}", case.display()));
    let (runbook, said) = read_at(&want.repo, &want.path, &std::fs::read(case.join("input.md")).unwrap());
    let runbook = runbook.expect("a document");
    let template = &knowledge().template;
    let section = |id: &str| template.section(id).unwrap_or_else(|| panic!("{}: no section {id}", case.display()));
    let best = |id: &str| runbook.answers(section(id)).first().cloned();
    let mut found = Differences(Vec::new());
    let sorted = |list: Vec<String>| {
        let mut list = list;
        list.sort();
        list
    };

    for (id, state) in &want.sections {
        found.differ(id, runbook.state(section(id)).id(), state);
    }
    for (id, substance) in &want.substance {
        let got = best(id).map(|c| serde_json::to_value(c.substance).unwrap().as_str().unwrap().to_owned());
        found.differ(&format!("substance of {id}"), got.as_ref(), Some(substance));
    }
    for (id, words) in &want.evidence {
        let text = best(id).and_then(|c| c.evidence.first().map(|e| e.text.clone())).unwrap_or_default();
        if !text.contains(words.as_str()) {
            found.0.push(format!("evidence of {id} is {text:?}, expected {words:?} in it"));
        }
    }
    for (id, to) in &want.delegate {
        found.differ(&format!("delegate of {id}"), best(id).and_then(|c| c.delegate).as_ref(), Some(to));
    }
    for id in &want.unsure {
        found.differ(&format!("{id} unsure"), best(id).map(|c| c.confidence < SURE), Some(true));
    }
    for id in &want.inherited {
        found.differ(&format!("{id} inherited"), best(id).map(|c| c.inherited), Some(true));
    }
    if want.only {
        for at in template.all().filter(|s| !want.sections.contains_key(&template[*s].id)) {
            found.differ(&template[at].id, runbook.state(at), State::Missing);
        }
    }
    if let Some(kind) = &want.kind {
        found.differ("kind", runbook.kind.id(), kind);
    }
    if let Some(blank) = want.blank {
        found.differ("blank", runbook.blank, blank);
    }
    if let Some(form) = &want.form {
        found.differ("form", runbook.form.as_deref().unwrap_or(""), form);
    }
    if let Some(name) = &want.service {
        found.differ("service", runbook.name.as_ref().map_or("", |n| &n.text), name);
    }
    if let Some(place) = &want.place {
        found.differ("place", runbook.place.as_deref().unwrap_or(""), place);
    }
    if let Some(date) = &want.reviewed {
        found.differ("reviewed", runbook.reviewed.map_or(String::new(), |r| r.0.to_string()), date.clone());
    }
    if let Some(tier) = want.tier {
        found.differ("tier", runbook.tier.map(|t| serde_json::to_value(t.0).unwrap()), Some(tier.into()));
    }
    if let Some(traits) = want.traits {
        let got = runbook.traits.iter().map(|t| serde_json::to_value(t.0).unwrap().as_str().unwrap().to_owned());
        found.differ("traits", got.collect(), traits);
    }
    if let Some(owners) = want.owners {
        found.differ("owners", runbook.owners.iter().map(|o| o.name.clone()).collect(), owners);
    }
    if let Some(contacts) = want.contacts {
        found.differ("contacts", runbook.owners.iter().flat_map(|o| o.contacts.clone()).collect(), contacts);
    }
    if let Some(names) = want.dependencies {
        let got = runbook.dependencies.iter().map(|d| d.name.clone()).collect();
        found.differ("dependencies", sorted(got), sorted(names));
    }
    for (name, id) in &want.ids {
        let got = runbook.dependencies.iter().find(|d| d.name == *name).map(|d| d.id.to_string());
        found.differ(&format!("id of {name}"), got.as_ref(), Some(id));
    }
    for (name, purpose) in &want.purpose {
        let got = runbook.dependencies.iter().find(|d| d.name == *name).and_then(|d| d.purpose.clone());
        found.differ(&format!("purpose of {name}"), got.as_ref(), Some(purpose));
    }
    if let Some(unmapped) = want.unmapped {
        let beyond = runbook.parts.iter().filter(|p| p.home == Home::Beyond);
        let title = |p: &opsbook::model::runbook::Part| {
            p.heading.map_or(String::new(), |h| runbook.document.headings[h.at()].title.clone())
        };
        found.differ("unmapped", beyond.map(|p| (title(p), p.state.id().to_owned())).collect(), unmapped);
    }
    if let Some(alerts) = want.alerts {
        let states = |a: &opsbook::model::runbook::AlertEntry| a.answers.clone().map(|a| a.state.id().to_owned());
        found.differ("alerts", runbook.alerts.iter().map(|a| (a.name.clone(), states(a))).collect(), alerts);
    }
    if let Some(waivers) = want.waivers {
        let verb = |na: bool| if na { "not-applicable" } else { "accepted" };
        let got = runbook
            .waivers
            .iter()
            .map(|w| format!("{} {} {} {}", template[w.section].id, verb(w.not_applicable), w.until, w.owner));
        found.differ("waivers", got.collect(), waivers);
    }
    if let Some(verified) = want.verified {
        let got = runbook.verifications.iter().map(|v| format!("{} {} {}", template[v.section].id, v.on, v.by));
        found.differ("verified", got.collect(), verified);
    }
    if let Some(diagnostics) = want.diagnostics {
        found.differ("diagnostics", said, diagnostics);
    }
    found.0
}

#[test]
fn oddities_are_read_as_a_careful_person_would() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/normalize");
    let mut cases: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 80, "only {} cases", cases.len());
    let mut wrong = String::new();
    let mut count = 0;
    for case in &cases {
        let found = differences(case);
        count += usize::from(!found.is_empty());
        if !found.is_empty() {
            wrong += &format!("== {}\n   {}\n", case.file_name().unwrap().to_str().unwrap(), found.join("\n   "));
        }
    }
    assert!(wrong.is_empty(), "{count} of {} cases differ:\n{wrong}", cases.len());
}

fn runbook(repo: &str, path: &str, text: &str) -> Arc<Runbook> {
    read_at(repo, path, text.as_bytes()).0.expect("a document")
}

/// Runbooks of one house whose form has plain sentences of its own, with what each author made of them.
fn house(answers: &[&str]) -> Vec<Arc<Runbook>> {
    let of = |(at, answer): (usize, &&str)| {
        let text = format!(
            "# Berth {at} run book\n\n## Service or system overview\n\n### Business overview\n\nBerth {at} for ships.\n\n\
             ### Technical overview\n\nA daemon.\n\n### Service owner\n\nTeam Quay\n\n## Operational tasks\n\n\
             ### Deployment\n\n`deploy {at}`\n\n### Backup procedures\n\n{answer}\n\n### Batch processing\n\nNone\n"
        );
        runbook(&format!("berth-{at}"), "RUNBOOK.md", &text)
    };
    answers.iter().enumerate().map(of).collect()
}

fn states(runbooks: &[Arc<Runbook>], section: &str) -> Vec<&'static str> {
    let section = knowledge().template.section(section).unwrap();
    runbooks.iter().map(|r| r.state(section).id()).collect()
}

const FORMS: &str = "Please tell the reader here how copies of all the data are made every night.";

#[test]
fn guidance_of_an_organisations_own_template_needs_no_wrapper() {
    let guidance = "Tell the reader, step by step, how the data is put back\nin its place after a loss.";
    let template = format!(
        "# Ours\n## Running\n<!-- opsbook: chapter=running -->\n### Getting it back\n\
         <!-- opsbook: section=restore-procedures -->\n{guidance}\n### Who\n<!-- opsbook: section=service-owner -->\n\
         > The team on the door and its telephone.\n"
    );
    let file = configure::KnowledgeFile { path: "our.md".to_owned(), text: template };
    let texts = configure::KnowledgeTexts { template: Some(file), ..Default::default() };
    let (knowledge, wrong) = configure::knowledge(&texts);
    assert!(wrong.is_empty(), "{wrong:?}");
    let reader = Reader::new(&Arc::new(knowledge.clone()));
    let states = |body: &str| {
        let text = format!(
            "# Till runbook\n\n## Getting it back\n\n{body}\n\n## Who\n\nThe team on the door and its telephone.\n"
        );
        let origin = Origin { repo: "".into(), commit: None, path: "docs/till.md".into() };
        let read = pipeline::read(RawFile { origin, bytes: text.into_bytes() }, &reader).runbook.unwrap();
        knowledge.template.all().map(|s| read.state(s)).collect::<Vec<_>>()
    };
    assert_eq!(states(&guidance.replace('\n', " ")), [State::Residue, State::Residue]);
    // One word changed, and an answer behind it.
    let changed = guidance.replace("reader", "operator").replace('\n', " ");
    assert_eq!(states(&changed), [State::Residue, State::Residue]);
    assert_eq!(states(&format!("{changed} Run `tillctl load`.")), [State::Answered, State::Residue]);
}

#[test]
fn words_that_most_of_a_house_share_are_the_forms() {
    let own = "Every night at two the pump house copies its ledger to the second site by train.";
    let both = format!("{FORMS} Nightly at 02:00.");
    let before = house(&[FORMS, FORMS, own, FORMS, &both]);
    assert_eq!(states(&before, "backup-procedures"), ["answered"; 5]);
    let after = compare::compare(before.clone(), &knowledge());
    let residue = "residue";
    assert_eq!(states(&after, "backup-procedures"), [residue, residue, "answered", residue, "answered"]);
    assert!(Arc::ptr_eq(&before[2], &after[2]), "an untouched runbook stays the same");
    assert_eq!(states(&after, "batch"), ["answered-absent"; 5], "a verdict is never the form's");

    let mut shuffled: Vec<_> = before.into_iter().rev().collect();
    shuffled.swap(0, 2);
    let mut again = compare::compare(shuffled, &knowledge());
    again.sort_by(|a, b| a.document.origin.cmp(&b.document.origin));
    assert_eq!(states(&again, "backup-procedures"), states(&after, "backup-procedures"));
}

#[test]
fn words_that_few_share_are_their_authors() {
    let other = |n: usize| format!("The copies of pump house number {n} are made by the night watch, by hand.");
    let few = house(&[FORMS, FORMS, &other(1), &other(2), &other(3)]);
    assert_eq!(states(&compare::compare(few, &knowledge()), "backup-procedures"), ["answered"; 5]);
    let twins: Vec<_> = [1, 2, 3].map(|_| house(&[FORMS]).remove(0)).into();
    assert_eq!(states(&compare::compare(twins, &knowledge()), "backup-procedures"), ["answered"; 3], "one service");
}

#[test]
fn a_form_kept_among_the_documents_gives_its_words_away() {
    let form = house(&[FORMS]).remove(0);
    let text = form.document.text.replace("Berth 0 run book", "Runbook");
    let form = runbook("docs", "templates/runbook.md", &text);
    let mut all = house(&[FORMS]);
    all.push(form);
    assert_eq!(states(&compare::compare(all, &knowledge()), "backup-procedures")[0], "residue");
}

fn check(runbook: &Runbook) {
    let document = &runbook.document;
    for evidence in runbook.candidates.iter().flat_map(|c| &c.evidence) {
        let text = document.text.get(evidence.span.start as usize..evidence.span.end as usize);
        assert!(text.is_some(), "{:?} is no span of the text", evidence.span);
        assert!(evidence.line >= 1 && evidence.line <= document.lines.count(&document.source).max(1));
    }
    let mut at = document.body.start;
    for part in &runbook.parts {
        let start = part.heading.map_or(part.span.start, |h| document.headings[h.at()].span.start);
        assert_eq!(start, at, "parts cover the body without gap or overlap");
        at = part.span.end;
    }
    assert_eq!(at, document.body.end.max(document.body.start), "parts reach the body's end");
    let mut sorted = runbook.clone();
    sorted.sort_candidates();
    let places = |r: &Runbook| r.candidates.iter().map(|c| (c.section, c.state, c.part)).collect::<Vec<_>>();
    assert_eq!(places(runbook), places(&sorted), "candidates stand in their order");
    assert!(runbook.candidates.iter().all(|c| (0.0..=1.0).contains(&c.confidence)));
}

/// Pieces that authors and their tools leave behind, to be thrown together.
const PIECES: [&str; 40] = [
    "# Kiosk runbook\n",
    "## Backup and restore\n",
    "### **Last review date: 13/10/2022**\n",
    "Restore\n=====\n",
    "**Service or system name:**",
    "> What goes?\n",
    "- Backup: no\n",
    "  - nested `code\n",
    "| a | b |\n|---|---|\n| Batch | TBD |\n",
    "```sh\nrun\n",
    "~~~\n",
    "<!-- opsbook: section=batch -->\n",
    "<!-- opsbook: accepted reason=\"x\" until=2027-01-01 owner=y -->\n",
    "<!-- open",
    "_(e.g. x)_\n",
    "N/A\n",
    "TBD. ",
    "See [wiki](https://x.example).\n",
    "![p](p.png)\n",
    "[a][b]\n",
    "We have not investigated this yet.\n",
    "Handled by the platform team.\n",
    "\u{0}",
    "\u{feff}",
    "İK ſtraße\n",
    "## Ŝtelo ﬁ — „x“\n",
    "\r\n",
    "\r",
    "    indented\n",
    "1. Stop it\n2. Start it\n",
    "---\nservice: x\n---\n",
    "Owner: Team Ä, ä@example.org\n",
    "## KubePodİ\n",
    "# Alert: İx\n",
    "\\",
    "(((",
    "<b>x</b><br>",
    "Uses Redis and k8s, SQS queue.\n",
    "## Meaning\n",
    "Notes — 4 April 2026\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let (Some(runbook), _) = read_at("r", "docs/x.md", &bytes) {
            check(&runbook);
        }
    }

    #[test]
    fn any_pieces_are_read(pieces in proptest::collection::vec(0..PIECES.len(), 0..60), path in 0..3usize) {
        let text: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        let path = ["RUNBOOK.md", "runbooks/kiosk.md", "İ/README.md"][path];
        if let (Some(runbook), _) = read_at("r", path, text.as_bytes()) {
            check(&runbook);
        }
    }
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    let list = |n: usize| (0..n).map(|d| format!("{}- item {d}\n", "  ".repeat(d % 300))).collect::<String>();
    for text in [
        "## Backup procedures\n\nNightly.\n\n".repeat(4_000),
        "## Hosting environment\n\nRedis\n\n".repeat(4_000),
        "## Some words of my own\n".repeat(10_000),
        "word Redis, ".repeat(20_000),
        "handled by the platform team ".repeat(8_000),
        "- Owner: Team A, a@example.org\n".repeat(4_000),
        (0..4_000).map(|n| format!("- Owner: Team Nr{n}a\n")).collect::<String>(),
        (0..4_000).map(|n| format!("- service-{n}a for x\n")).collect::<String>(),
        "[".repeat(50_000),
        "(e.g. ".repeat(20_000),
        list(4_000),
        "| Backup | no |\n".repeat(8_000),
        "|\n".repeat(40_000),
        "> a\n".repeat(40_000),
        "Owner: Team A\n".repeat(8_000),
        "TBD\n".repeat(40_000),
        "AlertHasFired\n## AlertHasFired\n".repeat(4_000),
        "*a _b ".repeat(20_000),
        "a* b_ ".repeat(20_000),
        "~~a ".repeat(20_000),
        "<s>a ".repeat(20_000),
        "`` ` ".repeat(20_000),
        "- planned for a to b\n".repeat(8_000),
    ] {
        let text = format!("# Kiosk runbook\n\n## Dependencies\n\n{text}");
        let runbook = runbook("r", "RUNBOOK.md", &text);
        check(&runbook);
    }
    // What stands at the top, where titles and damage are looked for.
    for text in [
        format!("# {}\n", "runbook ".repeat(40_000)),
        "é".repeat(200_000),
        "Ã".repeat(200_000),
        "a".repeat(400_000),
        "a <!-- b --> c\n".repeat(10_000),
        "```\n\n## A\n\n".repeat(10_000),
    ] {
        check(&runbook("r", "RUNBOOK.md", &text));
    }
}

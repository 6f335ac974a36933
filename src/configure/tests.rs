//! Settings under test: the sample shows every key, every mistake is pointed at, our own data is whole.

use super::settings::{COLUMNS, REGISTRY, SERVICE, SITE, SOURCE, TOP};
use super::{KnowledgeFile, KnowledgeTexts, config, defaults, knowledge};
use crate::model::diagnostic::Diagnostic;
use crate::model::id::{Tier, Trait};
use crate::model::profile::Required;
use crate::model::source::Origin;
use std::collections::BTreeSet;

const SAMPLE: &str = include_str!("../../opsbook.toml");
const RULES: [&str; 3] = ["document-too-large", "section-required", "unknown-key"];

fn read(text: &str) -> (crate::model::config::Config, Vec<Diagnostic>) {
    config(text, Origin::of_ours("opsbook.toml"), &RULES)
}

/// `rule line:column excerpt-under-the-caret: message (help)` of each finding.
fn said(found: &[Diagnostic]) -> Vec<String> {
    let one = |d: &Diagnostic| {
        let at = d.location.as_ref().unwrap();
        let mark = at.mark.of(&at.excerpt);
        format!("{} {}:{} [{mark}] {} ({})", d.rule, at.line, at.column, d.message, d.help)
    };
    found.iter().map(one).collect()
}

/// The sample with what is commented out in force: `#key`, where prose begins `# `.
fn uncommented() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(key) if key.starts_with(|c: char| !c.is_whitespace()) => format!("{key}\n"),
        _ => format!("{line}\n"),
    };
    SAMPLE.lines().map(line).collect()
}

#[test]
fn the_sample_is_understood_as_it_stands_and_with_every_key_in_force() {
    assert_eq!(said(&read(SAMPLE).1), [""; 0]);
    let (all, found) = read(&uncommented());
    assert_eq!(said(&found), [""; 0]);
    assert_eq!(all.replacements.template.as_deref(), Some("templates/runbook.md"));
    assert_eq!(all.severities["document-too-large"], Some(crate::model::diagnostic::Severity::Error));
    assert_eq!(all.services[0].tier, Some(Tier::One));
}

#[test]
fn the_sample_shows_every_key_there_is() {
    let text = uncommented();
    let file: toml::Table = text.parse().unwrap();
    let shown = |table: &toml::Table| table.keys().cloned().collect::<BTreeSet<_>>();
    let known = |keys: &[&str]| keys.iter().map(|k| k.to_string()).collect::<BTreeSet<_>>();
    assert_eq!(shown(&file), known(TOP));
    assert_eq!(shown(file["site"].as_table().unwrap()), known(SITE));
    assert_eq!(shown(file["source"][0].as_table().unwrap()), known(SOURCE));
    assert_eq!(shown(file["registry"][0].as_table().unwrap()), known(REGISTRY));
    assert_eq!(shown(file["registry"][0]["columns"].as_table().unwrap()), known(COLUMNS));
    assert_eq!(shown(file["services"]["payments"].as_table().unwrap()), known(SERVICE));
    // Values shown in comments are the ones that hold.
    let holds = |key: &str| file[key].as_integer().unwrap() as u64;
    assert_eq!((holds("max-document-size"), holds("verified-for")), (defaults().max_bytes, 365));
    assert_eq!(file["site"]["out"].as_str(), Some(defaults().out.as_str()));
}

#[test]
fn every_mistake_is_pointed_at() {
    for (text, expected) in [
        ("[site]\ntitel = \"x\"", "unknown-key 2:1 [titel] unknown key `titel` (did you mean `title`?)"),
        (
            "max_document_size = 1",
            "unknown-key 1:1 [max_document_size] unknown key `max_document_size` (did you mean `max-document-size`?)",
        ),
        ("[sites]", "unknown-key 1:2 [sites] unknown key `sites` (did you mean `site`?)"),
        (
            "[site]\npublic = \"yes\"",
            "bad-value 2:10 [\"yes\"] `public` is a string, but should be `true` or `false` (write `true` or `false`)",
        ),
        (
            "site = 3",
            "bad-value 1:8 [3] `site` is an integer, but should be a table: `[site]` (write a table: `[site]`)",
        ),
        (
            "[[source]]\nname = \"a\"",
            "bad-value 1:1 [[[source]]] this source has no `path` (add `path = \"folder\"`, or a glob such as \"repos/*\" where each match is a repository)",
        ),
        (
            "[site]\nbase-url = \"example.org\"",
            "bad-value 2:12 [\"example.org\"] `base-url` is no address of the web (write one that begins with https://)",
        ),
        (
            "[[registry]]\ncolumns = {}",
            "bad-value 1:1 [[[registry]]] this registry has no `path` (add `path = \"services.csv\"`: a CSV, JSON or YAML file, or a glob such as \"repos/*/service.json\")",
        ),
        (
            "[[registry]]\npath = \"x\"\ncolumns = { ownr = \"Team\" }",
            "unknown-key 3:13 [ownr] unknown key `ownr` (did you mean `owner`?)",
        ),
        (
            "[[registry]]\npath = \"x\"\ntiers = { gold = 7 }",
            "bad-value 3:18 [7] `gold` is set to something that is no tier (write 1, 2 or 3)",
        ),
        ("[services.pay]\ntier = 4", "bad-value 2:8 [4] `tier` is 4, but should be 1, 2 or 3 (write 1, 2 or 3)"),
        (
            "[services.pay]\ntraits = [\"statefull\"]",
            "bad-value 2:11 [\"statefull\"] unknown trait `statefull` (did you mean `stateful`?)",
        ),
        (
            "[[source]]\npath = 3",
            "bad-value 2:8 [3] `path` is an integer, but should be a text in quotes (write a text in quotes)",
        ),
        (
            "[[source]]\npath = \"a\"\ninclude = [\"b\", \"[a\"]",
            "bad-value 3:17 [\"[a\"] `[a` is no glob: unclosed character class; missing ']' (`*` stands for any name",
        ),
        (
            "[[source]]\npath = \"a\"\nthem = \"b\"",
            "unknown-key 3:1 [them] unknown key `them` (did you mean `theme`? it belongs in `[site]`)",
        ),
        (
            "[[source]]\npath = \"a\"\ntier = 1",
            "unknown-key 3:1 [tier] unknown key `tier` (`tier` belongs in a `[services.<name>]`)",
        ),
        (
            "[services.Pay]\n[services.pay]",
            "bad-value 2:11 [pay] `Pay` and `pay` are one service: `pay` (put both under line 1)",
        ),
        (
            "[rules]\nsection-requierd = \"off\"",
            "unknown-key 2:1 [section-requierd] unknown rule `section-requierd` (did you mean `section-required`?)",
        ),
        (
            "[rules]\nunknown-key = \"fatal\"",
            "bad-value 2:15 [\"fatal\"] `unknown-key` is set to something that is no severity (write \"error\", \"warning\", \"note\" or \"off\")",
        ),
        (
            "[owners]\na = [\"x\"]\nb = \"x\"",
            "bad-value 3:5 [\"x\"] `x` stands for two owners: `a` and `b` (leave it with one of them)",
        ),
        ("title = \"\u{e9}", "bad-value 1:11 [] invalid basic string"),
        ("a = 1\na = 2", "bad-value 2:1 [a] duplicate key"),
    ] {
        let said = said(&read(text).1);
        assert_eq!(said.len(), 1, "{text}: {said:?}");
        assert!(said[0].starts_with(expected), "{text}\n     got {}\nexpected {expected}", said[0]);
    }
}

#[test]
fn of_many_names_the_nearest_are_told() {
    let ids: Vec<String> = (10..60).map(|n| format!("rule-{n}")).chain(["no-answer".to_owned()]).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let (_, found) = config("[rules]\nnope = \"off\"", Origin::of_ours("opsbook.toml"), &ids);
    let [only] = &found[..] else { panic!("{found:?}") };
    assert!(only.help.starts_with("the nearest of 51 are `"), "{}", only.help);
    assert!(only.help.ends_with("the handbook has a page of each under Rules"), "{}", only.help);
}

#[test]
fn all_mistakes_are_said_at_once() {
    let text = "[site]\ntitel = \"x\"\npublic = 1\n[[source]]\npaht = \"a\"\n";
    let rules: Vec<_> = read(text).1.iter().map(|d| d.rule).collect();
    assert_eq!(rules, ["unknown-key", "bad-value", "unknown-key", "bad-value"]);
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    for text in [
        "\u{0}",
        "[",
        "[[",
        "=",
        "a.b.c.d = {",
        "\"\\",
        "\r",
        "[site",
        "é = é",
        &"[".repeat(50_000),
        &"a.".repeat(5_000),
    ] {
        assert!(!read(text).1.is_empty(), "{text:.20}");
    }
}

#[test]
fn our_own_knowledge_is_whole() {
    let (ours, found) = knowledge(&KnowledgeTexts::default());
    assert_eq!(said(&found), [""; 0]);
    let template = &ours.template;
    assert_eq!((template.sections.len(), template.chapters.len()), (49, 10));
    let parents: Vec<_> =
        template.parents.iter().filter(|p| p.level > 2).map(|p| (p.id.as_str(), p.sections.len())).collect();
    assert_eq!(parents, [("hours", 2), ("throttling", 2), ("traffic", 3), ("health", 2), ("patching", 2)]);
    let restore = &template[template.section("restore-procedures").unwrap()];
    assert_eq!((restore.title.as_str(), template[restore.chapter].id.as_str()), ("Restore procedures", "backup"));
    assert!(!restore.guidance.is_empty() && !restore.example.is_empty() && !restore.aliases.is_empty());
    for chapter in &template.chapters {
        assert_eq!(template[chapter.parent].id, chapter.id);
        assert!(!template[chapter.parent].sections.is_empty());
    }
    for section in template.all() {
        let parent = &template[template[section].parent];
        assert!(
            parent.sections.contains(&section) && parent.level < template[section].level,
            "{}",
            template[section].id
        );
    }
    assert_eq!(ours.profiles.waiver_when_absent.len(), 5);
    assert_eq!(ours.profiles.procedural.len(), 7);
}

#[test]
fn what_is_asked_grows_with_the_tier_and_the_traits() {
    let (ours, _) = knowledge(&KnowledgeTexts::default());
    let asked = |section: &str, traits: &[Trait]| {
        let section = ours.template.section(section).unwrap();
        [None, Some(Tier::Three), Some(Tier::Two), Some(Tier::One)].map(|tier| {
            match ours.profiles.asked(section, tier, traits) {
                Required::Shown => '.',
                Required::Answer => 'A',
                Required::Covered => 'R',
            }
        })
    };
    assert_eq!(asked("service-owner", &[]), ['R', 'R', 'R', 'R']);
    assert_eq!(asked("business-overview", &[]), ['A', 'A', 'A', 'R']);
    assert_eq!(asked("troubleshooting", &[]), ['.', 'A', 'R', 'R']);
    assert_eq!(asked("restore-procedures", &[]), ['.', '.', '.', '.']);
    assert_eq!(asked("restore-procedures", &[Trait::Stateful]), ['.', 'A', 'R', 'R']);
    assert_eq!(asked("failover", &[]), ['.', '.', '.', 'A']);
    assert_eq!(asked("failover", &[Trait::StandbySite]), ['.', '.', '.', 'R']);
    let counted = |traits: &[Trait]| {
        ours.template.all().filter(|s| ours.profiles.asked(*s, Some(Tier::One), traits) > Required::Shown).count()
    };
    assert_eq!((counted(&[]), counted(&Trait::ALL)), (20, 35));
}

fn template_of(text: &str) -> (crate::model::config::Knowledge, Vec<String>) {
    let file = KnowledgeFile { path: "our.md".to_owned(), text: text.to_owned() };
    let (knowledge, found) = knowledge(&KnowledgeTexts { template: Some(file), ..KnowledgeTexts::default() });
    (knowledge, said(&found))
}

#[test]
fn an_organisations_template_replaces_ours_and_profiles_follow() {
    let text = "# Ours\n## Basics\n<!-- opsbook: chapter=basics -->\n### Who\n<!-- opsbook: section=service-owner\naliases: Team; Kontakt\n-->\n> Who?\n_(e.g. Us)_\n### Pets\n<!-- opsbook: section=pets -->\n";
    let (ours, said) = template_of(text);
    assert_eq!(said, [""; 0]);
    let ids: Vec<_> = ours.template.sections.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["service-owner", "pets"]);
    let owner = &ours.template.sections[0];
    assert_eq!((owner.guidance.as_str(), owner.example.as_str()), ("Who?", "Us"));
    assert_eq!(owner.aliases, ["team", "kontakt"]);
    let section = ours.template.section("service-owner").unwrap();
    assert_eq!(ours.profiles.asked(section, None, &[]), Required::Covered);
}

#[test]
fn a_template_that_cannot_be_used_says_where_and_why() {
    for (text, expected) in [
        ("just words", "template-shape 1:1 [] the template has no section"),
        ("## A\n### B\n<!-- opsbook: section=b -->\n", "template-shape 1:1 [## A] the heading \"A\" has no id"),
        ("### B\n<!-- opsbook: section=b -->\n", "template-shape 1:1 [### B] \"B\" stands before the first chapter"),
        (
            "## A\n<!-- opsbook: chapter=a -->\n### B\n<!-- opsbook: section= -->\n",
            "template-shape 4:1 [<!-- opsbook: section= ] `` is no id",
        ),
        (
            "## A\n<!-- opsbook: chapter=a -->\n### B\n<!-- opsbook: section=b -->\n### C\n<!-- opsbook: section=b -->\n",
            "template-shape 6:1 [<!-- opsbook: section=b ] the id `b` is taken by another section",
        ),
        ("## A\n<!-- opsbook: chaptr=a -->\n", "template-shape 2:1 [<!-- opsbook: chaptr=a ] unknown note `chaptr`"),
        (
            "<!-- opsbook: section=b -->\n",
            "template-shape 1:1 [<!-- opsbook: section=b ] this note has no heading above it",
        ),
    ] {
        let (_, said) = template_of(text);
        assert!(said.first().is_some_and(|s| s.starts_with(expected)), "{text}\n{said:#?}\nexpected {expected}");
    }
}

#[test]
fn an_organisations_data_is_checked_against_the_template() {
    let file = |text: &str| KnowledgeFile { path: "theirs.toml".to_owned(), text: text.to_owned() };
    let texts = KnowledgeTexts {
        profiles: Some(file("[[ask]]\nsections = [\"restore-procedure\"]\ntier-1 = \"R\"\n")),
        technologies: vec![file(
            "[[technology]]\nid = \"mongodb\"\nname = \"Mongo\"\nclass = \"store\"\nspelings = []\n",
        )],
        forms: vec![file("title = \"Old\"\n[[heading]]\ntitle = \"Ownr\"\nsections = [\"service-ownr\"]\n")],
        ..KnowledgeTexts::default()
    };
    let (_, found) = knowledge(&texts);
    assert_eq!(
        said(&found),
        [
            "bad-value 2:13 [\"restore-procedure\"] unknown section `restore-procedure` (did you mean `restore-procedures`?)",
            "bad-value 4:14 [service-ownr] unknown section `service-ownr` (did you mean `service-owner`?)",
            "unknown-key 5:1 [spelings] unknown key `spelings` (did you mean `spellings`?)",
        ]
    );
}

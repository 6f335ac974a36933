//! The handbook says what the program does: every rule has its page, every page its rule, every link a target.

#![allow(clippy::disallowed_methods)]

use opsbook::model::diagnostic::{Rule, Severity};
use opsbook::pipeline;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn chapters(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(chapters(&path));
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
    found
}

/// Targets of inline links, fenced code left out.
fn links(text: &str) -> Vec<String> {
    let mut code = false;
    let prose = text.lines().filter(|line| {
        let fence = line.starts_with("```");
        code ^= fence;
        !code && !fence
    });
    let prose: String = prose.flat_map(|line| [line, "\n"]).collect();
    prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

fn rules() -> BTreeMap<&'static str, &'static Rule> {
    let all: Vec<&Rule> = pipeline::rules().chain(opsbook::shell::RULES).collect();
    let by_id: BTreeMap<_, _> = all.iter().map(|rule| (rule.id, *rule)).collect();
    assert_eq!(by_id.len(), all.len(), "two rules share an id");
    by_id
}

#[test]
fn every_rule_has_its_page_and_every_page_its_rule() {
    let pages: BTreeSet<String> = chapters(&root("book/src/rules"))
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|stem| stem != "index")
        .collect();
    let ids: BTreeSet<String> = rules().into_keys().map(str::to_owned).collect();
    let unwritten: Vec<_> = ids.difference(&pages).collect();
    let orphaned: Vec<_> = pages.difference(&ids).collect();
    assert!(unwritten.is_empty(), "rules without a page in book/src/rules: {unwritten:?}");
    assert!(orphaned.is_empty(), "pages in book/src/rules without a rule: {orphaned:?}");
}

#[test]
fn every_page_opens_with_the_words_of_its_rule() {
    let mut wrong = String::new();
    for (id, rule) in rules() {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let head = format!("# `{id}`\n\n**{severity}**: {}\n", rule.summary);
        if !read(&root(&format!("book/src/rules/{id}.md"))).starts_with(&head) {
            wrong += &format!("book/src/rules/{id}.md should begin:\n{head}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_summary_and_the_list_of_rules_name_every_page() {
    let (summary, list) = (read(&root("book/src/SUMMARY.md")), read(&root("book/src/rules/index.md")));
    for id in rules().into_keys() {
        assert!(summary.contains(&format!("](rules/{id}.md)")), "book/src/SUMMARY.md does not name {id}");
        assert!(list.contains(&format!("]({id}.md)")), "book/src/rules/index.md does not name {id}");
    }
    let source = root("book/src");
    let listed: BTreeSet<PathBuf> = links(&summary).iter().map(|target| source.join(target)).collect();
    for chapter in chapters(&source).into_iter().filter(|c| !c.ends_with("SUMMARY.md")) {
        assert!(listed.contains(&chapter), "{} stands in no SUMMARY.md", chapter.display());
    }
}

#[test]
fn every_link_leads_somewhere() {
    let ours = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(root);
    let mut checked = 0;
    for file in chapters(&root("book/src")).into_iter().chain(ours) {
        for target in links(&read(&file)).into_iter().filter(|t| !t.starts_with("https://")) {
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let to = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            assert!(to.exists(), "{}: {target} leads nowhere", file.display());
            let titled = |line: &str| opsbook::model::text::anchor(line.trim_start_matches('#')) == anchor;
            let stands = anchor.is_empty() || read(&to).lines().any(|line| line.starts_with('#') && titled(line));
            assert!(stands, "{}: {target} has no such heading", file.display());
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} links found: has the way they are written changed?");
}

#[test]
fn ci_runs_the_two_commands_of_the_readme() {
    let (readme, run) = (read(&root("README.md")), read(&root(".ci/run")));
    for command in ["cargo run --release -- build", "cargo test"] {
        assert!(readme.lines().any(|line| line == command), "README.md does not say `{command}` on a line of its own");
        assert!(run.lines().any(|line| line == format!("step {command}")), ".ci/run does not run `{command}`");
    }
}

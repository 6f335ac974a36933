//! Cases: a folder with files as they stand in a repository, and what they are expected to say.

use super::{registry, survey, wants};
use crate::model::config::RegistryConfig;
use crate::model::source::{Origin, TextFile};
use crate::model::text::{LineIndex, SpanMap};
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(rust_embed::RustEmbed)]
#[folder = "tests/cases/survey"]
struct Cases;

fn file(path: &str, text: &str) -> TextFile {
    TextFile {
        origin: Origin { repo: "repo".into(), commit: None, path: path.into() },
        text: text.into(),
        map: SpanMap::default(),
        lines: LineIndex::of(text),
        redacted: Vec::new(),
        hash: [0; 32],
    }
}

fn text(path: &str) -> String {
    String::from_utf8(Cases::get(path).expect(path).data.into_owned()).expect("UTF-8")
}

fn told(path: &str, text: &str) -> String {
    let file = file(path, text);
    // What no format wants is a registry that a configuration would name.
    let (claims, diagnostics) = if wants(path) { survey(&file) } else { registry(&file, &RegistryConfig::default()) };
    let mut out = String::new();
    for claim in claims {
        let (line, column) = (claim.line, claim.column);
        writeln!(out, "{path}:{line}:{column} {:?} {:?} {:?}", claim.rank, claim.subject, claim.fact).unwrap();
    }
    for found in diagnostics {
        let place = found.location.expect("a place");
        writeln!(out, "! {path}:{}:{} {} {}", place.line, place.column, found.rule, found.message).unwrap();
    }
    out
}

#[test]
fn every_case_says_what_it_should() {
    let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in Cases::iter() {
        let (case, inside) = path.split_once('/').expect("a folder a case");
        cases.entry(case.to_owned()).or_default().push(inside.to_owned());
    }
    let mut wrong = String::new();
    for (case, mut files) in cases {
        files.sort();
        files.retain(|f| f != "expected.txt");
        let said: String = files.iter().map(|f| told(f, &text(&format!("{case}/{f}")))).collect();
        let expected = Cases::get(&format!("{case}/expected.txt")).map_or_else(Vec::new, |f| f.data.into_owned());
        if said.as_bytes() != expected {
            write!(wrong, "=== {case}\n{said}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "these say something else now:\n{wrong}=== end");
}

#[test]
fn paths_are_told_from_documents() {
    for path in [
        "catalog-info.yaml",
        "a/b/catalog-info.yml",
        ".github/CODEOWNERS",
        "docker-compose.override.yml",
        "deploy/chart/Chart.yaml",
        "opslevel.yml",
        "cortex.yaml",
        "service.datadog.yaml",
        "monitoring/alerts/orders.yaml",
        "grafana/dashboard.json",
        "infra/alarms.tf",
    ] {
        assert!(wants(path), "{path}");
    }
    for path in ["README.md", "docs/alerts/orders.md", "package.json", "src/CODEOWNERS.md", "values.yaml"] {
        assert!(!wants(path), "{path}");
    }
}

#[test]
fn hostile_files_are_survived() {
    let deep = "- ".repeat(5_000) + "x";
    let nul = "\0".repeat(4_096);
    let line = "a: ".to_owned() + &"x".repeat(1 << 20);
    for path in ["catalog-info.yaml", "CODEOWNERS", "alerts.json", "x.tf", "compose.yml", "services.csv"] {
        for text in [deep.as_str(), &nul, &line, "", "---\n---\n", "\u{feff}", "{\"a\":", "[[[[", "\"", "é: [ü"] {
            told(path, text);
        }
    }
}

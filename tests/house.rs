//! The house rules a machine can check: which room may know which, and how its files look.

#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

const PHASES: [&str; 12] = [
    "configure",
    "redact",
    "parse",
    "survey",
    "normalize",
    "compare",
    "link",
    "measure",
    "audit",
    "compose",
    "render",
    "report",
];
const BANNED: [&str; 7] = ["util", "helpers", "common", "misc", "manager", "handler", "types"];
const LONGEST: usize = 400;

fn files(below: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "js" || e == "css") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(below), &mut found);
    found.sort();
    assert!(!found.is_empty(), "no source files below {below}");
    let name = |p: &PathBuf| p.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    found.iter().map(|p| (name(p), std::fs::read_to_string(p).unwrap())).collect()
}

/// The names behind `crate::` in a file, comments and doc links left out: `crate::{a, b::c}` is `a`, `b`.
fn rooms(text: &str) -> Vec<String> {
    named(text, "crate::")
}

fn named(text: &str, prefix: &str) -> Vec<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut start) = (0, true);
            for (i, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && c.is_alphabetic() => {
                        found.push(word(&list[i..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.push(word(rest));
        }
    }
    found
}

#[test]
fn a_noun_imports_only_older_nouns() {
    let list = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/mod.rs")).unwrap();
    let order: Vec<&str> =
        list.lines().filter_map(|l| l.strip_prefix("pub mod ")).map(|l| l.trim_end_matches(';')).collect();
    let age = |noun: &str| order.iter().position(|n| *n == noun);
    for (file, text) in files("src/model") {
        let noun = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
        if noun == "mod" {
            continue;
        }
        let own = age(noun).unwrap_or_else(|| panic!("{file} is not listed in src/model/mod.rs"));
        for room in rooms(&text) {
            assert_eq!(room, "model", "{file} imports crate::{room}: a noun knows nouns only");
        }
        for other in named(&text, "crate::model::") {
            let its = age(&other).unwrap_or_else(|| panic!("{file} imports the unknown noun {other}"));
            assert!(its <= own, "{file} imports {other}, which is younger: see the order in src/model/mod.rs");
        }
    }
}

#[test]
fn a_phase_imports_no_phase() {
    for phase in PHASES {
        for (file, text) in files(&format!("src/{phase}")) {
            for room in rooms(&text) {
                assert!(
                    room == "model" || room == phase,
                    "{file} imports crate::{room}: a phase knows nouns and itself; the order is pipeline.rs's"
                );
            }
        }
    }
}

#[test]
fn every_room_is_known() {
    for (file, _) in files("src") {
        let parts: Vec<&str> = file.split('/').collect();
        let known = match parts[1] {
            "main.rs" | "lib.rs" | "pipeline.rs" | "model" | "shell" => true,
            room => PHASES.contains(&room),
        };
        assert!(known, "{file}: a new room belongs into ARCHITECTURE.md and into this test");
    }
}

#[test]
fn only_the_shell_touches_the_world() {
    for (file, text) in files("src") {
        if file == "src/shell/mod.rs" {
            continue;
        }
        assert!(
            !text.contains("allow(clippy::disallowed") && !text.contains("expect(clippy::disallowed"),
            "{file} lifts the border that clippy.toml draws; only src/shell/mod.rs may"
        );
        if !file.starts_with("src/shell/") && file != "src/main.rs" {
            assert!(!rooms(&text).contains(&"shell".to_owned()), "{file} imports the shell");
        }
        if !file.starts_with("src/shell/") && file != "src/main.rs" {
            for world in ["std::fs", "std::net", "std::env::", "std::process::", "tokio::", "notify::", "axum::"] {
                assert!(!text.contains(world), "{file} names {world}: only the shell touches the world");
            }
        }
    }
}

#[test]
fn files_open_with_a_sentence_and_stay_short() {
    for (file, text) in files("src") {
        assert!(text.starts_with("//! "), "{file} does not open with a //! sentence");
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{file} has {lines} lines, more than {LONGEST}: has the room grown two purposes?");
        let stem = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
        assert!(!BANNED.contains(&stem), "{file}: the name says nothing about what the room is for");
    }
    for (file, text) in files("theme") {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{file} has {lines} lines, more than {LONGEST}: has the room grown two purposes?");
    }
}

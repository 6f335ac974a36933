//! Secrets never leave: credentials planted in a copy of the sample fleet are in no byte the program writes.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

/// Thirty secrets of ten kinds, each with the file it is planted in and the line around it. Put together here,
/// so that no scanner of this repository trips over them.
fn planted() -> Vec<(&'static str, String, String)> {
    let tail = |seed: u64, length: usize| {
        let letters = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        (0..length).map(|_| letters[(next() % letters.len() as u64) as usize] as char).collect::<String>()
    };
    let runbooks = ["booking-api/RUNBOOK.md", "payments/RUNBOOK.md", "harbour-platform/RUNBOOK.md"];
    let mut all = Vec::new();
    for (round, runbook) in runbooks.into_iter().enumerate() {
        let seed = |kind: u64| round as u64 * 100 + kind;
        let key = ["RSA PRIVATE", "OPENSSH PRIVATE", "PRIVATE"][round];
        let body = tail(seed(1), 64);
        all.push((runbook, format!("-----BEGIN {key} KEY-----\n{body}\n-----END {key} KEY-----"), body));
        let secret = format!("{}{}", ["ghp_", "gho_", "ghs_"][round], tail(seed(2), 36));
        all.push((runbook, format!("Use `{secret}` to clone."), secret));
        let secret = format!("AKIA{}", tail(seed(3), 16).to_uppercase());
        all.push((runbook, format!("The key is {secret}."), secret));
        let secret = format!("xox{}-{}-{}", ["b", "p", "a"][round], 123_456_789_012u64 + seed(4), tail(seed(4), 24));
        all.push((runbook, format!("- Slack bot: {secret}"), secret));
        let secret = tail(seed(5), 14);
        all.push((runbook, format!("psql postgres://app:{secret}@db.internal:5432/orders"), secret));
        let secret = tail(seed(6), 12);
        all.push((runbook, format!("| DB_PASSWORD | {secret} |"), secret));
        let secret = format!("eyJ{}.eyJ{}.{}", tail(seed(7), 24), tail(seed(8), 40), tail(seed(9), 43));
        all.push((runbook, format!("Authorization: Bearer {secret}"), secret));
        let secret = format!("AIza{}", tail(seed(10), 35));
        all.push((runbook, format!("```\ncurl 'https://maps.example.com/?key={secret}'\n```"), secret));
        let secret = format!("glpat-{}", tail(seed(11), 20));
        let survey =
            ["booking-api/catalog-info.yaml", "booking-api/docker-compose.yml", "harbour-platform/catalog-info.yaml"];
        all.push((survey[round], format!("# token: {secret}"), secret));
        let secret = tail(seed(12), 16);
        all.push((runbook, format!("export API_TOKEN=\"{secret}\""), secret));
    }
    all
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn every_byte(below: &Path, bytes: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_byte(&path, bytes);
        } else {
            bytes.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
}

#[test]
fn thirty_secrets_are_in_nothing_that_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let desk = tempfile::tempdir().unwrap();
    copy(&root.join("runbooks"), &desk.path().join("runbooks"));
    fs::copy(root.join("opsbook.toml"), desk.path().join("opsbook.toml")).unwrap();
    let planted = planted();
    assert_eq!(planted.len(), 30);
    for (file, line, _) in &planted {
        let path = desk.path().join("runbooks").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}\n{line}\n")).unwrap();
    }
    let mut said = Vec::new();
    let runbook = desk.path().join("runbooks/payments/RUNBOOK.md");
    let runbook = runbook.to_str().unwrap();
    for args in [
        &["build", "--out", "out"][..],
        &["check"],
        &["explain", runbook],
        &["explain", "--format", "json", runbook],
        &["normalize", runbook],
    ] {
        let output =
            assert_cmd::Command::cargo_bin("opsbook").unwrap().args(args).current_dir(desk.path()).output().unwrap();
        assert!(output.status.code().is_some_and(|c| c < 2), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        said.push((PathBuf::from(args.join(" ")), [output.stdout, output.stderr].concat()));
    }
    let check = String::from_utf8_lossy(&said[1].1).into_owned();
    assert!(check.matches("secret-redacted").count() >= 30, "each is a finding with its place:\n{check}");
    let mut written = said;
    every_byte(&desk.path().join("out"), &mut written);
    assert!(written.len() > 40, "the site was written");
    for (file, bytes) in &written {
        let text = String::from_utf8_lossy(bytes);
        for (home, _, secret) in &planted {
            assert!(!text.contains(secret.as_str()), "{} holds the secret planted in {home}", file.display());
        }
    }
}

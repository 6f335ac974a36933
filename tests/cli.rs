//! The program from outside: what it says, how it ends, what it leaves on disk, what it leaves alone.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A working directory with files in it.
struct Desk(tempfile::TempDir);

/// How a run ended.
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new(files: &[(&str, &str)]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            desk.put(path, text);
        }
        desk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Ended {
        let output = assert_cmd::Command::cargo_bin("opsbook")
            .unwrap()
            .args(args)
            .current_dir(self.0.path())
            .env("SOURCE_DATE_EPOCH", "1790000000")
            .env("HOME", self.path("home"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The state of a service's section on the site, as other programs read it.
    fn cell(&self, service: &str, section: &str) -> String {
        let text = fs::read_to_string(self.path("site/api/coverage.json")).unwrap();
        let coverage: serde_json::Value = serde_json::from_str(&text).unwrap();
        let services = coverage["services"].as_array().unwrap();
        let row = services.iter().find(|row| row["id"] == service).unwrap_or_else(|| panic!("no {service}"));
        row["cells"][section]["state"].as_str().unwrap().to_owned()
    }

    /// Every file below a folder with its bytes, links and folders included by name.
    fn tree(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        fn walk(dir: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                if path.is_dir() && !path.is_symlink() {
                    found.insert(format!("{name}/"), vec![]);
                    walk(&path, root, found);
                } else {
                    found.insert(name, fs::read(&path).unwrap_or_default());
                }
            }
        }
        let mut found = BTreeMap::new();
        walk(&self.path(below), &self.path(below), &mut found);
        found
    }
}

impl Ended {
    #[track_caller]
    fn is(&self, code: i32, says: &[&str]) -> &Self {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, code, "{all}");
        for words in says {
            assert!(all.contains(words), "`{words}` is not said:\n{all}");
        }
        for fault in ["panicked", "fault of its own", "Some(", "Err(", "Os {"] {
            assert!(!all.contains(fault), "{all}");
        }
        self
    }
}

const PAY: &str = "# Payments run book\n\n## Service owner\n\nOwned by the Money Team, #money in chat.\n\n## Deployment\n\nMerge to main, then run `make ship`.\n\n## Restore procedures\n\nWe have not investigated this yet.\n";
const MAIL: &str = "# Mail gateway run book\n\n## Service owner\n\nOwned by the Post Team, post@example.org.\n\n## Dependencies\n\n- PostgreSQL for the queue\n- Payments\n";

fn two() -> Desk {
    Desk::new(&[("repos/pay/RUNBOOK.md", PAY), ("repos/mail/RUNBOOK.md", MAIL), ("home/.keep", "")])
}

#[test]
fn a_build_ends_with_a_site_and_a_summary() {
    let desk = two();
    let ended = desk.run(&["build", "--source", "repos/pay", "--source", "repos/mail"]);
    let said =
        ["Documents 2 from 2 sources: 2 service runbooks", "2 with a runbook", "2 discovered = 2 read", "Site site"];
    ended.is(0, &said);
    for file in [".opsbook-manifest.json", "index.html", "matrix/index.html", "404.html"] {
        assert!(desk.path("site").join(file).is_file(), "{file}");
    }
    assert_eq!(desk.cell("payments", "restore-procedures"), "not-investigated");
    assert!(!ended.out.contains('\x1b'), "no colours where nobody looks");
}

#[test]
fn a_configuration_beside_is_read_and_its_paths_are_its_own() {
    let desk = two();
    desk.put("conf/opsbook.toml", "[site]\nout = \"../www\"\n[[source]]\npath = \"../repos/*\"\n");
    desk.put("repos/stray.md", "# Not a repository");
    desk.run(&["build", "--config", "conf/opsbook.toml"]).is(0, &["from 2 sources"]);
    assert!(desk.path("www/.opsbook-manifest.json").is_file());
    desk.put("opsbook.toml", "[[source]]\npath = \"repos/pay\"\n");
    desk.run(&["build"]).is(0, &["from 1 source:"]);
    desk.run(&["build", "--source", "repos/pay", "--source", "repos/mail"]).is(0, &["from 2 sources"]);
}

#[test]
fn a_wrong_configuration_is_pointed_at() {
    let desk = two();
    desk.put("opsbook.toml", "[site]\ntitel = \"Ops\"\n[[source]]\npath = \"repos/*\"\n");
    let says = ["unknown-key", "opsbook.toml:2:1", "titel = \"Ops\"", "^^^^^", "did you mean `title`?"];
    for command in ["build", "check", "collect"] {
        desk.run(&[command]).is(2, &says);
    }
    assert!(!desk.path("site").exists());
}

#[test]
fn what_cannot_be_evaluated_is_named() {
    let desk = two();
    desk.put("empty/logo.bin", "x");
    desk.put("globs.toml", "[[source]]\npath = \"teams/*\"\n");
    desk.put("none.toml", "[site]\n");
    desk.put("theme.toml", "[site]\ntheme = \"blue\"\n[[source]]\npath = \"repos/*\"\n");
    desk.put("template.toml", "template = \"T.md\"\n[[source]]\npath = \"repos/*\"\n");
    desk.put("names.toml", "[[source]]\npath = \"repos/*\"\nname = \"one\"\n");
    desk.put("glob.toml", "[[source]]\npath = \"repos/pay\"\nexclude = [\"[\"]\n");
    desk.put("bytes.toml", b"title = \"\xff\"");
    for (args, says) in [
        (&["build"][..], &["no source", "--source DIR", "opsbook init"][..]),
        (&["check", "--source", "nowhere"], &["source folder", "nowhere does not exist"]),
        (
            &["check", "--source", "gone", "--source", "repos/pay", "--source", "lost"],
            &["gone does not", "lost does not"],
        ),
        (&["check", "--source", "repos/pay/RUNBOOK.md"], &["RUNBOOK.md is not a folder"]),
        (&["build", "--source", "empty"], &["no document to read in", "empty", "looked for .md"]),
        (&["check", "--source", "empty"], &["no document to read in"]),
        (&["build", "--config", "globs.toml"], &["no folder matches the source `teams/*`"]),
        (&["build", "--config", "none.toml"], &["none.toml names no source"]),
        (&["build", "--config", "gone.toml"], &["the configuration gone.toml cannot be read"]),
        (&["build", "--config", "theme.toml"], &["theme folder", "blue does not exist"]),
        (&["build", "--config", "template.toml"], &["T.md cannot be read"]),
        (&["build", "--config", "names.toml"], &["is 2 folders and has one `name`"]),
        (&["build", "--config", "glob.toml"], &["`[` is no glob"]),
        (&["build", "--config", "bytes.toml"], &["bytes.toml is not UTF-8"]),
        (&["build", "--today", "soon", "--source", "repos/pay"], &["--today"]),
        (&["bild"], &["unrecognized subcommand"]),
        (&[], &["Usage"]),
    ] {
        desk.run(args).is(2, says);
    }
    assert!(!desk.path("site").exists());
}

#[test]
fn an_output_that_is_not_ours_is_refused_and_nothing_is_touched() {
    let desk = two();
    desk.put("thesis/chapter.tex", "years of work");
    desk.put("file", "a file");
    symlink("repos/pay", desk.path("link")).unwrap();
    symlink(".", desk.path("repos/mail/up")).unwrap();
    let before = desk.tree("");
    for (out, says) in [
        ("thesis", "is not empty and not ours"),
        ("repos/pay", "is a source"),
        ("repos/mail/../pay", "is a source"),
        ("repos/mail/up/../pay", "is a source"),
        ("repos", "stands above the source"),
        (".", "stands above the source"),
        ("/", "is no folder a site can be put into"),
        ("link", "is a link"),
        ("file", "is not a folder"),
        ("home", "home folder"),
    ] {
        desk.run(&["build", "--source", "repos/pay", "--source", "repos/mail", "--out", out]).is(2, &[says]);
        assert!(desk.tree("") == before, "--out {out} touched something");
    }
}

#[test]
fn an_output_inside_a_source_is_fine_and_never_collected() {
    let desk = two();
    for _ in 0..2 {
        let args = ["build", "--source", "repos/pay", "--out", "repos/pay/public"];
        desk.run(&args).is(0, &["1 discovered = 1 read"]);
        desk.put("repos/pay/public/README.md", "# A file of somebody else in our output");
    }
    assert!(desk.path("repos/pay/public/README.md").exists());
}

#[test]
fn the_same_inputs_in_any_order_give_the_same_bytes() {
    let desk = two();
    desk.run(&["build", "--out", "a", "--source", "repos/pay", "--source", "repos/mail"]).is(0, &[]);
    desk.run(&["build", "--out", "b", "--source", "repos/mail", "--source", "repos/pay"]).is(0, &[]);
    desk.run(&["build", "--out", "a", "--source", "repos/pay", "--source", "repos/mail"])
        .is(0, &["(0 new or changed)"]);
    let (a, b) = (desk.tree("a"), desk.tree("b"));
    assert!(a == b, "{:?}", a.keys().filter(|k| a.get(*k) != b.get(*k)).collect::<Vec<_>>());
}

#[test]
fn unchanged_files_keep_their_inode_and_foreign_ones_their_place() {
    let desk = two();
    let build = || desk.run(&["build", "--source", "repos/pay", "--source", "repos/mail"]);
    build().is(0, &[]);
    desk.put("site/CNAME", "runbooks.example.org");
    desk.put("site/theirs/deep/note.md", "mine");
    let inodes = || -> BTreeMap<String, u64> {
        let files =
            desk.tree("site").into_keys().filter(|name| !name.ends_with('/') && name != ".opsbook-manifest.json");
        files.map(|name| (name.clone(), fs::symlink_metadata(desk.path("site").join(&name)).unwrap().ino())).collect()
    };
    let before = inodes();
    build().is(0, &["(0 new or changed)"]);
    assert_eq!(inodes(), before);
    assert!(before.len() > 20);
    desk.put("repos/pay/RUNBOOK.md", PAY.replace("make ship", "make it so"));
    build().is(0, &[]);
    let now = inodes();
    let kept = before.iter().filter(|(name, inode)| now.get(*name) == Some(inode)).count();
    assert!(kept > before.len() / 2 && now != before, "{kept} of {} kept", before.len());
    assert_eq!(fs::read_to_string(desk.path("site/CNAME")).unwrap(), "runbooks.example.org");
    assert_eq!(fs::read_to_string(desk.path("site/theirs/deep/note.md")).unwrap(), "mine");
}

#[test]
fn a_failing_build_leaves_the_good_site() {
    let desk = two();
    desk.run(&["build", "--source", "repos/pay"]).is(0, &[]);
    let before = desk.tree("site");
    desk.run(&["build", "--source", "repos/gone"]).is(2, &[]);
    desk.put("opsbook.toml", "nonsense = 1");
    desk.run(&["build"]).is(2, &[]);
    assert!(desk.tree("site") == before);
}

#[test]
fn check_counts_and_its_verdict_is_its_exit_code() {
    let desk = two();
    let ended = desk.run(&["check", "--source", "repos/pay"]);
    ended.is(1, &["not-investigated", "pay/RUNBOOK.md:13", "1 discovered = 1 checked + 0 excluded + 0 failed"]);
    desk.put(
        "opsbook.toml",
        "[rules]\nnot-investigated = \"off\"\nsection-required = \"note\"\n[[source]]\npath = \"repos/pay\"\n",
    );
    let ended = desk.run(&["check"]);
    ended.is(0, &["note[section-required]"]);
    assert!(!ended.out.contains("not-investigated"), "{}", ended.out);
}

#[test]
fn files_are_left_out_by_globs_and_by_git_and_counted() {
    let desk = two();
    for path in [
        "docs/a.md",
        "CHANGELOG.md",
        "deep/CHANGELOG.md",
        "built/b.md",
        "node_modules/x/README.md",
        "vendor/v.md",
        "target/t.md",
        ".hidden/h.md",
        ".github/PULL_REQUEST_TEMPLATE.md",
    ] {
        desk.put(&format!("repos/pay/{path}"), "# Words\n\nSome words.\n");
    }
    desk.put("repos/pay/.gitignore", "built/\n");
    desk.put("repos/pay/LICENSE", "Words of law\n");
    desk.put("repos/pay/program", b"\x7fELF\0\0\0");
    desk.put("opsbook.toml", "[[source]]\npath = \"repos/pay\"\nexclude = [\"CHANGELOG.md\"]\n");
    let ended = desk.run(&["collect"]);
    ended.is(0, &["RUNBOOK.md", "docs/a.md", "LICENSE", "5 discovered = 3 read + 2 excluded + 0 failed"]);
    desk.put("opsbook.toml", "[[source]]\npath = \"repos/pay\"\ninclude = [\"docs/**\"]\n");
    desk.run(&["collect"]).is(0, &["5 discovered = 1 read + 4 excluded + 0 failed"]);
}

#[test]
fn names_that_clash_get_their_parents() {
    let desk = Desk::new(&[("a/api/RUNBOOK.md", PAY), ("b/api/RUNBOOK.md", MAIL), ("c/api/RUNBOOK.md", MAIL)]);
    let ended = desk.run(&["collect", "--source", "a/api", "--source", "b/api", "--source", "./b/../b/api"]);
    ended.is(0, &["a-api (no commit)", "b-api (no commit)", "2 discovered"]);
    desk.put(
        "opsbook.toml",
        "[[source]]\npath = \"a/api\"\nname = \"x\"\n[[source]]\npath = \"b/api\"\nname = \"x\"\n",
    );
    desk.run(&["collect"]).is(2, &["would all be called `x`"]);
}

#[test]
fn a_work_tree_has_its_commit_and_no_program_of_its_own_is_started() {
    let desk = two();
    let git = |args: &[&str]| {
        let done = std::process::Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-C"])
            .arg(desk.path("repos/pay"))
            .args(args)
            .env("GIT_COMMITTER_DATE", "2026-03-04T23:30:00+02:00")
            .output()
            .unwrap();
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "words"]);
    let evil = format!("touch {}", desk.path("started").display());
    for key in ["core.fsmonitor", "gpg.program", "core.sshCommand", "core.pager"] {
        git(&["config", key, &evil]);
    }
    git(&["config", "log.showSignature", "true"]);
    let commit = git(&["rev-parse", "HEAD"]);
    fs::remove_file(desk.path("started")).ok();
    desk.run(&["collect", "--source", "repos/pay"]).is(0, &[&format!("pay ({}, 2026-03-04)", &commit[..12])]);
    assert!(!desk.path("started").exists());
}

#[test]
fn hostile_files_are_named_or_read_and_their_neighbours_survive() {
    let desk = two();
    let nested = |open: &str, close: &str| format!("# Deep\n\n{}words{}\n", open.repeat(5_000), close.repeat(5_000));
    let in_pay = |name: &str| format!("repos/pay/docs/{name}");
    desk.put(&in_pay("quotes.md"), nested("> ", ""));
    desk.put(&in_pay("lists.md"), nested("- ", ""));
    desk.put(&in_pay("brackets.md"), nested("[", "]"));
    desk.put(&in_pay("html.md"), nested("<div>", "</div>"));
    desk.put(&in_pay("stars.md"), nested("*a ", "*"));
    desk.put(&in_pay("line.md"), "word ".repeat(200_000));
    desk.put(&in_pay("nul.md"), vec![0; 4096]);
    desk.put(&in_pay("picture.md"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".repeat(40));
    desk.put(&in_pay("empty.md"), "");
    desk.put(&in_pay("cp1252.md"), b"# Caf\xe9\n\nThe \x93caf\xe9\x94 system\x92s owner is Ren\xe9.\n");
    let utf16: Vec<u8> = "\u{feff}# Wide\n\nWords in UTF-16.\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    desk.put(&in_pay("wide.md"), utf16);
    desk.put(&in_pay("large.md"), "large ".repeat(500_000));
    desk.put(
        &in_pay("escape\x1b[31m.md"),
        "# Escape \x1b[31m red \u{202e}\n\n## Restore procedures\n\nTBD \x1b]0;title\x07\n",
    );
    symlink("/etc/hostname", desk.path(&in_pay("out.md"))).unwrap();
    symlink("/etc", desk.path(&in_pay("etc"))).unwrap();
    symlink("../RUNBOOK.md", desk.path(&in_pay("inside.md"))).unwrap();
    symlink("loop.md", desk.path(&in_pay("loop.md"))).unwrap();
    let odd = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"odd\xff.md");
    fs::write(desk.path("repos/pay/docs").join(odd), "# Odd").unwrap();
    let args = ["check", "--source", "repos/pay", "--source", "repos/mail"];
    let ended = desk.run(&args);
    for (rule, path) in [
        ("symlink-skipped", "docs/out.md"),
        ("symlink-skipped", "docs/etc"),
        ("symlink-skipped", "docs/loop.md"),
        ("document-too-large", "docs/large.md"),
        ("path-not-utf8", "docs/odd"),
        ("not-text", "docs/nul.md"),
        ("not-text", "docs/picture.md"),
        ("empty-document", "docs/empty.md"),
    ] {
        let named = ended.out.split("\n\n").any(|d| d.contains(&format!("[{rule}]")) && d.contains(path));
        assert!(named, "{rule} {path}:\n{}", ended.out);
    }
    ended.is(1, &["not-investigated", "pay/RUNBOOK.md:13", "19 discovered = 14 checked + 0 excluded + 5 failed"]);
    assert!(!ended.out.contains(['\x1b', '\u{202e}', '\x07']), "nothing a terminal would obey");
    assert!(!ended.out.contains("inside.md"), "what it leads to is read where it stands");
    desk.run(&["build", "--source", "repos/pay", "--source", "repos/mail"]).is(0, &["Services"]);
    assert_eq!(desk.cell("payments", "deployment"), "answered");
    assert_eq!(desk.cell("mail-gateway", "service-owner"), "answered");
    for (name, bytes) in desk.tree("site") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("root:x:0:"), "{name} holds what a link led to");
    }
}

#[test]
fn a_file_without_permission_is_named() {
    let desk = two();
    desk.put("repos/pay/secret.md", "# Secret");
    fs::set_permissions(desk.path("repos/pay/secret.md"), fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything; then there is nothing to see here.
    if fs::read(desk.path("repos/pay/secret.md")).is_err() {
        desk.run(&["check", "--source", "repos/pay"]).is(1, &["unreadable-file", "pay/secret.md", "1 failed"]);
    }
}

#[test]
fn explain_speaks_to_programs_by_contract() {
    let desk = two();
    desk.put(
        "fleet/terraform/environments/gifts/README.md",
        "# Runbook\n\n## Service owner\n\nThe Gift Team.\n\n## Deployment\n\nRun `make ship`.\n\n## Restore procedures\n\nTBD\n",
    );
    let files = ["repos/pay/RUNBOOK.md", "gone.md", "fleet/terraform/environments/gifts/README.md"];
    let ended = desk.run(&[&["explain", "--format", "json"], &files[..]].concat());
    ended.is(2, &["gone.md cannot be read"]);
    let read: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(read.as_array().unwrap().len(), 2, "what could be read is still printed");
    let pay = &read[0];
    let keys: Vec<_> = pay.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = ["schema", "path", "kind", "service", "owners", "dependencies", "sections", "alerts", "unmapped"];
    assert_eq!(keys, contract);
    assert_eq!(
        (&pay["schema"], &pay["kind"], &pay["service"]["id"]),
        (&1.into(), &"service".into(), &"payments".into())
    );
    let sections = pay["sections"].as_array().unwrap();
    assert_eq!((sections.len(), &sections[0]["id"]), (49, &"business-overview".into()));
    let restore = sections.iter().find(|s| s["id"] == "restore-procedures").unwrap();
    assert_eq!((&restore["state"], &restore["line"]), (&"not-investigated".into(), &11.into()));
    assert_eq!(restore["evidence"][0]["line"], 13);
    let gap = sections.iter().find(|s| s["id"] == "power").unwrap();
    assert_eq!(
        (&gap["state"], &gap["confidence"], &gap["evidence"]),
        (&"missing".into(), &().into(), &serde_json::json!([]))
    );
    assert_eq!(read[1]["service"]["id"], "gifts", "its folder names it");
}

#[test]
fn explain_shows_a_person_the_words_behind_each_state() {
    let desk = two();
    let ended = desk.run(&["explain", "repos/pay/RUNBOOK.md"]);
    ended.is(
        0,
        &[
            "repos/pay/RUNBOOK.md: service",
            "restore-procedures",
            "not-investigated",
            "   13 | We have not investigated this yet.",
            "| ^^^^",
        ],
    );
}

#[test]
fn a_skeleton_and_a_configuration_are_written_once() {
    let desk = Desk::new(&[("runbooks/pay/RUNBOOK.md", PAY)]);
    desk.run(&["init"]).is(0, &["opsbook.toml is there"]);
    desk.run(&["init"]).is(2, &["opsbook.toml exists and is left as it is"]);
    desk.run(&["collect"]).is(0, &["1 discovered"]);
    desk.run(&["new", "Gift cards", "--out", "new.md"]).is(0, &["new.md is there"]);
    desk.run(&["new", "Gift cards", "--out", "new.md"]).is(2, &["new.md exists"]);
    for name in [" ", "two\nlines", "<b>Pay</b>", "a | b", "# Pay", "!!"] {
        desk.run(&["new", name, "--out", "odd.md"]).is(2, &["one line of plain words"]);
    }
    let ended = desk.run(&["explain", "--format", "json", "new.md"]);
    let read: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let states: std::collections::BTreeSet<_> =
        read[0]["sections"].as_array().unwrap().iter().map(|s| s["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["residue"].into(), "every heading is there and nothing is answered");
    assert_eq!(read[0]["service"]["name"], "Gift cards");

    desk.put(
        "cards/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: gift-cards\n  links:\n    - url: \
         https://grafana.example/d/cards\n      title: Dashboard\nspec:\n  type: service\n  owner: group:default/team-purser\n  \
         dependsOn: [\"component:payments\"]\n",
    );
    desk.put("cards/compose.yaml", "services:\n  cards:\n    build: .\n  cache:\n    image: redis:7\n");
    desk.run(&["new", "Gift cards", "--out", "cards/RUNBOOK.md"]).is(0, &["catalog-info.yaml and compose.yaml"]);
    let ended = desk.run(&["explain", "--format", "json", "cards/RUNBOOK.md"]);
    let read: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let names = |list: &str| {
        let all = read[0][list].as_array().unwrap().iter().map(|x| x["name"].as_str().unwrap().to_owned());
        all.collect::<Vec<_>>()
    };
    assert_eq!(
        (names("owners"), names("dependencies")),
        (vec!["team-purser".into()], vec!["payments".into(), "redis".into()])
    );
}

//! What the world does around a served fleet: links, folders that move, slow writers, lost events, a browser to open.

use crate::saves::{PAGE, WATCH};
use crate::serving::{PATIENCE, Served};
use crate::{Desk, PAYMENTS, SECRET, answered};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

/// A runbook of the service Ledger.
fn ledger(command: &str) -> String {
    format!("# Ledger run book\n\n## Deployment\n\nRun `{command}`.\n")
}

const LEDGER: &str = "/services/ledger/";

#[test]
fn what_links_lead_to_is_followed_where_the_configuration_put_them() {
    let desk = Desk::new();
    desk.put("shelf/one/RUNBOOK.md", ledger("make one"));
    desk.put("shelf/two/RUNBOOK.md", ledger("make two"));
    fs::create_dir(desk.path("links")).unwrap();
    symlink("../repos/pay", desk.path("links/pay")).unwrap();
    desk.put("settings/real.toml", "[[source]]\npath = \"links/*\"\n");
    symlink("settings/real.toml", desk.path("linked.toml")).unwrap();
    let served = desk.serve(&["--watch", "--config", "linked.toml"]);
    symlink("../shelf/one", desk.path("links/ledger")).unwrap();
    served.until(LEDGER, "make one", true);
    desk.put("shelf/one/RUNBOOK.md", ledger("make anew"));
    served.until(LEDGER, "make anew", true);
    fs::remove_file(desk.path("links/ledger")).unwrap();
    symlink("../shelf/two", desk.path("links/ledger")).unwrap();
    served.until(LEDGER, "make two", true);
    desk.put("settings/real.toml", "[site]\ntitle = \"Night book\"\n[[source]]\npath = \"links/*\"\n");
    served.until("/", "Night book", true);
}

#[test]
fn folders_around_sources_move_away_and_come_back_otherwise() {
    let desk = Desk::new();
    let served = desk.serve(WATCH);
    for nth in 0..3 {
        fs::rename(desk.path("repos"), desk.path("away")).unwrap();
        std::thread::sleep(Duration::from_millis(40 * nth));
        desk.put("away/pay/RUNBOOK.md", answered(&format!("Run `make moved-{nth}`.")));
        fs::rename(desk.path("away"), desk.path("repos")).unwrap();
        served.until(PAYMENTS, &format!("make moved-{nth}<"), true);
        desk.put("repos/pay/RUNBOOK.md", answered(&format!("Run `make after-{nth}`.")));
        served.until(PAYMENTS, &format!("make after-{nth}<"), true);
    }
}

/// Truncated, half written, whole, closed: with pauses in which a page or a mistake could be seen.
#[test]
fn what_is_half_written_is_waited_for() {
    let desk = Desk::new();
    let served = desk.serve(WATCH);
    let mut stream = served.follow(PAGE);
    let pause = Duration::from_millis(200);
    let slowly = |path: &str, parts: [&str; 2]| {
        let mut file = File::create(desk.path(path)).unwrap();
        for part in parts {
            let until = Instant::now() + pause;
            while Instant::now() < until {
                let answer = served.get(PAYMENTS);
                assert!(answer.status == 200 && answer.text().contains("make ship"), "{path}: half of it was read");
            }
            file.write_all(part.as_bytes()).unwrap();
        }
        std::thread::sleep(pause);
    };
    let whole = answered("Run `make slowly`.");
    slowly("repos/pay/RUNBOOK.md", [&whole[..60], &whole[60..]]);
    served.until(PAYMENTS, "make slowly", true);
    slowly("opsbook.toml", ["[site]\ntitle = \"Slow\"\n", "[[source]]\npath = \"repos/*\"\n"]);
    served.until("/", "Slow", true);
    while let Some(event) = stream.within(Duration::from_millis(300)) {
        assert_ne!(event.name, "mistake", "{}", event.data);
    }
    assert_eq!(served.said(), "");
    // A file nobody ever closes is read all the same, and holds nothing else up.
    let mut log = File::create(desk.path("repos/pay/notes.md")).unwrap();
    let begun = Instant::now();
    let mut other = 0;
    while !served.get("/documents/").text().contains("notes.md") {
        assert!(begun.elapsed() < PATIENCE, "a file that is written without end is never read");
        log.write_all(b"It went on.\n\n").unwrap();
        std::thread::sleep(Duration::from_millis(20));
        other += 1;
        if other == 10 {
            desk.put("repos/mail/RUNBOOK.md", ledger("make meanwhile"));
            assert!(served.until(LEDGER, "make meanwhile", true) < Duration::from_secs(3));
        }
    }
}

#[test]
fn a_file_that_becomes_a_link_or_a_pipe_is_neither_followed_nor_waited_for() {
    let desk = Desk::new();
    desk.put("outside/RUNBOOK.md", format!("# Payments run book\n\n## Deployment\n\n{SECRET}\n"));
    desk.put("repos/pay/docs/runbook.md", ledger("make inner"));
    let served = desk.serve(WATCH);
    let file = desk.path("repos/pay/RUNBOOK.md");
    for nth in 0..12 {
        fs::remove_file(&file).unwrap();
        match nth % 3 {
            0 => symlink("../../outside/RUNBOOK.md", &file).unwrap(),
            1 => assert!(Command::new("mkfifo").arg(&file).status().unwrap().success()),
            _ => {
                fs::remove_dir_all(desk.path("repos/pay/docs")).unwrap();
                symlink("../../outside", desk.path("repos/pay/docs")).unwrap();
            }
        }
        for target in [PAYMENTS, "/documents/pay/runbook.md.html", "/documents/pay/docs/runbook.md.html"] {
            std::thread::sleep(Duration::from_millis(10 * (nth % 5)));
            assert!(!served.get(target).text().contains(SECRET), "{target}");
        }
        _ = fs::remove_file(desk.path("repos/pay/docs"));
        _ = fs::remove_file(&file);
        desk.put("repos/pay/docs/runbook.md", ledger("make inner"));
        desk.put("repos/pay/RUNBOOK.md", answered(&format!("Run `make plain-{nth}`.")));
        served.until(PAYMENTS, &format!("make plain-{nth}<"), true);
    }
}

/// The program is held while more happens than the system keeps for it.
#[test]
fn lost_events_are_made_up_for() {
    let desk = Desk::new();
    desk.put("repos/pay/a.tmp", "x");
    desk.put("repos/pay/b.tmp", "x");
    let served = desk.serve(WATCH);
    let signal = |name: &str| {
        assert!(Command::new("kill").args([name, &served.child.id().to_string()]).status().unwrap().success());
    };
    signal("-STOP");
    for nth in 0..20_000 {
        let mode = fs::Permissions::from_mode(0o600 + nth / 2 % 2 * 0o40);
        fs::set_permissions(desk.path(["repos/pay/a.tmp", "repos/pay/b.tmp"][nth as usize % 2]), mode).unwrap();
    }
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make lost`."));
    desk.put("repos/pay/new/deep/runbook.md", ledger("make deep"));
    signal("-CONT");
    served.until(PAYMENTS, "make lost", true);
    served.until(LEDGER, "make deep", true);
    desk.put("repos/pay/new/deep/runbook.md", ledger("make deeper"));
    served.until(LEDGER, "make deeper", true);
}

#[test]
fn commits_histories_and_sites_beside_sources() {
    let desk = Desk::new();
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(desk.path("repos/pay")).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "x"]);
    desk.put("opsbook.toml", "history = \"history.jsonl\"\n[[source]]\npath = \"repos/*\"\n");
    for args in [WATCH, &["--watch", "--poll"]] {
        let served = desk.serve(args);
        git(&["commit", "-q", "--allow-empty", "-m", "y"]);
        served.until("/api/coverage.json", git(&["rev-parse", "HEAD"]).trim(), true);
    }
    let served = desk.serve(WATCH);
    let mut stream = served.follow(PAGE);
    let (code, said) = desk.run(&["build", "--record", "--out", "repos/site"]);
    assert_eq!(code, 0, "{said}");
    assert!(stream.wait("built").data["builds"].as_u64().unwrap() > 1, "the history has a line more");
    assert_eq!(stream.count("built", Duration::from_secs(1)), 0);
    assert!(!served.get("/documents/").text().contains("site/"), "a site of ours is no repository");
}

#[test]
fn the_browser_that_is_opened_is_not_ended_with_the_server() {
    let desk = Desk::new();
    let opener = |lines: &str| {
        desk.put("bin/xdg-open", format!("#!/bin/sh\n{lines}\n"));
        fs::set_permissions(desk.path("bin/xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
    };
    let serve = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        let path = format!("{}:{}", desk.path("bin").display(), std::env::var("PATH").unwrap());
        command.args(["serve", "--port", "0", "--open"]).env("PATH", path).current_dir(desk.path(""));
        // A group of its own, as a terminal gives it.
        command.process_group(0);
        Served::run(command)
    };
    let wait = |what: &str, seen: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !seen() {
            assert!(begun.elapsed() < PATIENCE, "{what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    opener("echo \"$1\" > opened; sleep 1; echo still there > closed");
    let mut served = serve();
    let url = format!("http://127.0.0.1:{}/", served.port);
    wait("opened", &|| fs::read_to_string(desk.path("opened")).is_ok_and(|text| text.trim() == url));
    // What answers has heard how it is ended.
    served.get("/");
    let group = format!("-{}", served.child.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    wait("the browser was ended", &|| desk.path("closed").exists());
    opener("exit 3");
    let served = serve();
    wait("a browser that does not open is told of", &|| served.said().contains("has opened no browser: open http://"));
}

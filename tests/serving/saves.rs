//! What a save does, whichever way it reaches the disk, and what mistakes do not do.

use crate::serving::{PATIENCE, Served};
use crate::{Desk, MAIL, PAY, PAYMENTS, answered};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub const WATCH: &[&str] = &["--watch"];
pub const PAGE: &str = "services/payments/index.html";

#[test]
fn a_save_reaches_the_open_page_first_and_then_everything_else() {
    let desk = Desk::new();
    let served = desk.serve(WATCH);
    let page = served.get(PAYMENTS).text();
    assert!(page.contains("/_opsbook/live.js") && page.contains("Nothing was saved since the server began"));
    assert!(served.get("/_opsbook/live.js").header("content-type").unwrap().starts_with("text/javascript"));
    let (mut stream, mut matrix) = (served.follow(PAGE), served.follow("matrix/matrix.csv"));
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make restore` on the standby."));
    let event = stream.wait("page");
    let answer = served.get(PAYMENTS);
    assert_eq!(event.data["hash"], answer.header("etag").unwrap().trim_matches('"'));
    let text = answer.text();
    assert!(text.contains("make restore"));
    assert!(text.contains(">Restore procedures</a>: not-investigated → answered"), "the author is told what changed");
    assert!(text.contains("pay/RUNBOOK.md"));
    matrix.wait("page");
    let csv = served.get("/matrix/matrix.csv").text();
    assert!(!csv.contains("not-investigated"), "{csv}");
    assert_eq!(stream.wait("built").data["builds"], 2);
    assert!(served.get("/api/coverage.json").text().contains("make restore"));
    // The same words once more are no change.
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make restore` on the standby."));
    assert_eq!(stream.count("built", Duration::from_millis(500)), 0);
    // A change that no state follows says so.
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make restore` on the second standby."));
    served.until(PAYMENTS, "No section's state has changed", true);
}

#[test]
fn the_author_is_told_what_the_gate_would_say() {
    let desk = Desk::new();
    const OVERVIEW: &str = "\n## Business overview\n\nCustomers pay through it. Without it the shop sells nothing.\n";
    desk.put("repos/mail/RUNBOOK.md", format!("{MAIL}{OVERVIEW}"));
    let served = desk.serve(WATCH);
    let whole = answered("Run `make restore`.") + OVERVIEW;
    for (text, passes) in [(PAY, false), (&whole, true), (PAY, false)] {
        desk.put("repos/pay/RUNBOOK.md", text);
        let says = if passes { "the gate says yes" } else { "the gate says no" };
        served.until(PAYMENTS, says, true);
        assert_eq!(desk.run(&["check"]).0, i32::from(!passes));
        let page = served.get(PAYMENTS).text();
        assert_eq!(page.contains("Payments needs an answer to Business overview (tier unknown): missing"), !passes);
    }
}

/// Saves a file as editors do. The names they use on the way are theirs.
fn save(editor: usize, file: &Path, text: &str) {
    let beside = |name: &str| file.with_file_name(name);
    match editor {
        // vim: the old file is moved away, a new one written in its place; before that it tries whether it may write.
        0 => {
            fs::write(beside("4913"), "").unwrap();
            fs::remove_file(beside("4913")).unwrap();
            fs::rename(file, beside("RUNBOOK.md~")).unwrap();
            let mut new = File::create(file).unwrap();
            new.write_all(text.as_bytes()).unwrap();
            new.sync_all().unwrap();
            drop(new);
            fs::remove_file(beside("RUNBOOK.md~")).unwrap();
        }
        // emacs: a lock that is a dead link, a backup by renaming, the new file written whole.
        1 => {
            _ = std::os::unix::fs::symlink("author@desk.1234", beside(".#RUNBOOK.md"));
            fs::copy(file, beside("RUNBOOK.md~")).unwrap();
            fs::write(beside("#RUNBOOK.md#"), text).unwrap();
            fs::write(file, text).unwrap();
            fs::remove_file(beside("#RUNBOOK.md#")).unwrap();
            fs::remove_file(beside(".#RUNBOOK.md")).unwrap();
        }
        // VS Code: cut to nothing, then written, in pieces.
        2 => {
            let mut open = OpenOptions::new().write(true).truncate(true).open(file).unwrap();
            for piece in text.as_bytes().chunks(64) {
                open.write_all(piece).unwrap();
            }
        }
        // JetBrains: written beside, the old one moved away, the new one moved in.
        3 => {
            fs::write(beside("RUNBOOK.md___jb_tmp___"), text).unwrap();
            fs::rename(file, beside("RUNBOOK.md___jb_old___")).unwrap();
            fs::rename(beside("RUNBOOK.md___jb_tmp___"), file).unwrap();
            fs::remove_file(beside("RUNBOOK.md___jb_old___")).unwrap();
        }
        // sed -i: written beside under a name of its own, moved over the old one.
        _ => {
            fs::write(beside("sedKq3xZ1"), text).unwrap();
            fs::rename(beside("sedKq3xZ1"), file).unwrap();
        }
    }
}

/// Saves in the manner of every editor in turn; each must be seen.
fn editors(served: &Served, desk: &Desk, saves: usize) {
    let file = desk.path("repos/pay/RUNBOOK.md");
    let mut slowest = Duration::ZERO;
    for nth in 0..saves {
        let words = format!("Run `make restore-{nth}` on the standby.");
        save(nth % 5, &file, &answered(&words));
        slowest = slowest.max(served.until(PAYMENTS, &format!("make restore-{nth}<"), true));
    }
    println!("{saves} saves seen, the slowest after {} ms", slowest.as_millis());
}

#[test]
fn saves_of_five_editors_are_seen() {
    let desk = Desk::new();
    editors(&desk.serve(WATCH), &desk, 30);
}

#[test]
#[ignore = "takes minutes: run by .ci/suites/serve"]
fn five_hundred_saves_of_five_editors_are_seen() {
    let desk = Desk::new();
    editors(&desk.serve(WATCH), &desk, 500);
}

#[test]
fn saves_are_seen_by_looking_at_files_in_turn() {
    let desk = Desk::new();
    let served = desk.serve(&["--watch", "--poll"]);
    editors(&served, &desk, 5);
    desk.put("repos/new/RUNBOOK.md", "# Ledger run book\n\n## Deployment\n\nRun `make ledger`.\n");
    served.until("/services/ledger/", "make ledger", true);
    fs::remove_dir_all(desk.path("repos/new")).unwrap();
    served.until("/services/ledger/", "make ledger", false);
    let mut stream = served.follow(PAGE);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(stream.count("built", Duration::from_secs(2)), 0, "nothing is built while nothing changes");
}

#[test]
fn folders_and_repositories_come_and_go() {
    let desk = Desk::new();
    let served = desk.serve(WATCH);
    desk.put("repos/ledger/docs/RUNBOOK.md", "# Ledger run book\n\n## Deployment\n\nRun `make ledger`.\n");
    served.until("/services/ledger/", "make ledger", true);
    // Taken away and made again at once, as `git checkout` and package scripts do it; then edited as ever.
    for nth in 0..3 {
        fs::remove_dir_all(desk.path("repos/ledger")).unwrap();
        let text = format!("# Ledger run book\n\n## Deployment\n\nRun `make again-{nth}`.\n");
        desk.put("repos/ledger/docs/RUNBOOK.md", &text);
        served.until("/services/ledger/", &format!("make again-{nth}<"), true);
        desk.put("repos/ledger/docs/RUNBOOK.md", text.replace("again", "once-more"));
        served.until("/services/ledger/", &format!("make once-more-{nth}<"), true);
    }
    fs::rename(desk.path("repos/ledger/docs"), desk.path("repos/ledger/runbooks")).unwrap();
    served.until("/documents/ledger/runbooks/runbook.md.html", "once-more-2", true);
    desk.put("repos/ledger/runbooks/RUNBOOK.md", "# Ledger run book\n\n## Deployment\n\nRun `make moved`.\n");
    served.until("/services/ledger/", "make moved", true);
    desk.put("repos/ledger/.gitignore", "runbooks/\n");
    served.until("/services/ledger/", "make moved", false);
    fs::remove_dir_all(desk.path("repos/ledger")).unwrap();
    served.until("/services/", "Ledger", false);
    assert_eq!(served.get(PAYMENTS).status, 200);
}

#[test]
fn many_files_at_once_are_one_build_or_two() {
    let desk = Desk::new();
    let text = |nth: usize, words: &str| format!("# Service {nth:03} run book\n\n## Deployment\n\nRun `{words}`.\n");
    for nth in 0..300 {
        desk.put(&format!("repos/many/s{nth:03}/RUNBOOK.md"), text(nth, "make ship"));
    }
    let served = desk.serve(WATCH);
    let mut stream = served.follow(PAGE);
    let begun = Instant::now();
    for nth in 0..300 {
        desk.put(&format!("repos/many/s{nth:03}/RUNBOOK.md"), text(nth, "make pull"));
    }
    let mut builds = 0;
    while !["000", "150", "299"]
        .iter()
        .all(|s| served.get(&format!("/services/service-{s}/")).text().contains("make pull"))
    {
        builds += stream.within(Duration::from_millis(50)).map_or(0, |event| usize::from(event.name == "built"));
        assert!(begun.elapsed() < PATIENCE);
    }
    let took = begun.elapsed();
    builds += stream.count("built", Duration::from_millis(800));
    println!("300 files: {builds} builds, all seen after {} ms", took.as_millis());
    assert!((1..=2).contains(&builds), "{builds} builds");
    assert!(took < Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 }), "{took:?}");
}

/// Things happen that change nothing; no fleet is made for them.
fn idle(time: Duration) {
    let desk = Desk::new();
    let git = |args: &[&str]| {
        let run = Command::new("git").current_dir(desk.path("repos/pay")).args(args).output();
        assert!(run.unwrap().status.success(), "{args:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"]);
    desk.put("repos/mail/built/keep", "");
    let served = desk.serve(WATCH);
    let mut stream = served.follow(PAGE);
    // A site and a cache inside a source, an editor's leftovers, a file saved with the same words, `git status`.
    let (code, said) = desk.run(&["build", "--source", "repos/mail", "--out", "repos/mail/public"]);
    assert_eq!(code, 0, "{said}");
    desk.put("repos/pay/.RUNBOOK.md.swp", "b0VIM");
    desk.put("repos/pay/node_modules/x/README.md", "# Not ours");
    desk.put("repos/pay/RUNBOOK.md", PAY);
    git(&["status"]);
    for target in ["/", PAYMENTS, "/matrix/", "/api/coverage.json"] {
        served.get(target);
    }
    assert_eq!(stream.count("built", time), 0);
    // It has not fallen asleep.
    desk.put("repos/mail/RUNBOOK.md", MAIL.replace("Post Team", "Letter Team"));
    served.until("/services/mail-gateway/", "Letter Team", true);
}

#[test]
fn nothing_is_built_while_nothing_changes() {
    idle(Duration::from_secs(3));
}

#[test]
#[ignore = "takes a minute: run by .ci/suites/serve"]
fn nothing_is_built_in_a_minute_while_nothing_changes() {
    idle(Duration::from_secs(60));
}

#[test]
fn a_checkout_of_another_branch_is_followed() {
    let desk = Desk::new();
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(desk.path("repos/pay")).args(["-c", "user.name=a", "-c", "user.email=a@b"]).args(args);
        assert!(git.output().unwrap().status.success(), "{args:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "x"]);
    git(&["checkout", "-q", "-b", "next"]);
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make next` on the standby."));
    desk.put("repos/pay/runbooks/ship.md", "# Shipping payments\n\nRun `make ship`.\n");
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "y"]);
    let served = desk.serve(WATCH);
    for _ in 0..3 {
        git(&["checkout", "-q", "main"]);
        served.until(PAYMENTS, "make next", false);
        served.until("/documents/", "ship.md", false);
        git(&["checkout", "-q", "next"]);
        served.until(PAYMENTS, "make next", true);
        served.until("/documents/", "ship.md", true);
    }
}

#[test]
fn mistakes_are_told_and_never_take_the_page_away() {
    let desk = Desk::new();
    let good = "theme = \"blue\"\n[[source]]\npath = \"repos/*\"\n";
    let config = |text: &str| desk.put("opsbook.toml", format!("[site]\ntitle = \"Ops\"\n{text}"));
    desk.put("blue/css/house.css", "body {}");
    config(good);
    let served = desk.serve(WATCH);
    let mut stream = served.follow(PAGE);
    let told = |stream: &mut crate::serving::Stream| stream.wait("mistake").data["text"].as_str().unwrap().to_owned();

    config(&good.replace("theme", "teme"));
    let text = told(&mut stream);
    for words in ["opsbook.toml:3:1", "teme = \"blue\"", "^^^^", "did you mean `theme`?"] {
        assert!(text.contains(words), "`{words}` is not said:\n{text}");
    }
    assert!(served.get(PAYMENTS).text().contains("Money Team"), "the last good page stays");
    // The sources are followed all the same, and whoever opens a page now is told too.
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make meanwhile`."));
    served.until(PAYMENTS, "make meanwhile", true);
    config(good);
    let mended = |stream: &mut crate::serving::Stream| while !told(stream).is_empty() {};
    mended(&mut stream);

    desk.put(
        "blue/templates/service.html",
        "{% extends \"builtin/service.html\" %}\n{% block main %}\n{{ nothing.at.all }}\n{% endblock main %}\n",
    );
    let text = told(&mut stream);
    for words in ["theme-broken", "templates/service.html:3", "{{ nothing.at.all }}", "^^^"] {
        assert!(text.contains(words), "`{words}` is not said:\n{text}");
    }
    assert!(served.get(PAYMENTS).text().contains("make meanwhile"), "the last good theme stays");
    desk.put(
        "blue/templates/service.html",
        "{% extends \"builtin/service.html\" %}{% block kind %}service blue{% endblock kind %}",
    );
    mended(&mut stream);
    served.until(PAYMENTS, "class=\"service blue\"", true);
    desk.put("blue/css/site.css", "body { color: blue }");
    stream.wait("reload");

    config("theme = \"blue\"\n[[source]]\npath = \"nowhere\"\n");
    assert!(told(&mut stream).contains("nowhere does not exist"));
    fs::create_dir(desk.path("nowhere")).unwrap();
    assert!(told(&mut stream).contains("no document is left to read"));
    assert_eq!(served.get(PAYMENTS).status, 200);
    desk.put("nowhere/RUNBOOK.md", "# Ledger run book\n\n## Deployment\n\nRun `make ledger`.\n");
    served.until("/services/ledger/", "make ledger", true);
}

#[test]
fn a_source_is_read_from_the_working_tree_in_its_place() {
    let desk = Desk::new();
    desk.put("work/payments/RUNBOOK.md", answered("Run `make from-the-working-tree`."));
    let served = desk.serve(&["--watch", "--override", "pay=work/payments"]);
    let page = served.get(PAYMENTS).text();
    assert!(
        page.contains("make from-the-working-tree") && page.contains("pay/RUNBOOK.md"),
        "as the source it stands for"
    );
    assert!(served.get("/services/").text().contains("Mail gateway"), "among all others");
    desk.put("work/payments/RUNBOOK.md", answered("Run `make edited`."));
    served.until(PAYMENTS, "make edited", true);
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make not-this-one`."));
    desk.put("repos/mail/RUNBOOK.md", MAIL.replace("Post Team", "Letter Team"));
    served.until("/services/mail-gateway/", "Letter Team", true);
    assert!(!served.get(PAYMENTS).text().contains("not-this-one"));
}

#[test]
fn registries_and_sources_within_sources_are_followed() {
    let desk = Desk::new();
    let registry = "\n[[registry]]\npath = \"lists/*.csv\"\n";
    desk.put(
        "opsbook.toml",
        format!("[[source]]\npath = \"repos/*\"\n[[source]]\npath = \"repos/pay/inner\"\n{registry}"),
    );
    desk.put("repos/pay/inner/RUNBOOK.md", "# Ledger run book\n\n## Deployment\n\nRun `make ledger`.\n");
    desk.put("lists/services.csv", "service,team\npayments,Gold Crew\n");
    let served = desk.serve(WATCH);
    served.until("/owners/", "Gold Crew", true);
    desk.put("lists/services.csv", "service,team\npayments,Silver Crew\n");
    served.until("/owners/", "Silver Crew", true);
    desk.put("lists/more.csv", "service,team\nledger,Copper Crew\n");
    served.until("/owners/", "Copper Crew", true);
    // Both sources that hold the file say what it says now.
    desk.put("repos/pay/inner/RUNBOOK.md", "# Ledger run book\n\n## Deployment\n\nRun `make anew`.\n");
    served.until("/documents/pay/inner/runbook.md.html", "make anew", true);
    served.until("/documents/inner/runbook.md.html", "make anew", true);
}

/// Rebuilds while many ask: every answer is whole.
fn load(rebuilds: usize, slowest: Option<Duration>) {
    let desk = Desk::new();
    for nth in 0..100 {
        desk.put(&format!("repos/many/s{nth:03}/RUNBOOK.md"), PAY.replace("Payments", &format!("Service {nth:03}")));
    }
    let served = desk.serve(WATCH);
    let mut stream = served.follow(PAGE);
    let over = AtomicBool::new(false);
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let ask = |thread: usize| {
            let mut times = Vec::new();
            let mut next = Instant::now();
            while !over.load(Ordering::Relaxed) {
                // Fifty a second each.
                next += Duration::from_millis(20);
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
                let nth = (times.len() * 7 + thread) % 100;
                let targets = [
                    PAYMENTS.to_owned(),
                    format!("/services/service-{nth:03}/"),
                    "/matrix/".to_owned(),
                    "/".to_owned(),
                ];
                let target = &targets[times.len() % targets.len()];
                let asked = Instant::now();
                let answer = served.get(target);
                times.push(asked.elapsed());
                assert_eq!(answer.status, 200, "{target}");
                assert_eq!(answer.header("content-length").unwrap(), answer.body.len().to_string(), "{target}");
                assert!(answer.text().trim_end().ends_with("</html>"), "{target}");
            }
            times
        };
        let asking: Vec<_> = (0..4).map(|thread| scope.spawn(move || ask(thread))).collect();
        for nth in 0..rebuilds {
            desk.put("repos/pay/RUNBOOK.md", answered(&format!("Run `make restore-{nth}`.")));
            stream.wait("built");
        }
        over.store(true, Ordering::Relaxed);
        asking.into_iter().flat_map(|asking| asking.join().unwrap()).collect()
    });
    times.sort();
    let p99 = times[times.len() * 99 / 100];
    println!("{} requests in {rebuilds} rebuilds, p99 {:.1} ms", times.len(), p99.as_secs_f64() * 1000.0);
    assert!(slowest.is_none_or(|slowest| p99 <= slowest), "{p99:?}");
}

#[test]
fn every_answer_is_whole_while_the_fleet_is_made_anew() {
    load(15, None);
}

#[test]
#[ignore = "needs a machine of its own: run by .ci/suites/serve"]
fn a_hundred_rebuilds_under_load() {
    load(100, Some(Duration::from_millis(20)));
}

/// A system that watches two folders and no more.
#[test]
#[ignore = "needs namespaces of the user's own: run by .ci/suites/serve"]
fn where_the_system_watches_no_more_files_are_looked_at_in_turn() {
    let desk = Desk::new();
    let mut command = Command::new("unshare");
    let limited = "echo 2 > /proc/sys/user/max_inotify_watches && exec \"$@\"";
    command.args(["--user", "--map-root-user", "sh", "-c", limited, "sh", env!("CARGO_BIN_EXE_opsbook")]);
    command.args(["serve", "--watch", "--port", "0"]).current_dir(desk.path(""));
    let served = Served::run(command);
    assert!(served.said().contains("the system watches no more folders (2 are watched)"), "{}", served.said());
    editors(&served, &desk, 3);
}

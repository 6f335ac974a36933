//! From a save to the page's new bytes, as a client on the event stream sees it: `cargo bench --bench serve`.
//!
//! Makes a fleet of its own for each size in a temporary folder, serves it with the program as it is built, and saves
//! files one after the other. Sizes may be given as arguments. Prints medians, and the slowest of each kind.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

#[path = "../tests/serving/mod.rs"]
mod serving;

use opsbook::configure;
use serving::Served;
use std::path::Path;
use std::time::{Duration, Instant};

const SAVES: usize = 40;
/// A pause between two saves, as a person makes one.
const PAUSE: Duration = Duration::from_millis(300);

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    for size in if sizes.is_empty() { vec![1_000, 10_000] } else { sizes } {
        let dir = tempfile::tempdir().unwrap();
        write_fleet(dir.path(), size);
        saves(dir.path(), size);
    }
}

/// A number that looks random and is the same every time.
fn pick(n: usize, of: usize) -> usize {
    let mixed = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)) % of as u64) as usize
}

fn service(at: usize) -> String {
    format!("service-{at:05}")
}

/// A runbook of about 10 KB: most sections answered, some left as the form has them, some admitted.
fn runbook(at: usize, of: usize, restore: &str) -> String {
    const VERBS: [&str; 6] = ["Restart", "Drain", "Scale", "Inspect", "Replay", "Rotate"];
    const THINGS: [&str; 5] = ["the replica", "the consumer group", "the ingress", "the nightly job", "the backlog"];
    let knowledge = KNOWLEDGE.with(Clone::clone);
    let name = service(at);
    let mut text = format!("# {name} run book\n\n");
    for (nth, (id, title, guidance)) in knowledge.iter().enumerate() {
        let seed = at * 64 + nth;
        text += &format!("## {title}\n\n");
        match pick(seed, 10) {
            _ if id == "restore-procedures" => text += restore,
            0 => text += &format!("> {guidance}\n"),
            1 => {}
            2 => text += "We have not investigated this yet.\n",
            _ => {
                for n in 0..2 {
                    let (verb, thing) = (VERBS[pick(seed + n, 6)], THINGS[pick(seed + n, 5)]);
                    let (host, other) = (seed % 1000, service(pick(seed + n, of)));
                    text += &format!(
                        "{verb} {thing} of {name} with `make step-{host}` on host-{seed}.example.org, then look at {other}.\n\n"
                    );
                }
            }
        }
        text += "\n";
    }
    text
}

thread_local! {
    /// Sections of the common template: id, title, the first line of guidance.
    static KNOWLEDGE: Vec<(String, String, String)> = {
        let (knowledge, _) = configure::knowledge(&configure::KnowledgeTexts::default());
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        knowledge.template.sections.iter().map(|s| (s.id.clone(), s.title.clone(), first(&s.guidance))).collect()
    };
}

const ADMITTED: &str = "We have not investigated this yet.\n";

fn write_fleet(dir: &Path, size: usize) {
    for at in 0..size {
        let repo = dir.join("repos").join(service(at));
        std::fs::create_dir_all(&repo).unwrap();
        std::fs::write(repo.join("RUNBOOK.md"), runbook(at, size, ADMITTED)).unwrap();
    }
    std::fs::write(dir.join("opsbook.toml"), "[[source]]\npath = \"repos/*\"\n").unwrap();
}

/// The state of a service's restore procedures, as the matrix has it.
fn restore(served: &Served, service: &str) -> String {
    let csv = served.get("/matrix/matrix.csv").text();
    let column = csv.lines().next().and_then(|head| head.split(',').position(|name| name == "restore-procedures"));
    let row = csv.lines().find(|row| row.starts_with(&format!("{service},")));
    row.zip(column).and_then(|(row, column)| row.split(',').nth(column)).unwrap_or_default().to_owned()
}

fn saves(dir: &Path, size: usize) {
    let begun = Instant::now();
    let served = Served::start(dir, &["--watch"]);
    println!("{size} services: serving after {:.1} s", begun.elapsed().as_secs_f64());
    let (mut pages, mut matrices, mut wholes, mut searches) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for save in 0..SAVES {
        let at = pick(save + 7, size);
        let path = format!("services/{}/index.html", service(at));
        let (mut page, mut matrix) = (served.follow(&path), served.follow("matrix/index.html"));
        std::thread::sleep(PAUSE);
        let marker = format!("make restore-{save}");
        let text = runbook(at, size, &format!("Run `{marker}` on the standby, then check that orders arrive.\n"));
        let file = dir.join("repos").join(service(at)).join("RUNBOOK.md");
        let begun = Instant::now();
        std::fs::write(file, text).unwrap();
        page.wait("page");
        let answer = served.get(&format!("/services/{}/", service(at)));
        pages.push(begun.elapsed());
        assert!(answer.text().contains(&marker), "the page lacks what was saved");
        matrix.wait("page");
        served.get("/matrix/");
        matrices.push(begun.elapsed());
        if save % 10 == 0 {
            assert_eq!(restore(&served, &service(at)), "answered", "the matrix lacks what was saved");
        }
        matrix.wait("built");
        wholes.push(begun.elapsed());
        assert_eq!(served.get("/search/root.js").status, 200);
        let found = served.get(&format!("/search/d{at}.js"));
        searches.push(begun.elapsed());
        assert!(found.text().contains(&marker), "search lacks what was saved");
    }
    for (what, mut times) in [("page", pages), ("matrix", matrices), ("whole fleet", wholes), ("search", searches)] {
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
        println!("  save to {what:<12} median {:7.1} ms, slowest {:7.1} ms", ms(times.len() / 2), ms(times.len() - 1));
    }
}

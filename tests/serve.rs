//! `opsbook serve` from outside: what it answers and whom, what a save does, what mistakes do not do.
//!
//! What takes minutes is ignored here and run by `.ci/suites/serve`.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

#[path = "serving/saves.rs"]
mod saves;
mod serving;
#[path = "serving/world.rs"]
mod world;

use serving::Served;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const PAY: &str = "# Payments run book\n\n## Service owner\n\nOwned by the Money Team, #money in chat.\n\n## Restore procedures\n\nWe have not investigated this yet.\n\n## Deployment\n\nRun `make ship` on main.\n";
const MAIL: &str = "# Mail gateway run book\n\n## Service owner\n\nOwned by the Post Team, post@example.org.\n\n## Dependencies\n\n- PostgreSQL for the queue\n- Payments\n";

/// A folder with a configuration and two repositories.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.put("opsbook.toml", "[[source]]\npath = \"repos/*\"\n");
        desk.put("repos/pay/RUNBOOK.md", PAY);
        desk.put("repos/mail/RUNBOOK.md", MAIL);
        desk.put("secret.txt", SECRET);
        desk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn serve(&self, args: &[&str]) -> Served {
        Served::start(self.0.path(), args)
    }

    fn run(&self, args: &[&str]) -> (i32, String) {
        let output =
            Command::new(env!("CARGO_BIN_EXE_opsbook")).args(args).current_dir(self.0.path()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(said).unwrap())
    }

    /// Every file and folder there is.
    fn tree(&self) -> BTreeSet<PathBuf> {
        walkdir::WalkDir::new(self.0.path()).into_iter().map(|entry| entry.unwrap().into_path()).collect()
    }
}

const SECRET: &str = "the-words-nobody-may-read";
const PAYMENTS: &str = "/services/payments/";

/// The runbook with something else in the place of what was admitted.
fn answered(words: &str) -> String {
    PAY.replace("We have not investigated this yet.", words)
}

#[test]
fn pages_are_answered_and_nothing_is_written() {
    let desk = Desk::new();
    let before = desk.tree();
    let mut served = desk.serve(&[]);
    for (target, kind, words) in [
        ("/", "text/html", "Payments"),
        (PAYMENTS, "text/html", "Money Team"),
        ("/services/payments/index.html", "text/html", "Money Team"),
        ("/matrix/", "text/html", "Mail gateway"),
        ("/matrix/matrix.csv", "text/csv", "not-investigated"),
        ("/api/coverage.json", "application/json", "\"schema\":1"),
        ("/robots.txt", "text/plain", "Disallow"),
    ] {
        let answer = served.get(target);
        assert_eq!(answer.status, 200, "{target}");
        assert!(answer.header("content-type").unwrap().starts_with(kind), "{target}: {}", answer.head);
        assert!(answer.text().contains(words), "{target}");
        assert!(!answer.text().contains("/_opsbook/live.js"), "{target}: nobody watches");
        let tag = answer.header("etag").unwrap().to_owned();
        let host = format!("Host: localhost:{}", served.port);
        let known = served.ask("GET", target, &[&host, &format!("If-None-Match: {tag}")]);
        assert_eq!((known.status, known.body.len()), (304, 0), "{target}");
        let head = served.ask("HEAD", target, &[&host]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{target}");
        assert_eq!(head.header("content-length").unwrap(), answer.body.len().to_string(), "{target}");
    }
    let short = served.get("/services/payments");
    assert_eq!((short.status, short.header("location")), (308, Some(PAYMENTS)));
    let asked = served.get("/matrix?sort=name");
    assert_eq!((asked.status, asked.header("location")), (308, Some("/matrix/?sort=name")));
    let lost = served.get("/services/nobody/");
    assert_eq!(lost.status, 404);
    assert!(lost.text().contains("<h1"));
    assert_eq!(served.get("/_opsbook/events?page=x").status, 404, "no stream where nothing is watched");
    // Ctrl-C: a good end, and nothing left.
    assert_eq!(served.interrupt(), 0);
    assert_eq!(desk.tree(), before);
    let again = desk.serve(&["--port", &served.port.to_string()]);
    assert_eq!(again.port, served.port);
}

#[test]
fn what_cannot_be_served_is_said_in_one_line() {
    let desk = Desk::new();
    let served = desk.serve(&[]);
    let port = served.port.to_string();
    for (args, says) in [
        (&["serve", "--port", &port][..], "is taken: end what uses it, or name another with `--port`"),
        (&["serve", "--host", "example.org"], "is no address"),
        (&["serve", "--override", "nobody=repos/pay"], "no source has that name; there are mail, pay"),
        (&["serve", "--override", "pay=gone"], "--override pay"),
        (&["serve", "--override", "pay"], "NAME=DIR"),
        (&["serve", "--poll"], "--watch"),
        (&["serve", "--source", "gone"], "does not exist"),
    ] {
        let (code, said) = desk.run(args);
        assert_eq!(code, 2, "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
        assert!(said.starts_with("error: "), "{args:?}: {said}");
    }
    let (_, said) = desk.run(&["serve", "--port", &port]);
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// Sixty requests that differ in the name they ask for and the page they come from.
#[test]
fn only_its_own_names_and_its_own_pages_are_answered() {
    let desk = Desk::new();
    let served = desk.serve(&["--watch", "--allow-host", "docs.test"]);
    let port = served.port;
    let hosts = [
        (format!("localhost:{port}"), true),
        (format!("127.0.0.1:{port}"), true),
        (format!("[::1]:{port}"), true),
        ("docs.test".to_owned(), true),
        ("LOCALHOST".to_owned(), true),
        (format!("evil.example:{port}"), false),
        (format!("localhost.evil.example:{port}"), false),
        ("localhost@evil.example".to_owned(), false),
        ("localhost:99999".to_owned(), false),
        ("127.0.0.2".to_owned(), false),
    ];
    let mut cases = 0;
    for (host, ours) in &hosts {
        let origins = [
            (None, true),
            (Some(format!("http://{host}")), true),
            (Some("http://evil.example".to_owned()), false),
            (Some("null".to_owned()), false),
            (Some(format!("http://localhost:{}", port.wrapping_add(1))), false),
            (Some(format!("http://{host}.evil.example")), false),
        ];
        for (origin, same) in origins {
            cases += 1;
            let mut lines = vec![format!("Host: {host}")];
            lines.extend(origin.iter().map(|origin| format!("Origin: {origin}")));
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            for target in [PAYMENTS, "/services/payments", "/nowhere", "/_opsbook/live.js"] {
                let answer = served.ask("GET", target, &lines);
                let refused = matches!(answer.status, 400 | 403);
                assert_eq!(refused, !(*ours && same), "{target} {lines:?}: {}", answer.status);
                assert!(!refused || !answer.text().contains("Money"), "{target} {lines:?}");
            }
            if !(*ours && same) {
                let answer = served.ask("GET", "/_opsbook/events?page=index.html", &lines);
                assert!(matches!(answer.status, 400 | 403), "{lines:?}");
            }
        }
    }
    assert_eq!(cases, 60);
    let host = format!("Host: localhost:{port}");
    for (status, method, target, lines) in [
        (400, "GET", PAYMENTS, vec![]),
        (400, "GET", PAYMENTS, vec![host.as_str(), host.as_str()]),
        (403, "GET", "http://evil.example/services/payments/", vec![&host]),
        (403, "GET", PAYMENTS, vec![&host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"]),
        (403, "GET", PAYMENTS, vec![&host, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"]),
        (
            403,
            "GET",
            PAYMENTS,
            vec![&host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
        ),
        (
            200,
            "GET",
            PAYMENTS,
            vec![&host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
        ),
        (200, "GET", PAYMENTS, vec![&host, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors"]),
        (405, "POST", PAYMENTS, vec![&host]),
        (405, "PUT", "/_opsbook/live.js", vec![&host]),
        (405, "DELETE", "/nowhere", vec![&host]),
        (405, "OPTIONS", "/_opsbook/events", vec![&host]),
        (405, "TRACE", "/", vec![&host]),
    ] {
        assert_eq!(served.ask(method, target, &lines).status, status, "{method} {target} {lines:?}");
    }
    let answer = served.get(PAYMENTS);
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

/// Three hundred ways out of the site, and a link inside a source: none leads to a file on disk.
#[test]
fn no_address_leads_out_of_the_site() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(desk.path("secret.txt"), desk.path("repos/pay/NOTES.md")).unwrap();
    std::os::unix::fs::symlink(desk.path(""), desk.path("repos/pay/up")).unwrap();
    let served = desk.serve(&["--watch"]);
    let ups = ["..", "%2e%2e", ".%2e", "%2E.", "..%00", "%c0%ae%c0%ae", "%252e%252e", "....", "..;", "%u002e%u002e"];
    let bars = ["/", "%2f", "\\", "%5c", "//", "%2F%2f"];
    let ends = ["secret.txt", "repos/pay/RUNBOOK.md", "etc/passwd", "opsbook.toml", "repos/pay/up/secret.txt"];
    let mut tried = 0;
    for (up, bar) in ups.iter().flat_map(|up| bars.iter().map(move |bar| (up, bar))) {
        for end in ends {
            tried += 1;
            let target = format!("/{}{end}", format!("{up}{bar}").repeat(1 + tried % 8));
            let answer = served.get(&target);
            assert!(matches!(answer.status, 400 | 404), "{target}: {}", answer.status);
            let text = answer.text();
            assert!(!text.contains(SECRET) && !text.contains("root:") && !text.contains("[[source]]"), "{target}");
        }
    }
    assert_eq!(tried, 300);
    for target in
        ["/secret.txt", "/documents/pay/notes.md.html", "/documents/pay/up/secret.txt", "//etc/passwd", "/~root", "/%"]
    {
        let answer = served.get(target);
        assert!(matches!(answer.status, 400 | 404) && !answer.text().contains(SECRET), "{target}");
    }
    served.until("/documents/", SECRET, false);
}

/// Requests no browser sends. Whatever they do, the server answers the next one.
fn hostile(served: &Served, requests: usize) {
    let host = format!("Host: localhost:{}\r\n", served.port);
    let shapes: [&dyn Fn(usize) -> Vec<u8>; 12] = [
        &|n| (0..n % 300).map(|at| (at * 31 + n * 17) as u8).collect(),
        &|n| format!("GET /{} HTTP/1.1\r\n{host}\r\n", "a".repeat(n % 40_000)).into_bytes(),
        &|n| format!("GET / HTTP/1.1\r\n{host}{}\r\n", "X-A: b\r\n".repeat(n % 300)).into_bytes(),
        &|n| format!("GET / HTTP/1.1\r\n{host}X-A: {}\r\n\r\n", "c".repeat(n % 50_000)).into_bytes(),
        &|n| format!("GET /%{n:x}%zz%ff HTTP/1.1\r\n{host}\r\n").into_bytes(),
        &|n| {
            format!("POST / HTTP/1.1\r\n{host}Content-Length: {}\r\n\r\n{}", n * 1000, "x".repeat(n % 5_000))
                .into_bytes()
        },
        &|n| format!("GET / HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n{n:x}\r\nzz").into_bytes(),
        &|n| {
            [format!("GET /{n}").as_bytes(), &[0, 255, 13, 10, 10, 13, 128][..n % 8 % 7], b" HTTP/1.1\r\n\r\n"].concat()
        },
        &|_| b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        &|n| format!("GET /services/{}/ HTTP/1.{}\r\n{host}\r\n", "\u{202e}é".repeat(n % 50), n % 12).into_bytes(),
        &|n| {
            format!("GET /_opsbook/events?{}&page=%00{n} HTTP/1.1\r\n{host}Origin: x\r\n\r\n", "page=".repeat(n % 90))
                .into_bytes()
        },
        &|n| format!("GET /a{n}/b{n}/ HTTP/1.1\r\n{host}Connection: close\r\nRange: bytes=0-{n}\r\n\r\n").into_bytes(),
    ];
    let threads = 4;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let shapes = &shapes;
            let bytes: Vec<Vec<u8>> =
                (0..requests / threads).map(|n| shapes[n % shapes.len()](n * threads + thread)).collect();
            scope.spawn(move || bytes.iter().for_each(|bytes| _ = served.raw(bytes, true)));
        }
    });
    assert_eq!(served.get(PAYMENTS).status, 200);
}

#[test]
fn hostile_requests_end_nothing() {
    let desk = Desk::new();
    let served = desk.serve(&["--watch"]);
    hostile(&served, 1_200);
    assert!(!served.said().contains("fault"), "{}", served.said());
}

#[test]
#[ignore = "takes minutes: run by .ci/suites/serve"]
fn a_hundred_thousand_hostile_requests_leave_the_memory_as_it_was() {
    let desk = Desk::new();
    let served = desk.serve(&["--watch"]);
    hostile(&served, 20_000);
    let before = served.memory();
    hostile(&served, 80_000);
    let after = served.memory();
    println!("memory {} MiB, then {} MiB", before >> 20, after >> 20);
    assert!(after < before + (16 << 20), "{before} bytes grew to {after}");
    assert!(!served.said().contains("fault"), "{}", served.said());
}

/// Connections that are opened and say nothing cost neither the others their turn nor the server its life.
#[test]
fn silent_connections_are_ended() {
    let desk = Desk::new();
    let served = desk.serve(&[]);
    let begun = Instant::now();
    let silent = connections(&served, 300);
    for mut stream in silent.iter().take(20) {
        _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: loc");
    }
    assert_eq!(served.get("/").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "nobody waits for them: {:?}", begun.elapsed());
}

/// Connections that have been asked for, whether or not they were taken.
fn connections(served: &Served, many: usize) -> Vec<std::net::TcpStream> {
    let address = ([127, 0, 0, 1], served.port).into();
    let open = |_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(2)).ok();
    (0..many).filter_map(open).collect()
}

#[test]
#[ignore = "takes a minute: run by .ci/suites/serve"]
fn ten_thousand_connections_leave_the_server_as_it_was() {
    let me = std::process::id().to_string();
    let more = Command::new("prlimit").args(["--nofile=12000", "--pid", &me]).status();
    assert!(more.unwrap().success(), "as many files may be open");
    let desk = Desk::new();
    let served = desk.serve(&["--watch"]);
    served.get(PAYMENTS);
    let before = served.memory();
    let many = connections(&served, 10_000);
    let begun = Instant::now();
    assert_eq!(served.get(PAYMENTS).status, 200);
    println!("{} of 10,000 were opened; the next is answered after {} ms", many.len(), begun.elapsed().as_millis());
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let after = served.memory();
    println!("memory {} MiB, then {} MiB", before >> 20, after >> 20);
    assert!(after < before + (16 << 20), "{before} bytes grew to {after}");
    drop(many);
    desk.put("repos/pay/RUNBOOK.md", answered("Run `make afterwards`."));
    served.until(PAYMENTS, "make afterwards", true);
}

//! A served site seen from outside: the program as a process, requests as bytes, the event stream as a client reads it.

#![allow(clippy::disallowed_methods, dead_code)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A running `opsbook serve`; it ends with this value.
pub struct Served {
    pub child: Child,
    pub port: u16,
    said: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|h| h.1)
    }
}

/// An event of the stream.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub data: serde_json::Value,
}

/// How long anything may take before it is missed.
pub const PATIENCE: Duration = Duration::from_secs(20);

fn lock(said: &Mutex<String>) -> std::sync::MutexGuard<'_, String> {
    said.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Served {
    /// Starts the program in a folder and waits until it answers.
    pub fn start(dir: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        let any = if args.contains(&"--port") { &[][..] } else { &["--port", "0"] };
        command.arg("serve").args(any).args(args).current_dir(dir);
        Self::run(command)
    }

    /// The same for a command made by hand.
    pub fn run(mut command: Command) -> Self {
        command.env("SOURCE_DATE_EPOCH", "1790000000").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (mut errors, keep) = (BufReader::new(child.stderr.take().unwrap()), said.clone());
        std::thread::spawn(move || {
            let mut line = String::new();
            while errors.read_line(&mut line).is_ok_and(|read| read > 0) {
                lock(&keep).push_str(&std::mem::take(&mut line));
            }
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let port =
            line.split("http://").nth(1).and_then(|rest| rest.split('/').next()?.rsplit(':').next()?.parse().ok());
        let Some(port) = port else { panic!("`{line}` {}", lock(&said)) };
        Self { child, port, said }
    }

    /// What the program has written to standard error.
    pub fn said(&self) -> String {
        lock(&self.said).clone()
    }

    /// Sends bytes as they are and reads whatever comes until the connection ends; `over` says that nothing follows.
    pub fn raw(&self, bytes: &[u8], over: bool) -> Vec<u8> {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return Vec::new() };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // A server that hangs up early has given its answer.
        _ = stream.write_all(bytes);
        if over {
            _ = stream.shutdown(std::net::Shutdown::Write);
        }
        let mut answer = Vec::new();
        _ = stream.read_to_end(&mut answer);
        answer
    }

    /// A request with these header lines.
    pub fn ask(&self, method: &str, target: &str, headers: &[&str]) -> Answer {
        let lines: String = headers.iter().flat_map(|line| [line, "\r\n"]).collect();
        let bytes =
            self.raw(format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n").as_bytes(), false);
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("{target}: no answer"));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    /// A page as a browser on this machine asks for it.
    pub fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[&format!("Host: localhost:{}", self.port)])
    }

    /// Opens the stream of a page.
    pub fn listen(&self, page: &str) -> Stream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let port = self.port;
        // HTTP/1.0 has no chunks, so that events can be read line by line.
        let request = format!("GET /_opsbook/events?page={page}&have= HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n");
        (&stream).write_all(request.as_bytes()).unwrap();
        let mut stream = Stream { lines: BufReader::new(stream) };
        assert_eq!(stream.next().name, "hello", "{page}");
        stream
    }

    /// The whole stream of a page, caught up with what the page is now.
    pub fn follow(&self, page: &str) -> Stream {
        let mut stream = self.listen(page);
        assert_eq!(stream.next().name, "page");
        stream
    }

    /// Waits until a page has (or has no longer) certain words.
    #[track_caller]
    pub fn until(&self, target: &str, words: &str, there: bool) -> Duration {
        let begun = Instant::now();
        loop {
            let page = self.get(target).text();
            if page.contains(words) == there {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < PATIENCE, "{target}: `{words}` {there}\n{}\n{}", self.said(), page.len());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Memory in use, in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Ends the program as Ctrl-C does; its exit code.
    pub fn interrupt(&mut self) -> i32 {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        _ = self.child.kill();
        _ = self.child.wait();
        if !std::thread::panicking() {
            let said = self.said();
            assert!(!said.contains("fault of its own"), "{said}");
        }
    }
}

/// A client of the event stream.
pub struct Stream {
    lines: BufReader<TcpStream>,
}

impl Stream {
    /// The next event.
    #[track_caller]
    pub fn next(&mut self) -> Event {
        self.within(PATIENCE).expect("an event")
    }

    /// The next event, if one comes in time.
    pub fn within(&mut self, time: Duration) -> Option<Event> {
        let until = Instant::now() + time;
        let (mut name, mut line) = (None, String::new());
        loop {
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.lines.get_ref().set_read_timeout(Some(left)).unwrap();
            match self.lines.read_line(&mut line) {
                Ok(read) if read > 0 => {}
                _ => return None,
            }
            let text = std::mem::take(&mut line);
            if let Some(event) = text.strip_prefix("event: ") {
                name = Some(event.trim().to_owned());
            } else if let (Some(data), Some(name)) = (text.strip_prefix("data: "), &name) {
                return Some(Event { name: name.clone(), data: serde_json::from_str(data).unwrap() });
            }
        }
    }

    /// The next event of a kind.
    #[track_caller]
    pub fn wait(&mut self, name: &str) -> Event {
        loop {
            let event = self.next();
            if event.name == name {
                return event;
            }
        }
    }

    /// Counts the events of a kind until none of any kind has come for so long.
    pub fn count(&mut self, name: &str, quiet: Duration) -> usize {
        std::iter::from_fn(|| self.within(quiet)).filter(|event| event.name == name).count()
    }
}

//! A Chromium of our own, driven over its DevTools protocol, and the sample site served to it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// Flags that keep Chromium quiet: it asks nobody for anything but what a page asks for.
const QUIET: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
];

/// A running Chromium with a profile of its own; it ends with the value.
pub struct Browser {
    process: Child,
    port: u16,
    socket: Socket,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let process = Command::new("chromium")
            .args(QUIET)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromium starts; .ci/suites/browser installs it");
        let told = profile.path().join("DevToolsActivePort");
        let deadline = Instant::now() + Duration::from_secs(60);
        let (port, path) = loop {
            let text = std::fs::read_to_string(&told).unwrap_or_default();
            if let Some((port, path)) = text.split_once('\n') {
                break (port.parse().unwrap(), path.trim().to_owned());
            }
            assert!(Instant::now() < deadline, "chromium does not say where it listens");
            std::thread::sleep(Duration::from_millis(20));
        };
        Self { process, port, socket: Socket::open(port, &path), _profile: profile }
    }

    /// A new tab of a width and height, in light or dark.
    pub fn tab(&mut self, width: u32, height: u32, scheme: &str) -> Tab {
        let made = self.socket.call("Target.createTarget", json!({ "url": "about:blank" }));
        let path = format!("/devtools/page/{}", made["targetId"].as_str().unwrap());
        let mut tab = Tab { socket: Socket::open(self.port, &path) };
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        tab.size(width, height);
        tab.media("", scheme);
        tab
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

struct Socket {
    stream: WebSocket<TcpStream>,
    last: u64,
    /// What the browser told without being asked.
    events: Vec<Value>,
}

impl Socket {
    fn open(port: u16, path: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let (stream, _) = tungstenite::client(format!("ws://127.0.0.1:{port}{path}"), stream).unwrap();
        Self { stream, last: 0, events: Vec::new() }
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let call = json!({ "id": self.last, "method": method, "params": parameters });
        self.stream.send(Message::text(call.to_string())).unwrap();
        loop {
            let answer = self.read();
            if answer["id"] == self.last {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn read(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.stream.read().expect("chromium answers within a minute") {
                let value: Value = serde_json::from_str(&text).unwrap();
                if value.get("method").is_some() {
                    self.events.push(value.clone());
                }
                return value;
            }
        }
    }
}

/// A tab.
pub struct Tab {
    socket: Socket,
}

impl Tab {
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.socket.call(method, parameters)
    }

    pub fn size(&mut self, width: u32, height: u32) {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", screen);
    }

    /// `print` or an empty word; `light` or `dark`.
    pub fn media(&mut self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }));
    }

    /// How long the page's thread has worked since the tab was made, in milliseconds of its own time: what else the
    /// machine does is not in it.
    pub fn worked(&mut self) -> f64 {
        // Asking for it again is no error, and the first time it begins to count.
        self.call("Performance.enable", json!({ "timeDomain": "threadTicks" }));
        let told = self.call("Performance.getMetrics", json!({}));
        let of = |metric: &&Value| metric["name"] == "TaskDuration";
        told["metrics"].as_array().unwrap().iter().find(of).unwrap()["value"].as_f64().unwrap() * 1_000.0
    }

    /// Opens an address and waits until all of it is there.
    pub fn open(&mut self, url: &str) {
        self.socket.events.retain(|e| e["method"] != "Page.loadEventFired");
        self.call("Page.navigate", json!({ "url": url }));
        while !self.socket.events.iter().any(|e| e["method"] == "Page.loadEventFired") {
            self.socket.read();
        }
    }

    /// The value of an expression; promises are waited for.
    pub fn eval(&mut self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true });
        let answer = self.call("Runtime.evaluate", ask);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    pub fn text(&mut self, expression: &str) -> String {
        self.eval(expression).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true.
    pub fn wait(&mut self, expression: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.eval(&format!("Boolean({expression})")) != true {
            if Instant::now() > deadline {
                let shown = self.text("location.href + ': ' + document.body?.innerText.slice(0, 600)");
                panic!("waited in vain for {expression} on {shown}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key as a person would: `ArrowDown`, `Enter`, `/`.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "Escape" => (27, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            key => (i64::from(key.as_bytes()[0].to_ascii_uppercase()), key),
        };
        let mut down = json!({ "type": "keyDown", "key": key, "windowsVirtualKeyCode": code });
        if !text.is_empty() {
            down["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", down);
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code }));
    }

    /// Types into what has the focus.
    pub fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Clicks the middle of what a selector finds first.
    pub fn click(&mut self, selector: &str) {
        let place = format!(
            "(() => {{ const it = document.querySelector({selector:?}); it.scrollIntoView({{ block: 'center', inline: 'center' }});
            const box = it.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        );
        let at = self.eval(&place);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Chooses in a list, as a person would.
    pub fn choose(&mut self, selector: &str, value: &str) {
        self.eval(&format!(
            "(() => {{ const it = document.querySelector({selector:?}); it.value = {value:?};
            it.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
        ));
    }

    /// What went wrong since the last time: console errors, refusals by the policy, requests that leave `origin`.
    pub fn complaints(&mut self, origin: &str) -> Vec<String> {
        // Timers of a page without scripts never ring: the waiting is done here.
        std::thread::sleep(Duration::from_millis(60));
        self.call("Page.getLayoutMetrics", json!({}));
        let mut said = Vec::new();
        for event in self.socket.events.drain(..) {
            let of = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => said.push(of["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" if of["type"] == "error" => said.push(of["args"].to_string()),
                "Log.entryAdded" if of["entry"]["level"] == "error" => said.push(of["entry"]["text"].to_string()),
                "Audits.issueAdded" if of["issue"]["code"] == "ContentSecurityPolicyIssue" => {
                    said.push(of["issue"].to_string());
                }
                "Network.requestWillBeSent" => {
                    let url = of["request"]["url"].as_str().unwrap_or_default();
                    if !url.starts_with(origin) && !url.starts_with("data:") && !url.starts_with("about:") {
                        said.push(format!("a request to {url}"));
                    }
                }
                _ => {}
            }
        }
        said
    }
}

/// The sample fleet's site, built once.
pub fn site() -> &'static Path {
    static SITE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let made = || {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        build(&out, &[]);
        (folder, out)
    };
    &SITE.get_or_init(made).1
}

/// Builds the sample fleet's site somewhere.
pub fn build(out: &Path, more: &[&str]) {
    let built = Command::new(env!("CARGO_BIN_EXE_opsbook"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--today", "2026-10-02", "--out"])
        .arg(out)
        .args(more)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

/// Serves a folder as a plain web server does; the address it answers at.
pub fn serve(folder: &Path) -> String {
    serve_until(folder).0
}

/// The same, and what makes it answer no more.
pub fn serve_until(folder: &Path) -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let folder = folder.to_owned();
    let down = Arc::new(AtomicBool::new(false));
    let is_down = down.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten().filter(|_| !is_down.load(Ordering::Relaxed)) {
            let folder = folder.clone();
            std::thread::spawn(move || answer(stream, &folder));
        }
    });
    (origin, down)
}

fn answer(mut stream: TcpStream, folder: &Path) -> Option<()> {
    let mut line = String::new();
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    reader.read_line(&mut line).ok()?;
    let mut header = String::new();
    while reader.read_line(&mut header).ok()? > 2 {
        header.clear();
    }
    let path = line.split(' ').nth(1)?.split(['?', '#']).next()?.trim_start_matches('/');
    let mut file = folder.join(path);
    if file.is_dir() {
        file = file.join("index.html");
    }
    let (status, bytes) = match std::fs::read(&file) {
        Ok(bytes) => ("200 OK", bytes),
        Err(_) => ("404 Not Found", std::fs::read(folder.join("404.html")).unwrap_or_default()),
    };
    let kind = match status {
        "200 OK" => opsbook::model::site::media_type(&file.to_string_lossy()),
        _ => "text/html; charset=utf-8",
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\ncache-control: no-cache\r\nconnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&bytes).ok()
}

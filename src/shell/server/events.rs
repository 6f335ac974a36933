//! The event stream: who has which page open, and what they are told.

use hyper::body::{Body, Bytes, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Interval;

/// How many pages may be open at once.
const MOST: usize = 128;
/// What a reader that does not read is sent before it is let go; it comes back and catches up.
const WAITING: usize = 64;
/// How often a quiet stream says that it is alive.
const BEAT: Duration = Duration::from_secs(15);

/// How soon, in milliseconds, a browser comes back whose stream has ended.
const RETRY: &[u8] = b"retry: 300\n";

/// Everybody who listens.
#[derive(Default)]
pub struct Streams(Mutex<Vec<Open>>);

/// One page that somebody has open.
struct Open {
    page: String,
    /// The hash of the page as its reader has it.
    have: String,
    send: mpsc::Sender<Bytes>,
}

impl Streams {
    /// A new stream for a page, `hello` its first event; nothing where too many are open.
    pub fn open(&self, page: &str, have: &str, hello: &serde_json::Value) -> Option<Stream> {
        let mut all = lock(&self.0);
        all.retain(|open| !open.send.is_closed());
        if all.len() >= MOST {
            return None;
        }
        let (send, receive) = mpsc::channel(WAITING);
        // There is room for the first one.
        _ = send.try_send([RETRY, &event("hello", hello)].concat().into());
        // Whoever came last is most likely looking.
        all.insert(0, Open { page: page.to_owned(), have: have.to_owned(), send });
        Some(Stream { receive, beat: tokio::time::interval_at(tokio::time::Instant::now() + BEAT, BEAT) })
    }

    /// The pages that are open, each once, the one opened last first.
    pub fn pages(&self) -> Vec<String> {
        let mut pages: Vec<String> = Vec::new();
        for open in lock(&self.0).iter().filter(|open| !open.send.is_closed()) {
            if !pages.contains(&open.page) {
                pages.push(open.page.clone());
            }
        }
        pages
    }

    /// Tells those who have a page open in another version than this one.
    pub fn page(&self, page: &str, hash: &str) {
        let event = event("page", &serde_json::json!({ "page": page, "hash": hash }));
        lock(&self.0).retain_mut(|open| {
            if open.page != page || open.have == hash {
                return true;
            }
            open.have = hash.to_owned();
            open.send.try_send(event.clone()).is_ok()
        });
    }

    /// Tells everybody.
    pub fn all(&self, name: &str, data: &serde_json::Value) {
        let event = event(name, data);
        lock(&self.0).retain(|open| open.send.try_send(event.clone()).is_ok());
    }
}

/// An event as the browser reads it; JSON has no line ends of its own.
fn event(name: &str, data: &serde_json::Value) -> Bytes {
    format!("event: {name}\ndata: {data}\n\n").into()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The body of a stream's answer: events as they come, and a comment when nothing comes for long.
pub struct Stream {
    receive: mpsc::Receiver<Bytes>,
    beat: Interval,
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Poll::Ready(event) = self.receive.poll_recv(cx) {
            return Poll::Ready(event.map(|event| Ok(Frame::data(event))));
        }
        self.beat.poll_tick(cx).map(|_| Some(Ok(Frame::data(Bytes::from_static(b": here\n\n")))))
    }
}

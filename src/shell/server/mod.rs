//! The server: connections with limits, so that neither malformed nor slow nor many requests take it away.

pub mod events;
pub mod guard;
mod routes;

use crate::shell::live::Live;
use anyhow::{Context, Result, bail};
use guard::Names;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

/// Connections at once; for who comes after them one that has asked for nothing goes, or else they wait.
const CONNECTIONS: usize = 256;
/// Headers of one request, and bytes of all of them.
const HEADERS: usize = 64;
const HEAD: usize = 16 * 1024;
/// How long a connection may take to say what it wants, also between two requests.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a connection may last; an event stream is taken up again by the browser.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Takes a port, or says in one line that somebody else has it.
pub fn listen(host: &str, port: u16) -> Result<TcpListener> {
    let name = host.trim_matches(['[', ']']);
    let address: IpAddr = match name {
        "localhost" => IpAddr::from([127, 0, 0, 1]),
        _ => name.parse().ok().with_context(|| format!("`--host {host}` is no address, such as 127.0.0.1"))?,
    };
    match TcpListener::bind(SocketAddr::new(address, port)) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {port} of {address} is taken: end what uses it, or name another with `--port`")
        }
        Err(error) => Err(error).with_context(|| format!("{address} port {port} cannot be listened on")),
    }
}

/// Answers until somebody ends the program.
pub fn run(listener: TcpListener, live: Arc<Live>, names: Names) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(4)
        .enable_all()
        .build()
        .context("no threads to answer with")?;
    let ended = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (mut told, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::select! {
            () = accept(listener, live, names) => {}
            _ = interrupted.recv() => {}
            _ = told.recv() => {}
        }
        anyhow::Ok(())
    });
    // Streams would stay open for as long as their pages are.
    runtime.shutdown_background();
    ended
}

async fn accept(listener: tokio::net::TcpListener, live: Arc<Live>, names: Names) {
    let app = TowerToHyperService::new(routes::app(live, names));
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let mut silent = VecDeque::new();
    loop {
        let Ok((connection, _)) = listener.accept().await else {
            // Out of file handles: others will be given back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        if free.available_permits() == 0 {
            give_way(&mut silent);
        }
        let Ok(place) = free.clone().acquire_owned().await else { return };
        // Small answers leave at once.
        _ = connection.set_nodelay(true);
        let mut limits = http1::Builder::new();
        limits.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_headers(HEADERS).max_buf_size(HEAD);
        let asked = Arc::new(AtomicBool::new(false));
        let (app, asks) = (app.clone(), asked.clone());
        let answer = service_fn(move |request| {
            asks.store(true, Ordering::Relaxed);
            app.call(request)
        });
        let served = limits.serve_connection(TokioIo::new(connection), answer);
        let task = tokio::spawn(async move {
            // Whatever goes wrong on a connection ends that connection.
            _ = tokio::time::timeout(LONGEST, served).await;
            drop(place);
        });
        silent.push_back((asked, task.abort_handle()));
        if silent.len() > 2 * CONNECTIONS {
            silent.retain(is_silent);
        }
    }
}

/// A connection: whether it has asked for anything yet, and how to end it.
type Connection = (Arc<AtomicBool>, AbortHandle);

fn is_silent((asked, task): &Connection) -> bool {
    !asked.load(Ordering::Relaxed) && !task.is_finished()
}

/// Where all places are taken, whoever has said nothing for longest has to go.
fn give_way(connections: &mut VecDeque<Connection>) {
    while let Some(first) = connections.pop_front() {
        if is_silent(&first) {
            return first.1.abort();
        }
    }
}

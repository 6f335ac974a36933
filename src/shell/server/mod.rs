//! The server: connections with limits, so that neither malformed nor slow nor many requests take it away.

pub mod events;
pub mod guard;
mod routes;

use crate::shell::live::Live;
use anyhow::{Context, Result, bail};
use guard::Names;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

/// Connections at once; who comes after them waits.
const CONNECTIONS: usize = 256;
/// Headers of one request, and bytes of all of them.
const HEADERS: usize = 64;
const HEAD: usize = 16 * 1024;
/// How long a connection may take to say what it wants, also between two requests: as long as others may have to wait
/// where silent ones have taken all places.
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
        let mut told = signal(SignalKind::terminate())?;
        tokio::select! {
            () = accept(listener, live, names) => {}
            _ = tokio::signal::ctrl_c() => {}
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
    loop {
        let Ok(place) = free.clone().acquire_owned().await else { return };
        let Ok((connection, _)) = listener.accept().await else {
            // Out of file handles: others will be given back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small answers leave at once.
        _ = connection.set_nodelay(true);
        let mut limits = http1::Builder::new();
        limits.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_headers(HEADERS).max_buf_size(HEAD);
        let served = limits.serve_connection(TokioIo::new(connection), app.clone());
        tokio::spawn(async move {
            // Whatever goes wrong on a connection ends that connection.
            _ = tokio::time::timeout(LONGEST, served).await;
            drop(place);
        });
    }
}

//! `opsbook serve`: the site in a browser, nothing on disk; with `--watch` it follows every save.

use super::refuse_nothing;
use crate::pipeline;
use crate::report;
use crate::shell::args::Serve;
use crate::shell::collect::places::Place;
use crate::shell::live::{Generation, Live};
use crate::shell::server::{self, guard::Names};
use crate::shell::session::{self, Session};
use crate::shell::watch::Watch;
use crate::shell::{Outcome, terminal};
use anyhow::{Context, Result, bail};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;

pub fn run(args: Serve) -> Result<Outcome> {
    let today = session::today(args.fleet.today)?;
    let session = Session::of_fleet(&args.fleet)?;
    let theme = session.theme()?;
    let places = args.places(&session)?;
    // Whoever cannot have the port need not wait for the fleet.
    let listener = server::listen(&args.host, args.port)?;
    let address = listener.local_addr().context("the port has no number")?;
    let names = Names::of(address.ip(), &args.allow_host);
    let (open, watches) = (args.open, args.watch);
    let mut watch = Watch::begin(args, session, theme, places.clone())?;
    let (session, theme) = watch.ours();
    refuse_nothing(&session, &watch.kept().harvest(), &places)?;
    let (sources, readings) = watch.kept().all(&session.found);
    let fleet = pipeline::assemble(sources, readings, &session.config, today);
    let (layout, found) = pipeline::with_site(&fleet, &session.config, &theme, |site, found| (site.layout(), found));
    let counted = terminal::counted(fleet.catalog.services.len(), "service");
    let first = Generation { fleet: Arc::new(fleet), layout, session, saves: Arc::default() };
    let live = Arc::new(Live::new(first, watches));
    if !found.is_empty() {
        eprint!("{}", report::human(&found, false));
    }
    let url = format!("http://{address}/");
    terminal::print(&format!("Serving {counted} at {url} (Ctrl-C ends it)\n"));
    if watches {
        watch.theme_found(&found);
        let live = live.clone();
        std::thread::spawn(move || watch.run(&live));
    }
    if open {
        show(&url);
    }
    server::run(listener, live, names)?;
    Ok(Outcome::Fine)
}

impl Serve {
    /// The folders to read, one a repository, those of `--override` in the place of the configured ones.
    pub fn places(&self, session: &Session) -> Result<Vec<Place>> {
        let mut places = session.places()?;
        for (name, dir) in &self.overrides {
            let names = || places.iter().map(|place| place.name.as_str()).collect::<Vec<_>>().join(", ");
            let dir = dir.canonicalize().with_context(|| format!("`--override {name}`: {}", dir.display()))?;
            if !dir.is_dir() {
                bail!("`--override {name}`: {} is not a folder", dir.display());
            }
            match places.iter().position(|place| place.name == *name) {
                Some(at) => places[at].dir = dir,
                None => bail!("`--override {name}`: no source has that name; there are {}", names()),
            }
        }
        Ok(places)
    }
}

/// Opens an address in the browser of whoever sits here; where that cannot be done, the address was printed.
fn show(url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut opener = Command::new(program);
    opener.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own: Ctrl-C ends the server, not the browser that was started for it.
    let started = opener.process_group(0).spawn();
    let url = url.to_owned();
    std::thread::spawn(move || {
        if !started.and_then(|mut opener| opener.wait()).is_ok_and(|status| status.success()) {
            eprintln!("`{program}` has opened no browser: open {url} yourself");
        }
    });
}

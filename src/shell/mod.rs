//! The one room that touches the world: disk, clock, network, processes, terminal.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod args;
mod collect;
pub use collect::RULES;
mod commands;
mod live;
mod publish;
mod server;
mod session;
mod terminal;
mod theme;
mod watch;

use crate::report;
use clap::Parser;
use std::process::ExitCode;

/// How a run ended, as the exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above the gate.
    Fine,
    /// Findings at or above the gate.
    Findings,
    /// Something could not be evaluated; what could be was.
    Incomplete,
}

/// Runs the program; the value is its exit code.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        let payload = panic.payload();
        let said = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        // A message may hold a whole document; what tells the fault stands at its beginning.
        let said: String = said.unwrap_or("no message").chars().take(200).collect();
        let said = report::harmless(&said);
        eprintln!("opsbook has a fault of its own{at} ({said}): please report this line");
    }));
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Printing fails only where nobody reads.
            _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match std::panic::catch_unwind(|| commands::run(args)) {
        Ok(Ok(Outcome::Fine)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Findings)) => ExitCode::from(1),
        Ok(Ok(Outcome::Incomplete)) | Err(_) => ExitCode::from(2),
        Ok(Err(error)) => {
            terminal::say_error(&error);
            ExitCode::from(2)
        }
    }
}

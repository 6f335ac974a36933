//! The terminal: colours, progress, errors, and collected text made harmless before it is printed.

use crate::model::diagnostic::Diagnostic;
use crate::report;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};

/// Findings that end a run, such as those about the configuration.
#[derive(Debug)]
pub struct Stopped(pub Vec<Diagnostic>);

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&report::human(&self.0, false))
    }
}

impl std::error::Error for Stopped {}

/// Whether standard output wants colours.
pub fn colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Prints to standard output; a reader that has gone away (`| head`) is no fault.
pub fn print(text: &str) {
    _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Says why a run ended.
pub fn say_error(error: &anyhow::Error) {
    let text = said(error, std::io::stderr().is_terminal() && colours());
    _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Says what is wrong with documents, beside what was asked for; nothing where nothing is.
pub fn say_found(found: &[Diagnostic]) {
    if !found.is_empty() {
        let text = report::human(found, std::io::stderr().is_terminal() && colours());
        _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// An error as text.
pub fn said(error: &anyhow::Error, colour: bool) -> String {
    match error.downcast_ref::<Stopped>() {
        Some(stopped) => report::human(&stopped.0, colour),
        None => {
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            format!("error: {}\n", report::harmless(&chain.join(": ")))
        }
    }
}

/// A progress bar of so many steps; nothing where nobody looks.
pub fn progress(steps: usize, what: &'static str) -> ProgressBar {
    if steps < 200 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:>9} [{bar:40}] {pos}/{len}").expect("a template of ours");
    ProgressBar::new(steps as u64).with_style(style).with_message(what)
}

/// `1 error`, `2 errors`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

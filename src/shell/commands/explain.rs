//! `opsbook explain` and `opsbook normalize`: one document alone, as the program reads it.

use crate::model::diagnostic::Diagnostic;
use crate::model::runbook::Runbook;
use crate::model::source::{Origin, RawFile};
use crate::pipeline;
use crate::shell::args::{Explain, ExplainFormat, Normalize};
use crate::shell::session::Session;
use crate::shell::{Outcome, terminal};
use crate::{compose, report};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn run(args: &Explain) -> Result<Outcome> {
    let session = Session::open(args.config.as_deref())?;
    let mut read: Vec<(String, Arc<Runbook>)> = Vec::new();
    let mut outcome = Outcome::Fine;
    let mut found = Vec::new();
    for path in &args.files {
        match document(&session, path) {
            Ok((runbook, said)) => {
                read.push((path.to_string_lossy().into_owned(), runbook));
                found.extend(said);
            }
            Err(error) => {
                terminal::say_error(&error);
                outcome = Outcome::Incomplete;
            }
        }
    }
    let files: Vec<(&str, &Runbook)> = read.iter().map(|(path, runbook)| (path.as_str(), &**runbook)).collect();
    let knowledge = &session.config.knowledge;
    match args.format {
        ExplainFormat::Json => terminal::print(&report::explain_json(&files, knowledge)),
        ExplainFormat::Human => {
            let colour = terminal::colours();
            let shown = files.iter().map(|(path, runbook)| report::explain_human(path, runbook, knowledge, colour));
            terminal::print(&shown.collect::<Vec<_>>().join("\n"));
        }
    }
    terminal::say_found(&found);
    Ok(outcome)
}

/// Prints a document in the template's order.
pub fn normalize(args: &Normalize) -> Result<Outcome> {
    let session = Session::open(args.config.as_deref())?;
    let (runbook, _) = document(&session, &args.file)?;
    terminal::print(&compose::document(&runbook, &session.config.knowledge));
    Ok(Outcome::Fine)
}

/// A document's reading, and what is wrong with it.
fn document(session: &Session, path: &Path) -> Result<(Arc<Runbook>, Vec<Diagnostic>)> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("{shown} cannot be read"))?;
    if size.is_dir() {
        bail!("{shown} is a folder: name the documents in it, such as `opsbook explain {shown}/*.md`");
    }
    if !size.is_file() {
        bail!("{shown} is no file that could be read");
    }
    if size.len() > session.config.max_bytes {
        bail!("{shown} has {} bytes, more than the {} that are read", size.len(), session.config.max_bytes);
    }
    let bytes = std::fs::read(path).with_context(|| format!("{shown} cannot be read"))?;
    let reading = pipeline::read(RawFile { origin: origin(path)?, bytes }, &session.reader);
    match reading.runbook {
        Some(runbook) => Ok((runbook, reading.diagnostics)),
        None if reading.diagnostics.is_empty() => {
            bail!("{shown} is no document: `opsbook check` reads it for its facts")
        }
        None => bail!(terminal::Stopped(reading.diagnostics)),
    }
}

/// Where a file that was named on the command line stands, since its path may name the service.
///
/// In a git work tree the repository is its top folder. Elsewhere below the working directory it is the first folder
/// on the way, as in a folder of checkouts; what stands in the working directory itself, or outside of it, has none.
fn origin(path: &Path) -> Result<Origin> {
    let whole = path.canonicalize().with_context(|| format!("{} cannot be read", path.display()))?;
    let here = std::env::current_dir().and_then(|dir| dir.canonicalize()).unwrap_or_default();
    let top = whole.ancestors().skip(1).find(|dir| dir.join(".git").exists()).map(Path::to_owned);
    let below = |dir: &Path| {
        let first = whole.strip_prefix(dir).ok()?.components().next()?;
        Some(dir.join(first)).filter(|folder| *folder != whole)
    };
    let root: Option<PathBuf> = top.or_else(|| below(&here));
    let inside = match &root {
        Some(root) => whole.strip_prefix(root).unwrap_or(&whole),
        None => Path::new(whole.file_name().unwrap_or_default()),
    };
    let name = root.as_deref().and_then(Path::file_name).unwrap_or_default();
    Ok(Origin {
        repo: name.to_string_lossy().into(),
        commit: None,
        path: inside.to_string_lossy().replace('\\', "/").into(),
    })
}

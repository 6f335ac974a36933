//! Which folder a site may be written to: never one that holds anything of somebody else's.

use super::manifest::Manifest;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// An output folder that may be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The folder, links above it resolved.
    pub path: PathBuf,
    /// The folder it stands in; staging happens there, on the same file system.
    pub parent: PathBuf,
    name: String,
}

impl Output {
    /// Where a generation is made, and where the old one lies after the exchange.
    pub fn staging(&self) -> PathBuf {
        self.parent.join(format!(".{}.opsbook-new", self.name))
    }

    /// Where the old generation lies between the two renames of a file system without exchange.
    pub fn aside(&self) -> PathBuf {
        self.parent.join(format!(".{}.opsbook-old", self.name))
    }

    /// Says that two renames are under way.
    pub fn journal(&self) -> PathBuf {
        self.parent.join(format!(".{}.opsbook-journal", self.name))
    }
}

/// Looks at an output before anything is done; `sources` are the folders that are read, links resolved.
pub fn check(out: &Path, sources: &[&Path]) -> Result<Output> {
    let shown = out.display();
    let whole = std::path::absolute(out).with_context(|| format!("the output {shown} is no path"))?;
    if whole.symlink_metadata().is_ok_and(|m| m.is_symlink()) {
        bail!("the output {shown} is a link: name the folder it leads to");
    }
    let path = resolve(&whole)?;
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str())) else {
        bail!("the output {shown} is no folder a site can be put into: name one of its own, such as `site`");
    };
    if home().is_some_and(|home| home == path) {
        bail!("the output {shown} is your home folder: name one below it");
    }
    for source in sources {
        if *source == path {
            bail!("the output {shown} is a source: name another folder (one below it is fine)");
        }
        if source.starts_with(&path) {
            bail!("the output {shown} stands above the source {}: name another folder", source.display());
        }
    }
    let output = Output { parent: parent.to_owned(), name: name.to_owned(), path };
    check_again(&output)?;
    Ok(output)
}

/// Refuses what stands at the output, unless it is empty or ours.
pub fn check_again(output: &Output) -> Result<()> {
    let shown = output.path.display();
    let Ok(there) = output.path.symlink_metadata() else { return Ok(()) };
    if !there.is_dir() {
        bail!("the output {shown} is not a folder");
    }
    let mut inside = std::fs::read_dir(&output.path).with_context(|| format!("the output {shown} cannot be read"))?;
    let empty = inside.next().is_none();
    if !empty && Manifest::read(&output.path)?.is_none() {
        bail!("the output {shown} is not empty and not ours: name another folder, or empty it yourself");
    }
    Ok(())
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").and_then(|home| PathBuf::from(home).canonicalize().ok())
}

/// A path with the links of its existing part resolved and `.` and `..` taken out of the rest.
fn resolve(path: &Path) -> Result<PathBuf> {
    let mut rest = Vec::new();
    let mut there = path.to_owned();
    while there.symlink_metadata().is_err() {
        let Some(last) = there.components().next_back().map(|c| c.as_os_str().to_owned()) else { break };
        rest.push(last);
        there.pop();
    }
    let mut resolved = there.canonicalize().with_context(|| format!("{} cannot be resolved", there.display()))?;
    for part in rest.into_iter().rev() {
        match part.to_str() {
            Some("..") => _ = resolved.pop(),
            _ => resolved.push(part),
        }
    }
    Ok(resolved)
}

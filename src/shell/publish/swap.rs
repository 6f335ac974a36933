//! The moment a new site takes the old one's place, and what a run killed around it left behind.

use super::foreign;
use super::guard::Output;
use super::manifest::{Manifest, NAME};
use anyhow::{Context, Result, bail};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::fs;
use std::path::Path;

/// Whether the system can exchange two folders at once.
pub fn can_exchange() -> bool {
    cfg!(target_os = "linux")
}

/// Puts the staging folder in the output's place and clears the old generation.
pub fn put_in_place(output: &Output, exchange: bool) -> Result<()> {
    let (new, there) = (output.staging(), &output.path);
    let context = || format!("the new site cannot be put in place at {}; the old one stands", there.display());
    if there.symlink_metadata().is_err() {
        fs::rename(&new, there).with_context(context)?;
        return Ok(());
    }
    let swapped =
        if exchange { renameat_with(CWD, &new, CWD, there, RenameFlags::EXCHANGE) } else { Err(Errno::INVAL) };
    match swapped {
        Ok(()) => clear(&new, output),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            fs::write(output.journal(), "opsbook puts a new site in place; the next run finishes this\n")
                .with_context(context)?;
            finish(output)
        }
        Err(error) => Err(error).with_context(context),
    }
}

/// The two renames, from whichever of their three steps a killed run had reached.
fn finish(output: &Output) -> Result<()> {
    let (new, there, aside) = (output.staging(), &output.path, output.aside());
    let context = || format!("the new site cannot be put in place at {}", there.display());
    let is_whole = |dir: &Path| Manifest::read(dir).ok().flatten().is_some_and(|m| m.is_finished());
    let exists = |dir: &Path| dir.symlink_metadata().is_ok();
    if exists(there) && is_whole(&new) && !exists(&aside) {
        fs::rename(there, &aside).with_context(context)?;
    }
    if !exists(there) {
        let from = if is_whole(&new) { &new } else { &aside };
        fs::rename(from, there).with_context(context)?;
    }
    fs::remove_file(output.journal()).with_context(context)?;
    if exists(&aside) { clear(&aside, output) } else { Ok(()) }
}

/// Finishes or clears what a killed run left beside the output.
pub fn recover(output: &Output) -> Result<()> {
    if output.journal().symlink_metadata().is_ok() {
        finish(output)?;
    }
    for leftover in [output.staging(), output.aside()] {
        if leftover.symlink_metadata().is_ok() {
            clear(&leftover, output)?;
        }
    }
    Ok(())
}

/// Clears a generation of ours that is out of its place. Whatever in it is not ours goes to the output first.
fn clear(dir: &Path, output: &Output) -> Result<()> {
    let manifest = Manifest::read(dir)?;
    let Some(manifest) = manifest else {
        // Killed between making the folder and marking it: then it is empty, or it is not ours.
        let cleared = fs::remove_dir(dir).or_else(|_| only_unmarked(dir));
        return cleared.with_context(|| format!("{} is in the way and not ours: move it away", dir.display()));
    };
    if manifest.is_finished() {
        for (path, kind) in foreign(dir, &manifest)? {
            let (from, to) = (dir.join(&path), output.path.join(&path));
            if path.as_os_str() == format!("{NAME}.new").as_str() || kind.is_dir() && fs::create_dir_all(&to).is_ok() {
                continue;
            }
            if to.symlink_metadata().is_ok() {
                continue;
            }
            let moved = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(&from, &to));
            moved.with_context(|| format!("{} cannot be brought to {}", from.display(), to.display()))?;
        }
    } else if output.path.symlink_metadata().is_ok_and(|m| !m.is_dir()) {
        bail!("the output {} is not a folder", output.path.display());
    }
    remove(dir).with_context(|| format!("the old site in {} cannot be cleared", dir.display()))
}

/// A staging folder that holds nothing but a manifest half written.
fn only_unmarked(dir: &Path) -> std::io::Result<()> {
    fs::remove_file(dir.join(format!("{NAME}.new")))?;
    fs::remove_dir(dir)
}

/// Removes a folder, its manifest last: a removal that is interrupted still knows whose it was.
fn remove(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != NAME {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_file(dir.join(NAME))?;
    fs::remove_dir(dir)
}

//! Puts a site in its place without ever hurting the one that stands there.
//!
//! 1. [`guard`] refuses an output that is not ours.
//! 2. Under a lock, what a killed run left behind is finished or cleared ([`swap::recover`]).
//! 3. Every page is rendered and written into a staging folder beside the output; a page that did not change is a
//!    hard link to the file of the last generation, so that a sync copies only what changed.
//! 4. Files of others in the old output are linked over; the staging folder gets its manifest and is whole.
//! 5. One atomic exchange ([`swap`]) puts it in place; then the old generation goes.

pub mod guard;
mod manifest;
mod sheet;
mod swap;
#[cfg(test)]
mod tests;

pub use manifest::NAME as MANIFEST;

use crate::model::site::Pages;
use anyhow::{Context, Result, bail};
use guard::Output;
use manifest::{File, Manifest};
use rayon::prelude::*;
use sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What publishing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Files of the site.
    pub files: usize,
    /// Those that are new or changed.
    pub written: usize,
}

/// Publishes a site; `tick` is called once a page. On any error the old site stands untouched.
pub fn publish(pages: &dyn Pages, output: &Output, tick: &(dyn Fn() + Sync)) -> Result<Published> {
    let parent = &output.parent;
    fs::create_dir_all(parent).with_context(|| format!("the folder {} cannot be made", parent.display()))?;
    // Two runs with one output take turns. Where a file system has no locks, the exchange still keeps sites whole.
    let lock = fs::File::open(parent).with_context(|| format!("the folder {} cannot be opened", parent.display()))?;
    _ = lock.lock();
    swap::recover(output)?;
    guard::check_again(output)?;
    let staging = Staging::new(output)?;
    let result = staging.fill(pages, tick);
    match result {
        Ok(published) => {
            swap::put_in_place(output, swap::can_exchange())?;
            Ok(published)
        }
        Err(error) => {
            // The run has failed already; what cannot be cleared now, the next run clears.
            _ = fs::remove_dir_all(&staging.dir);
            Err(error)
        }
    }
}

/// The folder a generation is made in.
struct Staging<'o> {
    output: &'o Output,
    dir: PathBuf,
    /// What stood in the output before.
    last: Manifest,
}

impl<'o> Staging<'o> {
    fn new(output: &'o Output) -> Result<Self> {
        let dir = output.staging();
        fs::create_dir(&dir).with_context(|| format!("the staging folder {} cannot be made", dir.display()))?;
        Manifest::unfinished().write(&dir)?;
        let last = Manifest::read(&output.path)?.unwrap_or_default();
        Ok(Self { output, dir, last })
    }

    fn fill(&self, pages: &dyn Pages, tick: &(dyn Fn() + Sync)) -> Result<Published> {
        let entries = pages.entries();
        let mut folders = BTreeSet::new();
        for entry in entries {
            if !is_safe(&entry.path) {
                bail!("the site has an entry at `{}`, which is no path below it: please report this", entry.path);
            }
            folders.extend(Path::new(&entry.path).parent());
        }
        for folder in folders {
            make_folder(&self.dir.join(folder))?;
        }
        let mut files: Vec<(File, bool)> = entries
            .par_iter()
            .enumerate()
            .map(|(at, _)| {
                let written = self.put(pages, at);
                tick();
                written
            })
            .collect::<Result<_>>()?;
        let written = files.iter().filter(|(_, fresh)| *fresh).count();
        files.extend(self.keep_assets(&files)?.into_iter().map(|file| (file, false)));
        files.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let manifest = Manifest::of(files.into_iter().map(|(file, _)| file).collect());
        self.bring_foreign(&manifest)?;
        manifest.write(&self.dir)?;
        Ok(Published { files: entries.len(), written })
    }

    /// Writes one file, or links the last generation's where it holds the same bytes. Says whether it was written.
    fn put(&self, pages: &dyn Pages, at: usize) -> Result<(File, bool)> {
        let path = &pages.entries()[at].path;
        let (old, new) = (self.output.path.join(path), self.dir.join(path));
        let context = || format!("{} cannot be written", new.display());
        let mut sheet = Sheet::new(&new);
        pages.write(at, &mut sheet).with_context(context)?;
        let file = File { path: path.clone(), blake3: sheet.hash(), size: sheet.size(), kept: false };
        let known = self.last.get(path).is_some_and(|last| last.blake3 == file.blake3);
        // The manifest says what we wrote; only the disk says whether somebody changed it since.
        let same = known && is_plain(&old) && sheet.is_in(&old);
        if same {
            sheet.discard().with_context(context)?;
            link_or_copy(&old, &new)?;
        } else {
            sheet.finish().with_context(context)?;
        }
        Ok((file, !same))
    }

    /// Links the last generation's hashed assets: a page somebody has open keeps its style for one generation more.
    fn keep_assets(&self, files: &[(File, bool)]) -> Result<Vec<File>> {
        let new: BTreeSet<&str> = files.iter().map(|(file, _)| file.path.as_str()).collect();
        let mut kept = Vec::new();
        for file in self.last.files.iter().filter(|f| !f.kept && is_hashed_asset(&f.path)) {
            let (from, to) = (self.output.path.join(&file.path), self.dir.join(&file.path));
            if new.contains(file.path.as_str()) || !is_plain(&from) {
                continue;
            }
            to.parent().map_or(Ok(()), make_folder)?;
            link_or_copy(&from, &to)?;
            kept.push(File { kept: true, ..file.clone() });
        }
        Ok(kept)
    }

    /// Links what others put into the output: it is never touched, and never gone.
    fn bring_foreign(&self, manifest: &Manifest) -> Result<()> {
        for (path, kind) in foreign(&self.output.path, &self.last)? {
            let (from, to) = (self.output.path.join(&path), self.dir.join(&path));
            if kind.is_dir() {
                make_folder(&to)?;
            } else if to.symlink_metadata().is_ok() {
                let owner =
                    if manifest.get(&path.to_string_lossy()).is_some() { "a page of the site" } else { "a folder" };
                bail!("{} is not ours, and {owner} belongs at its place: move it away", from.display());
            } else {
                link_or_copy(&from, &to)?;
            }
        }
        Ok(())
    }
}

/// Everything in a folder that a manifest does not list, with its kind, folders before what is in them.
fn foreign(dir: &Path, manifest: &Manifest) -> Result<BTreeMap<PathBuf, fs::FileType>> {
    let mut found = BTreeMap::new();
    if dir.symlink_metadata().is_err() {
        return Ok(found);
    }
    let ours = manifest.folders();
    for entry in walkdir::WalkDir::new(dir).min_depth(1) {
        let entry = entry.with_context(|| format!("{} cannot be listed", dir.display()))?;
        let path = entry.path().strip_prefix(dir).unwrap_or(entry.path());
        let (name, kind) = (path.to_string_lossy(), entry.file_type());
        let known =
            if kind.is_dir() { ours.contains(&*name) } else { name == MANIFEST || manifest.get(&name).is_some() };
        if !known {
            found.insert(path.to_owned(), kind);
        }
    }
    Ok(found)
}

fn make_folder(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("the folder {} cannot be made", dir.display()))
}

fn link_or_copy(from: &Path, to: &Path) -> Result<()> {
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to).with_context(|| format!("{} cannot be kept", from.display()))?;
    }
    Ok(())
}

fn is_plain(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|m| m.is_file())
}

/// Whether a path stays below the site's root, on every system.
fn is_safe(path: &str) -> bool {
    let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains(['\\', '\0']);
    !path.split('/').any(bad) && path != MANIFEST
}

/// Whether an asset's name holds a hash of its content, so that both generations may stand side by side.
fn is_hashed_asset(path: &str) -> bool {
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    path.starts_with("assets/") && path.rsplit('/').next().is_some_and(|name| name.split(['.', '-']).any(is_hash))
}

//! The organisation's own registries: files the configuration names, in a repository or beside the configuration.

use super::places::Place;
use super::{Harvest, TOO_LARGE, UNREADABLE};
use crate::model::config::Config;
use crate::model::diagnostic::Location;
use crate::model::source::{Origin, RawFile};
use anyhow::{Result, bail};
use globset::GlobBuilder;
use std::path::{Path, PathBuf};

/// Reads every registry. A file inside a collected repository keeps its place there, so that pages can lead to it.
pub fn collect(harvest: &mut Harvest, places: &[Place], config: &Config, base: &Path) -> Result<()> {
    for (at, registry) in config.registries.iter().enumerate() {
        for path in files(&registry.path, base)? {
            let origin = origin(harvest, places, &path);
            // A registry that looks like a file of another format, or that two tables name, is read once.
            let same = |file: &RawFile| file.origin == origin;
            if harvest.registries.iter().any(|(file, _)| same(file)) {
                continue;
            }
            if let Some(known) = harvest.collected.files.iter().position(same) {
                harvest.registries.push((harvest.collected.files.remove(known), at));
                continue;
            }
            harvest.tally.discovered += 1;
            let size = path.metadata().map_or(0, |m| m.len());
            if size > config.max_bytes {
                let message =
                    format!("this registry has {size} bytes, more than the {} that are read", config.max_bytes);
                let help = "split it, or raise `max-document-size` in the configuration";
                harvest.tally.failed += 1;
                harvest.found.push(TOO_LARGE.says(message, Some(Location::file(origin)), help));
                continue;
            }
            match std::fs::read(&path) {
                Ok(bytes) => {
                    harvest.tally.read += 1;
                    harvest.registries.push((RawFile { origin, bytes }, at));
                }
                Err(error) => {
                    harvest.tally.failed += 1;
                    let message = format!("this registry cannot be read: {error}");
                    let help = "give the reader permission, or correct `path` in its [[registry]]";
                    harvest.found.push(UNREADABLE.says(message, Some(Location::file(origin)), help));
                }
            }
        }
    }
    Ok(())
}

/// The files a path or glob means, sorted; none at all is a mistake.
pub fn files(pattern: &str, base: &Path) -> Result<Vec<PathBuf>> {
    let whole = base.join(pattern);
    let is_glob = |part: &str| part.contains(['*', '?', '[', '{']);
    if !is_glob(pattern) {
        if !whole.is_file() {
            bail!("the registry {} is not there, or is no file", whole.display());
        }
        return Ok(vec![whole]);
    }
    let root: PathBuf = whole.iter().take_while(|part| !is_glob(&part.to_string_lossy())).collect();
    let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
    let inside: PathBuf = whole.iter().skip_while(|part| !is_glob(&part.to_string_lossy())).collect();
    let glob = match GlobBuilder::new(&inside.to_string_lossy()).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => bail!("the registry `{pattern}` is no glob: {error}"),
    };
    let depth = if pattern.contains("**") { usize::MAX } else { inside.iter().count() };
    let walk = walkdir::WalkDir::new(&root)
        .min_depth(1)
        .max_depth(depth)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    let fits = |path: &Path| path.strip_prefix(&root).is_ok_and(|inside| glob.is_match(inside));
    let found: Vec<PathBuf> =
        walk.filter(|e| e.file_type().is_file()).map(|e| e.into_path()).filter(|path| fits(path)).collect();
    if found.is_empty() {
        bail!("no file matches the registry `{pattern}` (looked in {})", root.display());
    }
    Ok(found)
}

/// Where a registry stands: in the repository that holds it, else beside the configuration.
fn origin(harvest: &Harvest, places: &[Place], path: &Path) -> Origin {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inside = |place: &Place| Some(whole.strip_prefix(&place.dir).ok()?.to_str()?.replace('\\', "/"));
    let home = places
        .iter()
        .filter_map(|place| Some((place, inside(place)?)))
        .max_by_key(|(place, _)| place.dir.as_os_str().len());
    match home {
        Some((place, inside)) => {
            let source = harvest.collected.sources.iter().find(|s| *s.name == place.name);
            Origin {
                repo: place.name.as_str().into(),
                commit: source.and_then(|s| s.commit.clone()),
                path: inside.as_str().into(),
            }
        }
        None => Origin::of_ours(&path.to_string_lossy()),
    }
}

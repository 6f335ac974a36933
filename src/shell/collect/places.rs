//! Which folders are repositories: globs spread out, names made unique.

use crate::configure::BAD_VALUE;
use crate::model::config::SourceConfig;
use crate::model::diagnostic::Diagnostic;
use crate::model::text::harmless;
use crate::shell::publish::MANIFEST;
use crate::shell::terminal::Stopped;
use anyhow::{Context, Result, bail};
use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// A folder that is one repository.
#[derive(Clone, Debug)]
pub struct Place {
    /// The repository's name, unique among the places of a run.
    pub name: String,
    /// The folder, links in its own path resolved.
    pub dir: PathBuf,
    /// Only documents that match, where there is any glob.
    pub include: Option<GlobSet>,
    /// No files that match.
    pub exclude: GlobSet,
    /// Its address on a code host, as configured.
    pub web: Option<String>,
    named: bool,
}

/// Finds the folders of all sources, sorted by name.
pub fn find(sources: &[SourceConfig], base: &Path) -> Result<Vec<Place>> {
    let mut places: Vec<Place> = Vec::new();
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut misplaced: Vec<Diagnostic> = Vec::new();
    for source in sources {
        let dirs = match folders(source, base) {
            Ok(dirs) => dirs,
            Err(error) => {
                match &source.place {
                    Some(place) => {
                        let help = "paths are relative to the configuration; correct it, or remove the source";
                        misplaced.push(BAD_VALUE.says(format!("{error:#}"), Some(place.clone()), help));
                    }
                    None => wrong.push(format!("{error:#}")),
                }
                continue;
            }
        };
        let several = dirs.len() > 1;
        if several && source.name.is_some() {
            bail!("the source `{}` is {} folders and has one `name`: leave the name out", source.path, dirs.len());
        }
        if several && source.web.as_ref().is_some_and(|web| !web.contains("{name}")) {
            let help = "write `{name}` where the repository's name belongs";
            bail!("the source `{}` is {} folders and has one `web` address: {help}", source.path, dirs.len());
        }
        for dir in dirs {
            if !seen.insert(dir.clone()) {
                continue;
            }
            let name = source.name.clone().unwrap_or_else(|| last_part(&dir));
            if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') && source.name.is_some() {
                bail!("`{name}` cannot be the name of a source: write a plain word, without `/`");
            }
            places.push(Place {
                include: (!source.include.is_empty()).then(|| globs(&source.include)).transpose()?,
                exclude: globs(&source.exclude)?,
                web: source.web.as_ref().map(|web| web.replace("{name}", &name)),
                named: source.name.is_some(),
                name,
                dir,
            });
        }
    }
    if !misplaced.is_empty() {
        bail!(Stopped(misplaced));
    }
    if !wrong.is_empty() {
        // All of them: who mends one wants to know of the next.
        bail!("{}", wrong.join("; "));
    }
    tell_apart(&mut places)?;
    places.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(places)
}

fn last_part(dir: &Path) -> String {
    dir.file_name().map_or_else(|| "root".to_owned(), |name| harmless(&name.to_string_lossy()).into_owned())
}

/// Puts the parent's name before names that clash.
fn tell_apart(places: &mut [Place]) -> Result<()> {
    let count = |places: &[Place]| {
        let mut count: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for place in places {
            count.entry(place.name.clone()).or_default().push(place.dir.clone());
        }
        count
    };
    let clashing = count(places);
    for place in places.iter_mut().filter(|place| !place.named && clashing[&place.name].len() > 1) {
        if let Some(parent) = place.dir.parent().and_then(Path::file_name) {
            place.name = format!("{}-{}", parent.to_string_lossy(), place.name);
        }
    }
    if let Some((name, dirs)) = count(places).into_iter().find(|(_, dirs)| dirs.len() > 1) {
        let dirs: Vec<String> = dirs.iter().map(|dir| dir.display().to_string()).collect();
        bail!("{} would all be called `{name}`: give each its own `name` in the configuration", dirs.join(", "));
    }
    Ok(())
}

fn is_plain(source: &SourceConfig) -> bool {
    source.literal || !source.path.contains(['*', '?', '[', '{'])
}

/// The folder in which a source's folders come and go: the fixed part of a glob, or what holds a plain folder.
pub fn root(source: &SourceConfig, base: &Path) -> PathBuf {
    let whole = base.join(&source.path);
    let root: PathBuf = match is_plain(source) {
        true => whole.parent().unwrap_or(&whole).to_owned(),
        false => whole.iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '[', '{'])).collect(),
    };
    if root.as_os_str().is_empty() { PathBuf::from(".") } else { root }
}

/// The folders a source means.
fn folders(source: &SourceConfig, base: &Path) -> Result<Vec<PathBuf>> {
    let whole = base.join(&source.path);
    let resolved = |dir: &Path| dir.canonicalize().with_context(|| format!("{} cannot be read", dir.display()));
    if is_plain(source) {
        if !whole.exists() {
            bail!("the source folder {} does not exist", whole.display());
        }
        if !whole.is_dir() {
            bail!("the source {} is not a folder", whole.display());
        }
        return Ok(vec![resolved(&whole)?]);
    }
    let root = root(source, base);
    let pattern = whole.strip_prefix(&root).unwrap_or(&whole);
    let pattern = pattern.to_string_lossy();
    let depth = if pattern.contains("**") { usize::MAX } else { pattern.split('/').count() };
    let glob = glob(&pattern)?;
    let shown = |name: &std::ffi::OsStr| !name.to_string_lossy().starts_with('.') || pattern.starts_with('.');
    let mut dirs = Vec::new();
    // Links are followed here and nowhere else: whoever writes the configuration put them there.
    let walk = walkdir::WalkDir::new(&root).min_depth(1).max_depth(depth).follow_links(true).sort_by_file_name();
    // A site of ours that was built here is no repository.
    let entered = |e: &walkdir::DirEntry| shown(e.file_name()) && !e.path().join(MANIFEST).exists();
    for entry in walk.into_iter().filter_entry(|e| e.depth() == 0 || e.file_type().is_dir() && entered(e)) {
        let Ok(entry) = entry else { continue };
        let inside = entry.path().strip_prefix(&root).unwrap_or(entry.path());
        if glob.is_match(inside) {
            dirs.push(resolved(entry.path())?);
        }
    }
    if dirs.is_empty() {
        bail!("no folder matches the source `{}` (looked in {})", source.path, root.display());
    }
    Ok(dirs)
}

fn glob(pattern: &str) -> Result<GlobMatcher> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    Ok(glob.with_context(|| format!("`{pattern}` is no glob"))?.compile_matcher())
}

/// Globs for paths inside a repository; one without `/` speaks of files wherever they stand.
fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let anywhere = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
        let glob = GlobBuilder::new(anywhere.trim_start_matches('/')).literal_separator(true).build();
        set.add(glob.with_context(|| format!("`{pattern}` is no glob"))?);
    }
    Ok(set.build()?)
}

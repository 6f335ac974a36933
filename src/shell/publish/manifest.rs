//! The manifest: which files of an output folder are ours, and what they hold.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// The manifest's name. It marks a folder as ours.
pub const NAME: &str = ".opsbook-manifest.json";

/// The files of one generation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    schema: u32,
    /// Hash of the list of files; the same site has the same generation. Empty while a generation is being made.
    pub generation: String,
    /// Sorted by path.
    pub files: Vec<File>,
}

/// A file of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    pub blake3: String,
    pub size: u64,
    /// Whether it is of the generation before and stays for pages that are still open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
}

impl Manifest {
    /// What marks a folder in which a generation is being made.
    pub fn unfinished() -> Self {
        Self { schema: 1, ..Self::default() }
    }

    /// The manifest of a whole generation; `files` come sorted.
    pub fn of(files: Vec<File>) -> Self {
        let mut hash = blake3::Hasher::new();
        for file in &files {
            hash.update(format!("{}\0{}\0{}\n", file.path, file.blake3, file.kept).as_bytes());
        }
        Self { schema: 1, generation: hash.finalize().to_hex().to_string(), files }
    }

    pub fn is_finished(&self) -> bool {
        !self.generation.is_empty()
    }

    /// The manifest of a folder; `None` where it has none.
    pub fn read(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join(NAME);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let manifest: Self = serde_json::from_slice(&text)
            .with_context(|| format!("{} is no manifest of ours: move its folder away", path.display()))?;
        if let Some(file) = manifest.files.iter().find(|file| !super::is_safe(&file.path)) {
            bail!("{} lists `{}`, which is no file of ours: move its folder away", path.display(), file.path);
        }
        if manifest.schema != 1 {
            bail!("{} was written by another version of opsbook: move its folder away", path.display());
        }
        Ok(Some(manifest))
    }

    /// Puts the manifest into a folder, in one step.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let (path, fresh) = (dir.join(NAME), dir.join(format!("{NAME}.new")));
        let text = serde_json::to_vec(self).context("the manifest cannot be written as JSON")?;
        let put = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &path));
        put.with_context(|| format!("{} cannot be written", path.display()))
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// The folders its files stand in.
    pub fn folders(&self) -> BTreeSet<&str> {
        let mut folders = BTreeSet::new();
        for file in &self.files {
            folders.extend(file.path.match_indices('/').map(|(at, _)| &file.path[..at]));
        }
        folders
    }
}

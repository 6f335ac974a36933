//! The theme of the organisation: files that replace ours of the same name when pages are rendered.

use crate::model::site::Theme;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The files of a theme folder; none where no folder is set.
pub fn load(folder: Option<&Path>) -> Result<Theme> {
    let mut theme = Theme::default();
    let Some(folder) = folder else { return Ok(theme) };
    if !folder.is_dir() {
        bail!("the theme folder {} does not exist: mend `theme` in the configuration", folder.display());
    }
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("the theme folder {} cannot be read", folder.display()))?;
        // Links are not followed: a theme is the files in its folder.
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let inside = path.strip_prefix(folder).unwrap_or(path);
        let Some(name) = inside.to_str() else { bail!("the theme file {} has no readable name", path.display()) };
        let bytes = std::fs::read(path).with_context(|| format!("the theme file {} cannot be read", path.display()))?;
        theme.files.insert(name.replace('\\', "/"), bytes);
    }
    Ok(theme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_on_top_file_by_file_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("css")).unwrap();
        std::fs::write(dir.path().join("css/house.css"), "body {}").unwrap();
        std::os::unix::fs::symlink("/etc", dir.path().join("etc")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", dir.path().join("css/site.css")).unwrap();
        let (ours, theirs) = (load(None).unwrap(), load(Some(dir.path())).unwrap());
        assert_eq!(theirs.files["css/house.css"], b"body {}");
        assert_eq!(theirs.files.len(), ours.files.len() + 1);
        assert_eq!(theirs.files.get("css/site.css"), ours.files.get("css/site.css"));
        assert!(load(Some(&dir.path().join("gone"))).is_err());
    }
}

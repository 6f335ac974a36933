//! What every page says about itself, whatever stands on it.

use std::borrow::Cow;

/// What every page says about itself.
pub struct Frame {
    /// The way up to the site's root: `../` for each folder.
    pub(super) root: Cow<'static, str>,
    pub(super) title: String,
    /// Which entry of the navigation it belongs to.
    pub(super) nav: &'static str,
    /// Title and address of the pages above.
    pub(super) crumbs: Vec<(&'static str, &'static str)>,
}

impl Frame {
    pub(super) fn at(path: &str, title: impl Into<String>, nav: &'static str) -> Self {
        let root = "../".repeat(path.matches('/').count()).into();
        Self { root, title: title.into(), nav, crumbs: Vec::new() }
    }

    pub(super) fn below(mut self, title: &'static str, address: &'static str) -> Self {
        self.crumbs.push((title, address));
        self
    }
}

//! A site: an ordered list of paths and a pure function from a path to its bytes.

use std::collections::BTreeMap;
use std::io::{self, Write};

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path below the site's root, `/` between its parts, never absolute, never with `..`.
    pub path: String,
    /// Anchors other pages may link to.
    pub anchors: Vec<String>,
}

/// Renders one entry; the same entry gives the same bytes every time.
pub trait Pages: Sync {
    /// Entries, sorted by path.
    fn entries(&self) -> &[Entry];

    /// The bytes at a path; `None` where the site has no such path.
    fn page(&self, path: &str) -> Option<Vec<u8>>;

    /// The files of one entry's place in `entries`, for publishing all in turn.
    fn render(&self, at: usize) -> Vec<u8> {
        self.page(&self.entries()[at].path).unwrap_or_default()
    }

    /// Writes the bytes of one entry, in pieces where they are too many to hold at once.
    fn write(&self, at: usize, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(&self.render(at))
    }
}

/// A theme: file name to its text or bytes, ours first, the user's on top file by file.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Files by path (`templates/page.html`, `css/site.css`).
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The media type of a path, by its ending.
pub fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

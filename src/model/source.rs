//! Where texts come from: sources, origins, files as collected and as decoded.

use crate::model::text::{LineIndex, Span, SpanMap, harmless};
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// Which file of which repository at which commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The repository's name as the site shows it; empty for files of ours (configuration, theme).
    pub repo: Arc<str>,
    /// Full commit id where the repository is the top of a git work tree.
    pub commit: Option<Arc<str>>,
    /// Path inside the repository, `/` between its parts.
    pub path: Arc<str>,
}

impl Origin {
    /// A file that belongs to no collected repository, such as the configuration.
    pub fn of_ours(path: &str) -> Self {
        Self { repo: "".into(), commit: None, path: path.into() }
    }

    /// `repo/path` as people read it, or the path alone for files of ours; a name holds nothing that a reader obeys.
    pub fn label(&self) -> String {
        let path = self.shown();
        if self.repo.is_empty() { path.into_owned() } else { format!("{}/{path}", harmless(&self.repo)) }
    }

    /// The path as people read it.
    pub fn shown(&self) -> Cow<'_, str> {
        harmless(&self.path)
    }

    /// The file's name without its folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// How a source was read this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// Read just now.
    Fresh,
    /// Could not be read now; the last good copy stands in.
    Stale,
    /// We may not read it.
    Denied,
    /// It is not there any more.
    Gone,
    /// It was read and refused (unsafe paths, too large).
    Rejected,
}

/// One repository as collected.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name: unique among the sources of a run.
    pub name: Arc<str>,
    /// How reading it went.
    pub state: SourceState,
    /// Commit read, where it is the top of a git work tree.
    pub commit: Option<Arc<str>>,
    /// When that commit was made, `YYYY-MM-DD`; nothing for plain folders.
    pub as_of: Option<jiff::civil::Date>,
    /// `https://host/owner/repo` where the host is known; view and edit links are built on it, never invented.
    pub web: Option<WebHost>,
    /// Why it is not fresh, in one line.
    pub reason: Option<String>,
    /// Pictures its documents name, sorted by path; none larger than is read.
    pub pictures: Vec<Picture>,
}

/// A picture as collected. What it is, its bytes tell: its name is as hostile as any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its path inside the repository.
    pub path: Arc<str>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// A repository's address on a code host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebHost {
    /// `https://github.com/owner/repo`, without a trailing slash.
    pub base: String,
    /// The branch edit links open.
    pub branch: String,
    /// How the host spells its links.
    pub style: HostStyle,
}

/// The link shapes of the known hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostStyle {
    /// `/blob/<ref>/<path>#L12`, `/edit/<branch>/<path>#L12`.
    GitHub,
    /// `/-/blob/<ref>/<path>#L12`, `/-/edit/<branch>/<path>#L12`.
    GitLab,
}

impl WebHost {
    /// The address of a line as it was at a commit (or on the branch, where no commit is known).
    pub fn view(&self, commit: Option<&str>, path: &str, line: u32) -> String {
        let at = commit.unwrap_or(&self.branch);
        let infix = if self.style == HostStyle::GitLab { "/-" } else { "" };
        format!("{}{infix}/blob/{at}/{}#L{line}", self.base, encode_path(path))
    }

    /// The address at which somebody can write a new issue.
    pub fn new_issue(&self) -> String {
        let infix = if self.style == HostStyle::GitLab { "/-" } else { "" };
        format!("{}{infix}/issues/new", self.base)
    }

    /// The address at which somebody can edit a line.
    pub fn edit(&self, path: &str, line: u32) -> String {
        let infix = if self.style == HostStyle::GitLab { "/-" } else { "" };
        format!("{}{infix}/edit/{}/{}#L{line}", self.base, self.branch, encode_path(path))
    }
}

/// Percent-encodes a path for a URL, `/` kept.
pub fn encode_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A file as collected, nothing done to it yet.
#[derive(Clone, Debug)]
pub struct RawFile {
    /// Where it comes from.
    pub origin: Origin,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file decoded and with its credentials replaced: all that later phases read.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Where it comes from.
    pub origin: Origin,
    /// The text; its lines keep the numbers they have in the file as collected.
    pub text: Arc<str>,
    /// From offsets of `text` back to byte offsets of the file as collected.
    pub map: SpanMap,
    /// Line starts of `text`.
    pub lines: LineIndex,
    /// What was replaced: where in `text`, and the kind of credential.
    pub redacted: Vec<(Span, &'static str)>,
    /// blake3 of the bytes as collected: what tells whether a file changed.
    pub hash: [u8; 32],
}

/// Everything the shell brought home.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Repositories, sorted by name.
    pub sources: Vec<Source>,
    /// Files, sorted by repository and path.
    pub files: Vec<RawFile>,
}

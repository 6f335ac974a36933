//! Pictures of a repository that its documents name: nothing else of what lies there is read, and nothing large.

use crate::model::source::{Origin, Picture, RawFile};
use crate::pipeline;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Endings of files that may be pictures; whether one is, its bytes tell.
pub const ENDINGS: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "svg"];

/// A larger picture is not read: nobody waits for it at night.
const LARGEST: u64 = 2 << 20;
/// More than this is not held of one repository.
const ALL: usize = 32 << 20;

/// Those of a repository's images that its files name, sorted by path.
pub fn of(dir: &Path, mut images: Vec<String>, files: &[RawFile]) -> Vec<Picture> {
    if images.is_empty() {
        return Vec::new();
    }
    let named: BTreeSet<String> = files.iter().flat_map(|file| names(&file.bytes)).collect();
    images.sort();
    let mut left = ALL;
    let wanted = images.into_iter().filter(|path| named.contains(&folded(path.rsplit('/').next().unwrap_or(path))));
    let read = |path: String| {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(dir.join(&path)).ok()?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
        let fits = bytes.len() as u64 <= LARGEST && bytes.len() <= left && !is_telling(&path, &bytes);
        left -= if fits { bytes.len() } else { 0 };
        fits.then(|| Picture { path: path.into(), bytes: bytes.into() })
    };
    wanted.filter_map(read).collect()
}

/// Whether it is a drawing, which is text, with a credential in it.
fn is_telling(path: &str, bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    text.starts_with(b"<")
        && pipeline::holds_credential(RawFile { origin: Origin::of_ours(path), bytes: bytes.to_vec() })
}

/// Names a text has for files with an ending of a picture; where it has spaces, also what follows the last of them.
fn names(text: &[u8]) -> impl Iterator<Item = String> {
    let found = memchr::memchr_iter(b'.', text).filter_map(|dot| {
        let rest = &text[dot + 1..];
        let ending = &rest[..rest.iter().take(5).take_while(|b| b.is_ascii_alphanumeric()).count()];
        if !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes())) {
            return None;
        }
        let before = &text[dot.saturating_sub(200)..dot];
        let stops = |byte: &u8| matches!(byte, b'/' | b'\\' | b'(' | b'<' | b'"' | b'\'' | b'=' | b'\n');
        let name = &before[before.iter().rposition(stops).map_or(0, |at| at + 1)..];
        let last = name.rsplit(u8::is_ascii_whitespace).next().unwrap_or(name);
        let whole = |name: &[u8]| folded(&String::from_utf8_lossy(&[name, ending].concat()));
        Some([whole(name), whole(last)])
    });
    found.flatten()
}

/// A name without what addresses spell in more than one way: its ASCII letters and digits, nothing encoded.
fn folded(name: &str) -> String {
    let mut parts = name.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| out.extend(part.chars().skip(2)));
    out.retain(|c| c.is_ascii_alphanumeric());
    out.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{folded, is_telling, names};

    #[test]
    fn a_drawing_with_a_credential_is_not_read() {
        let drawing = |text: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><text>{text}</text></svg>");
        assert!(is_telling("a.svg", drawing("postgres://till:hunter2-Kx81@db.example.org/till").as_bytes()));
        assert!(!is_telling("a.svg", drawing("the till and its database").as_bytes()));
        assert!(!is_telling("a.png", b"\x89PNG\r\n\x1a\n"));
    }

    #[test]
    fn pictures_are_found_however_they_are_named() {
        let text = "![a](docs/My%20plan.PNG) <img src=\"b.svg\"> [c]: c.jpeg\nv1.2 not.pngx\n.. image:: d-1.gif";
        let found: Vec<_> = names(text.as_bytes()).collect();
        for name in ["My plan.png", "b.svg", "c.jpeg", "d-1.gif"] {
            assert!(found.contains(&folded(name)), "{name}: {found:?}");
        }
        assert_eq!(found.len(), 8);
    }
}

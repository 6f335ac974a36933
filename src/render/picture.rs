//! Pictures of a repository: what one is, its bytes tell; where it stands on the site, their hash.

use crate::model::catalog::Catalog;
use crate::model::site::media_type;
use crate::model::source::{Origin, Picture};

/// A larger drawing is a link: it would stand in the page itself.
const LARGEST_DRAWING: usize = 128 << 10;

/// The picture at a path of a repository.
pub fn at<'a>(catalog: &'a Catalog, from: &Origin, path: &str) -> Option<&'a Picture> {
    let pictures = &catalog.source(&from.repo)?.pictures;
    Some(&pictures[pictures.binary_search_by(|p| (*p.path).cmp(path)).ok()?])
}

/// Its path below the site's root, where it is a picture that can do nothing but be looked at.
pub fn path(picture: &Picture) -> Option<String> {
    let ending = ending(&picture.bytes)?;
    Some(format!("pictures/{}.{ending}", &blake3::hash(&picture.bytes).to_hex()[..16]))
}

/// What stands in an image's `src`: a path below the site's root, or the drawing itself. A drawing is a document that
/// could run scripts where it is opened: it never is a file of the site, and inside an image it runs nothing.
pub fn source(picture: &Picture) -> Option<String> {
    let drawing = || is_drawing(&picture.bytes) && picture.bytes.len() <= LARGEST_DRAWING;
    path(picture).or_else(|| drawing().then(|| embedded("x.svg", &picture.bytes)))
}

/// A picture's bytes as an address of their own.
pub fn embedded(path: &str, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = format!("data:{};base64,", media_type(path));
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= three.len() as u32 { digit as char } else { '=' });
        }
    }
    out
}

/// The ending of a picture made of points.
fn ending(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        _ => None,
    }
}

fn is_drawing(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = &text[..text.len().min(2048)];
    text.starts_with(b"<")
        && head.windows(4).any(|w| w == b"<svg")
        && !head.windows(5).any(|w| w.eq_ignore_ascii_case(b"<html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(bytes: &[u8]) -> Picture {
        Picture { path: "a.png".into(), bytes: bytes.into() }
    }

    #[test]
    fn bytes_tell_what_a_picture_is_and_names_do_not() {
        assert!(path(&picture(b"\x89PNG\r\n\x1a\nrest")).unwrap().ends_with(".png"));
        for other in [&b"<html><script>alert(1)</script>"[..], b"", b"\x89PNG", b"<svg xmlns='x'/>", b"GIF8"] {
            assert_eq!(path(&picture(other)), None, "{other:?}");
        }
        assert_eq!(source(&picture(b"<html><svg/></html>")), None);
        assert_eq!(source(&picture(b"<svg/>")).as_deref(), Some("data:image/svg+xml;base64,PHN2Zy8+"));
        assert_eq!(source(&picture(&[&b"<svg>"[..], &[b' '; LARGEST_DRAWING]].concat())), None);
    }

    #[test]
    fn addresses_hold_the_bytes_as_others_read_them() {
        for (bytes, digits) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(embedded("x.gif", bytes.as_bytes()), format!("data:image/gif;base64,{digits}"));
        }
    }
}

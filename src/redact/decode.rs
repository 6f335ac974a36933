//! Bytes to characters: UTF-8, UTF-16 and Windows-1252 are read; pictures, archives and the like are not.

use crate::model::text::SpanMap;
use std::sync::LazyLock;

/// A file as text.
pub struct Decoded {
    /// Its characters.
    pub text: String,
    /// From the text back to the bytes.
    pub map: SpanMap,
    /// What it is encoded in, unless that is UTF-8.
    pub encoding: Option<&'static str>,
}

/// How files begin that are named like documents and are none.
const MAGIC: [(&[u8], &str); 11] = [
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x1f\x8b", "compressed data"),
    (b"BZh", "compressed data"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x7fELF", "a program"),
    (b"wOF", "a font"),
];

/// Reads bytes as text, or says what they are instead.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, &'static str> {
    if let Some((big, skip)) = utf16(&bytes) {
        return Ok(of_utf16(&bytes, big, skip));
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(what);
    }
    let nuls = memchr::memchr_iter(0, &bytes).count();
    let odd = bytes.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    if nuls * 100 > bytes.len() || odd * 20 > bytes.len() {
        return Err(if nuls == bytes.len() { "a file of NUL bytes" } else { "binary data" });
    }
    match String::from_utf8(bytes) {
        Ok(text) if nuls == 0 && !text.starts_with('\u{feff}') => {
            Ok(Decoded { text, map: SpanMap::default(), encoding: None })
        }
        Ok(text) => Ok(pieces(text.as_bytes())),
        Err(error) => Ok(pieces(error.as_bytes())),
    }
}

/// UTF-8 without its mark, NULs made visible, and every byte that is no UTF-8 taken for Windows-1252.
fn pieces(bytes: &[u8]) -> Decoded {
    let skip = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut made = Decoded { text: String::with_capacity(bytes.len() + 16), map: SpanMap::default(), encoding: None };
    let mut from = skip;
    for chunk in bytes[skip..].utf8_chunks() {
        for piece in chunk.valid().split_inclusive('\0') {
            let shown = piece.trim_end_matches('\0');
            made.map.push(made.text.len(), from, shown.len());
            made.text.push_str(shown);
            if shown.len() < piece.len() {
                made.map.push(made.text.len(), from + shown.len(), 1);
                made.text.push('\u{fffd}');
            }
            from += piece.len();
        }
        for &byte in chunk.invalid() {
            made.encoding = Some("Windows-1252 (or another encoding that is not UTF-8)");
            made.map.push(made.text.len(), from, 1);
            made.text.push(WINDOWS[byte as usize]);
            from += 1;
        }
    }
    made
}

/// Whether it is UTF-16: in which order, and how many bytes its mark takes.
fn utf16(bytes: &[u8]) -> Option<(bool, usize)> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] => Some((false, 2)),
        [0xfe, 0xff, ..] => Some((true, 2)),
        _ if bytes.len() < 8 || bytes.len() % 2 == 1 => None,
        _ => {
            let sample = &bytes[..bytes.len().min(4096)];
            let zeros = |at: usize| sample[at..].iter().step_by(2).filter(|&&b| b == 0).count() * 2;
            let (even, odd) = (zeros(0), zeros(1));
            match sample.len() {
                n if odd * 10 > n * 7 && even * 10 < n => Some((false, 0)),
                n if even * 10 > n * 7 && odd * 10 < n => Some((true, 0)),
                _ => None,
            }
        }
    }
}

fn of_utf16(bytes: &[u8], big: bool, skip: usize) -> Decoded {
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    let mut text = String::with_capacity(bytes.len());
    let mut map = SpanMap::default();
    let mut from = skip;
    for c in char::decode_utf16(bytes[skip..].chunks_exact(2).map(unit)) {
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        map.push(text.len(), from, 1);
        text.push(if c == '\0' { char::REPLACEMENT_CHARACTER } else { c });
        from += c.len_utf16() * 2;
    }
    Decoded { text, map, encoding: Some(if big { "UTF-16 (big endian)" } else { "UTF-16 (little endian)" }) }
}

/// Windows-1252; bytes it leaves undefined are the control characters of Latin-1.
pub static WINDOWS: LazyLock<[char; 256]> = LazyLock::new(|| {
    let bytes: Vec<u8> = (0..=255).collect();
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    let mut table = ['\0'; 256];
    table.iter_mut().zip(text.chars()).for_each(|(slot, c)| *slot = c);
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes.to_vec()).map(|d| d.text).unwrap_or_else(|what| format!("<{what}>"))
    }

    fn wide(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn encodings() {
        assert_eq!(text("naïve".as_bytes()), "naïve");
        assert_eq!(text(b"\xef\xbb\xbfa"), "a");
        assert_eq!(text(b"na\xefve \x93quoted\x94"), "naïve “quoted”");
        assert_eq!(text("é \u{20ac}".as_bytes()), "é €");
        let mark = |big: bool| if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
        for big in [true, false] {
            assert_eq!(text(&wide("Run book: ü 😀", big)), "Run book: ü 😀");
            assert_eq!(text(&[mark(big), wide("日本", big)].concat()), "日本");
        }
    }

    #[test]
    fn binaries_are_named() {
        assert_eq!(text(&[0; 64]), "<a file of NUL bytes>");
        assert_eq!(text(b"\x89PNG\r\n\x1a\n..."), "<a PNG picture>");
        assert_eq!(text(b"PK\x03\x04rest"), "<a zip archive or an Office document>");
        assert_eq!(text(&(0..=255).collect::<Vec<u8>>()), "<binary data>");
        assert_eq!(text(&[b"one NUL".as_slice(), &[0], &[b'.'; 200]].concat()).chars().nth(7), Some('\u{fffd}'));
    }

    #[test]
    fn the_way_back_is_to_bytes() {
        let decoded = decode(b"\xe9t\xe9 x".to_vec()).unwrap();
        assert_eq!(decoded.map.back(decoded.text.find('x').unwrap() as u32), 4);
        let decoded = decode([vec![0xff, 0xfe], wide("a😀b", false)].concat()).unwrap();
        assert_eq!(decoded.map.back(decoded.text.find('b').unwrap() as u32), 8);
    }
}

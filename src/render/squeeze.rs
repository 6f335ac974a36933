//! Our own styles and scripts without comments and spare spaces: every page loads them, and phones are slow.
//!
//! Lines stay lines and names stay names, so that an error still says where it is. Only text we wrote ourselves comes here.

/// A script without indentation, comment lines, and spaces nothing needs.
pub fn script(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let before = out.last().copied().unwrap_or(b'\n');
        let end = match bytes[at] {
            b'"' | b'\'' | b'`' => quoted(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => until(bytes, at, b"\n"),
            b'/' if bytes.get(at + 1) == Some(&b'*') => until(bytes, at + 2, b"*/") + 2,
            b'/' if before != b')' && before != b']' && !is_name(before) => pattern(bytes, at),
            _ => at + 1,
        };
        match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'/' | b'*')) => {}
            (b'\n', _) => {
                out.truncate(out.trim_ascii_end().len());
                if !out.is_empty() {
                    out.push(b'\n');
                }
            }
            (b' ', next) => {
                let next = next.copied().unwrap_or(b'\n');
                // `a + +b` is no `a ++b`.
                let apart = is_name(before) && is_name(next) || before == next && matches!(next, b'+' | b'-');
                if apart {
                    out.push(b' ');
                }
            }
            _ => out.extend_from_slice(&bytes[at..end]),
        }
        at = end;
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// A sheet of styles without comments and spaces nothing needs; lines with words in quotes stay as they are.
pub fn styles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut bare = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    for line in bare.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if line.contains(['"', '\'']) {
            out.push_str(line);
        } else {
            let chars: Vec<char> = line.chars().collect();
            for (at, &c) in chars.iter().enumerate() {
                let before = at.checked_sub(1).map_or(' ', |at| chars[at]);
                let after = chars.get(at + 1).copied().unwrap_or(' ');
                let spare = c == ' ' && (matches!(before, '{' | '}' | ';' | ',' | ':') || matches!(after, '{' | '}'));
                let last = c == ';' && matches!(chars.get(at + 1..at + 3), Some([' ', '}']));
                if !spare && !last {
                    out.push(c);
                }
            }
        }
        out.push('\n');
    }
    out
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
}

fn until(bytes: &[u8], at: usize, end: &[u8]) -> usize {
    bytes[at..].windows(end.len()).position(|w| w == end).map_or(bytes.len() - end.len() + 1, |found| at + found)
}

/// Behind the string or template that begins here.
fn quoted(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'$' if bytes[start] == b'`' && bytes.get(at + 1) == Some(&b'{') => at = filled(bytes, at + 2),
            byte if byte == bytes[start] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// At the brace that ends what is filled into a template.
fn filled(bytes: &[u8], mut at: usize) -> usize {
    let mut open = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' | b'`' => at = quoted(bytes, at) - 1,
            b'{' => open += 1,
            b'}' if open == 0 => return at,
            b'}' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Behind the regular expression that begins here.
fn pattern(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut listed) = (start + 1, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => listed = true,
            b']' => listed = false,
            b'/' if !listed => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nothing_needs_goes() {
        let cases = [
            ("\"use strict\";\n// Says why.\n  const a = b + +c; // x\n", "\"use strict\";\nconst a=b+ +c;\n"),
            ("x = \"a  // b\" + 'c  d' ;", "x=\"a  // b\"+'c  d';"),
            ("s.split(/[ /]+ | \\/ /u) ; a / b / c", "s.split(/[ /]+ | \\/ /u);a/b/c"),
            ("`a  ${ b ? `  ${c}` : \" } \" }  d` + 1", "`a  ${ b ? `  ${c}` : \" } \" }  d`+1"),
            ("return typeof a in b\n\n\n  /* gone */\nlet é = 1", "return typeof a in b\nlet é=1"),
        ];
        for (text, squeezed) in cases {
            assert_eq!(script(text), squeezed);
        }
        assert_eq!(
            styles(
                "/* why */\na :is(b, c) { color: red; margin: calc(1px + 2px); }\n\nb::before { content: \", \"; }\n"
            ),
            "a :is(b,c){color:red;margin:calc(1px + 2px)}\nb::before { content: \", \"; }\n"
        );
    }
}

//! What authors say to opsbook in comments: `<!-- opsbook: verified on=2026-10-02 by=payments -->`.

use crate::model::document::Note;
use crate::model::text::Span;

/// The note in a comment, if it holds one.
pub fn read(comment: &str, span: Span) -> Option<Note> {
    let inner = comment.strip_prefix("<!--")?;
    let inner = inner.strip_suffix("-->").unwrap_or(inner).trim();
    let (name, rest) = inner.split_once(':')?;
    if !name.trim().eq_ignore_ascii_case("opsbook") {
        return None;
    }
    let (first, lines) = rest.trim_start().split_once('\n').unwrap_or((rest.trim_start(), ""));
    let mut note = Note { verb: String::new(), attributes: vec![], span, heading: None };
    pairs(first, &mut note);
    for line in lines.lines() {
        match line.split_once(':') {
            Some((key, value)) if is_key(key.trim()) && !key.contains('=') => {
                note.attributes.push((key.trim().to_owned(), unquoted(value.trim()).to_owned()));
            }
            _ => pairs(line, &mut note),
        }
    }
    Some(note)
}

/// Reads a line of `word key=value key="quoted value"`.
fn pairs(line: &str, note: &mut Note) {
    let mut rest = line.trim();
    while !rest.is_empty() {
        let word = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, behind) = rest.split_at(word);
        match behind.strip_prefix('=') {
            Some(value) => {
                let (value, behind) = value_of(value);
                note.attributes.push((key.to_owned(), value.to_owned()));
                rest = behind;
            }
            None => {
                if note.verb.is_empty() && note.attributes.is_empty() {
                    note.verb = key.to_owned();
                }
                rest = behind;
            }
        }
        rest = rest.trim_start();
    }
}

/// A value and what stands behind it.
fn value_of(text: &str) -> (&str, &str) {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\''))
        && let Some(end) = text[1..].find(quote)
    {
        return (&text[1..=end], &text[end + 2..]);
    }
    let mut end = text.find(char::is_whitespace).unwrap_or(text.len());
    // "section=pii, batch": a list goes on behind its comma.
    while text[..end].ends_with(',') && end < text.len() {
        let from = text.len() - text[end..].trim_start().len();
        let next = text[from..].find(char::is_whitespace).map_or(text.len(), |at| from + at);
        if next == from || text[from..next].contains('=') {
            break;
        }
        end = next;
    }
    text.split_at(end)
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn unquoted(text: &str) -> &str {
    ['"', '\''].into_iter().find_map(|q| text.strip_prefix(q).and_then(|t| t.strip_suffix(q))).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(comment: &str) -> Option<(String, Vec<(String, String)>)> {
        read(comment, Span::default()).map(|n| (n.verb, n.attributes))
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    #[test]
    fn a_verb_with_values() {
        let note =
            of("<!-- opsbook: accepted reason=\"small team, no standby\" until=2027-03-01 owner='pay ments' -->");
        let expected = [("reason", "small team, no standby"), ("until", "2027-03-01"), ("owner", "pay ments")];
        assert_eq!(note, Some(("accepted".into(), pairs(&expected))));
    }

    #[test]
    fn a_key_first_means_no_verb() {
        assert_eq!(of("<!--opsbook: section=power-->"), Some((String::new(), pairs(&[("section", "power")]))));
    }

    #[test]
    fn further_lines_are_whole_values() {
        let note = of("<!-- opsbook: drill on=2026-01-02\nsteps: a; b; c\nby: \"night shift\"\n-->");
        let expected = [("on", "2026-01-02"), ("steps", "a; b; c"), ("by", "night shift")];
        assert_eq!(note, Some(("drill".into(), pairs(&expected))));
    }

    #[test]
    fn other_comments_are_none() {
        assert_eq!(of("<!-- see opsbook: the tool -->"), None);
        assert_eq!(of("<!-- guidance -->"), None);
        assert_eq!(of("<!-- opsbook: x=\"never closed -->"), Some((String::new(), pairs(&[("x", "\"never")]))));
    }
}

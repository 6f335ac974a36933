//! Bare addresses in running text (`https://...`), which plain CommonMark does not link.

use crate::model::document::{Link, LinkKind};
use crate::model::text::Span;

/// Finds the addresses that stand outside of `opaque` spans (links, code, comments, HTML).
pub fn find(text: &str, body: Span, opaque: &mut [Span], links: &mut Vec<Link>) {
    let mut hits = memchr::memmem::find_iter(&text.as_bytes()[body.range()], "://").peekable();
    if hits.peek().is_none() {
        return;
    }
    opaque.sort_unstable();
    let mut next = 0;
    let mut covered = 0;
    let mut last = 0;
    for hit in hits.map(|h| h + body.start as usize) {
        while next < opaque.len() && opaque[next].start as usize <= hit {
            covered = covered.max(opaque[next].end as usize);
            next += 1;
        }
        let Some(start) = scheme(text, hit).filter(|&s| s >= last && hit >= covered) else { continue };
        let mut end = address_end(text, hit + 3);
        if let Some(span) = opaque[next..].first() {
            end = end.min(span.start as usize);
        }
        let end = hit + 3 + trimmed(&text[hit + 3..end]).len();
        if end == hit + 3 {
            continue;
        }
        last = end;
        let target = text[start..end].to_owned();
        let label = target.clone();
        links.push(Link { kind: LinkKind::Auto, target, label, span: Span::new(start, end), heading: None });
    }
}

/// Where the scheme in front of `://` begins, if it is one that browsers follow.
fn scheme(text: &str, colon: usize) -> Option<usize> {
    ["https", "http", "ftp"].into_iter().find_map(|name| {
        let start = colon.checked_sub(name.len())?;
        let fits = text.as_bytes()[start..colon].eq_ignore_ascii_case(name.as_bytes());
        let alone = start == 0 || !text.as_bytes()[start - 1].is_ascii_alphanumeric();
        (fits && alone).then_some(start)
    })
}

fn address_end(text: &str, from: usize) -> usize {
    let stop =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '|' | '`' | '"' | ']' | '{' | '}');
    text[from..].find(stop).map_or(text.len(), |at| from + at)
}

/// An address without the punctuation that belongs to the sentence around it.
fn trimmed(mut address: &str) -> &str {
    let mut open = address.matches('(').count();
    let mut closed = address.matches(')').count();
    while let Some(last) = address.chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '\\' => {}
            ')' if closed > open => closed -= 1,
            '(' => open -= 1,
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut links = vec![];
        find(text, Span::new(0, text.len()), &mut [], &mut links);
        links.into_iter().map(|l| l.target).collect()
    }

    #[test]
    fn a_sentence_keeps_its_punctuation() {
        assert_eq!(
            of("See https://a.example/x, (http://b.example/y_(z)). _https://c.example_"),
            ["https://a.example/x", "http://b.example/y_(z)", "https://c.example"]
        );
    }

    #[test]
    fn other_schemes_are_no_links() {
        assert_eq!(of("postgres://db/x xhttp://y http:// |https://z.example|"), ["https://z.example"]);
    }
}

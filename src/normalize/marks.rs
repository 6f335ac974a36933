//! What Markdown and prose leave in a line: list markers, tags, fences, the ends of sentences.

/// The language and the lines of a code block, without its fences.
pub fn fenced(text: &str) -> (&str, &str) {
    let fence = ['`', '~'];
    if !text.starts_with(fence) {
        return ("", text);
    }
    let (language, body) = text.trim_start_matches(fence).split_once('\n').unwrap_or_default();
    (language.trim(), body.trim_end().trim_end_matches(fence).trim_end())
}

/// "patronictl pause", "./run now": words of a shell, not a query, an address or a title.
pub fn is_command(code: &str) -> bool {
    let program = code.split_once(char::is_whitespace).map_or("", |(program, _)| program);
    let shell = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | '/');
    !program.is_empty() && program.chars().all(shell) && program.chars().any(char::is_alphabetic)
}

/// A line that is a label with a short value is a unit of its own ("Owner: Team Purser").
pub fn label_line(plain: &str) -> bool {
    // Asked at every line end of what stands before it: only where a label may stand is looked at.
    let at = plain.as_bytes().windows(2).take(41).position(|two| two == b": ");
    at.is_some_and(|at| plain[..at].split_whitespace().count() <= 4 && !plain[at + 2..].trim().is_empty())
}

/// Whether a line goes on with the sentence above it: it begins with a small letter and is no label.
pub fn goes_on(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
    line.starts_with(char::is_lowercase) && !line.split([',', '.', ';']).next().is_some_and(|l| l.contains(':'))
}

/// Where a line's words begin, behind its list marker, box and quote marks.
pub fn skip_markers(bytes: &[u8], mut at: usize, end: usize, item: bool) -> usize {
    let blank = |at: usize| at < end && matches!(bytes[at], b' ' | b'\t' | b'>');
    while blank(at) {
        at += 1;
    }
    if !item {
        return at;
    }
    let digits = bytes[at..end].iter().take_while(|b| b.is_ascii_digit()).count();
    if digits > 0 && digits < 10 && at + digits < end && matches!(bytes[at + digits], b'.' | b')') {
        at += digits + 1;
    } else if at < end && matches!(bytes[at], b'-' | b'*' | b'+') {
        at += 1;
    }
    while blank(at) {
        at += 1;
    }
    if at + 3 <= end && bytes[at] == b'[' && matches!(bytes[at + 1], b' ' | b'x' | b'X') && bytes[at + 2] == b']' {
        at += 3;
    }
    at
}

/// Whether a block is in italics from its first word to its last, and not in bold.
pub fn slanted(text: &str) -> bool {
    let words = text.trim_start_matches(['-', '+', '>', ' ']).trim_start_matches("* ");
    ['*', '_'].into_iter().any(|mark| {
        let inner = words.strip_prefix(mark).and_then(|w| w.trim_end().strip_suffix(mark));
        inner.is_some_and(|i| !i.is_empty() && !i.starts_with(mark) && !i.contains(mark))
    })
}

/// "(e.g. an internal API)" alone on its line: what stands on the next is somebody's own.
pub fn closed_example(plain: &str) -> bool {
    let text = plain.trim().trim_matches(['_', '*']);
    text.starts_with('(') && text.ends_with(')') && text.matches('(').count() == text.matches(')').count()
}

/// Whether a tag ends the words before it: it begins a line, or closes what they stand in.
pub fn breaks(tag: &[u8]) -> bool {
    const LINES: [&str; 6] = ["br", "p", "li", "div", "tr", "hr"];
    const CLOSED: [&str; 3] = ["summary", "td", "th"];
    let closes = tag.get(1) == Some(&b'/');
    let name = &tag[1 + usize::from(closes)..];
    let name = &name[..name.iter().take_while(|b| b.is_ascii_alphanumeric()).count()];
    let is = |t: &&str| name.eq_ignore_ascii_case(t.as_bytes());
    LINES.iter().any(is) || closes && CLOSED.iter().any(is)
}

/// The length of ":construction:", a picture by its name.
pub fn shortcode(bytes: &[u8]) -> usize {
    let name = bytes[1..].iter().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || **b == b'_').count();
    let closed = bytes.get(name + 1) == Some(&b':') && bytes.get(name + 2).is_none_or(u8::is_ascii_whitespace);
    if closed && name > 1 && bytes[1].is_ascii_lowercase() { name + 2 } else { 0 }
}

/// The letter an HTML entity stands for, and how long it is.
pub fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    const NAMES: [(&str, char); 6] =
        [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\''), ("&nbsp;", ' ')];
    NAMES.iter().find(|(name, _)| bytes.starts_with(name.as_bytes())).map(|&(name, letter)| (letter, name.len()))
}

/// Where words struck through end, markup and all: "~~old~~", "<del>old</del>".
pub fn struck(text: &str, at: usize, end: usize) -> Option<usize> {
    let cut = (at..=end.min(at + 4000)).rev().find(|&to| text.is_char_boundary(to)).unwrap_or(at);
    let rest = &text[at..cut];
    if let Some(inner) = rest.strip_prefix("~~") {
        let close = inner.find("~~").filter(|&to| to > 0 && !inner[..to].starts_with([' ', '\n', '~']))?;
        return Some(at + 2 + close + 2);
    }
    ["del", "s", "strike"].iter().find_map(|name| {
        rest.get(1..1 + name.len()).filter(|n| n.eq_ignore_ascii_case(name))?;
        rest[1 + name.len()..].strip_prefix(['>', ' '])?;
        let close = rest.to_ascii_lowercase().find(&format!("</{name}>"))?;
        Some(at + close + name.len() + 3)
    })
}

/// The length of an entity that is nothing but a blank.
pub fn blank_entity(text: &str) -> Option<usize> {
    const BLANKS: [&str; 8] = ["&nbsp;", "&#160;", "&#xa0;", "&#xA0;", "&ensp;", "&emsp;", "&thinsp;", "&#8203;"];
    BLANKS.iter().find(|b| text.starts_with(**b)).map(|b| b.len())
}

/// Where marks of emphasis stand in a block, as places of their first character: those that open, and what closes them.
///
/// Stricter than Markdown, so that what people mean as a character stays one: "*/5 * * * *", "2*3", "/*/logs", "__init__".
pub fn emphasis(text: &str, links: &[crate::model::document::Link], start: usize, end: usize) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    if memchr::memchr2(b'*', b'_', &bytes[start..end]).is_none() {
        return found;
    }
    let mut open: [Vec<usize>; 6] = Default::default();
    let mut links = links.iter().peekable();
    let mut at = start;
    while let Some(next) = memchr::memchr3(b'*', b'_', b'`', &bytes[at..end]).map(|next| at + next) {
        while links.next_if(|l| (l.span.end as usize) <= next).is_some() {}
        if let Some(link) = links.peek().filter(|l| (l.span.start as usize) <= next && l.span.end > l.span.start) {
            at = (link.span.end as usize).min(end);
            continue;
        }
        let mark = bytes[next];
        let length = bytes[next..end].iter().take_while(|&&b| b == mark).count();
        at = next + length;
        if mark == b'`' {
            let ticks = &text[next..at];
            at = text[at..end].find(ticks).map_or(at, |close| at + close + length);
            continue;
        }
        let before = text[start..next].chars().next_back();
        let after = text[at..end].chars().next();
        if length > 3 || before == Some('\\') {
            continue;
        }
        let stack = &mut open[length - 1 + if mark == b'*' { 0 } else { 3 }];
        let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let closes = !blank(before) && before != Some('/') && (!word(after) || length > 1 && mark == b'*');
        if closes && let Some(opened) = stack.pop() {
            let inner = &text[opened + length..next];
            let dunder = mark == b'_' && length == 2 && inner.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if !dunder {
                found.extend([(opened, length), (next, length)]);
            }
        } else if !blank(after) && after != Some('/') && !word(before) && before != Some('/') {
            stack.push(next);
        }
    }
    found.sort_unstable();
    found
}

/// The length of a real HTML tag; placeholders such as `<env>` are none.
pub fn html_tag(bytes: &[u8]) -> Option<usize> {
    const TAGS: [&str; 34] = [
        "br", "b", "i", "em", "strong", "p", "div", "span", "a", "u", "code", "kbd", "sup", "sub", "small", "details",
        "summary", "img", "hr", "center", "font", "table", "tr", "td", "th", "tbody", "thead", "ul", "ol", "li", "pre",
        "del", "s", "strike",
    ];
    let name = bytes.get(1..)?;
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let length = name.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let tag = std::str::from_utf8(&name[..length]).ok()?;
    if !TAGS.iter().any(|t| t.eq_ignore_ascii_case(tag)) {
        return None;
    }
    memchr::memchr(b'>', &bytes[..bytes.len().min(2000)]).map(|at| at + 1)
}

/// Where the marks that close a sentence end.
pub fn closers(bytes: &[u8], mut at: usize, end: usize) -> usize {
    while at < end && matches!(bytes[at], b'.' | b'!' | b'?' | b'*' | b'_' | b')' | b'"' | b'\'' | b'`') {
        at += 1;
    }
    at
}

/// Whether a sentence ends at a full stop, a question mark or an exclamation mark.
pub fn ends_sentence(text: &str, next: usize, end: usize, before: &str) -> bool {
    let close = closers(text.as_bytes(), next, end);
    let rest = &text[close..end];
    if rest.is_empty() {
        return true;
    }
    let Some(space) = rest.chars().next().filter(|c| c.is_whitespace()) else { return false };
    if text[..close].ends_with('?') {
        return true;
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(
        word.as_str(),
        "e.g"
            | "i.e"
            | "etc"
            | "vs"
            | "approx"
            | "no"
            | "nr"
            | "mr"
            | "mrs"
            | "ms"
            | "dr"
            | "min"
            | "max"
            | "ca"
            | "incl"
            | "st"
            | "cf"
            | "ext"
            | "tel"
    ) || word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty() && word.len() < 3 && before.trim().len() < 4
    {
        return false;
    }
    rest[space.len_utf8()..]
        .trim_start_matches(['*', '_', '"', '(', '[', '<', '\'', '>', ' ', '\n'])
        .chars()
        .next()
        .is_none_or(|c| !c.is_lowercase())
}

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
    plain.split_once(": ").is_some_and(|(label, value)| {
        label.len() <= 40 && label.split_whitespace().count() <= 4 && !value.trim().is_empty()
    })
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

/// The length of a real HTML tag; placeholders such as `<env>` are none.
pub fn html_tag(bytes: &[u8]) -> Option<usize> {
    const TAGS: [&str; 32] = [
        "br", "b", "i", "em", "strong", "p", "div", "span", "a", "u", "code", "kbd", "sup", "sub", "small", "details",
        "summary", "img", "hr", "center", "font", "table", "tr", "td", "th", "tbody", "thead", "ul", "ol", "li", "pre",
        "del",
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

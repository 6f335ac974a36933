//! What can still be read of YAML or JSON that is broken somewhere: everything before the fault.

/// A broken text up to where it can be read, as `reads` tells; `line` and `column` of the fault count from 1.
pub(super) fn mended<T>(text: &str, line: u32, column: u32, reads: impl Fn(&str) -> Option<T>) -> Option<T> {
    if text.trim_start().starts_with(['{', '[']) {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
        let inside: usize = text[start..].chars().take(column.saturating_sub(1) as usize).map(char::len_utf8).sum();
        // A file that only ends too early is whole up to its end, wherever its reader gave up.
        return [text, &text[..start + inside]].into_iter().filter_map(closed).find_map(|text| reads(&text));
    }
    // An open quote is told of at the end of the file: what can be read ends where fewer lines do not.
    let ends: Vec<usize> =
        text.match_indices('\n').map(|(at, _)| at + 1).take(line.saturating_sub(1) as usize).collect();
    let (mut low, mut high, mut found) = (0, ends.len(), None);
    while low < high {
        let middle = (low + high).div_ceil(2);
        match reads(&text[..ends[middle - 1]]) {
            Some(read) => (low, found) = (middle, Some(read)),
            None => high = middle - 1,
        }
    }
    found
}

/// Brackets closed behind the last value that is complete; nothing where none is.
fn closed(text: &str) -> Option<String> {
    let mut open: Vec<char> = Vec::new();
    // Up to where it can be cut, and what was open there.
    let mut whole: Option<(usize, usize)> = None;
    let (mut quoted, mut escaped) = (false, false);
    let mut stack: Vec<char> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                if open.pop() != Some(c) {
                    break;
                }
                whole = Some((at + 1, open.len()));
                stack.clone_from(&open);
            }
            ',' => {
                whole = Some((at, open.len()));
                stack.clone_from(&open);
            }
            _ => {}
        }
        if open.len() > DEEPEST {
            return None;
        }
    }
    let (end, depth) = whole?;
    let mut mended = text[..end].to_owned();
    mended.extend(stack[..depth.min(stack.len())].iter().rev());
    Some(mended)
}

/// More brackets than this in one another are no file that somebody mistyped.
const DEEPEST: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_fault_is_left() {
        for (text, left) in
            [("[{\"a\": 1}, {\"b\": ", "[{\"a\": 1}]"), ("{\"l\": [1, \"x]\", tru", "{\"l\": [1, \"x]\"]}")]
        {
            assert_eq!(closed(text).as_deref(), Some(left));
        }
        assert_eq!(closed("[é"), None);
        let reads = |text: &str| (!text.contains('[')).then(|| text.to_owned());
        assert_eq!(mended("a: 1\nb: 2\nc: [\nd: 3\n", 9, 9, reads).as_deref(), Some("a: 1\nb: 2\n"));
        assert_eq!(mended("a: [", 1, 4, reads), None);
    }
}

//! reStructuredText made readable: titles, literal blocks, notes and links become Markdown.

use crate::model::text::Rewrite;
use std::ops::Range;

/// Directives whose indented text is for reading.
const ADMONITIONS: [&str; 11] =
    ["note", "warning", "tip", "important", "hint", "caution", "danger", "attention", "error", "seealso", "admonition"];

/// Whether a text is reStructuredText: by its name, or by what only that language has.
pub fn is_rst(path: &str, text: &str) -> bool {
    let path = path.to_ascii_lowercase();
    if path.ends_with(".rst") {
        return true;
    }
    let lines: Vec<&str> = if path.ends_with(".txt") { text.lines().collect() } else { return false };
    let titles = lines.windows(2).filter(|w| underline(w[1], w[0]).is_some()).count();
    let directives = lines.iter().any(|l| l.trim_start().starts_with(".. ") && l.contains("::"));
    titles > 0 && (directives || titles > 1 && lines.iter().any(|l| l.ends_with("::") && l.len() > 3))
}

/// The mark a line underlines a title with.
fn underline(line: &str, title: &str) -> Option<u8> {
    let line = line.trim_end();
    let mark = *line.as_bytes().first()?;
    let alone = line.len() > 2 && line.bytes().all(|b| b == mark) && b"=-~^\"'`#*+:._".contains(&mark);
    let title = title.trim_end();
    let fits = !title.is_empty() && line.len() + 2 >= title.trim_start().chars().count();
    (alone && fits && title.contains(char::is_alphanumeric)).then_some(mark)
}

/// Rewrites a text to Markdown, line by line.
pub fn lines<'t>(text: &'t str, rewrite: &mut Rewrite<'t>) {
    let mut places = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        places.push(at..at + line.len());
        at += line.len();
    }
    let line = |i: usize| places.get(i).map_or("", |p: &Range<usize>| text[p.clone()].trim_end_matches('\n'));
    let mut levels: Vec<(u8, bool)> = Vec::new();
    let mut level = |mark: u8, over: bool| {
        let known = levels.iter().position(|l| *l == (mark, over));
        known.unwrap_or_else(|| {
            levels.push((mark, over));
            levels.len() - 1
        }) + 1
    };
    let mut i = 0;
    while i < places.len() {
        let here = line(i);
        let over = underline(here, line(i + 1)).filter(|m| underline(line(i + 2), line(i + 1)) == Some(*m));
        let title = over.map(|mark| (mark, i + 1)).or_else(|| {
            let plain = !here.starts_with([' ', '\t']) && (i == 0 || line(i - 1).trim().is_empty());
            underline(line(i + 1), here).filter(|_| plain).map(|mark| (mark, i))
        });
        if let Some((mark, at)) = title {
            let hashes = "#".repeat(level(mark, over.is_some()).min(6)) + " ";
            let indent = depth(line(at));
            rewrite.replace(places[i].start..places[at].start + indent, &hashes);
            rewrite.replace(places[at + 1].start..places[at + 1].start + line(at + 1).len(), "");
            i = at + 2;
        } else if let Some(rest) = here.trim_start().strip_prefix(".. ") {
            i = directive(rest, i, &places, &line, rewrite);
        } else if let Some(columns) = border(here).filter(|_| i == 0 || line(i - 1).trim().is_empty()) {
            i = table(&columns, i, &places, &line, rewrite);
        } else if here.trim_end().ends_with("::") {
            let end = places[i].start + here.trim_end().len();
            let colons = if here.trim() == "::" { end - 2..end } else { end - 1..end };
            counted(here, places[i].start, rewrite);
            inline(text, places[i].start..colons.start, rewrite);
            rewrite.replace(colons, "");
            i = fence("", i + 1, &places, &line, rewrite);
        } else {
            // ":Owner: Billing" is a field of a list.
            if is_field(here) {
                rewrite.replace(places[i].start..places[i].start + 1, "- ");
            }
            counted(here, places[i].start, rewrite);
            inline(text, places[i].clone(), rewrite);
            i += 1;
        }
    }
}

/// "#. Build" counts by itself.
fn counted(line: &str, start: usize, rewrite: &mut Rewrite) {
    if line.trim_start().starts_with("#. ") {
        let at = start + depth(line);
        rewrite.replace(at..at + 1, "1");
    }
}

/// Whether a line is a field with its value: ":Owner: Billing", and no role such as ":ref:`restore`".
fn is_field(line: &str) -> bool {
    let name = line.strip_prefix(':').and_then(|rest| rest.split_once(": ")).map(|(name, _)| name);
    name.is_some_and(|n| n.starts_with(char::is_alphabetic) && n.len() <= 40 && !n.contains([':', '`']))
}

/// How far a line is indented, in bytes.
fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The lines of the indented block that begins at `from` or behind blank lines, and its indentation.
fn indented<'a>(from: usize, count: usize, line: &impl Fn(usize) -> &'a str) -> Option<(Range<usize>, usize)> {
    let depth = |i: usize| depth(line(i));
    let first = (from..count).find(|&i| !line(i).trim().is_empty())?;
    let indent = depth(first);
    if indent == 0 {
        return None;
    }
    let end = (first..count).find(|&i| !line(i).trim().is_empty() && depth(i) == 0).unwrap_or(count);
    let last = (first..end).rev().find(|&i| !line(i).trim().is_empty())?;
    let indent = (first..=last).filter(|&i| !line(i).trim().is_empty()).map(depth).min().unwrap_or(indent);
    Some((first..last + 1, indent))
}

/// Puts fences around the indented block that follows; returns the line behind it.
fn fence<'a>(
    info: &str,
    from: usize,
    places: &[Range<usize>],
    line: &impl Fn(usize) -> &'a str,
    rewrite: &mut Rewrite,
) -> usize {
    let Some((block, indent)) = indented(from, places.len(), line) else { return from };
    let options = block.clone().take_while(|&i| line(i).trim_start().starts_with(':') && i < from + 8).count();
    let start = block.start + options;
    for (i, place) in places.iter().enumerate().take(start).skip(block.start) {
        rewrite.replace(place.start..place.start + line(i).len(), "");
    }
    let mut open = format!("```{info}\n");
    for (i, place) in places.iter().enumerate().take(block.end).skip(start) {
        let depth = depth(line(i)).min(indent);
        rewrite.replace(place.start..place.start + depth, &open);
        open.clear();
    }
    if open.is_empty() {
        let end = places[block.end - 1].start + line(block.end - 1).len();
        rewrite.replace(end..end, "\n```");
    }
    block.end
}

/// A line that begins with `..`; returns the line to go on with.
fn directive<'a>(
    rest: &str,
    i: usize,
    places: &[Range<usize>],
    line: &impl Fn(usize) -> &'a str,
    rewrite: &mut Rewrite,
) -> usize {
    let whole = places[i].start..places[i].start + line(i).len();
    let Some((name, argument)) = rest.split_once("::") else {
        if let Some((label, target)) = rest.strip_prefix('_').and_then(|r| r.split_once(": ")) {
            rewrite.replace(whole, &format!("[{}]: {}", label.trim_matches('`'), target.trim()));
        } else if !rest.starts_with(['_', '[', '|']) {
            rewrite.replace(whole, &format!("<!-- {} -->", rest.replace("--", "- -")));
        }
        return i + 1;
    };
    let (name, argument) = (name.trim().to_ascii_lowercase(), argument.trim());
    match name.as_str() {
        "code-block" | "code" | "sourcecode" | "highlight" | "prompt" | "parsed-literal" | "console" => {
            rewrite.replace(whole, "");
            fence(argument.split(' ').next().unwrap_or_default(), i + 1, places, line, rewrite)
        }
        "image" | "figure" => {
            rewrite.replace(whole, &format!("![]({argument})"));
            i + 1
        }
        _ if ADMONITIONS.contains(&name.as_str()) => {
            let title = name[..1].to_uppercase() + &name[1..];
            rewrite.replace(whole, &format!("**{title}:** {argument}"));
            let Some((block, indent)) = indented(i + 1, places.len(), line) else { return i + 1 };
            for i in block.clone() {
                let depth = depth(line(i)).min(indent);
                rewrite.replace(places[i].start..places[i].start + depth, "");
            }
            block.end
        }
        _ => i + 1,
    }
}

/// The columns a simple table's border draws: "=====  =====".
fn border(line: &str) -> Option<Vec<Range<usize>>> {
    let line = line.trim_end();
    if !line.starts_with('=') || !line.contains(' ') || line.bytes().any(|b| b != b'=' && b != b' ') {
        return None;
    }
    let mut columns = Vec::new();
    let mut at = 0;
    for run in line.split(' ') {
        if !run.is_empty() {
            columns.push(at..at + run.len());
        }
        at += run.len() + 1;
    }
    (2..=20).contains(&columns.len()).then_some(columns)
}

/// A simple table, its rows written with bars between the cells; returns the line behind it.
fn table<'a>(
    columns: &[Range<usize>],
    i: usize,
    places: &[Range<usize>],
    line: &impl Fn(usize) -> &'a str,
    rewrite: &mut Rewrite,
) -> usize {
    let last = (i + 1..places.len()).find(|&n| line(n).trim().is_empty()).unwrap_or(places.len()) - 1;
    let borders: Vec<usize> = (i..=last).filter(|&n| border(line(n)).is_some()).collect();
    let headed = borders.len() == 3 && borders[1] == i + 2;
    if borders.len() < 2 || borders.last() != Some(&last) {
        return i + 1;
    }
    let rule = format!("|{}", "---|".repeat(columns.len()));
    for (n, place) in places.iter().enumerate().take(last + 1).skip(i) {
        let whole = place.start..place.start + line(n).len();
        let made = match border(line(n)) {
            Some(_) if n == i && !headed => format!("|{}\n{rule}", "  |".repeat(columns.len())),
            Some(_) if headed && n == borders[1] => rule.clone(),
            Some(_) => String::new(),
            None => row(line(n), columns),
        };
        rewrite.replace(whole, &made);
    }
    last + 1
}

/// A row's cells; the last goes on to the end of its line.
fn row(line: &str, columns: &[Range<usize>]) -> String {
    let mut out = String::from("|");
    for (at, column) in columns.iter().enumerate() {
        let end = columns.get(at + 1).map_or(usize::MAX, |next| next.start);
        let letters = line.chars().skip(column.start).take(end - column.start);
        out += &format!(" {} |", letters.collect::<String>().trim().replace('|', "\\|"));
    }
    out
}

/// Links of a line: `` `label <target>`_ `` becomes `[label](target)`; a role (`` :ref:`label` ``) loses its name.
fn inline(text: &str, at: Range<usize>, rewrite: &mut Rewrite) {
    if !text[at.clone()].contains(">`_") {
        return roles(text, at, rewrite);
    }
    let mut from = at.start;
    while let Some(end) = text[from..at.end].find(">`_").map(|e| from + e) {
        let open = text[from..end].rfind('`').map(|o| from + o);
        let middle = open.and_then(|o| text[o..end].rfind(" <").map(|m| o + m));
        let marks = end + 2 + text[end + 2..at.end].bytes().take_while(|b| *b == b'_').count();
        if let (Some(open), Some(middle)) = (open, middle) {
            rewrite.replace(open..open + 1, "[");
            rewrite.replace(middle..middle + 2, "](");
            rewrite.replace(end..marks, ")");
        }
        from = marks;
    }
}

/// Takes the names of a line's roles away: what stands between the backticks is for reading.
fn roles(text: &str, at: Range<usize>, rewrite: &mut Rewrite) {
    let line = &text[at.clone()];
    for (tick, _) in line.match_indices(":`") {
        let name = line[..tick].trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '-');
        if name.len() < tick && name.ends_with(':') {
            rewrite.replace(at.start + name.len() - 1..at.start + tick + 1, "");
        }
    }
}

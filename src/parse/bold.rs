//! Bold lines that serve as headings: `**Service URLs:**` alone on its line.

use crate::model::text::words;
use crate::parse::title::WORDS;
use std::ops::Range;

/// A line of a paragraph that is bold throughout and heads what follows.
#[derive(Debug, PartialEq, Eq)]
pub struct BoldLine {
    /// The line without the white space around it.
    pub span: Range<usize>,
    /// What stands between the marks.
    pub content: Range<usize>,
}

/// Finds the heading lines of a paragraph that spans `range` of the text.
///
/// A line that does not end in a colon heads something only where it is a paragraph of its own, or opens one in a
/// text that is `led` by such lines.
pub fn lines(text: &str, range: Range<usize>, led: bool) -> Vec<BoldLine> {
    let paragraph = &text[range.clone()];
    let mut found = Vec::new();
    if !paragraph.contains("**") && !paragraph.contains("__") {
        return found;
    }
    let mut at = range.start;
    let alone = !paragraph.trim().contains('\n');
    for line in paragraph.split_inclusive('\n') {
        let trimmed = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if let Some((content, colon)) = content(trimmed)
            && (colon || alone || led && start == range.start)
        {
            let content = start + content.start..start + content.end;
            found.push(BoldLine { span: start..start + trimmed.len(), content });
        }
    }
    found
}

/// Whether bold lines lead the paragraphs of a text: three or more bold lines that head something, at least one of
/// them with words right below it.
pub fn led(text: &str) -> bool {
    let (mut before, mut heads, mut leads) = ("", 0, 0);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let below = lines.peek().is_some_and(|l| !l.trim().is_empty());
        if line.starts_with("**") && before.trim().is_empty() && content(line.trim()).is_some() {
            heads += 1;
            leads += usize::from(below);
        }
        before = line;
    }
    heads >= 3 && leads >= 1
}

/// The part between the marks, and whether a colon ends the line.
fn content(line: &str) -> Option<(Range<usize>, bool)> {
    let mark = ["**", "__"].into_iter().find(|m| line.starts_with(m))?;
    let body = line.strip_suffix('\\').unwrap_or(line).trim_end();
    let body = body.strip_suffix(':').unwrap_or(body).trim_end();
    let colon = line[body.len()..].contains(':');
    let inner = body.strip_prefix(mark)?.strip_suffix(mark)?;
    let inner = inner.strip_prefix(&mark[..1]).and_then(|i| i.strip_suffix(&mark[..1])).unwrap_or(inner);
    // Marks with a blank behind them make nothing bold: "*** WARNING ***" is a sentence.
    if inner.starts_with(char::is_whitespace) {
        return None;
    }
    let inner = inner.trim();
    let start = inner.as_ptr() as usize - line.as_ptr() as usize;
    let colon = colon || inner.ends_with(':');
    let said: Vec<String> = words(inner).take(13).collect();
    let sentence = !colon && inner.ends_with(['.', '!', ',', ';', '。']) || said.len() > 12;
    let callout = WORDS.callouts.contains(&said.join(" "));
    let link = inner.starts_with(['[', '<', '!']) || inner.starts_with("http");
    let wordless = !inner.chars().any(char::is_alphabetic);
    if inner.contains(mark) || inner.chars().count() > 80 || sentence || callout || link || wordless {
        return None;
    }
    Some((start..start + inner.len(), colon))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paragraph: &str) -> Vec<&str> {
        lines(paragraph, 0..paragraph.len(), false).into_iter().map(|l| &paragraph[l.content]).collect()
    }

    #[test]
    fn headings() {
        for (paragraph, heading) in [
            ("**Service URLs:**", "Service URLs:"),
            ("**Service URLs**:", "Service URLs"),
            ("__How it works__", "How it works"),
            ("***Deep trouble***", "Deep trouble"),
            ("**Where:**\nin the rack", "Where:"),
            ("before\n**Where:**\nin the rack", "Where:"),
            ("**Hosting:**\\\nAWS", "Hosting:"),
        ] {
            assert_eq!(of(paragraph), [heading], "{paragraph}");
        }
    }

    #[test]
    fn no_headings() {
        for paragraph in [
            "**Label:** value",
            "**Never do this on a Friday.**",
            "**Note:**",
            "**bold** and **bold**",
            "**Bold start**\nof a paragraph",
            "**[Dashboard](x)**",
            "**42**",
            "****",
            "**",
        ] {
            assert_eq!(of(paragraph), Vec::<&str>::new(), "{paragraph}");
        }
    }

    #[test]
    fn paragraphs_led_by_bold_lines() {
        let text = "**Purpose**\nPays.\n\n**Backup**\nNone.\n\n**Contact**\nAda\n";
        assert!(led(text) && !led("**Purpose**\nPays.\n\n**bold** words\n"));
        assert!(led("**Owner**\n\nAda\n\n**Backup:**\n\nNone.\n\n**Power**\nA UPS.\n"));
        let found = lines(text, 0..18, true);
        assert_eq!(found.iter().map(|l| &text[l.content.clone()]).collect::<Vec<_>>(), ["Purpose"]);
    }
}

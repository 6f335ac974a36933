//! Blocks of code that hold no code: "# TODO: commands", "put the commands here".

use super::brief::Brief;
use super::fold::fold;
use super::lexicon::Lexicon;
use super::lists::List;

/// A block of more lines than this is somebody's work.
const MOST_LINES: usize = 8;

/// What a block amounts to whose every line says nothing, or that somebody will; `None` where one line can be run.
pub fn brief(code: &str, lexicon: &Lexicon) -> Option<Brief> {
    let mut said: Option<Brief> = None;
    for line in lines(code)? {
        match of_line(line, lexicon) {
            Some(found) => said = said.into_iter().chain([found]).min(),
            None if is_comment(line) => {}
            None => return None,
        }
    }
    said
}

/// Whether a block holds no line that can be run.
pub fn is_only_words(code: &str, lexicon: &Lexicon) -> bool {
    lines(code).is_some_and(|mut lines| lines.all(|line| is_comment(line) || of_line(line, lexicon).is_some()))
}

/// The lines of a short block that hold anything, but for the one that names the shell.
fn lines(code: &str) -> Option<impl Iterator<Item = &str>> {
    let short = code.len() <= 600 && code.lines().nth(MOST_LINES).is_none();
    short.then(|| code.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("#!") && *l != "*/"))
}

fn is_comment(line: &str) -> bool {
    ["#", "//", "--", "/*", "*", ";", "<!--", "REM ", "rem ", "%"].iter().any(|mark| line.starts_with(mark))
}

/// What one line amounts to without the marks of a comment, a prompt or an `echo`.
fn of_line(line: &str, lexicon: &Lexicon) -> Option<Brief> {
    let words =
        line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '<' | '>' | '.' | '[' | ']' | '{' | '}'));
    let words = words.strip_prefix("echo ").unwrap_or(words).trim_matches(['"', '\'', ' ']);
    if words.starts_with('<') && words.ends_with('>') && !words.contains(['/', '=']) || words == "..." {
        return Some(Brief::Form);
    }
    let folded = fold(words);
    let lists = lexicon.lists(&folded);
    if lists.any(&[List::Promise, List::PromiseWord]) || folded.starts_with(" todo ") || folded.starts_with(" fixme ") {
        return Some(Brief::Promise).filter(|_| is_comment(line) || folded.len() < 60);
    }
    if lists.any(&[List::UnknownWord, List::Unknown]) {
        return Some(Brief::Unknown);
    }
    let instruction = is_comment(line) && super::says::is_instruction(words, lexicon);
    let brief = lexicon.brief(&folded).filter(|b| matches!(b, Brief::Promise | Brief::Unknown | Brief::Form));
    brief.or_else(|| instruction.then_some(Brief::Form))
}

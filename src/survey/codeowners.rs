//! CODEOWNERS of GitHub and GitLab: which team looks after which path.
//!
//! A claim's subject is the pattern as written; an empty owner says that a pattern clears what earlier ones gave.

use crate::model::claim::{Claim, Fact, Subject};
use crate::survey::page::{Page, UNREADABLE};
use codeowner::{Owner, Pattern};

/// Whether a path is a place hosts read it from.
pub(super) fn path(path: &str) -> bool {
    matches!(path, "CODEOWNERS" | ".github/CODEOWNERS" | ".gitlab/CODEOWNERS" | "docs/CODEOWNERS")
}

/// Reads the file.
pub(super) fn read(page: &mut Page) {
    let text = page.file.text.clone();
    // Owners behind a GitLab section's head are those of its patterns that name none.
    let mut section: Vec<(String, u32)> = Vec::new();
    for (line, whole) in (1..).zip(text.lines()) {
        let content = whole.split(" #").next().unwrap_or_default().trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some(head) = head(content) {
            section = head.split_whitespace().map(|owner| (owner.to_owned(), line)).collect();
            continue;
        }
        let mut words = content.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        if let Err(error) = Pattern::new(pattern) {
            let message = format!("the pattern `{pattern}` is not understood: {error}");
            page.say(&UNREADABLE, line, column(whole, pattern), message, "hosts skip such a line; write the path out");
            continue;
        }
        let mut owners = Vec::new();
        for owner in words {
            if is_owner(owner) {
                owners.push((owner.to_owned(), column(whole, owner)));
            } else {
                let message = format!("`{owner}` is no owner");
                page.say(&UNREADABLE, line, column(whole, owner), message, "write @user, @org/team or a mail address");
            }
        }
        if owners.is_empty() {
            owners.extend(section.iter().map(|(owner, _)| (owner.clone(), 1)));
        }
        if owners.is_empty() {
            owners.push((String::new(), 1));
        }
        for (owner, column) in owners {
            let (subject, fact) = (Subject::Path(pattern.to_owned()), Fact::Owner(owner));
            let (origin, rank) = (page.file.origin.clone(), page.rank);
            page.claims.push(Claim { subject, fact, origin, line, column, rank });
        }
    }
}

/// What stands behind a GitLab section's head: `[Docs]`, `^[Optional]`, `[Two][2] @a @b`.
fn head(content: &str) -> Option<&str> {
    let (_, rest) = content.trim_start_matches('^').strip_prefix('[')?.split_once(']')?;
    Some(rest.strip_prefix('[').and_then(|r| r.split_once(']')).map_or(rest, |(_, owners)| owners))
}

/// GitLab's teams may be nested (`@org/group/team`) and roles (`@@maintainers`) name no team.
fn is_owner(word: &str) -> bool {
    let nested = word.strip_prefix('@').is_some_and(|rest| {
        rest.split('/')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
    });
    nested || Owner::parse(word).is_some()
}

fn column(line: &str, word: &str) -> u32 {
    line.find(word).map_or(1, |at| line[..at].chars().count() as u32 + 1)
}

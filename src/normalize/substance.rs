//! What an answer is worth: words, this service's own names and numbers, or steps one can follow.

use super::units::Unit;
use crate::model::document::BlockKind;
use crate::model::state::Substance;

/// Weighs the author's units of one answer.
///
/// Commands, or two ordered steps, make it actionable; the author's own names, numbers, links and code make it
/// specific; what would fit any service stays prose.
pub fn of(author: &[&Unit]) -> Substance {
    let commands = author.iter().any(|u| u.kind == BlockKind::Code || looks_like_command(u));
    let steps = author.iter().filter(|u| u.kind == BlockKind::Item && starts_with_verb(u)).count();
    if commands || steps >= 2 {
        return Substance::Actionable;
    }
    let specific = author.iter().any(|u| {
        u.code
            || u.links > 0
            || !u.scan.technologies.is_empty()
            || super::says::has_number(&u.plain)
            || names_something(&u.plain)
    });
    if specific { Substance::Specific } else { Substance::Prose }
}

/// Inline code with a blank in it that begins with a program's name.
fn looks_like_command(unit: &Unit) -> bool {
    const PROGRAMS: [&str; 26] = [
        "kubectl",
        "helm",
        "docker",
        "systemctl",
        "psql",
        "pg_restore",
        "pg_dump",
        "aws",
        "gcloud",
        "az",
        "ssh",
        "curl",
        "git",
        "make",
        "npm",
        "terraform",
        "ansible",
        "sudo",
        "journalctl",
        "redis-cli",
        "mysql",
        "mongo",
        "mongorestore",
        "mongodump",
        "service",
        "cf",
    ];
    unit.code && PROGRAMS.iter().any(|p| unit.plain.split_whitespace().any(|w| w == *p))
}

fn starts_with_verb(unit: &Unit) -> bool {
    const VERBS: [&str; 52] = [
        "run", "stop", "start", "restart", "check", "open", "go", "click", "log", "login", "connect", "scale",
        "delete", "create", "apply", "wait", "verify", "confirm", "call", "ask", "tell", "set", "switch", "turn",
        "move", "copy", "restore", "drain", "rotate", "revoke", "select", "navigate", "enter", "merge", "approve",
        "deploy", "roll", "push", "pull", "build", "download", "upload", "take", "find", "look", "make", "post",
        "page", "ring", "disable", "enable", "compare",
    ];
    unit.folded.split_whitespace().next().is_some_and(|w| VERBS.contains(&w))
}

/// A capitalised word inside a sentence, a ticket key, a channel or an address.
fn names_something(plain: &str) -> bool {
    plain.split_whitespace().skip(1).any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '@');
        word.starts_with('#') && word.len() > 2
            || word.contains('@')
            || word.len() > 2
                && word.chars().next().is_some_and(char::is_uppercase)
                && word != "The"
                && word != "We"
                && word != "If"
            || word.contains('-')
                && word.chars().all(|c| c.is_alphanumeric() || c == '-')
                && word.matches('-').count() >= 2
    })
}

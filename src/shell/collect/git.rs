//! What git knows of a folder: the commit it stands at, when that was made, and its address on a known host.

use crate::model::source::{HostStyle, WebHost};
use jiff::civil::Date;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// What is known of the top of a git work tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub commit: Option<Arc<str>>,
    pub as_of: Option<Date>,
    pub web: Option<WebHost>,
}

/// Asks git about a folder; nothing where it is not the top of a work tree or git is not there.
pub fn head(dir: &Path, web: Option<&str>) -> Head {
    if !dir.join(".git").exists() {
        return Head { web: web.and_then(|web| address(web, "HEAD")), ..Head::default() };
    }
    let branch = ask(dir, &["symbolic-ref", "--quiet", "--short", "HEAD"], None);
    let branch = branch.as_deref().unwrap_or("HEAD");
    let remote = || ask(dir, &["config", "--get", "remote.origin.url"], None).and_then(|url| known_host(&url));
    let web = web.map(str::to_owned).or_else(remote).and_then(|web| address(&web, branch));
    // One plumbing command says both, and looks at no setting that could start a program.
    let object = ask(dir, &["cat-file", "--batch"], Some("HEAD\n"));
    let object = object.as_deref().filter(|o| o.lines().next().is_some_and(|first| first.contains(" commit ")));
    let commit = object.and_then(|o| o.split(' ').next()).filter(|id| id.bytes().all(|b| b.is_ascii_hexdigit()));
    let as_of = object.and_then(|o| o.lines().find_map(|line| line.strip_prefix("committer "))).and_then(committed);
    Head { commit: commit.map(Arc::from), as_of, web }
}

/// Runs git without letting the repository's configuration start anything, fetch anything or ask anybody.
fn ask(dir: &Path, command: &[&str], input: Option<&str>) -> Option<String> {
    let mut git = Command::new("git");
    git.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks", "-C"]).arg(dir);
    git.args(command).env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"] {
        git.env_remove(name);
    }
    git.stdout(Stdio::piped()).stderr(Stdio::null());
    git.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = git.spawn().ok()?;
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        // A git that does not listen ends with an exit code of its own.
        _ = pipe.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().ok().filter(|o| o.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The date of a `committer Name <mail> 1700000000 +0200` line, where the committer was.
fn committed(line: &str) -> Option<Date> {
    let mut words = line.rsplit(' ');
    let (zone, seconds) = (words.next()?, words.next()?);
    let (hours, minutes): (i64, i64) = (zone.get(1..3)?.parse().ok()?, zone.get(3..5)?.parse().ok()?);
    let offset = (hours * 60 + minutes) * if zone.starts_with('-') { -60 } else { 60 };
    let local = jiff::Timestamp::from_second(seconds.parse::<i64>().ok()?.checked_add(offset)?).ok()?;
    Some(local.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// `https://host/owner/repo` of a remote on a host we know; whoever's name or password it held is left behind.
fn known_host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("ssh://"));
    let (place, path) = match rest {
        Some(rest) => rest.split_once('/')?,
        None => url.split_once(':')?,
    };
    let host = place.rsplit('@').next()?.split(':').next()?;
    let path = path.trim_matches('/').trim_end_matches(".git");
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let known = ["github.com", "gitlab.com"].contains(&host) && path.contains('/') && path.split('/').all(plain);
    known.then(|| format!("https://{host}/{path}"))
}

/// An address with the branch its links open: the one it names (`.../tree/main`), else `branch`.
fn address(web: &str, branch: &str) -> Option<WebHost> {
    let (base, named) = match web.split_once("/-/tree/").or_else(|| web.split_once("/tree/")) {
        Some((base, named)) => (base, named),
        None => (web, branch),
    };
    let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"))?.split('/').next()?;
    let style = if host.contains("gitlab") || web.contains("/-/") { HostStyle::GitLab } else { HostStyle::GitHub };
    Some(WebHost { base: base.trim_end_matches('/').to_owned(), branch: named.to_owned(), style })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_hosts_become_addresses_and_credentials_stay_behind() {
        for (remote, expected) in [
            ("https://github.com/acme/payments.git", Some("https://github.com/acme/payments")),
            ("https://bob:hunter2@github.com/acme/payments", Some("https://github.com/acme/payments")),
            ("git@github.com:acme/payments.git", Some("https://github.com/acme/payments")),
            ("ssh://git@gitlab.com/acme/ops/payments.git", Some("https://gitlab.com/acme/ops/payments")),
            ("https://github.com.evil.example/acme/payments", None),
            ("https://evil.example/github.com/payments", None),
            ("git@github.com:acme/pay\"ments", None),
            ("/srv/git/payments.git", None),
            ("file:///srv/git/payments", None),
        ] {
            assert_eq!(known_host(remote).as_deref(), expected, "{remote}");
        }
    }

    #[test]
    fn an_address_may_name_its_branch_and_tells_its_style() {
        let at = address("https://git.example.org/acme/pay/-/tree/trunk", "HEAD").unwrap();
        assert_eq!(
            (at.base.as_str(), at.branch.as_str(), at.style),
            ("https://git.example.org/acme/pay", "trunk", HostStyle::GitLab)
        );
        let at = address("https://github.com/acme/pay", "main").unwrap();
        assert_eq!((at.branch.as_str(), at.style), ("main", HostStyle::GitHub));
    }

    #[test]
    fn a_commit_is_dated_where_it_was_made() {
        let date = |line| committed(line).map(|d| d.to_string());
        assert_eq!(date("A B <a@b> 1700000000 +0000").as_deref(), Some("2023-11-14"));
        assert_eq!(date("A B <a@b> 1700000000 +0200").as_deref(), Some("2023-11-15"));
        assert_eq!(date("A B <a@b> nonsense"), None);
    }
}

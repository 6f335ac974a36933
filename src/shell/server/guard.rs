//! Who may ask: the names this server answers to, the pages a request may come from, and the two methods there are.
//!
//! A browser can be led here by any page its user has open, under any name that page's owner points at this machine.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use std::net::IpAddr;

/// The names a server answers to.
#[derive(Clone, Debug)]
pub struct Names {
    allowed: Vec<String>,
    /// Listens on every address: an address as name is fine then, since no page's owner can point an address elsewhere.
    any_address: bool,
}

impl Names {
    /// The machine's own names, the address listened on, and what `--allow-host` adds.
    pub fn of(address: IpAddr, allowed: &[String]) -> Self {
        let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let given = allowed.iter().map(|name| name.trim().trim_matches(['[', ']']).to_ascii_lowercase());
        let all = own.into_iter().chain([address.to_string()]).chain(given).collect();
        Self { allowed: all, any_address: address.is_unspecified() }
    }

    fn has(&self, name: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == name) || self.any_address && name.parse::<IpAddr>().is_ok()
    }
}

/// Lets a request in, or says why not.
pub fn check(names: &Names, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    const STRANGER: &str = "this server does not answer to that name: `--allow-host NAME` adds one\n";
    const ELSEWHERE: &str = "this server answers its own pages only\n";
    let host = only(headers, HOST.as_str()).ok_or((StatusCode::BAD_REQUEST, "one Host header is needed\n"))?;
    let name = name(host).ok_or((StatusCode::BAD_REQUEST, "the Host header cannot be read\n"))?;
    // An address in the request line counts more than the header, so that it has to be ours too.
    let named_twice = uri.authority().is_some_and(|authority| !authority.as_str().eq_ignore_ascii_case(host));
    if !names.has(&name) || named_twice {
        return Err((StatusCode::FORBIDDEN, STRANGER));
    }
    if headers.contains_key(ORIGIN) {
        let origin = only(headers, ORIGIN.as_str()).unwrap_or_default();
        let from = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if !from.is_some_and(|from| from.eq_ignore_ascii_case(host)) {
            return Err((StatusCode::FORBIDDEN, ELSEWHERE));
        }
    }
    // A script or picture of ours on another's page sends no Origin; a person who follows a link navigates.
    let fetched = |part: &str| headers.get(format!("sec-fetch-{part}")).map(|value| value.as_bytes());
    let ours = matches!(fetched("site"), None | Some(b"same-origin" | b"none"));
    let navigates = fetched("mode") == Some(b"navigate") && fetched("dest") == Some(b"document");
    if !ours && !navigates {
        return Err((StatusCode::FORBIDDEN, ELSEWHERE));
    }
    if method != Method::GET && method != Method::HEAD {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n"));
    }
    Ok(())
}

/// The value of a header that stands there once.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    all.next().filter(|_| all.next().is_none()).and_then(|value| value.to_str().ok())
}

/// The name in `name`, `name:port` or `[address]:port`, in lower case.
fn name(host: &str) -> Option<String> {
    let (name, rest) = match host.strip_prefix('[') {
        Some(inside) => {
            let (address, rest) = inside.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (address, rest)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port = rest.strip_prefix(':').map_or(rest.is_empty(), |port| port.len() <= 5 && port.parse::<u16>().is_ok());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    (port && !name.is_empty() && name.chars().all(plain)).then(|| name.to_ascii_lowercase())
}

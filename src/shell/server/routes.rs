//! What stands at which address: pages of the site as it is now, and while watching the author's script and events.

use super::guard::{self, Names};
use crate::model::site::media_type;
use crate::model::source::encode_path;
use crate::shell::live::{Live, Page};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// Everything the server answers; the guard stands before every route.
pub fn app(live: Arc<Live>, names: Names) -> Router {
    let site = Router::new().fallback(page);
    let site = if live.watching() { site.route("/_opsbook/events", get(events)) } else { site };
    let style = |State(live): State<Arc<Live>>| async move { own("live.css", live.asset("css/live.css")) };
    let script = |State(live): State<Arc<Live>>| async move { own("live.js", live.asset("js/live.js")) };
    site.route("/_opsbook/live.css", get(style))
        .route("/_opsbook/live.js", get(script))
        .with_state(live)
        .layer(from_fn_with_state(Arc::new(names), admit))
}

async fn admit(State(names): State<Arc<Names>>, request: Request, next: Next) -> Response {
    let mut response = match guard::check(&names, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err((status, says)) => (status, [(header::ALLOW, "GET, HEAD")], says).into_response(),
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-cache"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page of the site. Addresses are looked up in the site's own list: no file on disk is ever named by a request.
async fn page(State(live): State<Arc<Live>>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(path) = decoded(uri.path()) else { return (StatusCode::BAD_REQUEST, "no such address\n").into_response() };
    let path = path.strip_prefix('/').unwrap_or(&path);
    let folder = path.is_empty() || path.ends_with('/');
    let file = if folder { format!("{path}index.html") } else { path.to_owned() };
    if !folder && !live.has(&file) && live.has(&format!("{file}/index.html")) {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let address = format!("/{}/{query}", encode_path(&file));
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, address)]).into_response();
    }
    match render(&live, file).await {
        Some(page) => answer(&page, &headers),
        None => (StatusCode::INTERNAL_SERVER_ERROR, "this page could not be made\n").into_response(),
    }
}

/// The page from the last time it was asked for, or made now, away from those who only wait.
async fn render(live: &Arc<Live>, path: String) -> Option<Page> {
    if let Some(page) = live.kept(&path) {
        return Some(page);
    }
    let live = live.clone();
    tokio::task::spawn_blocking(move || live.page(&path)).await.ok()
}

fn answer(page: &Page, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", page.hash);
    let status = if page.found { StatusCode::OK } else { StatusCode::NOT_FOUND };
    if page.found && headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let kind = [(header::CONTENT_TYPE, page.media.to_owned()), (header::ETAG, tag)];
    (status, kind, page.bytes.clone()).into_response()
}

fn own(name: &str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, media_type(name))], bytes).into_response()
}

/// `?page=PATH&have=HASH`: what is said to somebody who has this version of this page open.
async fn events(State(live): State<Arc<Live>>, uri: Uri) -> Response {
    let value = |name: &str| {
        let pairs = uri.query().unwrap_or_default().split('&');
        pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).and_then(|(_, v)| decoded(v))
    };
    let (page, have) = (value("page").unwrap_or_default(), value("have").unwrap_or_default());
    let Some(stream) = live.listen(&page, &have) else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many pages are open\n").into_response();
    };
    // Whoever comes back after a pause is told at once what has changed since.
    tokio::task::spawn_blocking(move || live.greet(&page));
    let kind = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
    (kind, Body::new(stream)).into_response()
}

/// A path with its `%41` read; nothing where that is no text.
fn decoded(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = path.get(at + 1..at + 3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

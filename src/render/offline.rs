//! What lets a served site be kept for a night without network: its manifest, and the worker that keeps pages.

use crate::model::id::Tier;
use crate::render::Site;
use crate::render::address::href;
use crate::render::fleet;

/// How many services' pages are fetched before anybody opened them.
const AHEAD: usize = 40;

/// `site.webmanifest`: how a phone shows the site among its own programs.
pub fn manifest(site: &Site) -> Vec<u8> {
    let title = if site.input.config.title.is_empty() { "Runbooks" } else { &site.input.config.title };
    let manifest = serde_json::json!({
        "name": title,
        "short_name": title.chars().take(16).collect::<String>().trim_end(),
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#fcfcfa",
        "theme_color": "#1d2226",
        "icons": [{ "src": site.dress.asset("img/icon.svg"), "sizes": "any", "type": "image/svg+xml" }],
    });
    serde_json::to_vec(&manifest).unwrap_or_default()
}

/// `sw.js`: the theme's worker, told what this build was made from and what to have at hand.
pub fn worker(site: &Site) -> Vec<u8> {
    let catalog = site.input.catalog;
    let mut hash = blake3::Hasher::new();
    for runbook in &catalog.runbooks {
        hash.update(&runbook.document.hash);
    }
    for source in &catalog.sources {
        hash.update(source.name.as_bytes()).update(source.commit.as_deref().unwrap_or_default().as_bytes());
    }
    for claim in &catalog.claims {
        hash.update(format!("{claim:?}").as_bytes());
    }
    hash.update(site.input.config.recorded.as_bytes());
    hash.update(format!("{:?}", site.input.coverage.totals).as_bytes());
    for asset in &site.dress.assets {
        hash.update(asset.path.as_bytes());
    }
    let mut first: Vec<String> = ["index.html", "services/index.html", "alerts/index.html"].map(str::to_owned).to_vec();
    first.extend(site.dress.assets.iter().map(|a| a.path.clone()));
    // Where nobody has told tiers, the first of all will do.
    let critical = |s: &crate::model::id::ServiceIx| {
        catalog.services.len() <= AHEAD || catalog[*s].tier.as_ref().is_some_and(|t| t.value == Tier::One)
    };
    first.extend(
        fleet::by_tier(catalog).into_iter().filter(critical).take(AHEAD).map(|s| href(site.addresses.service(s))),
    );
    let version = hash.finalize().to_hex();
    let first = serde_json::to_string(&first).unwrap_or_default();
    let mut out = format!("const VERSION = \"{}\";\nconst FIRST = {first};\n", &version[..16]).into_bytes();
    out.extend_from_slice(site.dress.live("js/sw.js"));
    out
}

//! Whole sites, held in memory: every link arrives, nothing hostile is active, the same input gives the same bytes.

#![allow(clippy::disallowed_methods)]

use opsbook::configure::{self, KnowledgeTexts};
use opsbook::model::config::Config;
use opsbook::model::diagnostic::Diagnostic;
use opsbook::model::id::Id;
use opsbook::model::runbook::Runbook;
use opsbook::model::site::{Pages, Theme};
use opsbook::model::source::{Collected, HostStyle, Origin, Picture, RawFile, Source, SourceState, WebHost};
use opsbook::normalize::Reader;
use opsbook::{compose, pipeline};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A site's pages by path.
type Site = BTreeMap<String, Vec<u8>>;
/// A file: its repository, its path, its text.
type File = (String, String, Vec<u8>);

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 10, 2);

fn config() -> Config {
    let (knowledge, wrong) = configure::knowledge(&KnowledgeTexts::default());
    assert!(wrong.is_empty(), "{wrong:?}");
    Config { knowledge: Arc::new(knowledge), ..configure::defaults() }
}

fn file(repo: &str, path: &str, text: &str) -> File {
    (repo.to_owned(), path.to_owned(), text.as_bytes().to_vec())
}

fn is_picture(path: &str) -> bool {
    path.ends_with(".png") || path.ends_with(".svg")
}

fn collected(files: &[File], hosted: bool) -> Collected {
    let names: BTreeSet<&str> = files.iter().map(|(repo, ..)| repo.as_str()).collect();
    let source = |name: &str| Source {
        name: name.into(),
        state: SourceState::Fresh,
        commit: None,
        as_of: None,
        web: hosted.then(|| WebHost {
            base: format!("https://code.example.org/ferries/{name}"),
            branch: "main".to_owned(),
            style: HostStyle::GitHub,
        }),
        reason: None,
        pictures: files
            .iter()
            .filter(|(repo, path, _)| repo == name && is_picture(path))
            .map(|(_, path, bytes)| Picture { path: path.as_str().into(), bytes: bytes.as_slice().into() })
            .collect(),
    };
    let raw = |(repo, path, bytes): &File| RawFile {
        origin: Origin { repo: repo.as_str().into(), commit: None, path: path.as_str().into() },
        bytes: bytes.clone(),
    };
    Collected {
        sources: names.into_iter().map(source).collect(),
        files: files.iter().filter(|(_, path, _)| !is_picture(path)).map(raw).collect(),
    }
}

fn site_of(files: &[File], config: &Config, theme: &Theme, hosted: bool) -> (Site, Vec<Diagnostic>) {
    let reader = Reader::new(&config.knowledge);
    let (sources, readings) = pipeline::read_all(collected(files, hosted), &reader, &|| ());
    let fleet = pipeline::assemble(sources, readings, config, TODAY);
    pipeline::with_site(&fleet, config, theme, |site, found| {
        let page = |at: usize| (site.entries()[at].path.clone(), site.render(at));
        ((0..site.entries().len()).map(page).collect(), found)
    })
}

fn site(files: &[File]) -> Site {
    site_of(files, &config(), &Theme::default(), false).0
}

/// The sample fleet, each folder of `runbooks/` a repository.
fn sample() -> Vec<File> {
    fn walk(root: &Path, folder: &Path, repo: &str, found: &mut Vec<File>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                walk(root, &path, repo, found);
            } else if pipeline::is_document(&name) || pipeline::is_survey(&name) {
                found.push((repo.to_owned(), name, std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, &path, path.file_name().unwrap().to_str().unwrap(), &mut found);
        }
    }
    found.sort();
    assert!(found.len() > 20, "the sample fleet is not there");
    found
}

const HOSTILE: &str = r##"# Hostile <script>alert(1)</script> {{ 7*191 }} runbook

**Service or system name:** Hostile "quoted" <img src=x onerror=alert(1)> {% raw %}

## Who to call
Team <b onclick="x()">Bold</b>, <team@example.org>, javascript:alert(1), {{ 7*191 }} {% for x in y %}

## Deployment
<script>alert("page")</script>
<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>
<p style="position:fixed" onmouseover='x()'>styled</p>
<iframe src="//evil.example"></iframe>
<a href="java&#10;script:alert(1)">a</a>

[b](javascript:alert(1)) [c](JaVaScRiPt:alert(1)) [d](data:text/html,x) ![e](javascript:x)
[f](<java script:x>) [g](https://ok.example/"onmouseover="x) [h](//ok.example/x) ![i" onerror="x](https://ok.example/x.png)
[up](../../../../etc/passwd) [own](#who-to-call) [gone](#not-there) [tbd](TBD) []() [ref][nowhere] [other](docs/%2e%2e/other.md)

Scale <service-name> to <n> replicas {{ 7*191 }}.

```"><script>alert(1)</script>
{{ 7*191 }} <script>
```

## Restore
<div><div><details><summary>open</summary>
never closed

### Restore again
Run `restore --to <host>`, see https://ok.example/a_(b). It takes 40 minutes.

## Failover
We have not looked into this yet <!-- </section> --> <style>*{display:none}</style>

| a | b |
|---|---|
| <td onclick=x> | TBD |
"##;

fn hostile() -> Vec<File> {
    let deep = format!("# Deep runbook\n\n## Deployment\n{}x\n\n{}y\n", "> ".repeat(3000), "<div>".repeat(3000));
    vec![
        file("evil", "RUNBOOK.md", HOSTILE),
        file("evil", "docs/..%2f..%2fx\"><script>.md", HOSTILE),
        file("evil", "docs/index.html", "# Index\n\n- [a](../RUNBOOK.md)\n- [b](deep/README.md)\n"),
        file("evil", "deep/README.md", &deep),
        file(
            "Evil \"repo\" <x>",
            "нотатки/Журнал & co.md",
            "# Meeting notes 2026-01-02\n\nAttendees: A, B\n\n## Actions\n- look at Hostile {{ 7*191 }}\n",
        ),
        file(
            "evil",
            "alerts/Bad\"><img>.md",
            "# Bad\"><img onerror=x>\n\n## Meaning\nx\n\n## Impact\nx\n\n## Diagnosis\nx\n\n## Mitigation\nDo <b>it</b>.\n",
        ),
    ]
}

/// A tag of a page: its name and its attributes as a browser reads them.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}

/// Every start tag of a page. Our pages are well-formed, so a small reader will do: what it cannot read is a failure.
fn tags(path: &str, html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with(['/', '!']) {
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap();
        let mut tag = Tag { name: rest[..end].to_owned(), attributes: Vec::new() };
        assert!(end > 0, "{path}: a bare < before {:.40}", rest);
        rest = &rest[end..];
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = rest.find(['=', '>', ' ', '\n']).unwrap();
            let key = rest[..end].to_owned();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let end = quoted.find('"').unwrap();
                value = unescape(&quoted[..end]);
                rest = &quoted[end + 1..];
            } else {
                assert!(!rest.starts_with('='), "{path}: an unquoted attribute {key}");
            }
            tag.attributes.push((key, value));
        }
        tags.push(tag);
    }
    tags
}

fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#x2F;", "/"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, with)| text.replace(entity, with))
}

fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            out.push(u8::from_str_radix(&path[at + 1..at + 3], 16).unwrap());
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap()
}

/// Where a link of a page leads inside the site: path and anchor; nothing for links outside.
fn target(page: &str, link: &str) -> Option<(String, String)> {
    let scheme = link.split_once(':').is_some_and(|(s, _)| s.chars().all(|c| c.is_ascii_alphanumeric() || c == '+'));
    if scheme {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { page.split('/').collect() };
    if path.is_empty() {
        return Some((page.to_owned(), anchor.to_owned()));
    }
    parts.pop();
    for part in path.split('/').filter(|p| !p.is_empty()) {
        match part {
            ".." => assert!(parts.pop().is_some(), "{page}: {link} leaves the site"),
            part => parts.push(part),
        }
    }
    Some((decoded(&parts.join("/")), decoded(anchor)))
}

/// What must hold of every site.
fn inspect(site: &Site) {
    let pages: BTreeMap<&str, Vec<Tag>> = site
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), tags(path, std::str::from_utf8(bytes).unwrap())))
        .collect();
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, tags) in &pages {
        let own = ids.entry(path).or_default();
        for id in tags.iter().filter_map(|t| t.get("id")) {
            assert!(own.insert(id), "{path}: the id {id} stands twice");
        }
    }
    let schemes = ["https://", "http://", "mailto:", "tel:", "slack:"];
    let mut links = 0;
    for (path, tags) in &pages {
        let meta = |key: &str, value: &str| tags.iter().find(|t| t.name == "meta" && t.get(key) == Some(value));
        let policy = meta("http-equiv", "Content-Security-Policy").and_then(|t| t.get("content")).unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}: {policy}");
        assert_eq!(meta("name", "robots").and_then(|t| t.get("content")), Some("noindex"), "{path}");
        assert_eq!(tags.iter().filter(|t| t.name == "h1").count(), 1, "{path}: one title a page");
        for tag in tags {
            let banned = ["iframe", "object", "embed", "form", "math", "base", "style", "video", "audio"];
            assert!(!banned.contains(&tag.name.as_str()), "{path}: <{}>", tag.name);
            if tag.name == "img" {
                let source = tag.get("src").unwrap_or_default();
                assert!(
                    source.contains("pictures/") || source.starts_with("data:image/svg+xml;base64,"),
                    "{path}: {source}"
                );
                assert!(tag.get("alt").is_some_and(|alt| !alt.is_empty()), "{path}: {source} is shown to nobody blind");
            }
            // Drawings are our own, and say so; those of documents are never part of a page.
            let drawings = ["bands", "bands thin", "spark", "graph"];
            let drawn = tag.get("role") == Some("group") && tag.get("aria-label").is_some_and(|l| l.len() > 20);
            let ours = drawn || tag.get("class").is_some_and(|c| drawings.contains(&c));
            assert!(tag.name != "svg" || ours, "{path}: a drawing");
            if tag.name == "script" {
                assert!(tag.get("src").is_some_and(|s| s.contains("assets/")), "{path}: a script of its own");
            }
            for (key, value) in &tag.attributes {
                assert!(!key.starts_with("on") && key != "style" && key != "srcdoc", "{path}: {key}={value}");
            }
            for link in
                [tag.get("href"), tag.get("src").filter(|s| !s.starts_with("data:image/"))].into_iter().flatten()
            {
                let Some((to, anchor)) = target(path, link) else {
                    assert!(schemes.iter().any(|s| link.starts_with(s)), "{path}: the link {link}");
                    continue;
                };
                links += 1;
                assert!(site.contains_key(&to), "{path}: {link} leads to {to}, which is not there");
                let there = anchor.is_empty() || ids.get(to.as_str()).is_some_and(|ids| ids.contains(anchor.as_str()));
                assert!(there, "{path}: {link} has no anchor {anchor} in {to}");
            }
        }
    }
    assert!(links > 10 * pages.len(), "{links} links on {} pages", pages.len());
}

fn text(site: &Site, path: &str) -> String {
    let bytes = site.get(path).unwrap_or_else(|| panic!("no {path} in {:#?}", site.keys().collect::<Vec<_>>()));
    String::from_utf8(bytes.clone()).unwrap()
}

#[test]
fn every_link_of_the_sample_site_arrives() {
    let site = site(&sample());
    inspect(&site);
    if let Some(folder) = std::env::var_os("SITE_OUT") {
        for (path, bytes) in &site {
            let path = Path::new(&folder).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

#[test]
fn every_link_arrives_where_hosts_are_known() {
    let (site, _) = site_of(&sample(), &config(), &Theme::default(), true);
    inspect(&site);
    let page = text(&site, "services/payments/index.html");
    assert!(page.contains("https://code.example.org/ferries/payments/edit/main/RUNBOOK.md#L"), "edit links");
}

#[test]
fn nothing_hostile_is_active() {
    let site = site(&hostile());
    inspect(&site);
    for (path, bytes) in &site {
        assert!(path.split('/').all(|p| p != ".." && !p.starts_with('.') && !p.is_empty()), "{path}");
        assert!(path.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c)), "{path}");
        let page = String::from_utf8_lossy(bytes);
        assert!(!page.contains("1337"), "{path}: a template was run");
    }
    let page = text(&site, site.keys().find(|p| p.starts_with("services/hostile")).unwrap());
    for words in ["&lt;service-name&gt; to &lt;n&gt; replicas", "alert(\"page\")", "unwritten link", "team@example.org"]
    {
        assert!(page.contains(words) || page.contains(&words.replace('"', "&quot;")), "{words} is lost");
    }
}

#[test]
fn names_of_files_hold_nothing_that_a_reader_obeys() {
    let text = "# Lamp runbook\n\n## Deployment\nRun `make lamp`.\n";
    let files = vec![
        file("lamp", "esc\u{1b}[31m\u{202e}red/RUNBOOK.md", text),
        file("lamp", "lost\u{7}/notes\u{2028}b.md", "Meeting notes 2026-01-02\n\nPassword: TBD\n"),
        file("lamp", "bell\u{9b}/README.md", "## Deployment\nNot looked into.\n\n## Owner\nTeam Lamp\n"),
    ];
    let (site, _) = site_of(&files, &config(), &Theme::default(), true);
    inspect(&site);
    let obeyed = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{2028}'];
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".json")) {
        let page = String::from_utf8_lossy(bytes);
        assert!(!page.contains(obeyed), "{path}: {:?}", page.lines().find(|l| l.contains(obeyed)));
    }
    assert!(site.values().any(|bytes| String::from_utf8_lossy(bytes).contains("lamp/esc␛[31m\u{fffd}red/RUNBOOK.md")));
}

#[test]
fn pictures_of_a_repository_are_shown_and_others_are_links() {
    let text_of_it = "# Till runbook\n\n## Technical overview\nA desk, a drawer, a database: ![plan](docs/plan.png) \
        <img src=\"docs/parts.svg\" alt=\"parts\"> ![fake](docs/fake.png) ![gone](docs/gone.png) \
        ![away](https://example.org/x.png)\n";
    let files = vec![
        file("till", "RUNBOOK.md", text_of_it),
        ("till".to_owned(), "docs/fake.png".to_owned(), b"<html><script>alert(1)</script>".to_vec()),
        ("till".to_owned(), "docs/parts.svg".to_owned(), b"<svg><script>alert(1)</script></svg>".to_vec()),
        ("till".to_owned(), "docs/plan.png".to_owned(), b"\x89PNG\r\n\x1a\n...".to_vec()),
    ];
    let site = site(&files);
    inspect(&site);
    let page = text(&site, "services/till/index.html");
    assert_eq!(page.matches("<img").count(), 2, "{page}");
    assert_eq!(page.matches("class=\"picture\"").count(), 3, "{page}");
    let pictures: Vec<_> = site.keys().filter(|path| path.starts_with("pictures/")).collect();
    assert_eq!(pictures.len(), 1, "what could run is no file of the site: {pictures:?}");
    assert_eq!(site[pictures[0]], files[3].2);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let mut files = sample();
    files.extend(hostile());
    let once = site(&files);
    files.reverse();
    let again = site(&files);
    assert_eq!(once.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (path, bytes) in &once {
        assert!(again[path] == *bytes, "{path} differs");
    }
}

#[test]
fn styles_and_scripts_are_small() {
    let site = site(&sample());
    // The sheet of syntax colours is apart, and the worker's script of a kilobyte holds a list of the site's files.
    let is_counted = |path: &&String| {
        let code = path.ends_with(".js") || path.ends_with(".css");
        path.starts_with("assets/") && code && !path.starts_with("assets/code.")
    };
    let counted: Vec<&String> = site.keys().filter(is_counted).collect();
    let size: usize = counted.iter().map(|path| site[*path].len()).sum();
    assert!(counted.len() > 8 && size > 30_000, "{counted:?}");
    assert!(size < 58_800, "{size} bytes of styles and scripts");
}

#[test]
fn the_json_keeps_its_contract() {
    let site = site(&sample());
    let json: serde_json::Value = serde_json::from_slice(&site["api/coverage.json"]).unwrap();
    assert_eq!(json["schema"], 1);
    let sections: Vec<&str> = json["chapters"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c["sections"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()))
        .collect();
    assert_eq!(sections.len(), 49);
    let services = json["services"].as_array().unwrap();
    assert!(services.is_sorted_by_key(|s| s["id"].as_str().unwrap().to_owned()));
    let mut cells = 0;
    for service in services {
        for key in ["id", "name", "owners", "tier", "runbook", "required", "counts", "cells"] {
            assert!(service.get(key).is_some(), "{key} of {service}");
        }
        assert!(service["required"]["met"].is_u64() && service["required"]["of"].is_u64());
        let has: Vec<&String> = service["cells"].as_object().unwrap().keys().collect();
        if service["runbook"] == "none" {
            assert!(has.is_empty());
            continue;
        }
        assert_eq!(has, sections, "every section, in the template's order");
        for cell in service["cells"].as_object().unwrap().values() {
            for key in [
                "state",
                "required",
                "met",
                "waived",
                "confidence",
                "substance",
                "inherited",
                "through",
                "source",
                "evidence",
            ] {
                assert!(cell.get(key).is_some(), "{key} of {cell}");
            }
            cells += usize::from(cell["source"]["line"].as_u64().is_some_and(|l| l > 0));
        }
        let one = format!("api/services/{}.json", service["id"].as_str().unwrap());
        let one: serde_json::Value = serde_json::from_slice(&site[&one]).unwrap();
        for (id, cell) in service["cells"].as_object().unwrap() {
            let whole = &one["cells"][id];
            assert_eq!(whole["state"], cell["state"], "{} {id}", service["id"]);
            assert_eq!(whole["evidence"][0], cell["evidence"][0], "{} {id}", service["id"]);
        }
        assert!(one["dependencies"].is_array() && one["dependants"].is_array());
    }
    assert!(cells > 100, "only {cells} cells have a source");
    assert!(json["totals"].is_object());
}

#[test]
fn a_record_is_kept_of_what_changed_and_told_on_the_home_page() {
    let mut config = Config { history: Some("history.jsonl".to_owned()), ..config() };
    let mut home = String::new();
    let answers = ["TBD", "TBD", "Restore with `pg_restore -d shop` from the nightly dump in s3://shop-dumps."];
    for (day, answer) in (1..).zip(answers) {
        let text = format!(
            "# Shop runbook\n\n## Service owner\nTeam Till, till@example.org\n\n## Restore procedures\n{answer}\n"
        );
        let files = [file("shop", "RUNBOOK.md", &text)];
        let (sources, readings) = pipeline::read_all(collected(&files, false), &Reader::new(&config.knowledge), &|| ());
        let today = jiff::civil::date(2026, 10, day);
        let fleet = pipeline::assemble(sources, readings, &config, today);
        let line = pipeline::record(&fleet, &config, today);
        assert_eq!(line.is_some(), day != 2, "a line for every distinct set of cells");
        config.recorded.push_str(&line.map(|l| l + "\n").unwrap_or_default());
        assert_eq!(pipeline::record(&fleet, &config, today), None, "once recorded, nothing is new");
        home = pipeline::with_site(&fleet, &config, &Theme::default(), |site, _| {
            String::from_utf8(site.page("index.html").unwrap()).unwrap()
        });
    }
    assert!(home.contains("Since 2026-10-01: 1 better, 0 worse") && home.contains("class=\"spark\""), "{home}");
}

#[test]
fn services_taken_out_need_nothing_beside_them() {
    let (config, files) = (config(), sample());
    let (sources, readings) = pipeline::read_all(collected(&files, true), &Reader::new(&config.knowledge), &|| ());
    let fleet = pipeline::assemble(sources, readings, &config, TODAY);
    let chosen: Vec<_> = ["booking-api", "payments"].map(|id| fleet.catalog.service(&Id::of(id)).unwrap()).to_vec();
    pipeline::with_site(&fleet, &config, &Theme::default(), |site, _| {
        let page = site.binder(&chosen);
        let (_, body) = page.split_once("</style>").unwrap();
        let tags = tags("binder", body);
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|t| t.get("id")) {
            assert!(ids.insert(id), "the id {id} stands twice");
        }
        let mut inside = 0;
        for tag in &tags {
            assert!(tag.name != "script" && tag.name != "link", "{}", tag.name);
            let Some(link) = tag.get("href") else { continue };
            match link.strip_prefix('#') {
                Some(anchor) => {
                    assert!(ids.contains(decoded(anchor).as_str()), "{link} leads nowhere");
                    inside += 1;
                }
                None => assert!(link.contains(':'), "{link} leaves the page"),
            }
        }
        assert!(inside > 100 && page.contains("Booking API") && page.contains("Payments"));
        assert_eq!(site.sheet(&chosen).lines().count(), 3);
        let data: serde_json::Value = serde_json::from_slice(&site.data(&chosen)).unwrap();
        assert_eq!(data["services"][1]["id"], "payments");
    });
}

#[test]
fn what_is_written_has_the_shape_its_schema_says() {
    let site = site(&sample());
    let schemas = pipeline::schemas();
    for (name, path) in [
        ("coverage", "api/coverage.json"),
        ("service", "api/services/payments.json"),
        ("owners", "api/owners.json"),
        ("badge", "api/badges/services/payments.json"),
    ] {
        let schema = &schemas.iter().find(|(own, _)| *own == name).unwrap().1;
        let told: BTreeSet<&str> =
            schema.get("properties").unwrap().as_object().unwrap().keys().map(|k| &**k).collect();
        let json: serde_json::Value = serde_json::from_slice(&site[path]).unwrap();
        let has: BTreeSet<&str> = json.as_object().unwrap().keys().map(|k| &**k).collect();
        let needed = schema.get("required").unwrap().as_array().unwrap().iter().map(|r| r.as_str().unwrap());
        assert!(has.is_subset(&told), "{name}: {has:?} is not within {told:?}");
        for key in needed {
            assert!(has.contains(key), "{name}: {key}");
        }
    }
    assert!(text(&site, "llms.txt").contains("api/services/payments.json"));
    assert!(text(&site, "api/badges/owners/purser.svg").starts_with("<svg"));
}

#[test]
fn a_public_site_may_be_indexed() {
    let config = Config { public: true, ..config() };
    let (site, _) = site_of(&sample(), &config, &Theme::default(), false);
    assert!(!text(&site, "index.html").contains("noindex"));
    assert_eq!(text(&site, "robots.txt"), "User-agent: *\nAllow: /\n");
}

#[test]
fn a_theme_replaces_file_by_file_and_a_broken_file_is_told_of() {
    let theme = |name: &str, text: &str| Theme { files: [(name.to_owned(), text.as_bytes().to_vec())].into() };
    let build = |theme: &Theme| site_of(&sample(), &config(), theme, false);
    let own = "{% extends \"builtin/404.html\" %}{% block foot %}<p>Ring the bridge.</p>{% endblock foot %}";
    let (site, found) = build(&theme("templates/404.html", own));
    assert!(found.is_empty(), "{found:?}");
    assert!(
        text(&site, "404.html").contains("Ring the bridge.") && !text(&site, "index.html").contains("Ring the bridge.")
    );

    let plain = build(&Theme::default()).0;
    for (broken, line) in [("\n\n{% if %}", 3), ("\n{{ nobody.knows.this }}", 2)] {
        let (site, found) = build(&theme("templates/gaps.html", broken));
        assert_eq!(found.len(), 1, "{found:?}");
        let place = found[0].location.as_ref().unwrap();
        assert_eq!((found[0].rule, &*place.origin.path, place.line), ("theme-broken", "templates/gaps.html", line));
        assert_eq!(text(&site, "gaps/index.html"), text(&plain, "gaps/index.html"), "ours stands in");
    }
    let (site, _) = build(&theme("css/site.css", "body { color: teal }"));
    assert!(site.values().any(|bytes| bytes == b"body { color: teal }"));
}

/// A document read alone.
fn read(text: &str, config: &Config) -> Arc<Runbook> {
    let origin = Origin { repo: "payments".into(), commit: None, path: "RUNBOOK.md".into() };
    let raw = RawFile { origin, bytes: text.as_bytes().to_vec() };
    pipeline::read(raw, &Reader::new(&config.knowledge)).runbook.unwrap()
}

fn words(text: &str) -> BTreeSet<String> {
    opsbook::model::text::words(text).collect()
}

#[test]
fn normalizing_the_normalized_changes_nothing_and_loses_no_word() {
    let config = config();
    let mut wrong = Vec::new();
    for (repo, path, bytes) in sample() {
        if !pipeline::is_document(&path) {
            continue;
        }
        let Ok(source) = String::from_utf8(bytes) else { continue };
        let runbook = read(&source, &config);
        let once = compose::document(&runbook, &config.knowledge);
        let there = words(&once);
        // The numbers of headings are not words: the template has its own order.
        let numbered =
            |l: &&str| !(l.starts_with('#') && l.trim_start_matches(['#', ' ']).starts_with(char::is_numeric));
        let text: Vec<&str> = runbook.document.text.lines().filter(numbered).collect();
        for word in words(&text.join("\n")) {
            if !there.contains(&word) {
                wrong.push(format!("{repo}/{path}: the word {word} is lost"));
            }
        }
        let twice = compose::document(&read(&once, &config), &config.knowledge);
        if once != twice {
            let line = once.lines().zip(twice.lines()).position(|(a, b)| a != b).unwrap_or(0);
            let at = |text: &str| text.lines().skip(line.saturating_sub(2)).take(5).collect::<Vec<_>>().join("\n  ");
            wrong.push(format!("{repo}/{path} changes at line {}:\n  {}\n---\n  {}", line + 1, at(&once), at(&twice)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

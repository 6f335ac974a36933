//! The search in a real browser: what it finds, what that costs, and how it is used. Needs Chromium; `.ci/suites/search` runs it.
//!
//! `SEARCH_FLEET=10000 cargo test --release --test search -- --ignored --nocapture` asks a large fleet.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

#[allow(dead_code)]
#[path = "../browser/chromium.rs"]
mod chromium;
mod fleet;

use chromium::{Browser, Tab, build, serve, site};
use fleet::Query;

/// Where the results of a query lead, in their order.
fn results(tab: &mut Tab, origin: &str, query: &str) -> Vec<String> {
    let encoded: String = query.bytes().map(|b| format!("%{b:02X}")).collect();
    tab.open(&format!("{origin}/search/index.html?q={encoded}"));
    tab.wait("document.querySelector('.told').textContent");
    let found = tab.eval("[...document.querySelectorAll('.answers a')].map((a) => a.href)");
    let found = found.as_array().unwrap().iter();
    found.map(|to| to.as_str().unwrap()[origin.len() + 1..].replace("index.html", "")).collect()
}

/// Asks everything, as it is and mistyped; says what was not among the first three.
fn ask(origin: &str, queries: &[Query]) {
    let mut browser = Browser::start();
    let mut tab = browser.tab(1200, 900, "light");
    let mut found = [0, 0];
    let mut cost: Vec<(u64, f64)> = Vec::new();
    for query in queries {
        for (nth, text) in [&query.asks, &query.typo].into_iter().enumerate() {
            let all = results(&mut tab, origin, text);
            let is_right =
                |to: &String| query.answers.iter().any(|answer| to.to_lowercase().starts_with(answer.as_str()));
            if all.iter().take(3).any(is_right) {
                found[nth] += 1;
            } else {
                println!("{text}: {:?}, not {:?}", &all[..all.len().min(3)], query.answers);
            }
            if nth == 0 && origin.starts_with("http") {
                cost.push(spent(&mut tab));
            }
        }
    }
    println!("{} of {} found, mistyped {}", found[0], queries.len(), found[1]);
    if !cost.is_empty() {
        let most = cost.iter().map(|c| c.0).max().unwrap();
        let mean = cost.iter().map(|c| c.0).sum::<u64>() / cost.len() as u64;
        cost.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (median, slowest) = (cost[cost.len() / 2].1, cost[cost.len() - 1].1);
        println!("first query: {mean} bytes, at most {most}; answered in {median:.0} ms, at most {slowest:.0} ms");
        assert!(most <= 100_000, "a first query takes {most} bytes");
    }
    assert_eq!(queries.len(), 60);
    assert!(found[0] >= 57 && found[1] >= 54, "{found:?}");
    assert_eq!(tab.complaints(origin), [] as [String; 0]);
}

/// What the query of the open page cost: bytes of the script and its files, and the time an answer takes with all of
/// them at hand.
fn spent(tab: &mut Tab) -> (u64, f64) {
    let bytes =
        "performance.getEntriesByType('resource').filter((e) => /search[./]/.test(e.name) && e.name.includes('.js'))
        .reduce((sum, e) => sum + e.decodedBodySize, 0)";
    let bytes = tab.eval(bytes).as_u64().unwrap();
    let time = "new Promise((then) => {
        const begun = performance.now();
        new MutationObserver((_, watch) => { watch.disconnect(); then(performance.now() - begun - 60); })
            .observe(document.querySelector('.answers'), { childList: true });
        document.querySelector('.search input').dispatchEvent(new Event('input'));
    })";
    (bytes, tab.eval(time).as_f64().unwrap())
}

fn sample() -> Vec<Query> {
    let lines = include_str!("sample.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    let query = |line: &str| {
        let parts: Vec<&str> = line.split(" | ").collect();
        let answers = parts[2].split(' ').map(str::to_owned).collect();
        Query { asks: parts[0].to_owned(), typo: parts[1].to_owned(), answers }
    };
    lines.map(query).collect()
}

#[test]
#[ignore = "needs Chromium"]
fn the_sample_fleet_answers() {
    ask(&serve(site()), &sample());
}

#[test]
#[ignore = "needs Chromium"]
fn the_sample_fleet_answers_from_a_disk() {
    ask(&format!("file://{}", site().display()), &sample());
}

#[test]
#[ignore = "needs Chromium"]
fn a_generated_fleet_answers() {
    let count = std::env::var("SEARCH_FLEET").map_or(300, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    fleet::write(folder.path(), count);
    let config = folder.path().join("opsbook.toml");
    let out = folder.path().join("site");
    build(&out, &["--config", config.to_str().unwrap()]);
    ask(&serve(&out), &fleet::queries(count));
}

#[test]
#[ignore = "needs Chromium"]
fn an_alert_is_found_by_half_its_name_and_a_typo() {
    let mut browser = Browser::start();
    for origin in [serve(site()), format!("file://{}", site().display())] {
        let mut tab = browser.tab(390, 800, "dark");
        tab.open(&format!("{origin}/services/payments/index.html"));
        tab.press("/");
        tab.wait("document.querySelector('dialog[open] input') === document.activeElement");
        tab.write("acquirertimeuots");
        tab.wait("document.querySelector('.answers mark')");
        assert!(tab.text("document.querySelector('.told').textContent").contains("Taken: “acquirertimeouts”"));
        assert_eq!(tab.text("document.querySelector('[aria-selected=true]').id"), "answer-0");
        tab.press("ArrowDown");
        assert_eq!(tab.text("document.activeElement.getAttribute('aria-activedescendant')"), "answer-1");
        tab.press("ArrowUp");
        tab.press("Enter");
        let there = "location.pathname.toLowerCase().endsWith('/alerts/paymentsacquirertimeouts/index.html')";
        tab.wait(&format!("{there} && document.readyState === 'complete'"));
        // The page is remembered, Escape closes, and the search opens again with Ctrl-K.
        tab.eval("dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))");
        tab.wait("document.querySelector('dialog[open] .answers')?.textContent.includes('PaymentsAcquirerTimeouts')");
        tab.press("Escape");
        tab.wait("!document.querySelector('dialog[open]')");
        assert_eq!(tab.complaints(&origin), [] as [String; 0]);
    }
}

#[test]
#[ignore = "needs Chromium"]
fn gaps_are_found_as_gaps_filters_narrow_and_nothing_is_helpful() {
    let mut browser = Browser::start();
    let origin = serve(site());
    let mut tab = browser.tab(1200, 900, "light");
    let all = results(&mut tab, &origin, "power procedures notify");
    assert!(all[0].starts_with("services/notify/#power"), "{all:?}");
    let badge = tab.text("document.querySelector('.answers a .badge').textContent");
    assert!(badge.contains("not investigated"), "{badge}");

    results(&mut tab, &origin, "restore");
    let groups = "[...document.querySelectorAll('.group > p')].map((p) => p.textContent)";
    assert!(tab.eval(groups).as_array().unwrap().len() > 2);
    tab.click(".chips button[title=owner]");
    tab.wait("location.search.includes('owner=') && document.querySelector('.chips [aria-pressed=true]')");
    let owner = tab.text("document.querySelector('.chips [aria-pressed=true]').textContent");
    let shown = tab.eval(groups);
    let of_owner = |group: &serde_json::Value| group.as_str().unwrap().contains(&owner);
    assert!(shown.as_array().unwrap().iter().all(of_owner), "{shown} of {owner}");
    // The address says it all.
    let address = tab.text("location.href");
    let mut other = browser.tab(1200, 900, "light");
    other.open(&address);
    other.wait("document.querySelector('.told').textContent");
    assert_eq!(other.eval(groups), shown);

    assert_eq!(results(&mut tab, &origin, "qqqzzzxxx"), [] as [String; 0]);
    let told = tab.text("document.querySelector('.told').textContent");
    assert!(told.contains("“qqqzzzxxx” stands nowhere"), "{told}");
    tab.press("Escape");
    tab.wait("location.search === ''");

    tab.call("Emulation.setScriptExecutionDisabled", serde_json::json!({ "value": true }));
    tab.open(&format!("{origin}/search/index.html"));
    tab.call("Emulation.setScriptExecutionDisabled", serde_json::json!({ "value": false }));
    let text = tab.text("document.querySelector('main').innerText");
    assert!(text.contains("needs JavaScript") && text.contains("Services"), "{text}");
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);
}

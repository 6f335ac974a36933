//! The sample site in a real browser: what people do on it, from end to end. Needs Chromium; `.ci/suites/browser` runs it.

#![allow(clippy::disallowed_methods)]

mod chromium;
mod live;
#[path = "../serving/mod.rs"]
mod serving;

use chromium::{Browser, Tab, serve, site};

fn desk(browser: &mut Browser) -> Tab {
    browser.tab(1400, 900, "light")
}

#[test]
#[ignore = "needs Chromium"]
fn the_matrix_is_filtered_to_one_teams_gaps_and_its_address_shared() {
    let mut browser = Browser::start();
    let origin = serve(site());
    let mut tab = desk(&mut browser);
    tab.open(&format!("{origin}/matrix/index.html"));
    let all = tab.eval("document.querySelectorAll('.mx tbody tr:not([hidden])').length");
    tab.choose("[name=owner]", "purser");
    tab.click("[name=gaps]");
    tab.wait("location.search.includes('gaps=1')");
    let rows = "[...document.querySelectorAll('.mx tbody tr:not([hidden])')].map((r) => r.dataset.s).join()";
    let shown = tab.text(rows);
    let address = tab.text("location.href");
    assert!(shown.contains("gift-cards") && !shown.contains("booking-api"), "{shown}");
    // Whoever gets the address sees the same; going back shows all again.
    let mut other = desk(&mut browser);
    other.open(&address);
    assert_eq!(other.text(rows), shown);
    assert_eq!(other.text("document.querySelector('[name=owner]').value"), "purser");
    tab.eval("history.back()");
    tab.wait("!location.search.includes('gaps')");
    tab.eval("history.back()");
    tab.wait("location.search === ''");
    assert_eq!(tab.eval("document.querySelectorAll('.mx tbody tr:not([hidden])').length"), all);
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);
}

#[test]
#[ignore = "needs Chromium"]
fn the_words_behind_a_cell_are_shown_where_one_stands() {
    let mut browser = Browser::start();
    for origin in [serve(site()), format!("file://{}", site().display())] {
        let mut tab = desk(&mut browser);
        tab.open(&format!("{origin}/matrix/index.html"));
        tab.click("tr[data-s=payments] td.a > a");
        tab.wait("document.querySelector('.behind .said')");
        let shown = tab.text("document.querySelector('.behind').textContent");
        assert!(shown.contains("Payments") && shown.contains(".md, line"), "{shown}");
        // Arrows go from cell to cell, and the words with them.
        tab.press("ArrowRight");
        tab.press("ArrowDown");
        tab.wait("!document.querySelector('.behind').textContent.includes('Payments')");
        let row = tab.text("document.activeElement.closest('tr').dataset.s");
        assert_eq!(row, "gift-cards");
        // A dispute is a text for the owner, ready to be sent.
        tab.click(".behind summary");
        let issue = tab.text("document.querySelector('.behind textarea').value");
        assert!(issue.contains("Gift cards") && issue.contains("confidence"), "{issue}");
        tab.press("Escape");
        // A chapter folds into one column, and unfolds again.
        let columns = "[...document.querySelectorAll('tr[data-s=payments] td')].filter((c) => c.offsetParent).length";
        let before = tab.eval(columns).as_u64().unwrap();
        tab.click(".ch button");
        tab.wait("document.querySelector('.fold')");
        assert!(tab.eval(columns).as_u64().unwrap() < before);
        assert!(tab.text("location.search").contains("fold="));
        tab.click(".ch button");
        tab.wait("!document.querySelector('.fold')");
        assert_eq!(tab.eval(columns).as_u64().unwrap(), before);
        assert_eq!(tab.complaints(&origin), [] as [String; 0]);
    }
}

#[test]
#[ignore = "needs Chromium"]
fn a_command_is_copied_with_its_variables_filled() {
    let mut browser = Browser::start();
    for origin in [serve(site()), format!("file://{}", site().display())] {
        let mut tab = desk(&mut browser);
        tab.open(&format!("{origin}/services/booking-api/index.html"));
        // What is copied is kept here: the page's clipboard is nobody else's to read.
        tab.eval("navigator.clipboard.writeText = async (text) => { window.copied = text; }");
        tab.click(".fill input[name=env]");
        tab.write("staging");
        let blocks = tab.text("[...document.querySelectorAll('pre')].map((p) => p.textContent).join()");
        assert!(blocks.contains("staging") && !blocks.contains("<env>"), "{blocks}");
        tab.eval("[...document.querySelectorAll('.code')].find((b) => b.querySelector('.full')).querySelector('button').click()");
        tab.wait("window.copied");
        let copied = tab.text("window.copied");
        assert!(copied.contains("staging") && !copied.contains('<') && !copied.contains("$ "), "{copied}");
        // The next page of the same night knows it already.
        tab.open(&format!("{origin}/services/payments/index.html"));
        tab.open(&format!("{origin}/services/booking-api/index.html"));
        assert_eq!(tab.text("document.querySelector('.fill input[name=env]').value"), "staging");
        assert_eq!(tab.complaints(&origin), [] as [String; 0]);
    }
}

#[test]
#[ignore = "needs Chromium"]
fn whom_to_call_and_what_to_do_stand_on_one_screen_of_a_phone() {
    let mut browser = Browser::start();
    let origin = serve(site());
    let mut tab = browser.tab(390, 844, "dark");
    for service in ["payments", "booking-api", "harbour-platform", "notify", "seat-map"] {
        tab.open(&format!("{origin}/services/{service}/index.html"));
        let last = "[...document.querySelectorAll('.night h2')].find((h) => h.textContent === 'Takes down').nextElementSibling";
        let bottom = tab.eval(&format!("{last}.getBoundingClientRect().bottom")).as_f64().unwrap();
        assert!(bottom <= 844.0, "{service}: what it takes down ends at {bottom}");
    }
    for page in PAGES {
        tab.size(320, 640);
        tab.open(&format!("{origin}/{page}"));
        let wide = tab.eval("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(wide <= 320, "{page} is {wide} wide on a phone of 320");
    }
}

/// A page of every kind.
const PAGES: [&str; 17] = [
    "index.html",
    "matrix/index.html",
    "matrix/all/index.html",
    "services/index.html",
    "services/payments/index.html",
    "services/fare-engine/index.html",
    "services/seat-map/index.html",
    "owners/index.html",
    "owners/purser/index.html",
    "gaps/index.html",
    "risks/index.html",
    "dependencies/index.html",
    "sections/index.html",
    "sections/restore-procedures/index.html",
    "alerts/index.html",
    "checks/index.html",
    "404.html",
];

#[test]
#[ignore = "needs Chromium and axe-core"]
fn every_kind_of_page_is_open_to_everybody_and_silent() {
    let axe = std::env::var("AXE").expect("AXE names axe-core's axe.min.js; .ci/suites/browser installs it");
    let axe = std::fs::read_to_string(axe).unwrap();
    let mut browser = Browser::start();
    let origin = serve(site());
    let mut wrong = Vec::new();
    for scheme in ["light", "dark"] {
        let mut tab = browser.tab(1280, 900, scheme);
        for page in PAGES.iter().copied().chain(documents()) {
            tab.open(&format!("{origin}/{page}"));
            tab.wait("document.readyState === 'complete'");
            if page == "matrix/index.html" {
                tab.click("tr[data-s=payments] td.a > a");
                tab.wait("document.querySelector('.behind .said')");
            }
            wrong.extend(tab.complaints(&origin).into_iter().map(|said| format!("{page}: {said}")));
            tab.eval(&axe);
            let found = tab.eval(
                "axe.run({ resultTypes: ['violations'] }).then((r) => r.violations.map((v) =>
                v.id + ': ' + v.nodes.length + ' such as ' + v.nodes[0].html.slice(0, 200) + ' ' + v.nodes[0].failureSummary))",
            );
            wrong.extend(found.as_array().unwrap().iter().map(|v| format!("{page}, {scheme}: {v}")));
            tab.complaints(&origin);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// One page of each kind of document.
fn documents() -> impl Iterator<Item = &'static str> {
    [
        "alerts/BookingApiErrorBudgetBurn/index.html",
        "documents/index.html",
        "documents/payments/runbook.md.html",
        "dependencies/postgresql/index.html",
    ]
    .into_iter()
}

#[test]
#[ignore = "needs Chromium"]
fn scratch() {
    let mut browser = Browser::start();
    let mut tab = desk(&mut browser);
    tab.call("Performance.enable", serde_json::json!({}));
    for _ in 0..3 {
        let page = std::env::var("PAGE").unwrap();
        let begun = std::time::Instant::now();
        tab.open(&page);
        let load = begun.elapsed();
        let paint = tab.eval("new Promise((then) => { const got = () => { const p = performance.getEntriesByType('paint').find((e) => e.name === 'first-contentful-paint'); p ? then(p.startTime) : setTimeout(got, 10); }; got(); })");
        let usable = tab.eval("(async () => { await new Promise(requestAnimationFrame); document.querySelector('.mx td a').focus(); document.body.offsetHeight; await new Promise(requestAnimationFrame); return performance.now(); })()");
        let m = tab.call("Performance.getMetrics", serde_json::json!({}));
        for x in m["metrics"].as_array().unwrap() {
            if ["LayoutDuration", "RecalcStyleDuration", "ScriptDuration", "TaskDuration", "Nodes", "LayoutCount"]
                .contains(&x["name"].as_str().unwrap())
            {
                print!("{} {:.2} ", x["name"].as_str().unwrap(), x["value"].as_f64().unwrap());
            }
        }
        println!();
        let t = std::time::Instant::now();
        tab.choose("[name=sort]", "coverage");
        tab.eval("new Promise(requestAnimationFrame)");
        println!("load {load:?} paint {paint} usable {usable} sort {:?}", t.elapsed());
        let t = std::time::Instant::now();
        tab.click("[name=gaps]");
        tab.eval("document.body.offsetHeight");
        println!("gaps {:?}", t.elapsed());
    }
}

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
        assert!(shown.contains("Payments") && shown.contains("payments/RUNBOOK.md, line"), "{shown}");
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

//! Pages of `opsbook serve --watch` in a browser: they follow a save in place, and mistakes stand over them.

use super::desk;
use crate::chromium::Browser;
use crate::serving::Served;
use std::fs;

fn runbook(words: &str) -> String {
    let mut text = "# Payments run book\n\n## Service owner\n\nOwned by the Money Team, #money in chat.\n\n".to_owned();
    text += &format!("## Restore procedures\n\n{words}\n\n## Troubleshooting\n\n");
    (0..80).for_each(|nth| text += &format!("Step {nth}: look at `host-{nth}.example.org`.\n\n"));
    text + "## Deployment\n\nRun `make ship` on main.\n"
}

#[test]
#[ignore = "needs Chromium"]
fn an_open_page_follows_a_save_and_keeps_scroll_focus_and_folds() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("repos/pay/RUNBOOK.md");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let config = dir.path().join("opsbook.toml");
    let good = "[[source]]\npath = \"repos/*\"\n";
    fs::write(&config, good).unwrap();
    fs::write(&file, runbook("We have not investigated this yet.")).unwrap();
    let served = Served::start(dir.path(), &["--watch"]);
    let origin = format!("http://localhost:{}", served.port);
    let mut browser = Browser::start();

    let mut tab = desk(&mut browser);
    tab.open(&format!("{origin}/services/payments/"));
    tab.eval("document.querySelector('#opsbook-author').open = false");
    tab.eval("document.querySelector('.toc').open = false");
    tab.eval("document.querySelector('#troubleshooting').scrollIntoView()");
    tab.eval("document.querySelector('#deployment').closest('section').querySelector('.place a').focus({ preventScroll: true })");
    tab.eval("window.same = document.querySelector('#troubleshooting'); window.begun = true");
    let top = "document.querySelector('#troubleshooting').getBoundingClientRect().top";
    let before = tab.eval(top).as_f64().unwrap();
    fs::write(&file, runbook("Run `make restore` on the standby.\n\n1. Then look.\n2. Then say so.")).unwrap();
    tab.wait("document.querySelector('#restore-procedures').closest('section').textContent.includes('make restore')");
    tab.wait("document.querySelector('#opsbook-author').textContent.includes('not-investigated → answered')");
    let moved = (tab.eval(top).as_f64().unwrap() - before).abs();
    assert!(moved < 2.0, "what was looked at has moved by {moved} pixels");
    assert_eq!(
        tab.eval("window.begun && window.same === document.querySelector('#troubleshooting')"),
        true,
        "no reload"
    );
    assert_eq!(tab.eval("document.querySelector('#opsbook-author').open"), false);
    assert_eq!(tab.eval("document.querySelector('.toc').open"), false);
    assert_eq!(tab.eval("document.activeElement.closest('section').querySelector('#deployment') !== null"), true);

    // A mistake stands over the page, which stays; mended, it goes.
    fs::write(&config, format!("titel = \"x\"\n{good}")).unwrap();
    tab.wait("document.querySelector('.opsbook-mistake pre')");
    let says = tab.text("document.querySelector('.opsbook-mistake').textContent");
    assert!(says.contains("opsbook.toml:1:1") && says.contains("titel = \"x\"") && says.contains("^^^^^"), "{says}");
    assert!(tab.text("document.querySelector('h1').textContent").contains("Payments"));
    fs::write(&config, good).unwrap();
    tab.wait("!document.querySelector('.opsbook-mistake')");
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);

    // The matrix keeps its view.
    tab.open(&format!("{origin}/matrix/?sort=name"));
    tab.eval("window.begun = true");
    tab.eval("document.querySelector('tr[data-s=payments] td a').focus()");
    let admitted =
        runbook("Run `make restore`.").replace("Run `make ship` on main.", "We have not investigated this yet.");
    fs::write(&file, admitted).unwrap();
    tab.wait("!document.querySelector('tr[data-s=payments] a[title*=\"Deployment\"]').title.includes('Deployment: answered')");
    tab.wait("document.activeElement.closest('tr[data-s=payments]')");
    assert_eq!(tab.eval("window.begun"), true, "no reload");
    assert!(tab.text("location.search").contains("sort=name"));
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);

    // Its script is taken up anew each time: filters work on, and once.
    tab.choose("[name=gaps]", "");
    tab.eval("document.querySelector('[name=owner]').focus()");
    fs::write(&file, runbook("Run `make once-more`.")).unwrap();
    tab.wait(
        "document.querySelector('tr[data-s=payments] a[title*=\"Deployment\"]').title.includes('Deployment: answered')",
    );
    assert_eq!(
        tab.eval("document.querySelectorAll('.ch button').length === document.querySelectorAll('.ch').length"),
        true
    );
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);

    // What is typed into a command's blanks stays where it is.
    fs::write(&file, runbook("Run:\n\n```sh\nrestore --from <backup host>\n```")).unwrap();
    served.until("/services/payments/", "backup host", true);
    tab.open(&format!("{origin}/services/payments/"));
    tab.eval("document.querySelector('.fill input').focus()");
    tab.write("host-17");
    tab.eval("document.querySelector('.fill input').setSelectionRange(4, 4)");
    fs::write(&file, runbook("Run this:\n\n```sh\nrestore --anew --from <backup host>\n```")).unwrap();
    tab.wait("document.querySelector('#restore-procedures').closest('section').textContent.includes('--anew --from host-17')");
    assert_eq!(tab.text("document.activeElement.value"), "host-17");
    assert_eq!(tab.eval("document.activeElement.selectionStart"), 4);

    // A list shows only what it was asked for, also of what is new.
    tab.open(&format!("{origin}/services/"));
    tab.eval("document.querySelector('#filter').focus()");
    tab.write("ledger");
    for name in ["Ledger", "Mail"] {
        let other = dir.path().join(format!("repos/{name}/RUNBOOK.md"));
        fs::create_dir_all(other.parent().unwrap()).unwrap();
        fs::write(other, runbook("Run `make it`.").replace("Payments", name)).unwrap();
    }
    tab.wait("[...document.querySelectorAll('main tbody tr')].length >= 3");
    let shown = "[...document.querySelectorAll('main tbody tr')].filter((row) => !row.hidden).map((row) => row.cells[0].innerText.trim()).join()";
    assert_eq!(tab.text(shown), "Ledger");
    assert_eq!(tab.text("document.activeElement.id"), "filter");
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);

    // Search finds what was saved a moment ago, without a new page, and keeps what is typed whatever changes around it.
    tab.open(&format!("{origin}/search/?q=xyzzyx"));
    tab.wait("document.querySelector('.told').textContent");
    assert_eq!(tab.eval("document.querySelectorAll('.answers a').length"), 0);
    tab.eval("window.begun = true; document.addEventListener('opsbook:built', () => { window.whole = true; })");
    fs::write(&file, runbook("Run `make xyzzyx`.")).unwrap();
    tab.wait("window.whole");
    tab.eval("document.querySelector('.search input').dispatchEvent(new Event('input'))");
    tab.wait("[...document.querySelectorAll('.answers a')].some((a) => a.href.includes('/services/payments/'))");
    fs::write(&config, format!("[site]\ntitle = \"Night book\"\n{good}")).unwrap();
    tab.wait("document.title.includes('Night book')");
    assert_eq!(tab.text("document.querySelector('.search input').value"), "xyzzyx");
    assert_eq!(tab.eval("window.begun"), true, "no reload");
    assert_eq!(tab.complaints(&origin), [] as [String; 0]);

    // The server goes, and the page says so.
    drop(served);
    tab.wait("document.querySelector('.opsbook-away')");
}

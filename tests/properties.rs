//! What holds for every document: no word, link or code block is lost on its way to the service's page, and
//! normalizing twice changes nothing.

#![allow(clippy::disallowed_methods)]

use opsbook::configure::{self, KnowledgeTexts};
use opsbook::model::config::Config;
use opsbook::model::document::{Block, BlockKind};
use opsbook::model::runbook::Runbook;
use opsbook::model::site::{Pages, Theme};
use opsbook::model::source::{Collected, Origin, RawFile, Source, SourceState};
use opsbook::model::text::words;
use opsbook::normalize::Reader;
use opsbook::{compose, pipeline};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 10, 2);

static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    let (knowledge, wrong) = configure::knowledge(&KnowledgeTexts::default());
    assert!(wrong.is_empty(), "{wrong:?}");
    Config { knowledge: Arc::new(knowledge), ..configure::defaults() }
});
static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(&CONFIG.knowledge));

fn read(repo: &str, path: &str, text: &str) -> Arc<Runbook> {
    let origin = Origin { repo: repo.into(), commit: None, path: path.into() };
    pipeline::read(RawFile { origin, bytes: text.as_bytes().to_vec() }, &READER).runbook.expect("a document")
}

/// Every page about a service, its document or its notes, by repository: each document stands alone in its own.
fn pages(documents: &[(String, String)]) -> BTreeMap<String, String> {
    let source = |name: &str| Source {
        name: name.into(),
        state: SourceState::Fresh,
        commit: None,
        as_of: None,
        web: None,
        reason: None,
        pictures: Vec::new(),
    };
    let raw = |(repo, text): &(String, String)| RawFile {
        origin: Origin { repo: repo.as_str().into(), commit: None, path: "RUNBOOK.md".into() },
        bytes: text.as_bytes().to_vec(),
    };
    let collected = Collected {
        sources: documents.iter().map(|(repo, _)| source(repo)).collect(),
        files: documents.iter().map(raw).collect(),
    };
    let (sources, readings) = pipeline::read_all(collected, &READER, &|| ());
    let fleet = pipeline::assemble(sources, readings, &CONFIG, TODAY);
    pipeline::with_site(&fleet, &CONFIG, &Theme::default(), |site, _| {
        let page = |(at, entry): (usize, &opsbook::model::site::Entry)| {
            let id = entry.path.strip_prefix("services/")?.strip_suffix("/index.html")?;
            Some((id.to_owned(), String::from_utf8_lossy(&site.render(at)).into_owned()))
        };
        site.entries().iter().enumerate().filter_map(page).collect()
    })
}

/// Pieces that authors write: `§` is a word nobody else writes, `¶` the same word again, `¤` one of an address.
const PIECES: [&str; 60] = [
    "## About §\n\n",
    "### Backup of §\n",
    "## Restore procedures\n\n",
    "##Rollback §##\n",
    "## 3.6 Throttling and §\n\n",
    "**§ contact:**\n",
    "\n\n**Where § runs**\n\n",
    "\n\nEvents §\n========\n\n",
    "\n\n2. Scope §\n-----------\n",
    "<h3>Metrics §</h3>\n\n",
    "### **Last review date: 13/10/2022 §**\n",
    "Words § and `code §` and **bold §**.\n\n",
    "Runs § on Redis.\n",
    "We have not investigated § yet.\n\n",
    "TBD §.\n\n",
    "None, says §.\n\n",
    "Handled by the § team.\n\n",
    "> quoted §\n\n",
    "> [!WARNING]\n> careful §\n\n",
    "_(e.g. an example §)_\n\n",
    "- item §\n",
    "- Backup: every § night\n",
    "  - nested §\n",
    "* [ ] to do §\n",
    "1. step §\n",
    "1. step §\n\n   ```sh\n   run § --now\n   ```\n\n",
    "- item §\n\n  a paragraph § of it\n\n",
    "\n| a | § |\n|---|---|\n| Batch § | `¤` |\n| [x §](https://¤.example) | b |\n\n",
    "\n```sh\nrun § --now # ¤\n```\n\n",
    "\n~~~yaml\nkey: §\n~~~\n\n",
    "\n    indented §\n\n",
    "```\nnever closed §\n",
    "[link §](https://¤.example/x?a=b&c=d)\n\n",
    "<https://¤.example>\n\n",
    "https://¤.example/y is §\n\n",
    "![](https://¤.example/p.png)\n\n",
    "\nSee [the § page][¤].\n\n[¶]: https://¶.example/r\n\n",
    "[unwritten §](TBD) and []()\n\n",
    "[dangling §][nowhere]\n\n",
    "A note[^¤] of §.\n\n[^¶]: the note §\n\n",
    "<details>\n<summary>open §</summary>\n\ninside §\n\n</details>\n\n",
    "<b>§</b> text<br>more §\n\n",
    "line §\\\nnext §  \nlast §\n\n",
    "~~gone §~~ but here\n\n",
    "`` a ` b § ``\n\n",
    "<!-- a comment -->\n",
    "<!-- opsbook: section=batch -->\n",
    "<!-- never closed\n\n",
    "**Owner:** the § team, #§-ops\n\n",
    "${§} {{ § }} <% § %>\n\n",
    "an unclosed ` tick §\n\n",
    "\n---\n\n",
    "\\* escaped § \\_\n\n",
    "&amp; § &lt; 3\n\n",
    "é § ü ß\r\n",
    "日本 § 語\n\n",
    "Scale <service-§> to <n>\n\n",
    "<team-§@example.org>\n\n",
    "word § (§) \"§\" '§'\n\n",
    "\t§ behind a tab\n",
];

/// A document of pieces about a service of its own, and the words that only it holds.
fn document(service: &str, pieces: &[usize]) -> (String, Vec<String>) {
    let mut text = format!("# {service} runbook\n\n## Deployment\n\nPush the tag.\n\n");
    let mut made: Vec<String> = Vec::new();
    for piece in pieces {
        for c in PIECES[*piece].chars() {
            match c {
                '§' | '¤' => {
                    made.push(format!("{service}z{}q", made.len()));
                    text.push_str(&made[made.len() - 1]);
                }
                '¶' => text.push_str(made.last().map_or("", String::as_str)),
                c => text.push(c),
            }
        }
    }
    (text, made)
}

/// A service's page without what only quotes it: its navigation, what to do at night, the evidence.
fn body(page: &str) -> String {
    let mut page = page.split_once("<main").map_or(page, |(_, main)| main).to_owned();
    for (open, close) in [
        ("<nav", "</nav>"),
        ("<aside", "</aside>"),
        ("<section class=\"night\"", "</section>"),
        ("<section class=\"note", "</section>"),
        ("<blockquote class=\"said\"", "</blockquote>"),
    ] {
        while let Some(at) = page.find(open) {
            let end = page[at..].find(close).map_or(page.len(), |e| at + e + close.len());
            page.replace_range(at..end, "");
        }
    }
    page.to_lowercase()
}

/// Documents as lists of pieces, the same on every run.
fn piles(count: usize) -> Vec<Vec<usize>> {
    let mut runner = TestRunner::deterministic();
    let pile = prop::collection::vec(0..PIECES.len(), 1..14);
    (0..count).map(|_| pile.new_tree(&mut runner).expect("a pile").current()).collect()
}

/// Fails with the shortest of the texts that something is wrong with.
fn all_well(mut wrong: Vec<(String, String)>) {
    wrong.sort_by_key(|(_, text)| text.len());
    let shown: Vec<String> = wrong.iter().take(4).map(|(what, text)| format!("{what}\n{text}")).collect();
    assert!(wrong.is_empty(), "{} wrong, such as:\n{}", wrong.len(), shown.join("\n==========\n"));
}

#[test]
fn no_word_link_or_code_of_10_000_documents_is_lost_on_the_way_to_the_page() {
    let mut wrong = Vec::new();
    let mut shown = 0;
    for piles in piles(10_000).chunks(100) {
        let made = piles.iter().enumerate().map(|(at, pieces)| (format!("kiosk{at}"), pieces));
        let made: Vec<_> = made.map(|(name, pieces)| (document(&name, pieces), name)).collect();
        let documents: Vec<_> = made.iter().map(|((text, _), name)| (name.clone(), text.clone())).collect();
        let pages = pages(&documents);
        for ((text, words), name) in made {
            // A page of nothing but links is an index, which speaks for no service.
            let Some(page) = pages.get(&name).map(|page| body(page)) else { continue };
            shown += 1;
            let lost: Vec<String> = words.into_iter().filter(|w| !page.contains(w.as_str())).collect();
            if !lost.is_empty() {
                wrong.push((format!("{name} has lost {lost:?}"), text));
            }
        }
    }
    assert!(shown > 9_900, "only {shown} documents have a service's page");
    all_well(wrong);
}

#[test]
fn normalizing_is_idempotent_and_loses_no_word() {
    let mut wrong = Vec::new();
    for pieces in piles(2_000) {
        let (text, words) = document("kiosk", &pieces);
        let once = compose::document(&read("kiosk", "RUNBOOK.md", &text), &CONFIG.knowledge);
        let lost: Vec<String> = words.into_iter().filter(|w| !once.contains(w.as_str())).collect();
        if !lost.is_empty() {
            wrong.push((format!("{lost:?} is lost"), text.clone()));
        }
        let twice = compose::document(&read("kiosk", "RUNBOOK.md", &once), &CONFIG.knowledge);
        if let Some((a, b)) = once.lines().zip(twice.lines()).find(|(a, b)| a != b).filter(|_| once != twice) {
            wrong.push((format!("{a:?} becomes {b:?}"), text));
        }
    }
    all_well(wrong);
}

/// Real runbooks, where `OPSBOOK_CORPUS` names a folder of them: none is needed to pass.
#[test]
fn no_word_of_a_corpus_is_lost() {
    fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            match path.is_dir() {
                true => files(&path, found),
                false if pipeline::is_document(&path.to_string_lossy()) => found.push(path),
                false => {}
            }
        }
    }
    let mut found = Vec::new();
    if let Some(folder) = std::env::var_os("OPSBOOK_CORPUS") {
        files(folder.as_ref(), &mut found);
        assert!(!found.is_empty(), "OPSBOOK_CORPUS names a folder without documents");
    }
    let mut wrong = Vec::new();
    for path in found {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let runbook = read("corpus", "RUNBOOK.md", &text);
        let document = &runbook.document;
        let shown = document.blocks.iter().filter(|b| {
            !matches!(b.kind, BlockKind::Comment | BlockKind::Html | BlockKind::Definition | BlockKind::Rule)
        });
        // The language of a block of code is no word of it.
        let said = |b: &Block| match (b.kind, b.span.of(&document.text)) {
            (BlockKind::Code, text) if text.starts_with(['`', '~']) => text.split_once('\n').map_or("", |t| t.1),
            (_, text) => text,
        };
        let all: String = shown.map(said).collect::<Vec<_>>().join("\n");
        let once = compose::document(&runbook, &CONFIG.knowledge).to_lowercase();
        let mut lost: Vec<String> = words(&all).filter(|w| !once.contains(w.as_str())).collect();
        let longest = pages(&[("corpus".to_owned(), text)]).into_values().max_by_key(String::len);
        // A form that nobody filled in has no words of anybody's on its page.
        if let Some(page) = longest.filter(|_| !runbook.blank) {
            let mut visible = String::new();
            let mut inside = false;
            for c in body(&page).chars() {
                match c {
                    '<' => inside = true,
                    '>' => inside = false,
                    c if !inside => visible.push(c),
                    _ => {}
                }
            }
            // Addresses stand in the page's links, not in its words.
            let plain =
                document.links.iter().fold(all, |all, link| all.replace(link.span.of(&document.text), &link.label));
            lost.extend(words(&plain).filter(|w| !visible.contains(w.as_str())));
        }
        if !lost.is_empty() {
            wrong.push((format!("{}: {lost:?}", path.display()), String::new()));
        }
    }
    all_well(wrong);
}

//! Publishing under test: what is linked, what is refused, and what a kill at any moment leaves behind.

use super::guard::{self, Output};
use super::manifest::Manifest;
use super::{MANIFEST, Published, foreign, publish, swap};
use crate::model::site::{Entry, Pages};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A site whose pages are given.
struct Fixed {
    entries: Vec<Entry>,
    pages: BTreeMap<String, Vec<u8>>,
}

impl Fixed {
    fn new(pages: &[(&str, &str)]) -> Self {
        let pages: BTreeMap<String, Vec<u8>> =
            pages.iter().map(|(path, text)| (path.to_string(), text.as_bytes().to_vec())).collect();
        Self::of(pages)
    }

    fn of(pages: BTreeMap<String, Vec<u8>>) -> Self {
        let entries = pages.keys().map(|path| Entry { path: path.clone(), anchors: vec![] }).collect();
        Self { entries, pages }
    }
}

impl Pages for Fixed {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn page(&self, path: &str) -> Option<Vec<u8>> {
        self.pages.get(path).cloned()
    }
}

fn output(dir: &Path) -> Output {
    guard::check(&dir.join("site"), &[]).unwrap()
}

fn put(dir: &Path, pages: &[(&str, &str)]) -> Published {
    publish(&Fixed::new(pages), &output(dir), &|| {}).unwrap()
}

/// Whether a site is whole: every file of its manifest is there with its bytes, and nothing else is.
fn assert_whole(site: &Path) -> Manifest {
    let manifest = Manifest::read(site).unwrap().expect("a site has a manifest");
    assert!(manifest.is_finished());
    for file in &manifest.files {
        let bytes = fs::read(site.join(&file.path)).unwrap_or_else(|e| panic!("{}: {e}", file.path));
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), file.blake3, "{}", file.path);
    }
    manifest
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn unchanged_pages_are_links_and_changed_ones_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let inode = |path: &str| fs::metadata(dir.path().join("site").join(path)).unwrap().ino();
    assert_eq!(put(dir.path(), &[("a.html", "a"), ("b/c.html", "c")]), Published { files: 2, written: 2 });
    let before = (inode("a.html"), inode("b/c.html"));
    assert_eq!(put(dir.path(), &[("a.html", "A"), ("b/c.html", "c")]), Published { files: 2, written: 1 });
    assert_ne!(inode("a.html"), before.0);
    assert_eq!(inode("b/c.html"), before.1);
    assert_whole(&dir.path().join("site"));
    assert_eq!(names(dir.path()), ["site"], "nothing is left beside the site");
}

#[test]
fn a_page_somebody_changed_on_disk_is_made_right() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("a.html", "ours")]);
    fs::write(dir.path().join("site/a.html"), "else").unwrap();
    assert_eq!(put(dir.path(), &[("a.html", "ours")]).written, 1);
    assert_eq!(fs::read(dir.path().join("site/a.html")).unwrap(), b"ours");
}

#[test]
fn the_same_site_is_the_same_bytes_manifest_included() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = || fs::read(dir.path().join("site").join(MANIFEST)).unwrap();
    put(dir.path(), &[("a", "1"), ("b", "2")]);
    let first = manifest();
    put(dir.path(), &[("a", "1"), ("b", "2")]);
    assert_eq!(manifest(), first);
}

#[test]
fn what_others_put_into_the_site_stays_as_it_is() {
    for exchange in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        put(dir.path(), &[("a.html", "a"), ("old/page.html", "gone soon")]);
        fs::create_dir_all(site.join("old/theirs/empty")).unwrap();
        fs::write(site.join("CNAME"), "runbooks.example.org").unwrap();
        fs::write(site.join("old/theirs/note.txt"), "keep me").unwrap();
        std::os::unix::fs::symlink("CNAME", site.join("link")).unwrap();
        let inode = fs::metadata(site.join("CNAME")).unwrap().ino();
        let output = output(dir.path());
        let staging = super::Staging::new(&output).unwrap();
        staging.fill(&Fixed::new(&[("a.html", "b")]), &|| {}).unwrap();
        // Somebody adds a file while the new site is being made.
        fs::write(site.join("late.txt"), "late").unwrap();
        swap::put_in_place(&output, exchange).unwrap();
        let manifest = assert_whole(&site);
        let theirs: Vec<_> = foreign(&site, &manifest).unwrap().into_keys().map(|p| p.display().to_string()).collect();
        let all = ["CNAME", "late.txt", "link", "old", "old/theirs", "old/theirs/empty", "old/theirs/note.txt"];
        assert_eq!(theirs, all);
        assert_eq!(fs::metadata(site.join("CNAME")).unwrap().ino(), inode);
        assert!(site.join("link").symlink_metadata().unwrap().is_symlink());
        assert_eq!(names(dir.path()), ["site"]);
    }
}

#[test]
fn a_page_never_takes_the_place_of_somebody_elses_file() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("a.html", "a")]);
    fs::write(dir.path().join("site/b.html"), "theirs").unwrap();
    let refused = publish(&Fixed::new(&[("b.html", "ours")]), &output(dir.path()), &|| {}).unwrap_err();
    assert!(refused.to_string().contains("b.html is not ours"), "{refused}");
    assert_eq!(fs::read(dir.path().join("site/b.html")).unwrap(), b"theirs");
    assert_eq!(fs::read(dir.path().join("site/a.html")).unwrap(), b"a");
    assert_eq!(names(dir.path()), ["site"]);
}

#[test]
fn hashed_assets_stay_for_one_generation_more() {
    let dir = tempfile::tempdir().unwrap();
    let there = |name: &str| dir.path().join("site/assets").join(name).exists();
    put(dir.path(), &[("assets/site.0123456789ab.css", "old"), ("assets/logo.svg", "x")]);
    put(dir.path(), &[("assets/site.ba9876543210.css", "new")]);
    assert!(there("site.0123456789ab.css") && !there("logo.svg"));
    assert_whole(&dir.path().join("site"));
    put(dir.path(), &[("assets/site.ba9876543210.css", "new")]);
    assert!(!there("site.0123456789ab.css") && there("site.ba9876543210.css"));
}

#[test]
fn a_write_error_leaves_the_old_site() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("a.html", "old")]);
    // A file and a folder of one name cannot both be written.
    let site = Fixed::new(&[("a.html", "new"), ("b", "file"), ("b/c.html", "below it")]);
    let error = publish(&site, &output(dir.path()), &|| {}).unwrap_err();
    assert!(format!("{error:#}").contains("cannot be"), "{error:#}");
    assert_eq!(fs::read(dir.path().join("site/a.html")).unwrap(), b"old");
    assert_eq!(names(dir.path()), ["site"]);
}

#[test]
fn a_path_out_of_the_site_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["../evil.html", "/evil.html", "a/../../evil.html", "a//b", "", MANIFEST, "a\\b"] {
        assert!(publish(&Fixed::new(&[(path, "x")]), &output(dir.path()), &|| {}).is_err(), "{path}");
    }
    assert_eq!(names(dir.path()), Vec::<String>::new());
}

#[test]
fn a_manifest_that_lists_files_elsewhere_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("a", "a")]);
    let manifest = dir.path().join("site").join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"a\"", "\"assets/../../0123456789\"")).unwrap();
    let refused = guard::check(&dir.path().join("site"), &[]).unwrap_err();
    assert!(refused.to_string().contains("is no file of ours"), "{refused}");
}

#[test]
fn two_renames_are_finished_from_every_step() {
    for step in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), &[("a", "old")]);
        fs::write(dir.path().join("site/theirs"), "theirs").unwrap();
        let output = output(dir.path());
        let staging = super::Staging::new(&output).unwrap();
        staging.fill(&Fixed::new(&[("a", "new")]), &|| {}).unwrap();
        fs::write(output.journal(), "").unwrap();
        if step > 0 {
            fs::rename(&output.path, output.aside()).unwrap();
        }
        if step > 1 {
            fs::rename(output.staging(), &output.path).unwrap();
        }
        if step > 2 {
            fs::remove_file(output.journal()).unwrap();
        }
        swap::recover(&output).unwrap();
        assert_whole(&output.path);
        assert_eq!(fs::read(output.path.join("a")).unwrap(), b"new", "step {step}");
        assert_eq!(fs::read(output.path.join("theirs")).unwrap(), b"theirs", "step {step}");
        assert_eq!(names(dir.path()), ["site"], "step {step}");
    }
}

#[test]
fn something_in_the_way_that_is_not_ours_is_named_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let output = output(dir.path());
    fs::create_dir(output.staging()).unwrap();
    fs::write(output.staging().join("thesis.tex"), "years of work").unwrap();
    let refused = publish(&Fixed::new(&[("a", "a")]), &output, &|| {}).unwrap_err();
    assert!(format!("{refused:#}").contains(".site.opsbook-new is in the way"), "{refused:#}");
    assert!(output.staging().join("thesis.tex").exists());
}

const VICTIM: &str = "OPSBOOK_TEST_PUBLISH_INTO";

/// The site of a round; a third of its pages changes from round to round.
fn round(number: usize) -> Fixed {
    let page = |at: usize| {
        let said = if at.is_multiple_of(3) { number } else { 0 };
        (format!("pages/{}/{at}.html", at % 7), format!("{said} {at}").repeat(200).into_bytes())
    };
    Fixed::of((0..120).map(page).collect())
}

/// Run by the test below in a process of its own, which it kills.
#[test]
fn victim_publishes_until_it_is_killed() {
    let Ok(dir) = std::env::var(VICTIM) else { return };
    for number in 0.. {
        publish(&round(number), &output(Path::new(&dir)), &|| {}).unwrap();
    }
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_site() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), &[("a", "a")]);
    let theirs = dir.path().join("site/theirs");
    fs::write(&theirs, "theirs").unwrap();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut sizes = std::collections::BTreeSet::new();
    for attempt in 0..30 {
        // Two at once, which take turns.
        let mut victims = [(); 2].map(|()| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "shell::publish::tests::victim_publishes_until_it_is_killed", "--test-threads=1"])
                .env(VICTIM, dir.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        });
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // A busy machine gets more and more time to finish one.
        let patience = if sizes.contains(&120) { 0 } else { attempt * 20_000 };
        std::thread::sleep(Duration::from_micros(15_000 + patience + random % 60_000));
        for victim in &mut victims {
            victim.kill().unwrap();
            victim.wait().unwrap();
        }
        sizes.insert(assert_whole(&dir.path().join("site")).files.len());
        assert_eq!(fs::read(&theirs).unwrap(), b"theirs");
    }
    assert!(sizes.remove(&120), "some got to the end");
    assert!(sizes.is_empty() || sizes == [1].into(), "{sizes:?}");
    put(dir.path(), &[("a", "a")]);
    assert_eq!(names(dir.path()), ["site"], "the next run clears what killed ones left");
    assert_eq!(names(&dir.path().join("site")), [MANIFEST, "a", "theirs"]);
}

#[test]
fn a_long_page_is_written_in_pieces_and_linked_when_it_did_not_change() {
    let dir = tempfile::tempdir().unwrap();
    let long = "0123456789abcde\n".repeat(200_000);
    let inode = || fs::metadata(dir.path().join("site/long.json")).unwrap().ino();
    assert_eq!(put(dir.path(), &[("long.json", &long)]).written, 1);
    assert_whole(&dir.path().join("site"));
    let first = inode();
    assert_eq!(put(dir.path(), &[("long.json", &long)]).written, 0);
    assert_eq!(inode(), first, "the same bytes are the same file");
    assert_eq!(put(dir.path(), &[("long.json", &format!("{long}more"))]).written, 1);
    assert_whole(&dir.path().join("site"));
    assert_ne!(inode(), first, "what changed is a file of its own");
}

//! How fast files are read: `cargo bench --bench reading`.

#![allow(clippy::disallowed_methods)]

use divan::counter::BytesCount;
use opsbook::model::source::{Origin, RawFile};
use opsbook::normalize::Reader;
use opsbook::{configure, parse, redact};
use std::sync::Arc;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// A runbook of about 10 KB, as authors write them.
fn runbook() -> Vec<u8> {
    let mut text = String::from("# Ledger Run Book\n\n");
    for i in 0..24 {
        text += &format!(
            "## Section number {i} of the book\n\n> What kind of *security* is in place here, and who looks after it?\n\n\
             The ledger keeps every booking for seven years; see [the wiki](https://wiki.example/ledger/{i}) and `make check`.\n\n\
             - Restart the workers with `kubectl rollout restart deploy/ledger-{i}`\n- Ask **Team Ledger** in #ledger-ops\n\n\
             | Name | Purpose |\n|------|---------|\n| PostgreSQL | bookings, the password is in Vault |\n\n\
             ```sh\nkubectl -n ledger get pods # number {i}\n```\n\n<!-- guidance: say how -->\n\n"
        );
    }
    text.into_bytes()
}

fn raw(bytes: &[u8]) -> RawFile {
    RawFile { origin: Origin::of_ours("RUNBOOK.md"), bytes: bytes.to_vec() }
}

#[divan::bench]
fn redacting(bencher: divan::Bencher) {
    let bytes = runbook();
    bencher.counter(BytesCount::new(bytes.len())).with_inputs(|| raw(&bytes)).bench_values(redact::redact);
}

/// One line of secrets: twice the text must take twice the time, not four times.
#[divan::bench(args = [100_000, 400_000, 1_900_000])]
fn redacting_one_line_of_secrets(bencher: divan::Bencher, size: usize) {
    let bytes = "password: abc123XYZ! ".repeat(size / 21).into_bytes();
    bencher.counter(BytesCount::new(bytes.len())).with_inputs(|| raw(&bytes)).bench_values(redact::redact);
}

#[divan::bench]
fn parsing(bencher: divan::Bencher) {
    let bytes = runbook();
    bencher
        .counter(BytesCount::new(bytes.len()))
        .with_inputs(|| redact::redact(raw(&bytes)).0.expect("a text"))
        .bench_values(parse::parse);
}

/// A runbook of the sample fleet: 403 lines on the common template.
const WRITTEN: &str = include_str!("../runbooks/booking-api/RUNBOOK.md");

/// The knowledge we ship, made ready.
fn reader() -> Reader {
    Reader::new(&Arc::new(configure::knowledge(&configure::KnowledgeTexts::default()).0))
}

#[divan::bench]
fn normalizing(bencher: divan::Bencher) {
    let reader = reader();
    let document = |text: &[u8]| Arc::new(parse::parse(redact::redact(raw(text)).0.expect("a text")).0);
    bencher
        .counter(BytesCount::new(WRITTEN.len()))
        .with_inputs(|| document(WRITTEN.as_bytes()))
        .bench_values(|document| reader.read(document));
}

/// Every runbook of a folder: of our sample fleet, or of the one `READING_FLEET` names.
fn fleet() -> Vec<Vec<u8>> {
    let folder = std::env::var_os("READING_FLEET").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/runbooks").into());
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let runbooks = files.filter(|file| file.path().extension().is_some_and(|e| e == "md"));
    runbooks.map(|file| std::fs::read(file.path()).expect("a file of ours can be read")).collect()
}

/// All of reading, from the bytes of a whole fleet to its runbooks.
#[divan::bench(sample_count = 20)]
fn reading_a_fleet(bencher: divan::Bencher) {
    let (reader, files) = (reader(), fleet());
    let size: usize = files.iter().map(Vec::len).sum();
    let read = |bytes: &Vec<u8>| {
        let (document, _) = parse::parse(redact::redact(raw(bytes)).0?);
        Some(reader.read(Arc::new(document)))
    };
    bencher
        .counter(BytesCount::new(size))
        .bench(|| files.iter().filter_map(read).for_each(|r| drop(divan::black_box(r))));
}

/// The same for what is redacted and parsed already.
#[divan::bench(sample_count = 20)]
fn normalizing_a_fleet(bencher: divan::Bencher) {
    let (reader, files) = (reader(), fleet());
    let size: usize = files.iter().map(Vec::len).sum();
    let texts = files.iter().filter_map(|bytes| redact::redact(raw(bytes)).0);
    let documents: Vec<_> = texts.map(|text| Arc::new(parse::parse(text).0)).collect();
    bencher
        .counter(BytesCount::new(size))
        .bench(|| documents.iter().for_each(|d| drop(divan::black_box(reader.read(d.clone())))));
}

/// The same for what is redacted already.
#[divan::bench(sample_count = 20)]
fn parsing_a_fleet(bencher: divan::Bencher) {
    let files = fleet();
    let size: usize = files.iter().map(Vec::len).sum();
    let texts = || files.iter().filter_map(|bytes| redact::redact(raw(bytes)).0).collect::<Vec<_>>();
    let parsed = |texts: Vec<_>| texts.into_iter().for_each(|text| drop(divan::black_box(parse::parse(text))));
    bencher.counter(BytesCount::new(size)).with_inputs(texts).bench_values(parsed);
}

#[divan::bench]
fn making_knowledge_ready() -> Reader {
    reader()
}

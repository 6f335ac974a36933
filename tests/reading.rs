//! Reading one file: bytes to text without credentials, text to document.

#![allow(clippy::disallowed_methods)]

use opsbook::model::document::Document;
use opsbook::model::source::{Origin, RawFile, TextFile};
use opsbook::model::text::Span;
use opsbook::{parse, redact};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn raw(path: &str, bytes: impl Into<Vec<u8>>) -> RawFile {
    RawFile { origin: Origin::of_ours(path), bytes: bytes.into() }
}

fn text(path: &str, bytes: impl Into<Vec<u8>>) -> Option<TextFile> {
    redact::redact(raw(path, bytes)).0
}

fn document(path: &str, bytes: impl Into<Vec<u8>>) -> Option<Document> {
    text(path, bytes).map(|t| parse::parse(t).0)
}

fn cases(phase: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(phase);
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    found.sort();
    assert!(found.len() > 3, "few cases for {phase}");
    found
}

/// Runs each case's input through `make` and compares with `expected.txt`; with `BLESS=1` writes it instead.
fn compare(phase: &str, make: impl Fn(&str, Vec<u8>) -> String) {
    let mut wrong = String::new();
    for case in cases(phase) {
        let input = std::fs::read_dir(&case)
            .unwrap()
            .map(|e| e.unwrap().path())
            .find(|p| p.file_name().unwrap().to_str().unwrap().starts_with("input."));
        let input = input.unwrap_or_else(|| panic!("no input in {}", case.display()));
        let got = make(input.file_name().unwrap().to_str().unwrap(), std::fs::read(&input).unwrap());
        let expected = case.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(expected, got).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != got {
            writeln!(wrong, "== {}\n{got}", case.file_name().unwrap().to_str().unwrap()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "these read differently now:\n{wrong}");
}

/// A document in a few lines: what stands where.
fn dump(document: &Document) -> String {
    let mut out = String::new();
    let short = |span: Span| {
        let text = span.of(&document.text).replace('\n', "⏎").replace('\t', "→");
        if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text }
    };
    if !document.repairs.is_empty() {
        writeln!(out, "repairs {:?}", document.repairs).unwrap();
    }
    if let Some(front) = &document.front_matter {
        for field in &front.fields {
            writeln!(out, "front :{} {} = {}", field.line, field.key, field.value).unwrap();
        }
        if let Some(error) = &front.error {
            writeln!(out, "front error: {error}").unwrap();
        }
    }
    let mut rows: Vec<(Span, String)> = Vec::new();
    for h in &document.headings {
        let answer = h.inline_answer.map(|a| format!(" = {:?}", a.of(&document.text))).unwrap_or_default();
        let line = document.line(h.span.start);
        let marks = "#".repeat(h.level.into());
        rows.push((h.span, format!("{marks} {:?} #{} :{line} {:?}{answer}", h.title, h.anchor, h.style)));
    }
    for b in &document.blocks {
        let quoted = if b.quoted { " quoted" } else { "" };
        let depth = if b.depth > 0 { format!(" depth {}", b.depth) } else { String::new() };
        let line = document.line(b.span.start);
        rows.push((b.span, format!("  {:?}{depth}{quoted} :{line} {}", b.kind, short(b.span))));
    }
    rows.sort_by_key(|(span, _)| *span);
    for (_, row) in rows {
        writeln!(out, "{row}").unwrap();
    }
    for l in &document.links {
        writeln!(out, "link {:?} :{} {:?} -> {:?}", l.kind, document.line(l.span.start), l.label, l.target).unwrap();
    }
    for n in &document.notes {
        let under = n.heading.map(|h| format!(" under {:?}", document.headings[h.at()].title)).unwrap_or_default();
        writeln!(out, "note {:?} {:?}{under}", n.verb, n.attributes).unwrap();
    }
    out
}

#[test]
fn texts_are_decoded_and_redacted_as_their_cases_say() {
    compare("redact", |name, bytes| {
        let (file, said) = redact::redact(raw(name, bytes));
        let mut out = file.map_or("<no text>\n".to_owned(), |f| f.text.to_string());
        for d in said {
            let place = d.location.unwrap();
            writeln!(out, "-- {:?} {} {}:{} {}", d.severity, d.rule, place.line, place.column, d.message).unwrap();
        }
        out
    });
}

#[test]
fn documents_are_read_as_their_cases_say() {
    compare("parse", |name, bytes| dump(&document(name, bytes).expect("a text")));
}

/// Secrets of many kinds as authors leave them, put together here so that no scanner of this repository trips.
fn planted() -> Vec<(&'static str, String, String)> {
    let pem = |kind: &str| {
        let body = "MIIEpAIBAAKCAQEAx8Zb3T0q\n9fLmV2cR7yKp1sWdQhJtNu4o\nE6gBiXaPzMv5CkYr0wTlHnSe";
        let (begin, end) = (["-----BEGIN ", kind, "PRIVATE ", "KEY-----"], ["-----END ", kind, "PRIVATE ", "KEY-----"]);
        (format!("{}\n{body}\n{}", begin.concat(), end.concat()), body.replace('\n', "|"))
    };
    let mut all = Vec::new();
    let mut plant = |kind, before: &str, secret: String, after: &str| {
        all.push((kind, format!("{before}{secret}{after}"), secret));
    };
    let join = |parts: &[&str]| parts.concat();
    plant("aws-access-key", "id: ", join(&["AK", "IA", "Z7QX3M5N", "J2KDL6RT"]), "");
    plant(
        "aws-secret-key",
        "aws_secret_access_key = ",
        join(&["q8Zr+T2vXw5Ys9", "LdFkJ3nBmQ1cHe7", "uAoPiG4yVt6"]),
        "",
    );
    plant("github-token", "use `", join(&["gh", "p_", "9aKq3LmZx7RtYw2V", "bNc5JdHs8FgTe4Uo1PiB"]), "` here");
    plant("github-token", "", join(&["github", "_pat_", "11AB3K5ZQ0x7RtYw2VbNc5_JdHs8FgTe4Uo1PiBq9aKq3LmZx"]), "");
    plant("gitlab-token", "token ", join(&["gl", "pat-", "xK3mZ9qLtR7wYvB2nC5j"]), ".");
    plant("slack-token", "", join(&["xo", "xb-", "248139571624-", "9Kq3LmZx7RtYw2VbNc5JdHs8"]), "");
    plant("api-token", "", join(&["hf", "_", "aKq3LmZxRtYwVbNcJdHsFgTeUoPiBqZxRt"]), "");
    plant("bot-token", "bot ", join(&["5839201746", ":AA", "H8fLq3ZmXr7tYw2VbNc5JdHs8FgTe4Uo1"]), "");
    plant("api-token", "the key `", join(&["u", "+", "Kq3LmZxRtYw2VbNc5J"]), "`");
    let hook = join(&["T7K2M9QX1/", "B3N5J8RTW/", "q8ZrT2vXw5Ys9LdFkJ3nBmQ1"]);
    plant("slack-webhook", "https://hooks.slack.com/services/", hook, "");
    plant("stripe-key", "", join(&["sk", "_live_", "4eQ9zLmT7vXw5Ys2LdFkJ3nB"]), "");
    plant("google-api-key", "key=", join(&["AI", "za", "Sy9Kq3LmZx7RtYw2VbNc5JdHs8FgTe4Uo1P"]), "");
    plant(
        "npm-token",
        "//registry.npmjs.org/:_authToken=",
        join(&["npm", "_", "9aKq3LmZx7RtYw2VbNc5JdHs8FgTe4Uo1PiB"]),
        "",
    );
    plant("pypi-token", "", join(&["py", "pi-", "AgEIcHlwaS5vcmcCJDk5ZjM3YWQ2LTI4YjEtNDg3Yy1iN2Q4LTc1"]), "");
    plant(
        "sendgrid-key",
        "",
        join(&["S", "G.", "x7RtYw2VbNc5JdHs8FgTe4.", "Uo1PiBq9aKq3LmZx7RtYw2VbNc5JdHs8FgTe4Uo1PiB"]),
        "",
    );
    plant("twilio-key", "TWILIO_AUTH_TOKEN=", join(&["8f3a1c9d", "7e5b2046", "a9d8c7f1", "3e5b7024"]), "");
    plant(
        "azure-key",
        "AccountName=ops;AccountKey=",
        join(&["k9Zr+T2vXw5Ys9LdFkJ3nBmQ1cHe7uAoPiG4yVt6", "Q8ZrT2vXw5Ys9LdFkJ3nBm=="]),
        ";",
    );
    plant(
        "azure-signature",
        "https://ops.blob.example/x?sv=2024&sig=",
        join(&["k9Zr%2BT2vXw5Ys9LdFk", "J3nBmQ1cHe7uAoPiG4yVt6%3D"]),
        "",
    );
    let jwt = join(&["ey", "JhbGciOiJSUzI1NiJ9", ".ey", "JzdWIiOiJvcHMtMTcifQ", ".q8ZrT2vXw5Ys9LdFkJ3nBmQ1cHe7"]);
    plant("jwt", "curl -H 'X-Auth: ", jwt, "'");
    plant("authorization", "-H \"Authorization: Bearer ", join(&["q8ZrT2vXw5Ys9", "LdFkJ3nBmQ1"]), "\"");
    plant("authorization", "Authorization: Basic ", join(&["b3BzOlI0", "YmJpdC0xNw=="]), "");
    for (before, secret, after) in [
        ("curl -s -u ops:", "R4bbit-77", " https://db.example"),
        ("postgres://ledger:", "Tr0ub4dor", "@db.internal:5432/ledger"),
        ("amqp://worker:", "p%40ss-81x", "@mq"),
        ("redis://:", "quietfox", "@cache.internal:6379"),
        ("Server=db;Password=", "Zx9!kk_2q", ";Database=ledger"),
        ("password: ", "hunter2", ""),
        ("**Password:** ", "Winter-2026!", " (root)"),
        ("DB_PASSWORD=", "s3cr3t-Pa55", ""),
        ("  \"api_key\": \"", "9f8e7d6c5b4a39281706f5e4", "\","),
        ("export TOKEN=", "q7ZkP2mXv9Lr", ""),
        ("mysql -h db -u root -p'", "Gr33n Tea!", "' ledger"),
        ("mysqldump -uroot -p", "Gr33nTea", " ledger"),
        ("| DB_PASSWORD | ", "v3ry-s3cr3t", " |"),
        ("| DB_PASSWORD | of the ledger | ", "V3ry-s3cr3t", " |"),
        ("| user | password |\n|---|---|\n| root | ", "blue.Kite9", " |"),
        ("- name: DB_PASSWORD\n  value: \"", "b1gS3cret9", "\""),
        ("vault login --token ", "s7Qz9LmTkx2", ""),
        ("\\\"password\\\":\\\"", "ab1!cd2_ef", "\\\""),
        ("db_password: |\n  ", "mult1line-Val", ""),
        ("password = \"", "correct horse battery staple", "\""),
        ("<password>", "Xml4Secret", "</password>"),
        ("The root password is `", "Summer2026", "`."),
        ("machine db login ops password ", "n3trc-W0rd", ""),
        ("client_secret: ", "Zk8~Q2mXv9LrT5wYb3nC", ""),
        ("<tr><td>password</td><td>", "blue.Kite9", "</td></tr>"),
        ("<dt><b>Token</b></dt>\n<dd><code>", "quiet7fox9", "</code></dd>"),
        ("password:\n  ", "quiet7fox9", "\nuser: ops"),
        ("- Password:\n  - ", "quiet7fox9", "\n- User:\n  - ops"),
        ("Password\n\n    ", "quiet7fox9", "\n"),
        ("### Root password\n\n```\n", "quiet7fox9", "\n```"),
        ("ENV TOKEN ", "quiet7fox9", ""),
        ("set PASSWORD ", "quiet7fox9", ""),
        ("--token ", "quiet7fox9", ""),
        ("java -Djavax.net.ssl.keyStorePassword=", "QuietFox", " app.jar"),
        ("Password (prod): ", "quiet7fox9", ""),
        ("<b>Password:</b> ", "quiet7fox9", ""),
        ("Password - ", "quiet7fox9", ""),
        ("password → ", "quiet7fox9", ""),
        ("the password for root is \"", "quiet7fox9", "\""),
        ("Password for the root user: ", "quiet7fox9", ""),
        ("", "quiet7fox9", " is the root password."),
        ("use password ", "Quiet77fox", " to log in"),
        ("PIN: ", "493817", ""),
        ("- **Door code:** `", "493817", "`"),
        ("creds: admin:", "quiet7fox9", ""),
        ("The credentials are admin:", "quiet7fox9", ""),
        ("Log in as admin / ", "quiet7fox9", ""),
        ("User: admin, pass: ", "Quiet#Fox#Owl", ""),
        ("mysql -u root -p", "Quiet#Fox#Owl", " ledger"),
        ("jdbc:oracle:thin:scott/", "quiet7fox9", "@//db:1521/ORCL"),
        ("ssh to admin:", "quiet7fox9", "@host.internal"),
        ("net use Z: \\\\files\\share /user:adm ", "quiet7fox9", ""),
        ("smbclient -U adm%", "quiet7fox9", " //files/share"),
        ("contraseña: ", "quiet7fox9", ""),
        ("mot de passe : ", "quiet7fox9", ""),
        ("Пароль: ", "quiet7fox9", ""),
        ("パスワード：", "quiet7fox9", "です"),
        ("Root-Passwort lautet ", "quiet7fox9", ""),
        ("| user | DB password | Root password |\n|---|---|---|\n| ops | in Vault | ", "quiet7fox9", " |"),
        ("| user | pass |\n|---|---|\n| ops | ", "quiet7fox9", " |"),
    ] {
        plant("", before, secret.to_owned(), after);
    }
    for kind in ["RSA ", "", "EC ", "OPENSSH ", "ENCRYPTED "] {
        let (key, lines) = pem(kind);
        all.push(("private-key", format!("before\n{key}\nafter"), lines.clone()));
        all.push(("private-key", format!("  key: \"{}\"", key.replace('\n', "\\n")), lines.clone()));
        all.push(("private-key", format!("key: |\n  {}\nnext: 1", key.replace('\n', "\n  ")), lines));
    }
    all
}

#[test]
fn planted_secrets_never_survive() {
    let mut wrong = Vec::new();
    for (kind, line, secret) in planted() {
        let written = format!("# Ledger\n\nSome words.\n{line}\n\nlast line\n");
        let (file, said) = redact::redact(raw("RUNBOOK.md", written.clone()));
        let file = file.expect("a text");
        for part in secret.split('|') {
            if file.text.contains(part) || said.iter().any(|d| format!("{d:?}").contains(part)) {
                wrong.push(format!("{part} survives in {}", file.text));
            }
        }
        let kinds: Vec<&str> = file.redacted.iter().map(|r| r.1).collect();
        if !kind.is_empty() && kinds != [kind] || kinds.is_empty() {
            wrong.push(format!("{line} is {kinds:?}"));
        }
        assert_eq!(file.lines.count(&file.text), written.lines().count() as u32, "lines of {line}");
        assert!(file.text.contains("last line"), "{}", file.text);
        for (span, kind) in &file.redacted {
            assert_eq!(span.of(&file.text), format!("[redacted: {kind}]"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_secret_is_replaced_wherever_it_stands_again() {
    let secret = ["blue", "Kite", "99x"].concat();
    let file = text("a.md", format!("password: {secret}\n\nThen type {secret} and enter.\n")).unwrap();
    assert_eq!(file.text.as_ref(), "password: [redacted: password]\n\nThen type [redacted: password] and enter.\n");
    assert_eq!(file.map.back(file.text.find("and").unwrap() as u32), 45);
}

#[test]
fn look_alikes_stay() {
    let lines =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/look-alikes.txt")).unwrap();
    assert!(lines.lines().count() >= 150);
    let hit: Vec<String> = lines
        .lines()
        .map(|line| line.replace('⏎', "\n"))
        .filter_map(|line| {
            let made = text("a.md", line.clone()).unwrap().text;
            (made.as_ref() != line).then(|| format!("{line}\n    {made}"))
        })
        .collect();
    assert!(hit.is_empty(), "{} look-alikes were redacted:\n{}", hit.len(), hit.join("\n"));
}

#[test]
fn a_very_long_secret_goes_whole() {
    for before in ["password: ", "token=", "Authorization: Bearer "] {
        let secret: String = (0..3000).map(|i| format!("{:x}", i * 7919)).collect();
        let file = text("a.md", format!("db_{before}{secret}\nend\n")).unwrap();
        let left = file.text.replace("[redacted:", "");
        assert!(left.len() < 80, "{before}{}", &left[..80.min(left.len())]);
    }
}

#[test]
fn what_stands_around_a_secret_stays() {
    let secret = ["Tr0ub", "4dor-17"].concat();
    for line in [
        "- URL: postgres://ledger:§@db.internal/ledger?x=1",
        "- `DB_PASSWORD=§`, set in `.env`",
        "Server=db;Password=§;Database=ledger",
        "{\"password\": \"§\", \"user\": \"ops\"}",
        "| user | password | note |\n|------|------|---|\n| root | `§` | old |\n| ops | in Vault | |",
        "mysql -u root -p'§' ledger",
        "<Password>§</Password>",
        "https://x.example/?token=§&page=2",
    ] {
        let file = text("a.md", line.replace('§', &secret)).unwrap();
        let kind = file.redacted.first().map_or("nothing", |r| r.1);
        assert_eq!(file.text.as_ref(), line.replace('§', &format!("[redacted: {kind}]")));
    }
}

/// Whether a document keeps what its doc comments promise, whatever its text.
fn keeps_its_promises(document: &Document) -> Result<(), TestCaseError> {
    let text = &document.text;
    let mut held: Vec<Span> = document.headings.iter().map(|h| h.span).collect();
    held.extend(document.blocks.iter().map(|b| b.span));
    let spans = held.iter().copied().chain(document.links.iter().map(|l| l.span));
    for span in spans.chain(document.notes.iter().map(|n| n.span)).chain(document.headings.iter().map(|h| h.body)) {
        prop_assert!(text.get(span.range()).is_some(), "{:?} does not fit", span);
        prop_assert!(document.line(span.start) <= document.lines.count(&document.source) + 1);
    }
    prop_assert!(
        document.blocks.is_sorted_by(|a, b| a.span.end <= b.span.start),
        "blocks overlap: {:?}",
        document.blocks
    );
    prop_assert!(document.blocks.is_sorted_by_key(|b| b.heading), "blocks jump back");
    prop_assert!(document.headings.is_sorted_by(|a, b| a.span.end <= b.span.start), "headings overlap");
    held.sort_unstable();
    prop_assert!(held.is_sorted_by(|a, b| a.end <= b.start), "a block and a heading overlap: {held:?}");
    let mut at = document.body.start as usize;
    for span in held.into_iter().chain([Span::new(text.len(), text.len())]) {
        let gap = &text[at..span.start as usize];
        prop_assert!(!gap.contains(char::is_alphanumeric), "{gap:?} is lost of {text:?}");
        at = span.end as usize;
    }
    for heading in &document.headings {
        if let Some(parent) = heading.parent {
            prop_assert!(document.headings[parent.at()].level < heading.level);
        }
    }
    Ok(())
}

fn markdownish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "# ",
        "## ",
        "##",
        "#",
        "- ",
        "* ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "```",
        "```sh\n",
        "~~~",
        "`",
        "<!--",
        "-->",
        "<!-- opsbook: ",
        "-- ",
        "[x]",
        "[a][b]",
        "[a](b)",
        "[",
        "](",
        ")",
        "![",
        "<h2>",
        "</h2>",
        "<p>",
        "<b>",
        "</",
        "<",
        ">",
        "|",
        "|---|\n",
        "| a | b |\n",
        "---\n",
        "===\n",
        "+++\n",
        "**",
        "__",
        "*",
        "_",
        ":",
        "**Owner:**\n",
        "\\",
        "[^1]",
        "[^1]: ",
        "[x]: y\n",
        "&amp;",
        "https://x.example/a",
        "<a@b.example>",
        "{#id}",
        "é",
        "日本",
        "\u{a0}",
        "password: ",
        ".. note::\n",
        "::\n",
        "   ",
        "word",
        "Two words",
        "OVERVIEW\n",
        " ## ",
        " - ",
        "? ",
        "key: value\n",
        "$",
        "~~",
        "[!NOTE]",
        "(e.g. ",
        "\u{feff}",
        "Ã©",
        "â€™",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdownish_texts_lose_no_word(text in markdownish(), name in prop::sample::select(vec!["a.md", "a.txt", "a.rst"])) {
        keeps_its_promises(&document(name, text).expect("a text"))?;
    }

    #[test]
    fn one_line_documents_lose_no_word(text in markdownish()) {
        let text = format!("# A ## B c {} ## C d {}", text.replace(['\n', '\r'], " "), "word ".repeat(50));
        keeps_its_promises(&document("a.md", text).expect("a text"))?;
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Some(document) = document("a.md", bytes) {
            keeps_its_promises(&document)?;
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        keeps_its_promises(&document("a.md", text).expect("a text"))?;
    }
}

/// Texts that make careless readers slow or deep; each of about `size` bytes.
fn hostile(size: usize) -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(size / unit.len());
    let steps: String = (0..).map(|i| format!("{}- x\n", "  ".repeat(i))).take((size as f64).sqrt() as usize).collect();
    vec![
        ("one line", fill("word ")),
        ("one word", fill("x")),
        ("quotes", format!("{} deep\n\nafter", ">".repeat(5000))),
        ("quotes on every line", fill(&format!("{} deep\n", "> ".repeat(60)))),
        ("lists on a line", format!("{}deep\n\nafter", "- ".repeat(5000))),
        ("lists by indentation", steps),
        ("lines below a deep list", format!("{}deep\n{}", "- ".repeat(5000), fill("lazy\n"))),
        ("open comments", fill("<!-- a\n\n")),
        ("open comments, one closed", fill("<!-- a\n\n") + "-->"),
        ("comments on a line", fill("<!-- a --> b ")),
        ("open fences", fill("```sh\n\n## a\n\n")),
        ("fences of two kinds", fill("```\n\n## a\n\n## b\n\n~~~\n\n")),
        (
            "fences that grow shorter",
            (3..300).rev().map(|n| format!("{}\n\n## a\n\n## b\n\n", "`".repeat(n))).collect(),
        ),
        ("lost newlines", fill("## Some title > What? - one - two ")),
        ("lost newlines with backticks", fill("## a ` b `` c ")),
        ("bold lines", fill("**a:**\n")),
        ("brackets", fill("[")),
        ("references", fill("[a][b] ")),
        ("links", fill("[a](b) ")),
        ("stars", fill("*a **b ")),
        ("html headings", fill("<h1>")),
        ("html headings closed", fill("<h1>a</h1>")),
        ("addresses", fill("https://a.example/(((( ")),
        ("parentheses", format!("https://a.example/{}", fill("()"))),
        ("table", format!("|a|b|\n|-|-|\n{}", fill("|a|b|\n"))),
        ("cells", format!("|{}\n|{}\n", fill("a|"), "-|".repeat(9))),
        ("password tables", fill("|password|b|\n|-|-|\n|x1y2z3w4|b|\n")),
        ("passwords on a line", fill("password ")),
        ("secrets on a line", fill("password: abc123XYZ! ")),
        ("names of secrets without an end", fill("secret=")),
        ("lines of many quotes", fill(">>>>>> a\n")),
        ("password assignments on a line", fill("password: ")),
        ("key beginnings", fill(&["-----BEGIN ", "PRIVATE KEY-----\n"].concat())),
        ("urls with users", fill("a://b:")),
        ("bearers", fill("Bearer ")),
        ("many different secrets", (0..size / 30).map(|i| format!("password=ab1{i}cdefgh\n")).collect()),
        ("front matter", format!("---\n{}---\n", (0..size / 12).map(|i| format!("k{i}: v\n")).collect::<String>())),
        ("front matter nested", format!("---\na: {}\n---\n", "[".repeat(5000))),
        ("encoded twice", fill("Ã©â€™ x")),
        ("carriage returns", fill("a\r")),
        ("same headings", fill("# a\n")),
        ("footnotes", fill("[^a]: b\n")),
        ("definitions", fill("[a]: b\n")),
        ("entities", fill("&amp;")),
    ]
}

#[test]
fn hostile_texts_are_read() {
    let mut slow = Vec::new();
    for (name, text) in hostile(200_000) {
        for path in ["a.md", "a.rst", "a.txt"] {
            let start = std::time::Instant::now();
            let document = document(path, text.clone()).expect("a text");
            let took = start.elapsed();
            keeps_its_promises(&document).unwrap_or_else(|e| panic!("{name} as {path}: {e}"));
            // Far above what any takes without optimisation, far below what a quadratic one would.
            if took.as_secs() >= 10 {
                slow.push(format!("{name} as {path}: {took:?}"));
            }
        }
    }
    assert!(slow.is_empty(), "slow: {slow:?}");
}

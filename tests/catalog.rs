//! The catalog from outside: registries, what still points at a service that is gone, the sample fleet's findings.

#![allow(clippy::disallowed_methods)]

use std::fs;

/// A working directory with files in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(files: &[(&str, &str)]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        files.iter().for_each(|(path, text)| desk.put(path, text));
        desk
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The exit code of a run, and all it said.
    fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = assert_cmd::Command::cargo_bin("opsbook").unwrap();
        command.args(args).current_dir(self.0.path()).env("SOURCE_DATE_EPOCH", "1790000000");
        let output = command.env("HOME", self.0.path()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
    }

    /// One service as other programs read it.
    fn service(&self, id: &str) -> serde_json::Value {
        let text = fs::read_to_string(self.0.path().join(format!("site/api/services/{id}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// Each finding as `rule file:line`.
fn places(said: &str) -> Vec<String> {
    let mut rule = "";
    let mut found = Vec::new();
    for line in said.lines() {
        if let Some((_, rest)) = line.split_once('[').filter(|(kind, _)| ["error", "warning", "note"].contains(kind)) {
            rule = rest.split(']').next().unwrap();
        } else if let Some(place) = line.trim_start().strip_prefix("--> ") {
            let place: Vec<&str> = place.splitn(3, ':').collect();
            found.push(format!("{rule} {}", place[..place.len().min(2)].join(":")));
        }
    }
    found
}

const MAIL: &str = "# Mail gateway run book\n\n## Service owner\n\nPost Team, post@example.org.\n\n## Dependencies\n\n- Orders: who is written to\n- PostgreSQL\n\n## Troubleshooting\n\nSee [orders](../orders/RUNBOOK.md#restart).\n";
const MAIL_CATALOG: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: mail-gateway\nspec:\n  type: service\n  owner: post\n  dependsOn:\n    - component:orders\n  consumesApis:\n    - orders-api\n";
const ORDERS: &str = "# Orders run book\n\n## Service owner\n\nSales Team, #sales.\n\n## Restart\n\nRun `kubectl rollout restart deploy/orders`.\n";
const ORDERS_CATALOG: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders\nspec:\n  type: service\n  owner: sales\n  providesApis: [orders-api]\n";
const ALERTS: &str = "groups:\n  - name: all\n    rules:\n      - alert: OrdersSlow\n        expr: up == 0\n        labels: {service: orders}\n        annotations:\n          runbook_url: ../../orders/RUNBOOK.md#restart\n";
const CONFIG: &str = "[[source]]\npath = \"repos/*\"\n\n[services.orders]\ntier = 1\nrepo = \"orders\"\n";

fn fleet() -> Desk {
    Desk::new(&[
        ("opsbook.toml", CONFIG),
        ("repos/mail/RUNBOOK.md", MAIL),
        ("repos/mail/catalog-info.yaml", MAIL_CATALOG),
        ("repos/orders/RUNBOOK.md", ORDERS),
        ("repos/orders/catalog-info.yaml", ORDERS_CATALOG),
        ("repos/watch/README.md", "# Notes\n\nNothing.\n"),
        ("repos/watch/alerts/rules.yaml", ALERTS),
    ])
}

/// Rules that speak of names and addresses which lead nowhere.
const DANGLING: [&str; 9] = [
    "needs-unknown-service",
    "dependency-unknown",
    "nobody-provides",
    "link-dead",
    "anchor-missing",
    "alert-runbook-dead",
    "alert-service-unknown",
    "configured-service-unknown",
    "no-runbook",
];

fn dangling(desk: &Desk) -> Vec<String> {
    let (_, said) = desk.run(&["check"]);
    let found = places(&said).into_iter().filter(|f| DANGLING.contains(&f.split(' ').next().unwrap()));
    let mut found: Vec<String> = found.collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn whoever_pointed_at_a_service_that_is_removed_is_named_with_file_and_line() {
    let desk = fleet();
    assert_eq!(dangling(&desk), [""; 0], "{}", desk.run(&["check"]).1);
    fs::remove_dir_all(desk.0.path().join("repos/orders")).unwrap();
    assert_eq!(
        dangling(&desk),
        [
            "alert-runbook-dead watch/alerts/rules.yaml:4",
            "configured-service-unknown opsbook.toml:4",
            "link-dead mail/RUNBOOK.md:14",
            "needs-unknown-service mail/RUNBOOK.md:9",
            "needs-unknown-service mail/catalog-info.yaml:9",
            "no-runbook mail/catalog-info.yaml:9",
            "nobody-provides mail/catalog-info.yaml:11",
        ]
    );
    // Where no file says any more that it is a service, its name alone is asked about.
    fs::remove_file(desk.0.path().join("repos/mail/catalog-info.yaml")).unwrap();
    assert_eq!(
        dangling(&desk),
        [
            "alert-runbook-dead watch/alerts/rules.yaml:4",
            "alert-service-unknown watch/alerts/rules.yaml:4",
            "configured-service-unknown opsbook.toml:4",
            "dependency-unknown mail/RUNBOOK.md:9",
            "link-dead mail/RUNBOOK.md:14",
        ]
    );
}

#[test]
fn whoever_uses_the_old_name_of_a_renamed_service_is_named_and_told_the_new_one() {
    let desk = fleet();
    fs::rename(desk.0.path().join("repos/orders"), desk.0.path().join("repos/orders-core")).unwrap();
    desk.put("repos/orders-core/RUNBOOK.md", &ORDERS.replace("# Orders", "# Orders core").replace("Restart", "Again"));
    desk.put("repos/orders-core/catalog-info.yaml", &ORDERS_CATALOG.replace("name: orders", "name: orders-core"));
    let found = dangling(&desk);
    for expected in [
        "alert-runbook-dead watch/alerts/rules.yaml:4",
        "configured-service-unknown opsbook.toml:4",
        "link-dead mail/RUNBOOK.md:14",
        "needs-unknown-service mail/RUNBOOK.md:9",
        "needs-unknown-service mail/catalog-info.yaml:9",
    ] {
        assert!(found.iter().any(|f| f == expected), "{expected} is not said: {found:#?}");
    }
    let (_, said) = desk.run(&["check"]);
    assert!(said.contains("is it Orders core?") || said.contains("is it orders-core?"), "{said}");
    // An alias settles it.
    desk.put(
        "opsbook.toml",
        &CONFIG
            .replace("[services.orders]\n", "[services.orders-core]\naliases = [\"orders\"]\n")
            .replace("\"orders\"\n", "\"orders-core\"\n"),
    );
    let left: Vec<_> = dangling(&desk).into_iter().filter(|f| !f.contains("dead")).collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn what_is_handed_to_a_platform_is_as_good_as_the_platforms_own_answer() {
    let book = |name: &str, tier: u8, says: &[(&str, &str)]| {
        let head = format!("---\nservice: {name}\ntier: {tier}\nowner: Crew\n---\n# {name} run book\n\n");
        says.iter().fold(head, |text, (heading, body)| format!("{text}## {heading}\n\n{body}\n\n"))
    };
    let handed = "Handled by the platform team.";
    let desk = Desk::new(&[
        (
            "repos/cloud/RUNBOOK.md",
            &book(
                "Cloud Platform",
                1,
                &[
                    ("Log aggregation solution", "Loki at loki.example.org, by the label app."),
                    ("Failover", "We have not investigated this."),
                    ("Deployment", "Handled by Base Metal."),
                    ("Secrets management", "Handled by Orders."),
                ],
            ),
        ),
        ("repos/metal/RUNBOOK.md", &book("Base Metal", 2, &[("Deployment", "Run `deploy.sh` on each host.")])),
        (
            "repos/orders/RUNBOOK.md",
            &book(
                "Orders",
                1,
                &[
                    ("Dependencies", "- Runs on Cloud Platform"),
                    ("Log aggregation solution", handed),
                    ("Failover", handed),
                    ("Deployment", handed),
                    ("Secrets management", "Handled by Cloud Platform."),
                    ("Metrics", handed),
                    ("Events and error messages", "Handled by the DBA team."),
                ],
            ),
        ),
    ]);
    desk.put("opsbook.toml", "[[source]]\npath = \"repos/*\"\n");
    let (code, said) = desk.run(&["build"]);
    assert_eq!(code, 0, "{said}");
    let all: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.0.path().join("site/api/coverage.json")).unwrap()).unwrap();
    let orders = all["services"].as_array().unwrap().iter().find(|s| s["id"] == "orders").unwrap();
    let cell = |section: &str| {
        let cell = &orders["cells"][section];
        assert_eq!(cell["state"], "delegated", "{section}: {cell:#}");
        (cell["required"].as_str().unwrap(), cell["met"].as_bool().unwrap(), &cell["through"])
    };
    for (section, required, met, state) in [
        ("log-aggregation", "R", true, "answered"),
        // An honest answer is asked for; "somebody else, who does not know" is none.
        ("failover", "A", false, "not-investigated"),
        // A chain ends where somebody says it; a ring never does.
        ("deployment", "R", true, "delegated"),
        ("secrets", "R", false, "delegated"),
        ("metrics", "R", false, "missing"),
    ] {
        let (asked, is_met, through) = cell(section);
        assert_eq!((asked, is_met), (required, met), "{section}");
        assert_eq!((&through["service"], &through["state"]), (&"cloud-platform".into(), &state.into()), "{section}");
    }
    assert!(cell("events").2.is_null());
    let page = fs::read_to_string(desk.0.path().join("site/services/orders/index.html")).unwrap();
    for words in
        [">by Cloud Platform<", ">by Cloud Platform: not investigated there<", ">by Cloud Platform: missing there<"]
    {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn registries_weigh_more_than_documents_and_less_than_the_configuration() {
    let desk = fleet();
    desk.put("ops/register.csv", "App;Squad;Class;Rota\nOrders;Ledger Squad;Gold;sales-pager\nmail-gateway;;silver;\n");
    desk.put("repos/mail/service.json", "{\"code\": \"mail-gateway\", \"meta\": {\"team\": \"Parcel People\"}}");
    let registers = "\n[[registry]]\npath = \"ops/register.csv\"\n[registry.columns]\nservice = \"app\"\nowner = \"squad\"\ntier = \"class\"\n[registry.tiers]\ngold = 2\nsilver = 3\n\n[[registry]]\npath = \"repos/*/service.json\"\n[registry.columns]\nowner = \"meta.team\"\n";
    desk.put("opsbook.toml", &format!("{CONFIG}{registers}"));
    let (code, said) = desk.run(&["build"]);
    assert_eq!(code, 0, "{said}");
    let (orders, mail) = (desk.service("orders"), desk.service("mail-gateway"));
    assert_eq!((&orders["tier"], &mail["tier"]), (&1.into(), &3.into()), "opsbook.toml says 1");
    assert_eq!(orders["owners"][0], "Ledger Squad", "{orders:#}");
    assert_eq!(mail["owners"][0], "Parcel People", "{mail:#}");
    let page = fs::read_to_string(desk.0.path().join("site/services/mail-gateway/index.html")).unwrap();
    assert!(
        page.contains("disagree about its <b>owner</b>") && page.contains("mail/service.json"),
        "which won is shown"
    );

    let (_, listed) = desk.run(&["collect"]);
    assert!(listed.contains("registry ops/register.csv") && listed.contains("registry mail/service.json"), "{listed}");
}

#[test]
fn a_registry_that_cannot_be_used_says_where_and_why() {
    let desk = fleet();
    let with = |text: &str, file: &str| {
        desk.put("services.csv", file);
        desk.put("opsbook.toml", &format!("{CONFIG}\n{text}"));
        desk.run(&["check"])
    };
    let (code, said) =
        with("[[registry]]\npath = \"services.csv\"\n[registry.columns]\nowner = \"Sqad\"\n", "App,Squad\n");
    assert_eq!(code, 1, "{said}");
    for words in ["registry-column-missing", "services.csv:1:1", "App,Squad", "^^^^^^^^^", "did you mean \"Squad\"?"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let (_, said) =
        with("[[registry]]\npath = \"services.csv\"\n", "Service,Tier\norders,bronze age\nmail-gateway,2,\"\n");
    for words in ["services.csv:2:8", "the tier \"bronze age\" is not known", "services.csv:3:16", "never closed"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let (code, said) = with("[[registry]]\npath = \"nowhere.csv\"\n", "");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("the registry nowhere.csv is not there"), "{said}");
    let (code, said) = with("[[registry]]\ncolumn = {}\n", "");
    assert!(code == 2 && said.contains("opsbook.toml:9:1") && said.contains("did you mean `columns`?"), "{said}");
}

/// The sample fleet with its own configuration.
fn sample() -> Desk {
    fn copy(from: &std::path::Path, to: &std::path::Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target)
            } else {
                _ = fs::copy(entry.path(), target).unwrap()
            }
        }
    }
    let (root, desk) = (std::path::Path::new(env!("CARGO_MANIFEST_DIR")), Desk::new(&[]));
    copy(&root.join("runbooks"), &desk.0.path().join("runbooks"));
    fs::copy(root.join("opsbook.toml"), desk.0.path().join("opsbook.toml")).unwrap();
    desk
}

#[test]
fn the_sample_fleet_shows_every_finding_of_the_catalog() {
    let desk = sample();
    let (code, said) = desk.run(&["check"]);
    assert_eq!(code, 1, "{said}");
    let found = places(&said);
    let expected = [
        // Identity: claimed by two repositories, settled in opsbook.toml, a copy, a twin, a name nobody knows.
        "service-claimed-twice finance-jobs/RUNBOOK.md:2",
        "service-claimed-twice nightly-reports/README.md:5",
        "copied-name onboard-shops/RUNBOOK.md:5",
        "twin-documents refunds/docs/runbooks/rotate-acquirer-keys.md",
        "no-runbook booking-api/catalog-info.yaml:",
        "dependency-unknown nightly-reports/README.md:29",
        // Links: gone, without their heading, never written.
        "link-dead boarding-control/RUNBOOK.md:73",
        "anchor-missing nightly-reports/README.md:27",
        "link-unwritten ",
        // Alerts: no page, an address that leads nowhere, a service nobody knows, a page without a rule.
        "alert-without-page alert-runbooks/alerts.yaml:22",
        "alert-runbook-dead alert-runbooks/alerts.yaml:54",
        "alert-service-unknown alert-runbooks/alerts.yaml:54",
        "alert-page-without-rule alert-runbooks/alerts/ParcelScanGap.md:1",
        // Drift both ways, an interface nobody provides, tiers as questions, a registry's odd value.
        "dependency-undocumented ",
        "dependency-uncatalogued ",
        "nobody-provides fare-engine/catalog-info.yaml:15",
        "tier-suggested fare-engine/RUNBOOK.md",
        "tier-suggested booking-api/",
        "survey-wrong-type service-register/services.csv:8",
    ];
    let unsaid: Vec<_> = expected.iter().filter(|e| !found.iter().any(|f| f.starts_with(**e))).collect();
    assert!(unsaid.is_empty(), "{unsaid:#?} are not said: {found:#?}");

    let (code, said) = desk.run(&["build"]);
    assert_eq!(code, 0, "{said}");
    let page = |path: &str| {
        let path = desk.0.path().join("site").join(path).join("index.html");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let checks = page("checks");
    for finding in &found {
        let rule = finding.split(' ').next().unwrap();
        assert!(checks.contains(rule), "{rule} is not on the site");
    }
    let shown = [
        ("services/nightly-reports--nightly-reports", "Another repository claims the same service: finance-jobs"),
        ("services/onboard-shops--gift-cards", "opsbook.toml gives the name of this service to gift-cards"),
        ("services/loyalty", "Who else is affected"),
        ("services/loyalty", "<span class=\"soft\">through Booking API"),
        ("services/booking-api", "disagree about its"),
        ("services/booking-api", ">by Harbour Platform<"),
        ("services/booking-api", ">by Harbour Platform: only promised there<"),
        ("services/identity-broker", "nobody has written how to run it"),
        ("matrix", "identity-broker"),
        ("owners/purser", "Also written"),
        ("owners/purser", "belongs in"),
        ("risks", "6 services need Identity broker, which has no runbook; "),
        ("risks", "which is only of tier 3"),
        ("risks", "services fall with Identity broker, and nothing says that it survives the loss of a part"),
        ("risks", "whose “Power procedures” is not investigated"),
        ("risks", "whose runbook is an untouched form"),
        ("alerts", "no page"),
        ("alerts/KioskPrinterPaperOut", "No page says what to do when it fires"),
        ("alerts/NotifyQueueBacklog", "Meaning"),
        ("dependencies/mongodb", "of them say how to restore what it keeps"),
    ];
    let hidden: Vec<_> = shown.iter().filter(|(path, words)| !page(path).contains(words)).collect();
    assert!(hidden.is_empty(), "these are not on the site: {hidden:#?}");
    for (path, names) in [
        ("services/booking-api", ["Boarding control", "Identity broker. no runbook", "Fare engine. untouched form"]),
        ("owners/purser", ["Payments", "Booking API", "RabbitMQ"]),
    ] {
        let page = page(path);
        let drawing = page.split("<svg").nth(1).and_then(|rest| rest.split("</svg>").next()).expect(path);
        for name in names {
            assert!(drawing.contains(&format!("<title>{name}")), "{path}: {name} is not drawn");
        }
        assert!(drawing.matches("<a href=").count() <= 25, "{path} is drawn small enough to be read");
    }
    // The home page names several services, and not the gaps of one.
    let home = page("");
    let risks: Vec<&str> = home.split("<li class=\"risk\"").skip(1).map(|r| r.split("</a>").next().unwrap()).collect();
    let named: std::collections::BTreeSet<_> = risks.iter().map(|r| r.rsplit('>').next().unwrap()).collect();
    assert_eq!(named.len(), risks.len(), "{named:?}");
}

//! Cases of linking: who needs whom, whose word counts, what is found wrong.

use super::fleet::{Asked, Fleet};
use crate::model::catalog::{Alert, Catalog};
use crate::model::claim::{Fact, Rank, Subject};
use crate::model::id::{Id, Tier};
use crate::model::state::Kind;
use crate::model::stated::{NameSource, Relation, TargetType};

fn fleet() -> Fleet {
    Fleet::default()
}

fn at<'c>(catalog: &'c Catalog, id: &str) -> &'c crate::model::catalog::Service {
    let found = catalog.services.iter().find(|s| s.id.as_str() == id);
    found.unwrap_or_else(|| panic!("no {id} among {:?}", catalog.ids()))
}

fn needs(name: &str) -> Fact {
    Fact::Needs { name: name.into(), target: TargetType::Service, relation: Relation::Uses, purpose: None }
}

fn alert(name: &str, runbook: Option<&str>) -> Fact {
    Fact::Alert { name: name.into(), runbook: runbook.map(str::to_owned), severity: None, summary: None }
}

#[test]
fn technologies_stay_apart_unless_a_service_bears_the_name() {
    let fleet = || fleet().service("a:README.md", "Orders").needs("MongodB", TargetType::Service);
    let catalog = fleet().link();
    assert_eq!(catalog.ids(), ["orders"]);
    assert_eq!(catalog.arrows(), ["orders>MongoDB"]);
    assert_eq!(catalog.technologies[0].class, "store");
    let catalog = fleet().service("m:README.md", "MongodB").link();
    assert_eq!(catalog.arrows(), ["orders>mongodb"]);
}

#[test]
fn cycles_and_self_edges_survive() {
    let catalog = fleet()
        .service("a:README.md", "A1")
        .needs("B1", TargetType::Service)
        .needs("A1", TargetType::Service)
        .service("b:README.md", "B1")
        .needs("A1", TargetType::Service)
        .link();
    assert_eq!(catalog.arrows(), ["a1>a1", "a1>b1", "b1>a1"]);
}

#[test]
fn a_renamed_service_names_everything_that_pointed_at_it() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .needs("Ledger", TargetType::Service)
        .catalog("b:catalog-info.yaml", "Orders", needs("Ledger"))
        .configured("ledgr", |s| s.tier = Some(Tier::One))
        .link();
    let said: Vec<_> = catalog
        .said("needs-unknown-service")
        .iter()
        .map(|d| d.location.as_ref().map(|l| (l.origin.label(), l.line)).unwrap())
        .collect();
    assert_eq!(said, [("a/README.md".to_owned(), 7), ("b/catalog-info.yaml".to_owned(), 5)]);
    assert!(catalog.said("configured-service-unknown")[0].message.contains("ledgr"));
}

#[test]
fn interfaces_lead_to_who_provides_them() {
    let catalog = fleet()
        .entity("a:catalog-info.yaml", "Orders", "service")
        .entity("a:catalog-info.yaml", "Stock", "service")
        .catalog("a:catalog-info.yaml", "Stock", Fact::Provides("stock-v2".into()))
        .catalog("a:catalog-info.yaml", "Orders", Fact::Consumes("stock-v2".into()))
        .catalog("a:catalog-info.yaml", "Orders", Fact::Consumes("gone-v1".into()))
        .link();
    assert_eq!(catalog.arrows(), ["orders>stock"]);
    assert_eq!(catalog.edges[0].relation, Relation::Calls);
    assert!(catalog.said("nobody-provides")[0].message.contains("gone-v1"));
}

#[test]
fn the_strongest_place_says_who_owns_and_the_others_are_kept() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .owned("Sales team", &["#sales"])
        .entity("a:catalog-info.yaml", "Orders", "service")
        .catalog("a:catalog-info.yaml", "Orders", Fact::Owner("group:default/shop".into()))
        .service("b:README.md", "Stock")
        .owned("#sales", &[])
        .service("c:README.md", "Basket")
        .owned("the SALES Team", &["sales@acme.example"])
        .owned("#sales-help", &[])
        .service("d:README.md", "Fares")
        .claim("d:CODEOWNERS", Rank::CodeOwners, Subject::Path("*".into()), Fact::Owner("@acme/sales".into()))
        .link();
    assert_eq!(catalog.owners_of("orders"), ["shop"]);
    for id in ["stock", "basket", "fares"] {
        assert_eq!(catalog.owners_of(id).len(), 1);
        assert_eq!(catalog.owners[catalog.owner(&Id::of("sales")).unwrap().at()].services.len(), 3, "{id}");
    }
    let sales = &catalog.owners[catalog.owner(&Id::of("sales")).unwrap().at()];
    assert_eq!(sales.contacts, ["#sales", "#sales-help", "sales@acme.example"]);
    let disagreement = &at(&catalog, "orders").disagreements[0];
    assert_eq!(disagreement.about, "owner");
    assert_eq!(disagreement.said[0].rank, Rank::CatalogFile);
    assert_eq!(disagreement.said[1].rank, Rank::Words);
}

#[test]
fn what_a_catalog_calls_a_team_is_its_name() {
    let group = |fact| (Subject::Owner("sq-17".into()), fact);
    let [title, mail] = [Fact::Title("The Night Watch".into()), Fact::Contact("nw@example.org".into())].map(group);
    let catalog = fleet()
        .service("a:README.md", "Lamp")
        .owned("Night Watch", &["#nw"])
        .service("b:README.md", "Mast")
        .catalog("b:catalog-info.yaml", "Mast", Fact::Owner("group:default/sq-17".into()))
        .claim("g:catalog-info.yaml", Rank::CatalogFile, title.0, title.1)
        .claim("g:catalog-info.yaml", Rank::CatalogFile, mail.0, mail.1)
        .link();
    let [owner] = catalog.owners.as_slice() else { panic!("{:?}", catalog.owners) };
    assert_eq!((owner.id.as_str(), &*owner.name, owner.services.len()), ("sq-17", "The Night Watch", 2));
    assert_eq!((owner.contacts.join(" "), owner.aliases.len()), ("#nw nw@example.org".into(), 2));
}

#[test]
fn two_files_of_one_weight_that_name_different_owners_are_told() {
    let says = |file: &str, owner: &str| (file.to_owned(), Fact::Owner(owner.into()));
    let link = |said: [(String, Fact); 2]| {
        let fleet = said
            .into_iter()
            .fold(fleet().service("a:README.md", "Orders"), |f, (file, fact)| f.catalog(&file, "Orders", fact));
        fleet.link()
    };
    let catalog = link([says("a:catalog-info.yaml", "sales"), says("a:opslevel.yml", "fraud")]);
    assert_eq!(catalog.owners_of("orders"), ["sales", "fraud"]);
    let told = &at(&catalog, "orders").disagreements;
    assert_eq!((told.len(), told[0].about, told[0].said.len()), (1, "owner", 2));
    // Several in one file own it together.
    let catalog = link([says("a:catalog-info.yaml", "sales"), says("a:catalog-info.yaml", "fraud")]);
    assert!(at(&catalog, "orders").disagreements.is_empty());
}

#[test]
fn codeowners_give_the_last_rule_that_fits() {
    let rule = |fleet: Fleet, line: u32, pattern: &str, owner: &str| {
        let mut fleet =
            fleet.claim("m:CODEOWNERS", Rank::CodeOwners, Subject::Path(pattern.into()), Fact::Owner(owner.into()));
        fleet.last_line(line);
        fleet
    };
    let mut fleet = fleet()
        .service("m:services/pay/README.md", "Pay")
        .service("m:services/old/README.md", "Old")
        .service("m:tools/README.md", "Tools");
    for (line, pattern, owner) in
        [(1, "*", "@acme/all"), (2, "/services/pay/", "@acme/pay"), (3, "/services/old", ""), (4, "*.md", "@acme/docs")]
    {
        fleet = rule(fleet, line, pattern, owner);
    }
    let catalog = fleet.link();
    assert_eq!(catalog.owners_of("pay"), ["pay"]);
    assert_eq!(catalog.owners_of("tools"), ["all"]);
    assert!(catalog.owners_of("old").is_empty());
}

#[test]
fn a_document_raises_a_tier_and_never_lowers_it() {
    let tier = |document, catalog: Option<Tier>| {
        let fleet = fleet().service("a:README.md", "Orders").tier(document);
        let fleet = match catalog {
            Some(tier) => fleet.catalog("a:catalog-info.yaml", "Orders", Fact::Tier(tier)),
            None => fleet,
        };
        let catalog = fleet.link();
        let orders = at(&catalog, "orders");
        (orders.tier.as_ref().map(|t| (t.value, t.rank)).unwrap(), orders.disagreements.len())
    };
    assert_eq!(tier(Tier::One, Some(Tier::Three)), ((Tier::One, Rank::Words), 1));
    assert_eq!(tier(Tier::Three, Some(Tier::One)), ((Tier::One, Rank::CatalogFile), 1));
    assert_eq!(tier(Tier::Two, Some(Tier::Two)), ((Tier::Two, Rank::CatalogFile), 0));
    assert_eq!(tier(Tier::Two, None), ((Tier::Two, Rank::Words), 0));
}

#[test]
fn a_tier_is_suggested_by_who_needs_it() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .tier(Tier::One)
        .needs("Stock", TargetType::Unknown)
        .service("b:README.md", "Stock")
        .link();
    assert_eq!(catalog.said("tier-suggested")[0].message, "is Stock of tier 1? Orders, of tier 1, needs it");
}

#[test]
fn twins_and_copies_are_named() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .placed("orders")
        .saying("one text")
        .service("b:README.md", "Stock")
        .saying("one text")
        .service("a:stock2/README.md", "Orders")
        .placed("stock2")
        .saying("another text")
        .link();
    assert!(catalog.said("twin-documents")[0].message.contains("a/README.md"));
    let copy = catalog.said("copied-name");
    assert_eq!(copy.len(), 1, "{copy:?}");
    assert!(copy[0].message.contains("stock2"));
}

#[test]
fn alerts_find_their_pages_and_their_rules() {
    let label = "a:alerts/rules.yaml";
    let rule = |fleet: Fleet, name: &str, runbook: Option<&str>| {
        fleet.claim(label, Rank::Deployment, Subject::Service("Orders".into()), alert(name, runbook))
    };
    let mut fleet = fleet()
        .service("a:README.md", "Orders")
        .document("a:alerts/slow.md", Kind::Alert)
        .heading("impact")
        .alert("OrdersSlow")
        .document("a:alerts/old.md", Kind::Alert)
        .alert("OrdersOld")
        .document("a:alerts/unused.md", Kind::Alert)
        .alert("Unused");
    for (name, runbook) in [
        ("orders-slow", None),
        ("Bare", None),
        ("Elsewhere", Some("https://wiki.example/x")),
        ("Dead", Some("https://git.example/acme/a/blob/main/alerts/gone.md")),
        ("NoAnchor", Some("https://git.example/acme/a/blob/feature/x/alerts/slow.md#nope")),
        ("ByAddress", Some("slow.md#impact")),
        ("Own", Some("https://ops.example/alerts/OrdersOld/")),
        ("OwnDead", Some("https://ops.example/alerts/Nothing/")),
    ] {
        fleet = rule(fleet, name, runbook);
    }
    fleet.config.base_url = Some("https://ops.example".into());
    let catalog = fleet.link();
    let found: Vec<_> = catalog.alerts.iter().map(|a| (a.name.as_str(), a.rules.len(), a.pages.len())).collect();
    assert_eq!(
        found,
        [
            ("Bare", 1, 0),
            ("ByAddress", 1, 1),
            ("Dead", 1, 0),
            ("Elsewhere", 1, 0),
            ("NoAnchor", 1, 0),
            ("OrdersOld", 0, 1),
            ("Own", 1, 1),
            ("OwnDead", 1, 0),
            ("Unused", 0, 1),
            ("orders-slow", 1, 1)
        ]
    );
    assert!(catalog.alerts.iter().all(|a| a.services.len() == 1));
    assert_eq!(catalog.said("alert-without-page").len(), 1);
    assert_eq!(catalog.said("alert-runbook-dead").len(), 3);
    let unused = catalog.said("alert-page-without-rule");
    assert!(unused.len() == 1 && unused[0].message.contains("Unused"), "a rule points to the old one");
}

#[test]
fn an_alert_of_several_services_is_told_apart() {
    let rule = |fleet: Fleet, service: &str, name: &str, runbook: Option<&str>| {
        let label = format!("{service}:alerts/rules.yaml");
        fleet.claim(&label, Rank::Deployment, Subject::Service(service.into()), alert(name, runbook))
    };
    let site = |page: &str| format!("https://ops.example/{page}");
    let mut fleet = fleet()
        .service("orders:README.md", "Orders")
        .service("ledger:README.md", "Ledger")
        .document("orders:alerts/errors.md", Kind::Alert)
        .alert("HighErrorRate")
        .document("orders:alerts/by-address.md", Kind::Alert)
        .alert("Named otherwise");
    for (service, name, runbook) in [
        ("orders", "HighErrorRate", None),
        ("ledger", "HighErrorRate", None),
        // Another spelling has an address of its own.
        ("orders", "highErrorRate", None),
        ("orders", "Pointing", Some(site("alerts/Named-otherwise-01234567/"))),
        ("orders", "Blank", Some(site("alerts/Named%20otherwise/"))),
        ("orders", "Gone", Some(site("services/gone/"))),
        ("orders", "There", Some(site("services/ledger/#restore"))),
    ] {
        fleet = rule(fleet, service, name, runbook.as_deref());
    }
    fleet.config.base_url = Some("https://ops.example".into());
    let catalog = fleet.link();
    let ids = |a: &Alert| a.services.iter().map(|s| catalog[*s].id.to_string()).collect::<Vec<_>>();
    let of = |name: &str| catalog.alerts.iter().find(|a| a.name == name).expect(name);
    assert_eq!(ids(of("HighErrorRate")), ["ledger", "orders"]);
    assert_eq!((of("highErrorRate").rules.len(), of("highErrorRate").pages.len()), (1, 1));
    let said = |rule: &str| catalog.said(rule).iter().map(|d| d.message.clone()).collect::<Vec<_>>();
    let without = said("alert-without-page");
    assert_eq!(without, ["the alert HighErrorRate of ledger has no runbook, and no page of its own"]);
    let dead = said("alert-runbook-dead");
    assert_eq!(dead.len(), 2, "{dead:#?}");
    assert!(dead.iter().any(|m| m.contains("alerts/Named%20otherwise/ is no page of this site")));
    assert!(dead.iter().any(|m| m.contains("no page services/gone/")));
    assert!(said("alert-page-without-rule").is_empty(), "a rule points to it");
}

#[test]
fn links_are_mentions_and_dead_or_unwritten_ones_are_findings() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .heading("deploy")
        .service("b:docs/RUNBOOK.md", "Stock")
        .links("orders", "../../a/README.md#deploy")
        .links("orders again", "../../a/README.md#gone")
        .links("Jaeger", "TBD")
        .links("self", "#gone")
        .document("n:notes.md", Kind::Notes)
        .saying("Orders was down, order was restored; `stock` too, and stock.")
        .link();
    assert_eq!(catalog.said("anchor-missing").len(), 2);
    assert_eq!(catalog.said("link-unwritten").len(), 1);
    let named =
        |id: &str| at(&catalog, id).named_at.iter().map(|m| (m.origin.label(), m.text.clone())).collect::<Vec<_>>();
    assert_eq!(named("orders").len(), 3);
    assert_eq!(named("stock"), [("n/notes.md".to_owned(), "stock".to_owned())]);
}

#[test]
fn drift_is_told_both_ways() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .saying("We keep baskets in the Basket service. Its author is gone.")
        .needs("Stock", TargetType::Unknown)
        .service("s:README.md", "Stock")
        .service("p:README.md", "Payments")
        .service("b:README.md", "Basket")
        .catalog("a:catalog-info.yaml", "Orders", needs("Payments"))
        .catalog("a:catalog-info.yaml", "Orders", needs("Basket"))
        .catalog("a:catalog-info.yaml", "Orders", needs("auth"))
        .claim("a:compose.yml", Rank::Deployment, Subject::Path("compose.yml".into()), needs("mongo"))
        .link();
    let said = |rule| catalog.said(rule).iter().map(|d| d.message.clone()).collect::<Vec<_>>();
    assert_eq!(said("dependency-undocumented").len(), 3, "{:?}", said("dependency-undocumented"));
    assert!(said("dependency-undocumented").iter().any(|m| m.contains("MongoDB")));
    assert!(said("dependency-uncatalogued")[0].contains("Stock"));
}

#[test]
fn any_order_of_claims_gives_the_same_catalog() {
    let build = |turn: bool| {
        let mut names = ["Orders", "Stock", "Basket"];
        if turn {
            names.reverse();
        }
        let fleet =
            names.iter().fold(fleet(), |f, n| f.catalog("c:catalog-info.yaml", n, Fact::Owner(format!("{n} team"))));
        names
            .iter()
            .fold(fleet, |f, n| f.service(&format!("{n}:README.md"), n).needs("Ledger", TargetType::Service))
            .link()
    };
    assert_eq!(format!("{:?}", build(false)), format!("{:?}", build(true)));
}

#[test]
fn strange_names_make_no_service() {
    let catalog = fleet()
        .service("a:README.md", "???")
        .with(|r| r.name.as_mut().expect("named").by = NameSource::Title)
        .service("b:README.md", "Оплата")
        .needs("---", TargetType::Service)
        .entity("c:catalog-info.yaml", "()", "service")
        .link();
    assert_eq!(catalog.ids(), ["оплата"]);
    assert!(catalog.edges.is_empty());
}

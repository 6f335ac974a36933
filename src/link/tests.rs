//! Cases of linking: who is who, and which place answers.

use super::fleet::{Asked, Fleet};
use crate::model::catalog::{Catalog, Presence};
use crate::model::claim::{Fact, Rank};
use crate::model::id::Tier;
use crate::model::state::{Kind, State};
use crate::model::stated::TargetType;

fn fleet() -> Fleet {
    Fleet::default()
}

fn at<'c>(catalog: &'c Catalog, id: &str) -> &'c crate::model::catalog::Service {
    let found = catalog.services.iter().find(|s| s.id.as_str() == id);
    found.unwrap_or_else(|| panic!("no {id} among {:?}", catalog.ids()))
}

#[test]
fn a_document_speaks_for_the_service_it_names_else_its_place_else_its_only_neighbour() {
    let catalog = fleet()
        .service("shop:orders/README.md", "Orders")
        .document("shop:orders/docs/restore.md", Kind::Procedure)
        .document("shop:stock/README.md", Kind::Service)
        .placed("stock")
        .document("shop:docs/moving.md", Kind::Procedure)
        .document("solo:docs/restore.md", Kind::Procedure)
        .service("solo:README.md", "Solo")
        .document("lost:a.md", Kind::Alert)
        .document("lost:b.md", Kind::Procedure)
        .with(|r| r.title = "Failing over solo by hand".into())
        .document("lost:c.md", Kind::Notes)
        .link();
    let speaks: Vec<_> = catalog.speaks_for.iter().map(|s| s.map_or("-", |ix| catalog[ix].id.as_str())).collect();
    assert_eq!(speaks, ["-", "solo", "-", "-", "orders", "orders", "stock", "solo", "solo"]);
    let lost: Vec<_> =
        catalog.said("speaks-for-nobody").iter().map(|d| d.location.clone().unwrap().origin.label()).collect();
    assert_eq!(lost, ["lost/a.md", "shop/docs/moving.md"]);
}

#[test]
fn many_names_are_one_service_with_evidence() {
    let catalog = fleet()
        .service("ebs:README.md", "CCMS-EBS (MP)")
        .placed("ebs-runbook")
        .service("a:README.md", "PaymentGateway")
        .service("user:README.md", "User")
        .needs("ccms-ebs", TargetType::Service)
        .needs("CCMS EBS (MP)", TargetType::Service)
        .needs("ebs-runbook", TargetType::Unknown)
        .needs("payment-gateway", TargetType::Unknown)
        .needs("The Gateway", TargetType::Unknown)
        .configured("paymentgateway", |s| s.aliases = vec!["the gateway".into(), "payment gateway".into()])
        .link();
    assert_eq!(catalog.ids(), ["ccms-ebs", "paymentgateway", "user"]);
    assert_eq!(catalog.arrows(), ["user>ccms-ebs", "user>paymentgateway"]);
    let aliases: Vec<_> = at(&catalog, "ccms-ebs").aliases.iter().map(|a| (a.value.as_str(), a.rank)).collect();
    assert_eq!(aliases, [("ebs-runbook", Rank::Path)]);
    assert_eq!(catalog.edges[0].stated.len(), 3);
}

#[test]
fn qualifiers_that_tell_services_apart_stay() {
    let catalog = fleet().service("eu:README.md", "Orders (EU)").service("us:README.md", "Orders (US)").link();
    assert_eq!(catalog.ids(), ["orders-eu", "orders-us"]);
}

#[test]
fn a_word_like_service_is_never_dropped() {
    let catalog = fleet().service("a:README.md", "Orders").needs("Orders service", TargetType::Service).link();
    assert_eq!(catalog.ids(), ["orders", "orders-service"]);
}

#[test]
fn a_catalog_entry_and_the_only_runbook_beside_it_are_one() {
    let catalog = fleet()
        .service("pay:RUNBOOK.md", "Payments Gateway")
        .entity("pay:catalog-info.yaml", "pay-gw", "service")
        .entity("lib:catalog-info.yaml", "pay-lib", "library")
        .link();
    assert_eq!(catalog.ids(), ["pay-gw"]);
    assert_eq!(at(&catalog, "pay-gw").presence, Presence::Filled);
    assert_eq!(at(&catalog, "pay-gw").name, "Payments Gateway");
}

#[test]
fn neither_of_two_claimants_wins_silently() {
    let two =
        || fleet().service("a:README.md", "Orders").service("b:README.md", "Orders").needs("x", TargetType::Service);
    let catalog = two().service("c:README.md", "Caller").needs("Orders", TargetType::Service).link();
    assert_eq!(catalog.ids(), ["a--orders", "b--orders", "caller", "x"]);
    assert_eq!(at(&catalog, "a--orders").conflict, ["b"]);
    assert_eq!(at(&catalog, "b--orders").conflict, ["a"]);
    assert_eq!(catalog.arrows(), ["b--orders>x", "caller>a--orders", "caller>b--orders"]);
    let said = catalog.said("service-claimed-twice");
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|d| d.message.contains("a, b")));

    let settled = two().configured("orders", |s| s.repo = Some("b".into())).link();
    assert_eq!(settled.ids(), ["a--orders", "orders", "x"]);
    assert!(settled.said("service-claimed-twice").is_empty());
    assert_eq!(at(&settled, "a--orders").conflict, ["b"]);
    assert!(at(&settled, "orders").conflict.is_empty());
}

#[test]
fn two_claimants_are_told_apart_and_keep_their_own_names() {
    let two = || {
        let placed = |fleet: Fleet, repo: &str| fleet.service(&format!("{repo}:README.md"), "Orders").placed(repo);
        placed(placed(fleet(), "shop"), "depot").service("c:README.md", "Caller").needs("depot", TargetType::Service)
    };
    let catalog = two().link();
    assert_eq!(catalog.ids(), ["caller", "depot--orders", "shop--orders"]);
    assert_eq!(at(&catalog, "shop--orders").name, "Orders (shop)");
    assert_eq!(catalog.arrows(), ["caller>depot--orders"], "its place is another name of this one alone");
    let settled = two().configured("orders", |s| s.repo = Some("shop".into())).link();
    assert_eq!(
        (at(&settled, "orders").name.as_str(), settled.arrows()),
        ("Orders", vec!["caller>depot--orders".into()])
    );
}

#[test]
fn catalog_files_of_two_repositories_are_told_and_settled() {
    let says = |fleet: Fleet, repo: &str, tier: Tier| {
        let file = format!("{repo}:catalog-info.yaml");
        fleet.entity(&file, "Orders", "service").catalog(&file, "Orders", Fact::Tier(tier)).catalog(
            &file,
            "Orders",
            Fact::Owner(repo.into()),
        )
    };
    let two = || says(says(fleet(), "a", Tier::Three), "b", Tier::One);
    let catalog = two().link();
    let orders = at(&catalog, "orders");
    assert_eq!((orders.conflict.as_slice(), catalog.owners_of("orders").len()), (&["a".into(), "b".into()][..], 2));
    assert_eq!(orders.disagreements.iter().map(|d| d.about).collect::<Vec<_>>(), ["tier", "owner"]);
    assert_eq!(catalog.said("service-claimed-twice").len(), 2);

    let settled = two().configured("orders", |s| s.repo = Some("a".into())).link();
    let orders = at(&settled, "orders");
    assert_eq!((orders.tier.as_ref().map(|t| t.value), settled.owners_of("orders")), (Some(Tier::Three), vec!["a"]));
    assert!(orders.conflict.is_empty() && orders.disagreements.is_empty());
    let said = settled.said("service-claimed-twice");
    assert_eq!((said.len(), &*said[0].message), (1, "what b says of \"Orders\" is not used: it belongs to a"));

    // What a loser's catalog says goes to what its documents say.
    let both = two().service("a:README.md", "Orders").service("b:README.md", "Orders");
    let settled = both.configured("orders", |s| s.repo = Some("a".into())).link();
    let tier = |id: &str| at(&settled, id).tier.as_ref().map(|t| t.value);
    assert_eq!((tier("orders"), tier("b--orders")), (Some(Tier::Three), Some(Tier::One)));
    assert!(settled.said("service-claimed-twice").is_empty());
}

#[test]
fn a_blank_form_elsewhere_claims_nothing() {
    let catalog =
        fleet().service("a:README.md", "Orders").document("forms:orders.md", Kind::Service).placed("orders").blank();
    let catalog = catalog.link();
    assert_eq!(catalog.ids(), ["orders"]);
    assert_eq!(at(&catalog, "orders").documents.len(), 2);
}

#[test]
fn presence_is_told_by_what_somebody_wrote() {
    let catalog = fleet()
        .service("a:README.md", "Filled")
        .needs("Named", TargetType::Service)
        .document("b:README.md", Kind::Service)
        .placed("blank")
        .blank()
        .document("c:alert.md", Kind::Alert)
        .named("Alerted")
        .entity("d:catalog-info.yaml", "Listed", "service")
        .link();
    let found: Vec<_> = catalog.services.iter().map(|s| (s.id.as_str(), s.presence)).collect();
    assert_eq!(
        found,
        [
            ("alerted", Presence::None),
            ("blank", Presence::Blank),
            ("filled", Presence::Filled),
            ("listed", Presence::None),
            ("named", Presence::None)
        ]
    );
}

#[test]
fn the_best_answered_place_decides_and_a_blank_form_never_does() {
    let catalog = fleet()
        .document("a:1-blank.md", Kind::Service)
        .placed("orders")
        .blank()
        .answers("deployment", State::Residue)
        .service("a:2-runbook.md", "Orders")
        .answers("deployment", State::Empty)
        .answers("restore-procedures", State::LinkOnly)
        .document("a:3-restore.md", Kind::Procedure)
        .answers("restore-procedures", State::Answered)
        .link();
    let orders = at(&catalog, "orders");
    let state = |section: usize| {
        let first = orders.answers[section][0];
        let runbook = &catalog[first.runbook];
        (&*runbook.document.origin.path, runbook.candidates[first.candidate as usize].state)
    };
    assert_eq!(state(1), ("2-runbook.md", State::Empty));
    assert_eq!(state(2), ("3-restore.md", State::Answered));
    assert!(catalog.said("answered-in-two-repositories").is_empty());
}

#[test]
fn two_repositories_that_answer_one_section_are_named() {
    let catalog = fleet()
        .service("a:README.md", "Orders")
        .answers("deployment", State::Answered)
        .document("ops:deploy.md", Kind::Procedure)
        .named("Orders")
        .answers("deployment", State::Answered)
        .link();
    assert!(catalog.said("answered-in-two-repositories")[0].message.contains("deployment"));
}

#[test]
fn a_title_that_several_services_bear_gives_nobody_anothers_runbook() {
    let titled = |fleet: Fleet, repo: &str, name: &str, title: &str| {
        let file = format!("{repo}:catalog-info.yaml");
        fleet.entity(&file, name, "service").catalog(&file, name, Fact::Title(title.into()))
    };
    let catalog =
        titled(titled(fleet(), "a", "a-api", "API"), "b", "b-api", "API").service("b:README.md", "API").link();
    let found: Vec<_> = catalog.services.iter().map(|s| (s.id.as_str(), s.presence)).collect();
    assert_eq!(found, [("a-api", Presence::None), ("b-api", Presence::Filled)]);
    // A title that is the name of a service at home in another repository, likewise.
    let home = |repo: &str| fleet().service(&format!("{repo}:README.md"), "Payments").placed("payments");
    let catalog = titled(home("payments"), "core", "pay-core", "Payments").link();
    let found: Vec<_> = catalog.services.iter().map(|s| (s.id.as_str(), s.presence)).collect();
    assert_eq!(found, [("pay-core", Presence::None), ("payments", Presence::Filled)]);
    assert_eq!(titled(home("core"), "core", "pay-core", "Payments").link().ids(), ["pay-core"]);
}

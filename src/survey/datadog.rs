//! Datadog: service definitions (v2, v3), and monitors in JSON or Terraform.

use crate::model::claim::{Fact, Subject};
use crate::model::stated::{Relation, TargetType};
use crate::survey::alert::{Found, path as alert_path};
use crate::survey::page::{Page, UNKNOWN_KIND};
use crate::survey::tree::Node;

/// Whether a path may hold service definitions.
pub(super) fn path(path: &str, name: &str) -> bool {
    super::is_tree(name) && (name.contains("datadog") || name.contains("entity.")) && !path.ends_with(".tf")
        || alert_path(path, name) && name.contains("datadog")
}

/// Whether a document is a service definition.
pub(super) fn is_service(node: &Node) -> bool {
    node.get("dd-service").is_some()
        || node.text_at(&["apiVersion"]).is_some_and(|(_, v)| v.starts_with("v3")) && node.get("metadata").is_some()
}

/// Reads a service definition.
pub(super) fn service(page: &mut Page, node: &Node) {
    match node.get("dd-service") {
        Some(name) => second(page, node, name),
        None => third(page, node),
    }
}

fn second(page: &mut Page, node: &Node, name: &Node) {
    let Some(text) = name.text() else {
        page.wrong(name, "a text");
        return;
    };
    let subject = Subject::Service(text.to_owned());
    let kind = node.text_at(&["type"]).map_or("service", |(_, kind)| kind);
    page.claim(name, &subject, Fact::Exists { kind: kind.to_owned() });
    page.text(node.get("team"), &subject, Fact::Owner);
    page.text(node.get("application"), &subject, Fact::System);
    page.text(node.get("lifecycle"), &subject, Fact::Lifecycle);
    page.tier(node.get("tier"), &subject);
    reach(page, node, node.text_at(&["team"]).map(|(_, team)| team), &subject);
    for tool in ["pagerduty", "opsgenie"] {
        // The first versions have the address itself, later ones a mapping.
        let called = node.at(&["integrations", tool]);
        page.text(called.map(|n| n.get("service-url").unwrap_or(n)), &subject, Fact::OnCall);
    }
}

fn third(page: &mut Page, node: &Node) {
    let Some((at, name)) = node.text_at(&["metadata", "name"]) else {
        page.nameless(node.get("metadata").unwrap_or(node), "name");
        return;
    };
    let kind = node.text_at(&["kind"]).map_or("service", |(_, kind)| kind);
    match kind {
        "service" | "system" => {}
        "api" | "datastore" | "endpoint" | "frontend" | "library" | "queue" | "ui" => return,
        _ => {
            let at = node.get("kind").unwrap_or(node);
            let help =
                "service and system are read; api, datastore, endpoint, frontend, library, queue and ui are not rows";
            page.say(&UNKNOWN_KIND, at.line, at.column, format!("the kind \"{kind}\" is not known"), help);
            return;
        }
    }
    let subject = Subject::Service(name.to_owned());
    page.claim(at, &subject, Fact::Exists { kind: kind.to_owned() });
    page.text(node.at(&["metadata", "displayName"]), &subject, Fact::Title);
    page.text(node.at(&["metadata", "owner"]), &subject, Fact::Owner);
    page.text(node.at(&["spec", "lifecycle"]), &subject, Fact::Lifecycle);
    page.tier(node.at(&["spec", "tier"]), &subject);
    let owner = node.text_at(&["metadata", "owner"]).map(|(_, owner)| owner);
    node.get("metadata").into_iter().for_each(|metadata| reach(page, metadata, owner, &subject));
    page.text(node.at(&["integrations", "pagerduty", "serviceURL"]), &subject, Fact::OnCall);
    page.text(node.at(&["integrations", "opsgenie", "serviceURL"]), &subject, Fact::OnCall);
    for part in node.get("spec").map_or(&[][..], |s| s.list("componentOf")) {
        page.text(Some(part), &subject, |name| Fact::System(reference(&name).1.to_owned()));
    }
    for needed in node.get("spec").map_or(&[][..], |s| s.list("dependsOn")) {
        page.text(Some(needed), &subject, |name| {
            let (kind, name) = reference(&name);
            let target = if matches!(kind, "service" | "") { TargetType::Service } else { TargetType::Unknown };
            Fact::Needs { name: name.to_owned(), target, relation: Relation::Uses, purpose: None }
        });
    }
}

fn reference(text: &str) -> (&str, &str) {
    text.split_once(':').unwrap_or(("", text))
}

/// Contacts and links.
fn reach(page: &mut Page, node: &Node, team: Option<&str>, subject: &Subject) {
    let owner = team.map(|team| Subject::Owner(team.to_owned()));
    for contact in page.mappings(node, "contacts") {
        if let (Some(owner), Some((at, text))) = (&owner, contact.text_at(&["contact"])) {
            page.claim(at, owner, Fact::Contact(text.to_owned()));
        }
    }
    for link in page.mappings(node, "links") {
        let kind = link.text_at(&["type"]).map_or("", |(_, kind)| kind);
        let name = link.text_at(&["name"]).map_or("", |(_, name)| name);
        if let Some((at, url)) = link.text_at(&["url"]) {
            let label = if name.is_empty() { kind.to_owned() } else { format!("{name} ({kind})") };
            page.claim(at, subject, Fact::Link { label, target: url.to_owned() });
        }
    }
}

/// Whether a document holds monitors.
pub(super) fn is_monitor(node: &Node) -> bool {
    let one = |n: &Node| n.get("name").is_some() && n.get("message").is_some() && n.get("query").is_some();
    one(node) || node.list("monitors").iter().any(one) || node.items().iter().any(one) || is_resource(node)
}

fn is_resource(node: &Node) -> bool {
    node.text_at(&["resource"]).is_some_and(|(_, kind)| kind == "datadog_monitor")
}

/// Reads monitors.
pub(super) fn monitor(page: &mut Page, node: &Node) {
    let body = if is_resource(node) { node.get("body").unwrap_or(node) } else { node };
    let lists = [node.list("monitors"), node.items()].concat();
    for monitor in std::iter::once(body).chain(&lists) {
        let mut found = Found { name: monitor.text_at(&["name"]), ..Found::default() };
        found.severity = monitor.text_at(&["priority"]).map(|(_, text)| text);
        found.tags(monitor.list("tags"));
        found.message(monitor.text_at(&["message"]).map(|(_, text)| text));
        if monitor.get("query").is_some() {
            found.claim(page);
        }
    }
}

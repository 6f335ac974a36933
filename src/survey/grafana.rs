//! Grafana: provisioned alert rules, alerts on dashboards' panels, and rule groups in Terraform.

use crate::survey::alert::Found;
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a document holds rules.
pub(super) fn is(node: &Node) -> bool {
    let titled = |group: &Node| group.list("rules").iter().any(|rule| rule.get("title").is_some());
    node.list("groups").iter().any(titled)
        || panels(node).any(|panel| panel.get("alert").is_some())
        || node.get("title").is_some() && node.get("condition").is_some() && node.get("data").is_some()
        || resource(node).is_some()
}

fn resource(node: &Node) -> Option<&Node> {
    let (_, kind) = node.text_at(&["resource"])?;
    if kind == "grafana_rule_group" { node.get("body") } else { None }
}

/// Panels of a dashboard, as exported or as saved, those inside rows too.
fn panels(node: &Node) -> impl Iterator<Item = &Node> {
    let inner = node.get("dashboard").map_or(&[][..], |d| d.list("panels"));
    let top = node.list("panels").iter().chain(inner);
    let rows = node.list("rows").iter().flat_map(|row| row.list("panels"));
    top.flat_map(|panel| std::iter::once(panel).chain(panel.list("panels"))).chain(rows)
}

/// Reads the rules.
pub(super) fn read(page: &mut Page, node: &Node) {
    for group in node.list("groups") {
        page.wrong(group, "a mapping");
        page.mappings(group, "rules").for_each(|rule| one(page, rule, "title"));
    }
    node.get("condition").into_iter().for_each(|_| one(page, node, "title"));
    for alert in panels(node).filter_map(|panel| panel.get("alert")) {
        let mut found = Found { name: alert.text_at(&["name"]), ..Found::default() };
        found.message(alert.text_at(&["message"]).map(|(_, text)| text));
        found.labels(alert.get("alertRuleTags"));
        found.claim(page);
    }
    resource(node).into_iter().flat_map(|body| body.list("rule")).for_each(|rule| one(page, rule, "name"));
}

fn one(page: &mut Page, rule: &Node, name: &str) {
    let mut found = Found { name: rule.text_at(&[name]), ..Found::default() };
    if found.name.is_none() {
        page.nameless(rule, name);
    }
    found.labels(rule.get("labels"));
    found.labels(rule.get("annotations"));
    found.claim(page);
}

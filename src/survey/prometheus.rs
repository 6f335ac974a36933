//! Prometheus rule files and `PrometheusRule` objects.

use crate::survey::alert::Found;
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a document holds rules.
pub(super) fn is(node: &Node) -> bool {
    let alerts =
        |group: &Node| group.list("rules").iter().any(|r| r.get("alert").is_some() || r.get("record").is_some());
    groups(node).any(alerts) || node.text_at(&["kind"]).is_some_and(|(_, kind)| kind == "PrometheusRule")
}

fn groups(node: &Node) -> impl Iterator<Item = &Node> {
    let spec = node.get("spec").map_or(&[][..], |s| s.list("groups"));
    node.list("groups").iter().chain(spec)
}

/// Reads the rules; rules that record name no alert.
pub(super) fn read(page: &mut Page, node: &Node) {
    for group in groups(node) {
        page.wrong(group, "a mapping");
        for rule in page.mappings(group, "rules") {
            match rule.get("alert") {
                Some(name) if name.text().is_none() => page.wrong(name, "a text"),
                Some(_) => {
                    let mut found = Found { name: rule.text_at(&["alert"]), ..Found::default() };
                    ["labels", "annotations"]
                        .iter()
                        .filter_map(|key| rule.get(key))
                        .for_each(|n| page.wrong(n, "a mapping"));
                    found.labels(rule.get("labels"));
                    found.labels(rule.get("annotations"));
                    found.claim(page);
                }
                // It records a value.
                None => {}
            }
        }
    }
}

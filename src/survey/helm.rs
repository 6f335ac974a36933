//! Helm's `Chart.yaml` and `requirements.yaml`: the charts a service's chart pulls in.

use crate::model::claim::Fact;
use crate::model::stated::{Relation, TargetType};
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a path may hold it.
pub(super) fn path(_: &str, name: &str) -> bool {
    matches!(super::stem(name), Some("chart" | "requirements"))
}

/// Whether a document is one.
pub(super) fn is(node: &Node) -> bool {
    node.get("dependencies").is_some() || node.get("apiVersion").is_some() && node.get("version").is_some()
}

/// Reads the chart.
pub(super) fn read(page: &mut Page, node: &Node) {
    let subject = page.place();
    for chart in page.mappings(node, "dependencies") {
        match chart.get("name") {
            Some(name) => page.text(Some(name), &subject, |name| {
                let (target, relation) = (TargetType::Unknown, Relation::Uses);
                Fact::Needs { name, target, relation, purpose: None }
            }),
            None => page.nameless(chart, "name"),
        }
    }
}

//! OpsLevel's `opslevel.yml`.

use crate::model::claim::{Fact, Subject};
use crate::model::stated::{Relation, TargetType};
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a path may hold it.
pub(super) fn path(_: &str, name: &str) -> bool {
    super::stem(name) == Some("opslevel")
}

/// Whether a document describes services.
pub(super) fn is(node: &Node) -> bool {
    ["service", "component", "services", "components"].iter().any(|key| node.get(key).is_some())
}

/// Reads one document.
pub(super) fn read(page: &mut Page, node: &Node) {
    for key in ["service", "component", "services", "components"] {
        node.list(key).iter().for_each(|service| one(page, service));
    }
}

fn one(page: &mut Page, service: &Node) {
    let Some((at, name)) = service.text_at(&["name"]) else {
        page.nameless(service, "name");
        return;
    };
    let subject = Subject::Service(name.to_owned());
    let kind = service.text_at(&["type"]).map_or("service", |(_, kind)| kind);
    page.claim(at, &subject, Fact::Exists { kind: kind.to_owned() });
    for alias in service.list("aliases") {
        page.text(Some(alias), &subject, Fact::Alias);
    }
    page.text(service.get("owner"), &subject, Fact::Owner);
    page.text(service.get("lifecycle"), &subject, Fact::Lifecycle);
    page.text(service.get("system"), &subject, Fact::System);
    page.tier(service.get("tier"), &subject);
    for tool in page.mappings(service, "tools") {
        if let Some((at, url)) = tool.text_at(&["url"]) {
            let label = ["name", "category"].iter().filter_map(|key| tool.text_at(&[key])).map(|(_, text)| text);
            let label = label.collect::<Vec<_>>().join(" ");
            page.claim(at, &subject, Fact::Link { label, target: url.to_owned() });
        }
    }
    for needed in service.list("dependencies") {
        let purpose = needed.text_at(&["notes"]).map(|(_, text)| text.to_owned());
        let name = needed.text_at(&["alias"]).or_else(|| needed.text_at(&["name"]));
        match name.or_else(|| needed.text().map(|text| (needed, text))) {
            Some((at, name)) => {
                let (name, target, relation) = (name.to_owned(), TargetType::Service, Relation::Uses);
                page.claim(at, &subject, Fact::Needs { name, target, relation, purpose });
            }
            None => page.wrong(needed, "a text"),
        }
    }
}

//! Backstage `catalog-info.yaml`: components, systems, interfaces, resources and groups, several to a file.

use crate::model::claim::{Fact, Subject};
use crate::model::id::Trait;
use crate::model::stated::{Relation, TargetType};
use crate::survey::page::{Page, UNKNOWN_KIND};
use crate::survey::tree::Node;
use crate::survey::words::{WORDS, is_one};

/// Whether a path may hold it.
pub(super) fn path(_: &str, name: &str) -> bool {
    super::stem(name).is_some_and(|s| s.contains("catalog-info") || matches!(s, "catalog" | "entities" | "backstage"))
}

/// Whether a document is an entity.
pub(super) fn is(node: &Node) -> bool {
    node.text_at(&["apiVersion"]).is_some_and(|(_, v)| v.contains("backstage.io/") || v.contains("roadie.io/"))
        || node.get("kind").is_some() && node.get("spec").is_some() && node.get("metadata").is_some()
}

/// Reads one entity.
pub(super) fn read(page: &mut Page, node: &Node) {
    let Some((kind_at, kind)) = node.text_at(&["kind"]) else { return page.nameless(node, "kind") };
    node.get("spec").into_iter().for_each(|spec| page.wrong(spec, "a mapping"));
    let metadata = node.get("metadata");
    let Some((at, name)) = metadata.and_then(|m| m.text_at(&["name"])) else {
        page.nameless(metadata.unwrap_or(node), "name");
        return;
    };
    let spec = |key: &str| node.at(&["spec", key]);
    match kind {
        "Component" | "System" | "Domain" => {
            let subject = Subject::Service(name.to_owned());
            let of_kind =
                if kind == "Component" { spec("type").and_then(Node::text).unwrap_or_default() } else { kind };
            page.claim(at, &subject, Fact::Exists { kind: of_kind.to_owned() });
            component(page, node, &subject);
        }
        "API" => {
            let Some((at, owner)) = node.text_at(&["spec", "system"]) else { return };
            page.claim(at, &Subject::Service(owner.to_owned()), Fact::Provides(name.to_owned()));
        }
        "Group" | "User" => {
            let subject = Subject::Owner(name.to_owned());
            let profile = node.at(&["spec", "profile"]);
            page.text(profile.and_then(|p| p.get("displayName")), &subject, Fact::Title);
            page.text(profile.and_then(|p| p.get("email")), &subject, Fact::Contact);
            links(page, node, &subject);
        }
        "Resource" | "Location" | "Template" => {}
        _ => {
            let message = format!("the kind \"{kind}\" is not known");
            let help = "Component, System, Domain, API, Resource, Group, User, Location and Template are read";
            page.say(&UNKNOWN_KIND, kind_at.line, kind_at.column, message, help);
        }
    }
}

fn component(page: &mut Page, node: &Node, subject: &Subject) {
    let spec = |key: &str| node.at(&["spec", key]);
    page.text(node.at(&["metadata", "title"]), subject, Fact::Title);
    page.text(spec("owner"), subject, Fact::Owner);
    page.text(spec("lifecycle"), subject, Fact::Lifecycle);
    page.text(spec("system"), subject, |name| Fact::System(reference(&name).1.to_owned()));
    let labels = node.at(&["metadata", "labels"]);
    let annotations = node.at(&["metadata", "annotations"]);
    let all = [labels, annotations].into_iter().flatten().flat_map(|n| n.entries());
    for part in [labels, annotations].into_iter().flatten() {
        page.wrong(part, "a mapping");
    }
    page.tier(spec("tier"), subject);
    for (key, value) in all {
        let (Some(key), Some(text)) = (key.text(), value.text()) else { continue };
        let last = key.rsplit('/').next().unwrap_or(key);
        if let ("tier" | "criticality", Some(tier)) = (last, WORDS.tier(text)) {
            page.claim(value, subject, Fact::Tier(tier));
        } else if is_one(&WORDS.on_call, key) {
            page.claim(value, subject, Fact::OnCall(format!("{last}: {text}")));
        } else if last == "traits" {
            for found in text.split(',').filter_map(Trait::of) {
                page.claim(value, subject, Fact::Trait(found));
            }
        } else if last == "project-slug" && key.starts_with("github.com/") {
            let target = format!("https://github.com/{text}");
            page.claim(value, subject, Fact::Link { label: "Source".to_owned(), target });
        }
    }
    links(page, node, subject);
    let list = |key: &str| node.get("spec").map_or(&[][..], |s| s.list(key));
    for (key, wrap) in [("providesApis", Fact::Provides as fn(String) -> Fact), ("consumesApis", Fact::Consumes)] {
        for item in list(key) {
            page.text(Some(item), subject, |name| wrap(reference(&name).1.to_owned()));
        }
    }
    for item in list("dependsOn").iter().chain(list("subcomponentOf")) {
        page.text(Some(item), subject, |name| {
            let (kind, name) = reference(&name);
            let target = match kind {
                "component" | "system" | "" => TargetType::Service,
                _ => TargetType::Unknown,
            };
            Fact::Needs { name: name.to_owned(), target, relation: Relation::Uses, purpose: None }
        });
    }
}

fn links(page: &mut Page, node: &Node, subject: &Subject) {
    for link in node.get("metadata").map_or(&[][..], |m| m.list("links")) {
        match link.text_at(&["url"]) {
            Some((at, url)) => {
                let label = ["title", "type", "icon"].iter().find_map(|key| link.text_at(&[key]));
                let label = label.map_or_else(String::new, |(_, text)| text.to_owned());
                page.claim(at, subject, Fact::Link { label, target: url.to_owned() });
            }
            None => page.wrong(link.get("url").unwrap_or(link), "a text"),
        }
    }
}

/// The kind and the name of an entity reference: `component:default/payments`.
fn reference(text: &str) -> (&str, &str) {
    let (kind, rest) = text.split_once(':').unwrap_or(("", text));
    (kind, rest.rsplit('/').next().unwrap_or(rest))
}

//! Cortex's `cortex.yaml`: an OpenAPI head with `x-cortex-` keys.

use crate::model::claim::{Fact, Subject};
use crate::model::stated::{Relation, TargetType};
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a path may hold it.
pub(super) fn path(_: &str, name: &str) -> bool {
    super::stem(name).is_some_and(|s| s == "cortex" || s.ends_with(".cortex"))
}

/// Whether a document is one.
pub(super) fn is(node: &Node) -> bool {
    node.at(&["info", "x-cortex-tag"]).is_some()
}

/// Reads one document.
pub(super) fn read(page: &mut Page, node: &Node) {
    let Some(info) = node.get("info") else { return };
    let Some((at, tag)) = info.text_at(&["x-cortex-tag"]) else {
        page.wrong(info.get("x-cortex-tag").unwrap_or(info), "a text");
        return;
    };
    let subject = Subject::Service(tag.to_owned());
    let kind = info.text_at(&["x-cortex-type"]).map_or("service", |(_, kind)| kind);
    page.claim(at, &subject, Fact::Exists { kind: kind.to_owned() });
    page.text(info.get("title"), &subject, Fact::Title);
    let owners: Vec<&Node> = page.mappings(info, "x-cortex-owners").collect();
    let team =
        owners.iter().find_map(|owner| owner.text_at(&["name"])).map(|(_, name)| Subject::Owner(name.to_owned()));
    let channel = |name: String| Fact::Contact(format!("#{}", name.trim_start_matches('#')));
    for owner in owners {
        match (owner.get("name"), &team) {
            (Some(name), _) => page.text(Some(name), &subject, Fact::Owner),
            // Beside a team, an address or a channel is a way to reach it.
            (None, Some(team)) => {
                page.text(owner.get("email"), team, Fact::Contact);
                page.text(owner.get("channel"), team, channel);
            }
            (None, None) => page.text(owner.get("email").or(owner.get("channel")), &subject, Fact::Owner),
        }
    }
    for one in info.get("x-cortex-slack").map_or(&[][..], |slack| slack.list("channels")) {
        team.iter().for_each(|team| page.text(one.get("name"), team, channel));
    }
    for link in page.mappings(info, "x-cortex-link") {
        if let Some((at, url)) = link.text_at(&["url"]) {
            let words = ["name", "type"].iter().filter_map(|key| link.text_at(&[key])).map(|(_, text)| text);
            let label = words.collect::<Vec<_>>().join(" ");
            page.claim(at, &subject, Fact::Link { label, target: url.to_owned() });
        }
    }
    let dependencies = info.get("x-cortex-dependency").filter(|d| d.get("cortex").is_some());
    let (holder, key) = dependencies.map_or((info, "x-cortex-dependency"), |d| (d, "cortex"));
    for needed in page.mappings(holder, key) {
        page.text(needed.get("tag"), &subject, |name| {
            let (target, relation) = (TargetType::Service, Relation::Calls);
            Fact::Needs { name, target, relation, purpose: None }
        });
    }
    for (tool, call) in info.get("x-cortex-oncall").map_or(&[][..], |n| n.entries()) {
        if let (Some(tool), Some((at, id))) = (tool.text(), call.text_at(&["id"])) {
            page.claim(at, &subject, Fact::OnCall(format!("{tool}: {id}")));
        }
    }
    for key in ["tier", "criticality"] {
        page.tier(info.at(&["x-cortex-custom-metadata", key]), &subject);
    }
    for parent in page.mappings(info, "x-cortex-parents") {
        page.text(parent.get("tag"), &subject, Fact::System);
    }
}

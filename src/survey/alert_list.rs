//! A plain JSON or YAML list of alerts: names, or objects with a name; simple placeholders are filled in.

use crate::model::claim::{Fact, Subject};
use crate::survey::alert::Found;
use crate::survey::page::{Page, is_open};
use crate::survey::tree::{Node, Value};
use crate::survey::words::{WORDS, pick};

/// How many alerts one pattern may stand for: more is a mistake or an attack.
const MOST: usize = 1_000;
/// How many placeholders of a kind one pattern may have.
const PLACES: usize = 8;

/// Whether a document is such a list, or holds one under `alerts`.
pub(super) fn is(node: &Node) -> bool {
    list(node).is_some_and(|list| list.iter().any(|n| n.text().is_some() || pick(n, &WORDS.alert_name).is_some()))
}

fn list(node: &Node) -> Option<&[Node]> {
    let inner = node.get("alerts").or_else(|| node.get("alarms")).unwrap_or(node);
    (!inner.items().is_empty()).then(|| inner.items())
}

/// Reads the list.
pub(super) fn read(page: &mut Page, node: &Node) {
    for item in list(node).unwrap_or_default() {
        let named = item.text().map(|text| (item, text)).or_else(|| pick(item, &WORDS.alert_name));
        let Some((at, name)) = named else {
            page.nameless(item, "name");
            continue;
        };
        let names = filled(name, &[item, node]);
        if let [only] = names.as_slice()
            && (only == name || is_open(only))
        {
            let mut found = Found { name: Some((at, name)), ..Found::default() };
            found.labels(Some(item));
            found.claim(page);
            continue;
        }
        let service = pick(item, &WORDS.alert_service).map(|(_, text)| Subject::Service(text.to_owned()));
        let subject = service.unwrap_or_else(|| page.place());
        let runbook = pick(item, &WORDS.alert_runbook).map(|(_, text)| text);
        let own = |words| pick(item, words).map(|(_, text)| text.to_owned());
        for name in names {
            let runbook = runbook.map(|text| text.replace("${name}", &name));
            let (severity, summary) = (own(&WORDS.alert_severity), own(&WORDS.alert_summary));
            page.claim(at, &subject, Fact::Alert { name, runbook, severity, summary });
        }
    }
}

/// A name with each `${key}` or `{{key}}` replaced by what stands at that key, in every way there is.
fn filled(name: &str, around: &[&Node]) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    for (open, close) in [("${", "}"), ("{{", "}}")] {
        // What cannot be filled in stays, and ends the search for that kind of placeholder.
        for _ in 0..PLACES {
            let Some((key, _)) = names[0].split_once(open).and_then(|(_, rest)| rest.split_once(close)) else { break };
            let whole = format!("{open}{key}{close}");
            let values = values(key.trim().trim_start_matches('.'), around);
            if values.is_empty() || values.len() * names.len() > MOST {
                break;
            }
            let fill = |name: &String| values.iter().map(|v| name.replacen(&whole, v, 1)).collect::<Vec<_>>();
            names = names.iter().flat_map(fill).collect();
        }
    }
    names
}

fn values(key: &str, around: &[&Node]) -> Vec<String> {
    let places = around.iter().flat_map(|node| [node.get(key), node.at(&["variables", key]), node.at(&["vars", key])]);
    let Some(found) = places.flatten().next() else { return Vec::new() };
    let texts = match &found.value {
        Value::List(items) => items.iter().filter_map(Node::text).collect(),
        _ => found.text().into_iter().collect::<Vec<_>>(),
    };
    // A value that is itself a placeholder would be filled in without end.
    texts.into_iter().filter(|text| !is_open(text)).map(str::to_owned).collect()
}

//! CloudWatch alarms in CloudFormation or Terraform.

use crate::survey::alert::Found;
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a document holds alarms.
pub(super) fn is(node: &Node) -> bool {
    node.get("Resources").is_some() || resource(node).is_some()
}

fn resource(node: &Node) -> Option<&Node> {
    let (_, kind) = node.text_at(&["resource"])?;
    if matches!(kind, "aws_cloudwatch_metric_alarm" | "aws_cloudwatch_composite_alarm") {
        node.get("body")
    } else {
        None
    }
}

/// Reads the alarms; one without a name of its own goes by its logical id.
pub(super) fn read(page: &mut Page, node: &Node) {
    for (id, resource) in node.get("Resources").map_or(&[][..], |r| r.entries()) {
        let kind = resource.text_at(&["Type"]).map_or("", |(_, kind)| kind);
        if !matches!(kind, "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm") {
            continue;
        }
        let properties = resource.get("Properties");
        let property = |key: &str| properties.and_then(|p| p.text_at(&[key]));
        properties.and_then(|p| p.get("AlarmName")).into_iter().for_each(|name| page.wrong(name, "a text"));
        let logical = id.text().map(|text| (id, text));
        let mut found = Found { name: property("AlarmName").or(logical), ..Found::default() };
        found.message(property("AlarmDescription").map(|(_, text)| text));
        for tag in properties.map_or(&[][..], |p| p.list("Tags")) {
            if let (Some((_, "service" | "Service")), Some((_, value))) =
                (tag.text_at(&["Key"]), tag.text_at(&["Value"]))
            {
                found.service = found.service.or(Some(value));
            }
        }
        found.claim(page);
    }
    if let Some(body) = resource(node) {
        let mut found = Found { name: body.text_at(&["alarm_name"]), ..Found::default() };
        found.labels(body.get("tags"));
        found.message(body.text_at(&["alarm_description"]).map(|(_, text)| text));
        found.claim(page);
    }
}

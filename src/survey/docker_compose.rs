//! docker-compose files: the products a service runs beside.

use crate::model::claim::Fact;
use crate::model::stated::{Relation, TargetType};
use crate::survey::page::Page;
use crate::survey::tree::Node;

/// Whether a path may hold it.
pub(super) fn path(_: &str, name: &str) -> bool {
    super::stem(name).is_some_and(|s| s.starts_with("docker-compose") || s == "compose" || s.starts_with("compose."))
}

/// Whether a document is one.
pub(super) fn is(node: &Node) -> bool {
    node.get("services").is_some()
}

/// Reads the file: what it builds is the service itself, whose name here is anybody's guess; images are what it needs.
pub(super) fn read(page: &mut Page, node: &Node) {
    let Some(services) = node.get("services") else { return };
    page.wrong(services, "a mapping");
    let subject = page.place();
    for (_, service) in services.entries() {
        page.wrong(service, "a mapping");
        if service.get("build").is_some() {
            continue;
        }
        page.text(service.get("image"), &subject, |image| Fact::Needs {
            name: product(&image).to_owned(),
            target: TargetType::Unknown,
            relation: Relation::Uses,
            purpose: None,
        });
    }
}

/// The product in an image's name: `registry:5000/bitnami/kafka:3.6@sha256:...` is `kafka`.
fn product(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split([':', '@']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_product_stands_between_folders_and_tags() {
        for image in ["kafka", "bitnami/kafka:3.6", "registry.example:5000/x/kafka@sha256:00", "kafka:${TAG:-3}"] {
            assert_eq!(super::product(image), "kafka", "{image}");
        }
    }
}

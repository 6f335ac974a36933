//! Facts from files that already stand in repositories: one file a format, each fact a claim with its place.
//!
//! A format is a line of the table below: which paths may hold it, how its documents are told, and what reads one.

use crate::model::claim::{Claim, Rank};
use crate::model::diagnostic::{Diagnostic, Rule};
use crate::model::source::TextFile;
use crate::survey::page::Page;
use crate::survey::tree::Node;

mod alert;
mod alert_list;
mod backstage;
mod cloudwatch;
mod codeowners;
mod cortex;
mod csv;
mod datadog;
mod docker_compose;
mod grafana;
mod hcl;
mod helm;
mod mend;
mod opslevel;
mod page;
mod prometheus;
mod registry;
mod tree;
mod words;

#[cfg(test)]
mod tests;

pub use registry::registry;

/// Rules this phase speaks.
pub const RULES: &[Rule] = &[
    page::UNREADABLE,
    page::DUPLICATE_KEY,
    page::ALIAS_BOMB,
    page::TOO_LARGE,
    page::TEMPLATED,
    page::UNKNOWN_KIND,
    page::WRONG_TYPE,
    registry::NO_COLUMN,
];

/// A format made of documents: YAML, JSON, or the blocks of Terraform.
struct Format {
    /// Whether a path, lower case, with its file name, may hold it.
    path: fn(&str, &str) -> bool,
    /// Whether a document is one.
    is: fn(&Node) -> bool,
    /// How much its facts weigh.
    rank: Rank,
    /// Reads one document.
    read: fn(&mut Page, &Node),
}

/// Every format; the first whose documents fit reads one.
const FORMATS: &[Format] = &[
    Format { path: backstage::path, is: backstage::is, rank: Rank::CatalogFile, read: backstage::read },
    Format { path: datadog::path, is: datadog::is_service, rank: Rank::CatalogFile, read: datadog::service },
    Format { path: opslevel::path, is: opslevel::is, rank: Rank::CatalogFile, read: opslevel::read },
    Format { path: cortex::path, is: cortex::is, rank: Rank::CatalogFile, read: cortex::read },
    Format { path: docker_compose::path, is: docker_compose::is, rank: Rank::Deployment, read: docker_compose::read },
    Format { path: helm::path, is: helm::is, rank: Rank::Deployment, read: helm::read },
    Format { path: alert::path, is: prometheus::is, rank: Rank::Deployment, read: prometheus::read },
    Format { path: alert::path, is: grafana::is, rank: Rank::Deployment, read: grafana::read },
    Format { path: alert::path, is: cloudwatch::is, rank: Rank::Deployment, read: cloudwatch::read },
    Format { path: alert::path, is: datadog::is_monitor, rank: Rank::Deployment, read: datadog::monitor },
    Format { path: alert::path, is: alert_list::is, rank: Rank::Deployment, read: alert_list::read },
];

/// Whether a path is one of the formats' (the shell collects it then).
pub fn wants(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    codeowners::path(path) || FORMATS.iter().any(|format| (format.path)(&lower, name))
}

/// The claims of one file; what it cannot read is a diagnostic, the rest of the file is still used.
pub fn survey(file: &TextFile) -> (Vec<Claim>, Vec<Diagnostic>) {
    let mut page = Page::new(file, Rank::CodeOwners);
    if codeowners::path(&file.origin.path) {
        codeowners::read(&mut page);
    } else if file.origin.path.to_ascii_lowercase().ends_with(".tf") {
        let (resources, open) = hcl::resources(&file.text);
        resources.iter().for_each(|node| document(&mut page, node));
        if let Some((line, column)) = open {
            let message = "a quote, a heredoc or a brace opens here and is never closed".to_owned();
            page.say(&page::UNREADABLE, line, column, message, "close it; what could be read of the file was used");
        }
    } else if let Some(at) = template(file) {
        templated(&mut page, at);
    } else {
        let read: Vec<_> =
            tree::documents(&file.text).into_iter().map(|(first, text)| tree::read(text, first)).collect();
        let broken = read.iter().flat_map(|(_, faults)| faults).any(|f| matches!(f.kind, tree::FaultKind::Syntax(_)));
        // Marks that trim may stand in an alert's text; where they break the file, they are its own.
        if let Some(at) = TRIMS.iter().filter_map(|mark| file.text.find(mark)).min().filter(|_| broken) {
            templated(&mut page, at);
        } else {
            for (node, faults) in read {
                faults.into_iter().for_each(|fault| page.fault(fault));
                node.iter().for_each(|node| document(&mut page, node));
            }
        }
    }
    (page.claims, page.diagnostics)
}

fn document(page: &mut Page, node: &Node) {
    let lower = page.file.origin.path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    if let Some(format) = FORMATS.iter().find(|f| (f.path)(&lower, name) && (f.is)(node)) {
        page.rank = format.rank;
        (format.read)(page, node);
    }
}

fn templated(page: &mut Page, at: usize) {
    let message = "this is a template: its values are not known here".to_owned();
    let help = "nothing to do, unless its facts should be known: then render it first";
    let (at, file) = (at as u32, page.file);
    page.say(&page::TEMPLATED, file.lines.line(at), file.lines.column(&file.text, at), message, help);
}

/// Marks of templates that cut the blanks around them.
const TRIMS: [&str; 2] = ["{{-", "-}}"];

/// Where a file shows that it is a Helm or Jinja template rather than a document; alerts may hold `{{ $labels.x }}`.
fn template(file: &TextFile) -> Option<usize> {
    const CODE: [&str; 8] = [
        "{{ .Values",
        "{{.Values",
        "{{- .Values",
        "{{ .Release",
        "{{ include",
        "{{- include",
        "{{- range .Values",
        "{%",
    ];
    let in_chart = file.origin.path.contains("/templates/") || file.origin.path.starts_with("templates/");
    let code = CODE.iter().filter_map(|code| file.text.find(code)).min();
    let within =
        TRIMS.iter().chain(&["{{ template"]).filter(|_| in_chart).filter_map(|mark| file.text.find(mark)).min();
    code.into_iter().chain(within).min()
}

/// Whether a file's name has a YAML or JSON ending.
fn is_tree(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

/// The stem of a file's name, where it has a YAML or JSON ending.
fn stem(name: &str) -> Option<&str> {
    is_tree(name).then(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

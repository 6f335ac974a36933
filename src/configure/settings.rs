//! `opsbook.toml`: its keys, and what each of them means.

use super::raw::{Sheet, Table};
use super::{BAD_VALUE, UNKNOWN_KEY, defaults};
use crate::model::config::{Config, RegistryConfig, ServiceConfig, SourceConfig};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::id::{Id, Tier, Trait};
use crate::model::source::Origin;
use globset::GlobBuilder;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The keys of the file itself.
pub const TOP: &[&str] = &[
    "template",
    "profiles",
    "technologies",
    "forms",
    "max-document-size",
    "verified-for",
    "history",
    "site",
    "source",
    "registry",
    "services",
    "owners",
    "rules",
];
/// The keys of `[site]`.
pub const SITE: &[&str] = &["title", "public", "base-url", "theme", "out"];
/// The keys of a `[[source]]`.
pub const SOURCE: &[&str] = &["path", "name", "include", "exclude", "web"];
/// The keys of a `[[registry]]`.
pub const REGISTRY: &[&str] = &["path", "columns", "tiers"];
/// What a registry can say of a service: the keys of its `columns`.
pub const COLUMNS: &[&str] =
    &["service", "title", "owner", "contact", "on-call", "tier", "traits", "lifecycle", "system", "alias", "needs"];
/// The keys of a `[services.<name>]`.
pub const SERVICE: &[&str] = &["name", "tier", "traits", "owner", "on-call", "aliases", "repo"];

/// Where each key belongs, in words.
const TABLES: &[(&str, &[&str])] = &[
    ("at the top of the file, before the first table", TOP),
    ("in `[site]`", SITE),
    ("in a `[[source]]`", SOURCE),
    ("in a `[[registry]]`", REGISTRY),
    ("in a `[services.<name>]`", SERVICE),
];

/// What a rule's severity may be set to.
const SEVERITIES: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("note", Some(Severity::Note)),
    ("off", None),
];

/// A named entry of a table, in the order of the file.
type Entry<'t> = (&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>);

pub(super) fn read(text: &str, origin: Origin, rule_ids: &[&str]) -> (Config, Vec<Diagnostic>) {
    let mut config = Config { origin: Some(origin.clone()), ..defaults() };
    let mut sheet = Sheet::new(text, origin);
    match DeTable::parse(text) {
        Err(error) => sheet.refused(&error),
        Ok(top) => {
            sheet.tables = TABLES;
            let top = sheet.table(top.get_ref(), TOP);
            fill(&mut config, &mut sheet, top, rule_ids);
        }
    }
    (config, sheet.found)
}

fn fill(config: &mut Config, sheet: &mut Sheet, top: Table, rule_ids: &[&str]) {
    config.replacements.template = sheet.string(top, "template");
    config.replacements.profiles = sheet.string(top, "profiles");
    config.replacements.technologies = sheet.list(top, "technologies");
    config.replacements.forms = sheet.list(top, "forms");
    if let Some(bytes) = sheet.number(top, "max-document-size", 1..=1 << 30) {
        config.max_bytes = bytes;
    }
    if let Some(days) = sheet.number(top, "verified-for", 1..=36_500) {
        config.verified_for = days as u32;
    }
    config.history = sheet.string(top, "history");
    if let Some(site) = sheet.below(top, "site") {
        let site = sheet.table(site, SITE);
        config.title = sheet.string(site, "title").unwrap_or_else(|| config.title.clone());
        config.public = sheet.flag(site, "public").unwrap_or(config.public);
        config.base_url = address(sheet, site, "base-url");
        config.theme = sheet.string(site, "theme");
        config.out = sheet.string(site, "out").unwrap_or_else(|| config.out.clone());
    }
    for (table, at) in sheet.many(top, "source") {
        config.sources.extend(source(sheet, table, at));
    }
    for (table, at) in sheet.many(top, "registry") {
        config.registries.extend(registry(sheet, table, at));
    }
    for (name, value) in entries(sheet, top, "services") {
        let Some(service) = service(sheet, name, value) else { continue };
        if let Some(first) = config.services.iter().find(|s| s.id == service.id) {
            let message = format!("`{}` and `{}` are one service: `{}`", first.written, service.written, service.id);
            sheet.wrong(&BAD_VALUE, name.span(), message, format!("put both under line {}", first.line));
        }
        config.services.push(service);
    }
    for (name, value) in entries(sheet, top, "owners") {
        for (alias, at) in sheet.texts(name.get_ref(), value) {
            let owner = name.get_ref().to_string();
            if let Some(other) = config.owner_aliases.insert(Id::of(&alias), owner)
                && other != **name.get_ref()
            {
                let message = format!("`{alias}` stands for two owners: `{other}` and `{}`", name.get_ref());
                sheet.wrong(&BAD_VALUE, at, message, "leave it with one of them");
            }
        }
    }
    for (rule, value) in entries(sheet, top, "rules") {
        let id = rule.get_ref().to_string();
        if !rule_ids.contains(&id.as_str()) {
            sheet.unknown(&UNKNOWN_KEY, "rule", &id, rule.span(), rule_ids);
            continue;
        }
        let said = value.get_ref().as_str();
        match SEVERITIES.iter().find(|(word, _)| Some(*word) == said) {
            Some((_, severity)) => _ = config.severities.insert(id, *severity),
            None => {
                let message = format!("`{id}` is set to something that is no severity");
                sheet.wrong(&BAD_VALUE, value.span(), message, "write \"error\", \"warning\", \"note\" or \"off\"");
            }
        }
    }
}

/// The entries of a table whose keys are names people choose.
fn entries<'t>(sheet: &mut Sheet, top: Table<'t>, key: &str) -> Vec<Entry<'t>> {
    let mut entries: Vec<_> = sheet.below(top, key).into_iter().flatten().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// An address of the web without its trailing slash.
fn address(sheet: &mut Sheet, table: Table, key: &str) -> Option<String> {
    let (text, at) = sheet.text_at(table, key)?;
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(text.trim_end_matches('/').to_owned());
    }
    sheet.wrong(&BAD_VALUE, at, format!("`{key}` is no address of the web"), "write one that begins with https://");
    None
}

fn source(sheet: &mut Sheet, table: &DeTable, at: Range<usize>) -> Option<SourceConfig> {
    let table = sheet.table(table, SOURCE);
    let mut globs = |key: &str| {
        let written = sheet.list_at(table, key);
        written.iter().for_each(|(text, at)| glob(sheet, text, at.clone()));
        written.into_iter().map(|(text, _)| text).collect()
    };
    let (include, exclude) = (globs("include"), globs("exclude"));
    let (name, web) = (sheet.string(table, "name"), address(sheet, table, "web"));
    if !sheet.has(table, "path") {
        let help = "add `path = \"folder\"`, or a glob such as \"repos/*\" where each match is a repository";
        sheet.wrong(&BAD_VALUE, at, "this source has no `path`".to_owned(), help);
    }
    let (path, at) = sheet.text_at(table, "path")?;
    if path.contains(['*', '?', '[', '{']) {
        glob(sheet, &path, at.clone());
    }
    let place = Some(sheet.place(at));
    Some(SourceConfig { path, name, include, exclude, literal: false, web, place })
}

/// A glob that cannot be read is a finding.
fn glob(sheet: &mut Sheet, written: &str, at: Range<usize>) {
    if let Err(error) = GlobBuilder::new(written).literal_separator(true).build() {
        let help = "`*` stands for any name, `**` for any folders; a `[` or `{` needs its other half";
        sheet.wrong(&BAD_VALUE, at, format!("`{written}` is no glob: {}", error.kind()), help);
    }
}

fn registry(sheet: &mut Sheet, table: &DeTable, at: Range<usize>) -> Option<RegistryConfig> {
    let table = sheet.table(table, REGISTRY);
    let mut registry = RegistryConfig::default();
    if let Some(columns) = sheet.below(table, "columns") {
        let columns = sheet.table(columns, COLUMNS);
        for key in COLUMNS {
            let theirs = sheet.list(columns, key);
            if !theirs.is_empty() {
                registry.columns.insert((*key).to_owned(), theirs);
            }
        }
    }
    for (word, value) in entries(sheet, table, "tiers") {
        let number = value.get_ref().as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        match number.and_then(Tier::of) {
            Some(tier) => _ = registry.tiers.insert(Id::of(word.get_ref()), tier),
            None => {
                let message = format!("`{}` is set to something that is no tier", word.get_ref());
                sheet.wrong(&BAD_VALUE, value.span(), message, "write 1, 2 or 3");
            }
        }
    }
    if !sheet.has(table, "path") {
        let help =
            "add `path = \"services.csv\"`: a CSV, JSON or YAML file, or a glob such as \"repos/*/service.json\"";
        sheet.wrong(&BAD_VALUE, at, "this registry has no `path`".to_owned(), help);
    }
    Some(RegistryConfig { path: sheet.string(table, "path")?, ..registry })
}

fn service(sheet: &mut Sheet, name: &Spanned<DeString>, value: &Spanned<DeValue>) -> Option<ServiceConfig> {
    let written = name.get_ref().to_string();
    let id = Id::of(&written);
    let Some(table) = value.get_ref().as_table().filter(|_| !id.is_empty()) else {
        let message = format!("`services.{written}` is no service");
        sheet.wrong(&BAD_VALUE, name.span(), message, "write `[services.name-of-the-service]` and its keys below it");
        return None;
    };
    let table = sheet.table(table, SERVICE);
    let mut traits = Vec::new();
    for (said, at) in sheet.list_at(table, "traits") {
        match Trait::of(&said) {
            Some(known) => traits.push(known),
            None => sheet.unknown(&BAD_VALUE, "trait", &said, at, &Trait::ALL.map(Trait::id)),
        }
    }
    Some(ServiceConfig {
        line: sheet.line(&name.span()),
        name: sheet.string(table, "name"),
        tier: sheet.number(table, "tier", 1..=3).and_then(|n| Tier::of(n as i64)),
        traits,
        owner: sheet.string(table, "owner"),
        on_call: sheet.string(table, "on-call"),
        aliases: sheet.list(table, "aliases"),
        repo: sheet.string(table, "repo"),
        id,
        written,
    })
}

//! Small facts: dashboards and endpoints, review dates, the tier and traits a document claims.

use super::Reading;
use super::fold::fold;
use super::lists::List;
use super::matching::Aim;
use crate::model::document::LinkKind;
use crate::model::id::{Tier, Trait};
use crate::model::stated::{LinkPurpose, StatedLink};
use jiff::civil::Date;

/// What a document states of itself besides its answers.
#[derive(Default)]
pub struct Facts {
    pub links: Vec<StatedLink>,
    pub reviewed: Option<(Date, u32)>,
    pub tier: Option<(Tier, u32)>,
    pub traits: Vec<(Trait, u32)>,
}

/// Reads front matter, labels and links.
pub fn facts(reading: &Reading) -> Facts {
    let lexicon = &reading.reader.lexicon;
    let mut facts = Facts { links: links(reading), ..Facts::default() };
    for field in reading.document.front_matter.iter().flat_map(|f| &f.fields) {
        match field.key.to_lowercase().as_str() {
            "tier" => facts.tier = tier(&field.value.to_string()).map(|t| (t, field.line)),
            "traits" => {
                let list = field.value.as_array().cloned().unwrap_or_else(|| vec![field.value.clone()]);
                let names = list.iter().filter_map(|v| v.as_str()).flat_map(|v| v.split([',', ';']));
                facts.traits.extend(names.filter_map(|n| Trait::of(n.trim())).map(|t| (t, field.line)));
            }
            "reviewed" | "last-reviewed" | "last_reviewed" | "last-review-date" => {
                facts.reviewed = field.value.as_str().and_then(date).map(|d| (d, field.line));
            }
            _ => {}
        }
    }
    for unit in reading.units.iter().filter(|u| !u.residue) {
        let Some((_, value)) = super::labels::label_of(unit) else { continue };
        let line = || reading.document.line(unit.span.start);
        let label = unit.label_folded();
        if facts.tier.is_none() && lexicon.is(List::TierLabel, label) {
            facts.tier = tier(value).map(|t| (t, line()));
        } else if facts.reviewed.is_none() && lexicon.is(List::ReviewLabel, label) {
            facts.reviewed = date(value).map(|d| (d, line()));
        }
    }
    facts.reviewed = facts.reviewed.or_else(|| reviewed_heading(reading));
    facts
}

fn reviewed_heading(reading: &Reading) -> Option<(Date, u32)> {
    let document = reading.document;
    let at = reading.titles.iter().position(|title| title.scan.whole.has(List::ReviewLabel))?;
    let inline = super::parts::inline_answer(reading, at.into());
    let unit = inline.as_ref().or_else(|| reading.units_under(Some(at.into())).iter().find(|u| !u.residue))?;
    date(&unit.plain).map(|d| (d, document.line(unit.span.start)))
}

fn tier(text: &str) -> Option<Tier> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().and_then(Tier::of)
}

/// A day as people write it: 2026-08-02, 28-Jun-2023, 13/10/2022 (day first).
pub fn date(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.windows(3).find_map(|w| {
        let number = |s: &str| s.trim_end_matches(|c: char| c.is_alphabetic()).parse::<i16>().ok();
        let month = |s: &str| {
            let lower = s.to_lowercase();
            MONTHS.iter().position(|m| lower.starts_with(m)).map(|at| at as i16 + 1)
        };
        let (year, month, day) = match (number(w[0]), number(w[1]), number(w[2])) {
            (Some(y), Some(m), Some(d)) if y > 1900 => (y, m, d),
            (Some(d), Some(m), Some(y)) if y > 1900 => (y, m, d),
            (Some(d), None, Some(y)) if y > 1900 => (y, month(w[1])?, d),
            (None, Some(d), Some(y)) if y > 1900 => (y, month(w[0])?, d),
            _ => return None,
        };
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    })
}

fn links(reading: &Reading) -> Vec<StatedLink> {
    let document = reading.document;
    let template = &reading.reader.knowledge.template;
    let mut found: Vec<StatedLink> = Vec::new();
    for link in &document.links {
        if matches!(link.kind, LinkKind::Image | LinkKind::Dangling | LinkKind::Email)
            || !link.target.starts_with("http")
        {
            continue;
        }
        let section =
            link.heading.and_then(|h| reading.aims[h.at()].matches.first().copied()).and_then(|m| match m.aim {
                Aim::Section(s) => Some(template[s].id.as_str()),
                Aim::Parent(p) => Some(template[p].id.as_str()),
                Aim::Nowhere => None,
            });
        let (label, target) = (fold(&link.label), link.target.to_lowercase());
        let has = |words: &[&str]| words.iter().any(|w| label.contains(w) || target.contains(w.trim()));
        let purpose = if has(&["slack.com", " slack "]) {
            LinkPurpose::Channel
        } else if has(&["dashboard", "grafana", "/d/"]) || section == Some("metrics") {
            LinkPurpose::Dashboard
        } else if has(&["health", "/ping", "/status", "/ready", "/alive"])
            || section.is_some_and(|s| s.starts_with("health"))
        {
            LinkPurpose::Health
        } else if has(&["kibana", "/logs", "loki", "opensearch"]) || section == Some("log-aggregation") {
            LinkPurpose::Logs
        } else if has(&["github.com", "gitlab.com", "bitbucket.org"]) {
            LinkPurpose::Source
        } else if section == Some("infrastructure") {
            LinkPurpose::Service
        } else {
            continue;
        };
        if !found.iter().any(|f| f.target == link.target) {
            let label = if link.label.is_empty() { link.target.clone() } else { link.label.clone() };
            found.push(StatedLink {
                label,
                target: link.target.clone(),
                purpose,
                line: document.line(link.span.start),
            });
        }
    }
    found
}

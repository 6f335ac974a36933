//! What reading needs to know: profiles, forms, technologies and phrases, ours first, the organisation's on top.

use super::raw::Sheet;
use super::{BAD_VALUE, KnowledgeFile, KnowledgeTexts, template};
use crate::model::config::Knowledge;
use crate::model::diagnostic::Diagnostic;
use crate::model::form::Form;
use crate::model::id::{SectionIx, Trait};
use crate::model::profile::{Profiles, Required, Requirement};
use crate::model::source::Origin;
use crate::model::state::State;
use crate::model::template::Template;
use crate::model::vocabulary::{Technology, Vocabulary};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

const TEMPLATE: &str = include_str!("../../runbooks/TEMPLATE.md");
const PROFILES: &str = include_str!("../data/profiles.toml");
const TECHNOLOGIES: &str = include_str!("../data/technologies.toml");
const PHRASES: &str = include_str!("../data/phrases.toml");
const BRIEF: &str = include_str!("../data/brief.toml");

/// Our forms, one file each: to add one is to add a file.
#[derive(rust_embed::RustEmbed)]
#[folder = "src/data/forms"]
struct Forms;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawProfiles {
    #[serde(default)]
    waiver_when_absent: Vec<Spanned<String>>,
    #[serde(default)]
    procedural: Vec<Spanned<String>>,
    #[serde(default)]
    ask: Vec<RawAsk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawAsk {
    sections: Vec<Spanned<String>>,
    #[serde(default)]
    only: Option<Trait>,
    #[serde(default)]
    unknown: Asked,
    #[serde(default, rename = "tier-3")]
    tier_3: Asked,
    #[serde(default, rename = "tier-2")]
    tier_2: Asked,
    #[serde(default, rename = "tier-1")]
    tier_1: Asked,
}

/// `Required` as the file writes it.
#[derive(Deserialize, Default, Clone, Copy)]
enum Asked {
    #[default]
    #[serde(rename = ".")]
    Shown,
    #[serde(rename = "A")]
    Answer,
    #[serde(rename = "R")]
    Covered,
}

impl From<Asked> for Required {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Shown => Self::Shown,
            Asked::Answer => Self::Answer,
            Asked::Covered => Self::Covered,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTechnologies {
    #[serde(default)]
    technology: Vec<Technology>,
}

/// A file of knowledge while it is read; in ours, names an organisation's template lacks are no mistake.
struct Reading<'t> {
    sheet: Sheet<'t>,
    ours: bool,
}

impl<'t> Reading<'t> {
    fn ours(text: &'t str, path: &str) -> Self {
        Self { sheet: Sheet::new(text, Origin::of_ours(path)), ours: true }
    }

    fn theirs(file: &'t KnowledgeFile) -> Self {
        Self { sheet: Sheet::new(&file.text, Origin::of_ours(&file.path)), ours: false }
    }

    fn parse<T: serde::de::DeserializeOwned>(&mut self) -> Option<T> {
        toml::from_str(self.sheet.text).map_err(|error| self.sheet.refused(&error)).ok()
    }

    fn sections(&mut self, named: Vec<Spanned<String>>, template: &Template) -> Vec<SectionIx> {
        let mut known = Vec::new();
        for name in named {
            match template.section(name.get_ref()) {
                Some(section) => known.push(section),
                None if self.ours => {}
                None => {
                    let ids: Vec<&str> = template.sections.iter().map(|s| s.id.as_str()).collect();
                    self.sheet.unknown(&BAD_VALUE, "section", name.get_ref(), name.span(), &ids);
                }
            }
        }
        known
    }
}

pub(super) fn read(texts: &KnowledgeTexts) -> (Knowledge, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let (template, wrong) = match &texts.template {
        Some(file) => template::read(&file.text, Origin::of_ours(&file.path)),
        None => template::read(TEMPLATE, Origin::of_ours("TEMPLATE.md")),
    };
    found.extend(wrong);
    let mut reading = match &texts.profiles {
        Some(file) => Reading::theirs(file),
        None => Reading::ours(PROFILES, "profiles.toml"),
    };
    let profiles = profiles(&mut reading, &template);
    found.append(&mut reading.sheet.found);
    let forms = forms(&texts.forms, &template, &mut found);
    let vocabulary = vocabulary(&texts.technologies, &mut found);
    (Knowledge { template, forms, vocabulary, profiles }, found)
}

fn profiles(reading: &mut Reading, template: &Template) -> Profiles {
    let Some(raw) = reading.parse::<RawProfiles>() else { return Profiles::default() };
    Profiles {
        waiver_when_absent: reading.sections(raw.waiver_when_absent, template),
        procedural: reading.sections(raw.procedural, template),
        requirements: raw
            .ask
            .into_iter()
            .map(|ask| Requirement {
                sections: reading.sections(ask.sections, template),
                only: ask.only,
                asked: [ask.unknown, ask.tier_3, ask.tier_2, ask.tier_1].map(Required::from),
            })
            .collect(),
    }
}

fn forms(theirs: &[KnowledgeFile], template: &Template, found: &mut Vec<Diagnostic>) -> Vec<Form> {
    let mut forms = BTreeMap::new();
    let ours: Vec<(String, String)> = <Forms as rust_embed::RustEmbed>::iter()
        .filter(|name| name.ends_with(".toml"))
        .filter_map(|name| {
            Some((
                name.to_string(),
                String::from_utf8(<Forms as rust_embed::RustEmbed>::get(&name)?.data.into_owned()).ok()?,
            ))
        })
        .collect();
    let ours = ours.iter().map(|(name, text)| (name.as_str(), Reading::ours(text, name)));
    for (path, mut reading) in ours.chain(theirs.iter().map(|file| (file.path.as_str(), Reading::theirs(file)))) {
        let form = reading.parse::<Form>();
        if let Some(mut form) = form {
            if form.id.is_empty() {
                let name = path.rsplit('/').next().unwrap_or(path);
                form.id = name.trim_end_matches(".toml").to_owned();
            }
            check(&mut form, &mut reading, template);
            forms.insert(form.id.clone(), form);
        }
        found.append(&mut reading.sheet.found);
    }
    forms.into_values().collect()
}

/// Takes out of a form what the template or we do not know, and says so where the form is not ours.
fn check(form: &mut Form, reading: &mut Reading, template: &Template) {
    let mut unknown = Vec::new();
    if !["service", "alert"].contains(&form.kind.as_str()) {
        unknown.push(("kind", std::mem::replace(&mut form.kind, "service".to_owned())));
    }
    form.enums.retain(|words| {
        let known = State::of(&words.state).is_some();
        if !known {
            unknown.push(("state", words.state.clone()));
        }
        known
    });
    for heading in &mut form.headings {
        heading.sections.retain(|id| {
            // A template that could not be read has been reported: its sections are not missed one by one.
            let known = form.kind == "alert" || template.sections.is_empty() || template.section(id).is_some();
            if !known {
                unknown.push(("section", id.clone()));
            }
            known
        });
    }
    if reading.ours {
        return;
    }
    for (what, name) in unknown {
        let known: Vec<&str> = match what {
            "kind" => vec!["service", "alert"],
            "state" => State::ALL.map(State::id).to_vec(),
            _ => template.sections.iter().map(|s| s.id.as_str()).collect(),
        };
        let at = reading.sheet.text.find(&format!("\"{name}\"")).map_or(0..0, |at| at + 1..at + 1 + name.len());
        reading.sheet.unknown(&BAD_VALUE, what, &name, at, &known);
    }
}

fn vocabulary(theirs: &[KnowledgeFile], found: &mut Vec<Diagnostic>) -> Vocabulary {
    let mut technologies = BTreeMap::new();
    let ours = Reading::ours(TECHNOLOGIES, "technologies.toml");
    for mut reading in std::iter::once(ours).chain(theirs.iter().map(Reading::theirs)) {
        for technology in reading.parse::<RawTechnologies>().into_iter().flat_map(|raw| raw.technology) {
            technologies.insert(technology.id.clone(), technology);
        }
        found.append(&mut reading.sheet.found);
    }
    let mut reading = Reading::ours(PHRASES, "phrases.toml");
    let mut phrases: BTreeMap<String, Vec<String>> = reading.parse().unwrap_or_default();
    found.append(&mut reading.sheet.found);
    let mut reading = Reading::ours(BRIEF, "brief.toml");
    let brief: BTreeMap<String, BTreeMap<String, Vec<String>>> = reading.parse().unwrap_or_default();
    phrases.extend(brief.into_iter().map(|(list, languages)| (list, languages.into_values().flatten().collect())));
    found.append(&mut reading.sheet.found);
    Vocabulary { technologies: technologies.into_values().collect(), phrases }
}

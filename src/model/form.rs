//! Forms: the shapes other houses give their runbooks, mapped onto our sections. Data, one file each.

use serde::Deserialize;

/// A form as its file says it. Headings are folded words ("delivered by").
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Form {
    /// Kebab-case id: the file's name.
    #[serde(default)]
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What a document in this form is: `service` or `alert`.
    #[serde(default = "service")]
    pub kind: String,
    /// How many of its headings a document must have to be taken for this form.
    #[serde(default = "three")]
    pub min_headings: usize,
    /// Its headings.
    #[serde(default, rename = "heading")]
    pub headings: Vec<FormHeading>,
    /// Whole answers that are one word of a closed list, and the state they mean.
    #[serde(default, rename = "enum")]
    pub enums: Vec<EnumWords>,
    /// Hashes of folded word runs of the form's own guidance, in hexadecimal: never its sentences.
    #[serde(default)]
    pub guidance: Vec<String>,
}

/// A heading of a form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FormHeading {
    /// The heading, any case.
    pub title: String,
    /// Section ids its text answers, best first; empty for "no section".
    #[serde(default)]
    pub sections: Vec<String>,
    /// A chapter whose every section a blanket word under it answers.
    #[serde(default)]
    pub blanket: Option<String>,
    /// Values the form comes filled in with.
    #[serde(default)]
    pub prefilled: Vec<String>,
    /// Where several headings feed one section, the larger weight decides among equally good answers.
    #[serde(default)]
    pub weight: i32,
}

/// Words of an enum form and the state they mean.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EnumWords {
    /// The state's name.
    pub state: String,
    /// The words.
    pub words: Vec<String>,
}

fn service() -> String {
    "service".to_owned()
}

fn three() -> usize {
    3
}

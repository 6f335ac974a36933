//! A book: the words of a service, or of one document, in the order a reader is given them.

use crate::model::id::{HeadingIx, PartIx, RunbookIx};
use crate::model::runbook::{Home, Runbook};
use crate::model::template::Template;
use crate::model::text::words;

/// A service's words in template order, or one document's as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// What it is called.
    pub title: String,
    /// Front, then each chapter with its parents and sections, then what is beyond the template.
    pub passages: Vec<Passage>,
}

/// A stretch of one document's words, ready to be rendered on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands in the template.
    pub place: Home,
    /// Which document wrote it; 0 where the document stands alone.
    pub runbook: RunbookIx,
    /// Which part of that document.
    pub part: PartIx,
    /// The heading it is shown under, where that says more than the place's own.
    pub heading: Option<Shown>,
    /// Its words as Markdown, with the definitions they need.
    pub markdown: String,
}

/// An author's heading as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the document's outline.
    pub heading: HeadingIx,
    /// The level it is shown at, 2 to 6.
    pub level: u8,
    /// Its words as inline Markdown.
    pub text: String,
}

/// The title "Beyond the template" has on the normalized page.
pub const BEYOND: &str = "Beyond the template";

/// Whether a heading only repeats the title of the place its part stands at.
pub fn repeats(runbook: &Runbook, heading: HeadingIx, place: Home, template: &Template) -> bool {
    let heading = &runbook.document.headings[heading.at()];
    let title = match place {
        Home::Front => return heading.level == 1,
        Home::Section(section) => &template[section].title,
        Home::Parent(parent) => &template[parent].title,
        Home::Chapter(chapter) => &template[chapter].title,
        Home::Beyond => BEYOND,
    };
    heading.inline_answer.is_none() && words(&heading.title).eq(words(title))
}

//! The common template: chapters, parents and sections, read from a Markdown file anybody can replace.

use crate::model::id::{ChapterIx, ParentIx, SectionIx};
use std::collections::HashMap;

/// The template all runbooks are normalized to.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Its title.
    pub title: String,
    /// Chapters in order.
    pub chapters: Vec<Chapter>,
    /// Headings that are no sections but group some: each chapter is one, and "Hours of operation" and its like.
    pub parents: Vec<Parent>,
    /// The sections that are counted, in order.
    pub sections: Vec<Section>,
    /// The file as written: what documents are compared with to tell template words from the author's.
    pub text: String,
    by_id: HashMap<String, SectionIx>,
}

/// A chapter: a run of sections.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// Kebab-case id.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The same chapter among the parents.
    pub parent: ParentIx,
}

/// A heading whose text may answer the sections below it.
#[derive(Clone, Debug)]
pub struct Parent {
    /// Kebab-case id.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Heading level in the template, 2 to 4.
    pub level: u8,
    /// Which chapter it stands in.
    pub chapter: ChapterIx,
    /// Other headings authors use for it.
    pub aliases: Vec<String>,
    /// Whether all below it is one topic, so that text that strays still answers its first child.
    pub one_topic: bool,
    /// The sections below it, in order.
    pub sections: Vec<SectionIx>,
}

/// A section: one question every runbook is asked.
#[derive(Clone, Debug)]
pub struct Section {
    /// Kebab-case id: `restore-procedures`.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Heading level in the template, 3 or 4.
    pub level: u8,
    /// Which chapter it stands in.
    pub chapter: ChapterIx,
    /// The closest parent: a chapter, or one such as "Health checks".
    pub parent: ParentIx,
    /// What an author should write, as Markdown text.
    pub guidance: String,
    /// A believable answer.
    pub example: String,
    /// Other headings authors use for it, lower case.
    pub aliases: Vec<String>,
    /// Words and short phrases that text answering it uses, lower case: they sort text under a parent.
    pub words: Vec<String>,
    /// Phrases strong enough to answer it wherever they stand, lower case.
    pub tells: Vec<String>,
    /// Headings and phrases that look like it and are something else, lower case.
    pub not: Vec<String>,
}

impl Template {
    /// Puts a template together; the indices inside must fit. Used by `configure`, which checks them.
    pub fn new(
        title: String,
        chapters: Vec<Chapter>,
        parents: Vec<Parent>,
        sections: Vec<Section>,
        text: String,
    ) -> Self {
        let by_id = sections.iter().enumerate().map(|(at, s)| (s.id.clone(), SectionIx::from(at))).collect();
        Self { title, chapters, parents, sections, text, by_id }
    }

    /// The section of an id.
    pub fn section(&self, id: &str) -> Option<SectionIx> {
        self.by_id.get(id).copied()
    }

    /// Sections of a chapter in order.
    pub fn sections_of(&self, chapter: ChapterIx) -> impl Iterator<Item = SectionIx> + '_ {
        (0..self.sections.len()).filter(move |&s| self.sections[s].chapter == chapter).map(SectionIx::from)
    }

    /// Every section's place.
    pub fn all(&self) -> impl Iterator<Item = SectionIx> + use<> {
        (0..self.sections.len()).map(SectionIx::from)
    }
}

impl std::ops::Index<SectionIx> for Template {
    type Output = Section;
    fn index(&self, ix: SectionIx) -> &Section {
        &self.sections[ix.at()]
    }
}

impl std::ops::Index<ParentIx> for Template {
    type Output = Parent;
    fn index(&self, ix: ParentIx) -> &Parent {
        &self.parents[ix.at()]
    }
}

impl std::ops::Index<ChapterIx> for Template {
    type Output = Chapter;
    fn index(&self, ix: ChapterIx) -> &Chapter {
        &self.chapters[ix.at()]
    }
}

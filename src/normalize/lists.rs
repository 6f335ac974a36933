//! The phrase lists reading asks for, by number: which of them hold a text's words is asked of sets of bits.

macro_rules! lists {
    ($($name:ident),* $(,)?) => {
        /// A list of the vocabulary; `NotApplicable` stands in its file as `not-applicable`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum List { $(#[allow(missing_docs)] $name),* }

        impl List {
            /// Every list.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

lists! {
    Unknown, UnknownWord, Promise, PromiseWord, Admission, NotApplicable, AbsentStart, Absent, Instead, Delegated,
    DelegateWord, Pointer, Generic, Instruction, TitleWords, TitleDrop, Notes, Develop, Essay, Needs, Partner,
    Article, LinksAnswer, DashboardAddress, PointersAnswer, PicturesAnswer, PeopleAnswer, AbsenceIsAGap,
    QuestionsAnswer, PlaceLess, Nameless, HeadingFiller, HeadingObject, HeadingWeak, HeadingQuestion,
    HeadingNeutral, Component, Languages, Clouds, Denial, NoDenial, DocumentNoun, PointerPlace, DelegateHead,
    DelegateTail, DelegateEnd, Guides, AsksAuthor, ExampleLabel, PlaceholderWords, UnfilledOpening, FillIn, FillInHere,
    CountedPlaceholder, CommandsToCome, Programs, NoCommands, Steps, Doing, ProcedurePlace, RunbookFile,
    FolderFile, ServiceFolder, SamplePlace, Record, ProcedureHeading, Occasion, Trouble, TroubleEnd, DownVerb,
    NameLabel, NameHeading, NameEnd, CodeHeading, FrontHeading, Pronoun, NoName, TeamWord, TeamNameWord, DeskOf,
    NotTeam, ContactLabel, OwnerField, OwnerOpening, Reach, NoOwner, NoOwnerWord, NobodyWord, ReachOnly,
    AboutLabel, RuntimeSections, WatchingSections, ComponentNoun, NeedsLabel, LinkNeeds, LinkSource, NeedsOpening,
    RunsOn, DependencyColumn, PurposeColumn, DependantWord, NoDependency, LabelAnywhere, AboutPage, PageSubject,
    Overviews, TierLabel, ReviewLabel, AlertLabel,
}

const _: () = assert!(List::ALL.len() <= u128::BITS as usize, "a set of lists has a bit for each");

impl List {
    /// Its name in the vocabulary's file.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.extend(c.to_lowercase());
        }
        name
    }
}

/// A set of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lists(u128);

impl Lists {
    /// Whether a list is in it.
    pub fn has(self, list: List) -> bool {
        self.0 >> list as u32 & 1 == 1
    }

    /// Whether one of some lists is in it.
    pub fn any(self, lists: &[List]) -> bool {
        lists.iter().any(|&list| self.has(list))
    }

    /// Takes a list in.
    pub fn put(&mut self, list: List) {
        self.0 |= 1 << list as u32;
    }

    /// Takes in what another holds.
    pub fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A list nobody asks for does nothing, and one that is asked for and missing says nothing.
    #[test]
    fn every_list_of_the_vocabulary_is_asked_for() {
        let lists: BTreeMap<String, Vec<String>> = toml::from_str(include_str!("../data/phrases.toml")).unwrap();
        let mut known: Vec<String> = List::ALL.iter().map(|list| list.name()).collect();
        known.sort();
        assert_eq!(known, lists.into_keys().collect::<Vec<_>>());
    }
}

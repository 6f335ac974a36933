//! Which language a page is written in, which of its words carry nothing, and which are forms of one word.

use crate::render::search::token::{fold, terms};
use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Debug, Deserialize)]
struct Data {
    language: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    id: String,
    words: Vec<String>,
}

/// All languages we know.
pub struct Languages {
    stemmers: Vec<Stemmer>,
    /// The small words of each, beside `stemmers`.
    words: Vec<Vec<String>>,
    /// The same by word: a bit a language.
    by_word: HashMap<String, u32>,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(Languages::read);

/// The languages of our data file.
pub fn languages() -> &'static Languages {
    &LANGUAGES
}

impl Languages {
    fn read() -> Self {
        let data: Data = toml::from_str(include_str!("../../data/search.toml")).expect("our own data file is whole");
        let (mut stemmers, mut words, mut by_word) = (Vec::new(), Vec::new(), HashMap::new());
        for (at, language) in data.language.iter().enumerate() {
            stemmers.push(Stemmer::create(algorithm(&language.id)));
            let mut folded = String::new();
            let fold = |word: &String| {
                fold(word, &mut folded);
                folded.clone()
            };
            words.push(language.words.iter().map(fold).collect::<Vec<_>>());
            for word in &words[at] {
                *by_word.entry(word.clone()).or_default() |= 1 << at;
            }
        }
        Self { stemmers, words, by_word }
    }

    /// The language most of whose small words stand in the texts; the first one where none do.
    pub fn of<'t>(&self, texts: impl Iterator<Item = &'t str>) -> usize {
        let mut votes = vec![0; self.words.len()];
        let mut left = 3000;
        for text in texts {
            let mut end = text.len().min(left);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            left -= end;
            terms(&text[..end], &mut |term| {
                let mut languages = self.by_word.get(term).copied().unwrap_or(0);
                while languages != 0 {
                    votes[languages.trailing_zeros() as usize] += 1;
                    languages &= languages - 1;
                }
            });
            if left == 0 {
                break;
            }
        }
        (0..votes.len()).rev().max_by_key(|&at| votes[at]).unwrap_or(0)
    }

    /// Whether a folded word says nothing in a language.
    pub fn is_small(&self, language: usize, word: &str) -> bool {
        self.by_word.get(word).is_some_and(|languages| languages & (1 << language) != 0)
    }

    /// The small words of a set of languages (a bit each), sorted.
    pub fn small_words(&self, languages: u32) -> Vec<&str> {
        let all = self.by_word.iter().filter(|(_, of)| **of & languages != 0);
        let mut all: Vec<&str> = all.map(|(word, _)| word.as_str()).collect();
        all.sort_unstable();
        all
    }

    /// What the forms of a word have in common.
    pub fn stem(&self, language: usize, word: &str) -> String {
        self.stemmers[language].stem(word).into_owned()
    }
}

fn algorithm(id: &str) -> Algorithm {
    match id {
        "arabic" => Algorithm::Arabic,
        "danish" => Algorithm::Danish,
        "dutch" => Algorithm::Dutch,
        "english" => Algorithm::English,
        "finnish" => Algorithm::Finnish,
        "french" => Algorithm::French,
        "german" => Algorithm::German,
        "greek" => Algorithm::Greek,
        "hungarian" => Algorithm::Hungarian,
        "italian" => Algorithm::Italian,
        "norwegian" => Algorithm::Norwegian,
        "portuguese" => Algorithm::Portuguese,
        "romanian" => Algorithm::Romanian,
        "russian" => Algorithm::Russian,
        "spanish" => Algorithm::Spanish,
        "swedish" => Algorithm::Swedish,
        "tamil" => Algorithm::Tamil,
        "turkish" => Algorithm::Turkish,
        _ => unreachable!("a language of our own data file without a stemmer: {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_small_words() {
        let of = |text: &str| {
            let known = languages();
            let at = known.of([text].into_iter());
            known.stem(at, "") + &known.words[at][0]
        };
        assert_eq!(of("Restart the worker and look at the log"), "the");
        assert_eq!(of("Der Dienst wird nicht neu gestartet, wenn die Datenbank fehlt"), "der");
        assert_eq!(of("Если служба не отвечает, перезапустите её на сервере"), "и");
        assert_eq!(of("kubectl rollout"), "the", "nothing tells: the first language");
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let known = languages();
        assert_eq!(known.stem(0, "restarting"), known.stem(0, "restarts"));
        let russian = known.of(["и в не на что"].into_iter());
        assert_eq!(known.stem(russian, "службой"), known.stem(russian, "службы"));
    }
}

//! Whether the value of an assignment is a secret, or stands for one, refers to one, or speaks of one.

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::collections::HashSet;

/// What is no secret: the part `[placeholder]` of `src/data/secrets.toml`, made ready.
#[derive(Deserialize)]
#[serde(from = "Written")]
pub struct Placeholder {
    inside: AhoCorasick,
    vendors: AhoCorasick,
    alone: HashSet<String>,
    prose: HashSet<String>,
    starts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    inside: Vec<String>,
    alone: HashSet<String>,
    starts: Vec<String>,
    prose: HashSet<String>,
    vendors: Vec<String>,
}

impl From<Written> for Placeholder {
    fn from(written: Written) -> Self {
        let build = |words: &[String]| AhoCorasick::builder().ascii_case_insensitive(true).build(words);
        let any = |words: &[String]| build(words).expect("our own words are sound");
        Self {
            inside: any(&written.inside),
            vendors: any(&written.vendors),
            alone: written.alone,
            prose: written.prose,
            starts: written.starts,
        }
    }
}

/// How much proof a pattern is by itself.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Judge {
    /// Proof enough.
    Shape,
    /// A value under a name that says password.
    Password,
    /// The password of an address.
    Url,
    /// A value under a name that may also name other things: token, secret, key.
    Key,
    /// A word behind "password is".
    Prose,
    /// A word that stands where a password may stand, and a name as well: "log in as admin / it".
    Pair,
}

impl Judge {
    /// How a value is judged behind a mark that joins words of prose as well: "Password - at least 12 characters".
    pub fn behind_dash(self) -> Self {
        match self {
            Self::Password => Self::Prose,
            Self::Key => Self::Pair,
            other => other,
        }
    }
}

/// A value and how it stands there.
#[derive(Clone, Copy)]
pub struct Value<'t> {
    /// Without quotes.
    pub text: &'t str,
    /// Whether it stands in quotes.
    pub quoted: bool,
    /// What stands between name and value: `=`, `:`, `|`, or nothing known.
    pub sep: &'t str,
    /// What follows on the line.
    pub rest: &'t str,
}

/// Further bytes of a value say little more about it: so that long runs under many names cost each name little.
const JUDGED: usize = 256;

impl Placeholder {
    /// Whether a value is a secret that must not leave.
    pub fn is_secret(&self, value: Value<'_>, judge: Judge, entropy: f32) -> bool {
        if self.vendors.is_match(value.text) || self.inside.is_match(value.text) {
            return false;
        }
        let text = &value.text[..super::values::boundary(value.text, JUDGED.min(value.text.len()))];
        if uniform(text) || bits(text) < entropy {
            return false;
        }
        if judge == Judge::Shape {
            return true;
        }
        let lower = text.to_lowercase();
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let refers = self.starts.iter().any(|s| lower.starts_with(s.as_str())) && !(value.quoted && strong(text));
        if refers || bare.is_empty() || self.alone.contains(bare) || self.alone.contains(&lower) {
            return false;
        }
        if text.contains(char::is_whitespace) {
            let said = lower.split(|c: char| !c.is_alphanumeric()).any(|w| self.prose.contains(w));
            return value.quoted && !said && !matches!(judge, Judge::Prose | Judge::Pair);
        }
        let mixed = text.contains(|c: char| c.is_ascii_digit()) && text.contains(char::is_alphabetic);
        let names = ["pass", "secret", "token", "key", "cred"].iter().any(|n| lower.contains(n));
        match judge {
            Judge::Shape => true,
            Judge::Url => text.chars().count() >= 3,
            _ if !value.quoted && call(text) => false,
            Judge::Prose => (mixed || odd(text)) && text.len() >= 6 && !named(text) && !text.ends_with(':'),
            Judge::Pair => {
                let web01 = value.sep != ":" && numbered(text);
                let place = text.contains('/') || file(text);
                (mixed || odd(text)) && text.len() >= 6 && !named(text) && !web01 && !place && !text.ends_with(':')
            }
            Judge::Password if mixed => text.len() >= 5,
            Judge::Password if text.bytes().all(|b| b.is_ascii_digit()) => text.len() >= 6,
            Judge::Password if names || !value.quoted && path(text) => false,
            Judge::Password if text.len() < 6 => false,
            // A command's argument ends where it ends, whatever follows.
            Judge::Password if value.sep.is_empty() && text.contains(punctuation) => true,
            Judge::Password if value.quoted || value.sep == "=" || text.contains(punctuation) => value.rest_is_over(),
            Judge::Password => value.sep != "|" && lower == text && value.rest_is_over(),
            Judge::Key if value.sep.is_empty() => {
                text.len() >= 5 && (mixed || text.contains(punctuation)) && !named(text)
            }
            Judge::Key if mixed => text.len() >= 8 && !named(text),
            // Letters alone say less than letters with marks between them, which name things.
            Judge::Key => {
                let enough = if text.bytes().all(|b| b.is_ascii_alphabetic()) { 3.0 } else { 3.5 };
                text.len() >= 16 && bits(text) >= enough && !named(text) && !names
            }
        }
    }
}

impl Value<'_> {
    /// Whether nothing but a comment, a bracket or a further field follows.
    fn rest_is_over(&self) -> bool {
        let rest = self.rest.trim_start();
        rest.is_empty() || !rest.starts_with(char::is_alphanumeric)
    }
}

fn punctuation(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '-' | '_' | '.' | '/' | ':')
}

/// A value that nobody gives to a thing as its name: letters, digits and more.
fn strong(text: &str) -> bool {
    text.len() >= 8
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(char::is_alphabetic)
        && !text.contains(['{', '}', '<', '>', '/', '('])
}

/// `Heron!Lark`, `Stork#Wren`: letters of both cases with a mark between them that no name and no word has.
fn odd(text: &str) -> bool {
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.len() >= 8
        && inner.contains(['!', '#', '$', '%', '^', '*', '?', '~', '@'])
        && inner.contains(char::is_uppercase)
        && inner.contains(char::is_lowercase)
}

/// One character over and over, which hides a value rather than says it.
fn uniform(text: &str) -> bool {
    let first = text.chars().next();
    let bare = !text.contains(char::is_alphanumeric);
    text.chars().all(|c| Some(c) == first || !c.is_alphanumeric() && bare)
}

/// `config.db.password`, `/path/to/it`: an expression or a path, not a value.
fn path(text: &str) -> bool {
    let word = |part: &str| part.chars().all(|c| c.is_alphabetic() || c == '_' || c == '-');
    (text.contains('.') || text.contains('/')) && text.split(['.', '/']).all(word)
}

/// `backup7.sh`: a file by its ending.
fn file(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty() && (1..=5).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_lowercase())
    })
}

/// `bcrypt(12)`, `getSecret(name).value`: a call, not a value.
fn call(text: &str) -> bool {
    let name = text.split('(').next().unwrap_or_default();
    name.len() < text.len()
        && !name.is_empty()
        && text.contains(')')
        && (path(name) || name.chars().all(char::is_alphabetic))
}

/// `web01`, `90days`, `RFC6749`: a word of one case and a number beside it.
fn numbered(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let word = text.trim_matches(digit);
    text.len() - word.len() <= 4
        && (text.starts_with(word) || text.ends_with(word))
        && (word.chars().skip(1).all(|c| c.is_lowercase()) || word.chars().all(char::is_uppercase))
}

/// `payments-db-v2`, `kv/app/prod`, `refreshToken`, `ops@db.internal`: words joined as names of things are.
fn named(text: &str) -> bool {
    let word = |part: &str| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = part.len() - letters.len();
        let plain = letters.chars().all(char::is_alphabetic);
        let cased = letters.chars().skip(1).filter(|c| c.is_uppercase()).count() <= letters.len() / 4;
        let shouted = letters.chars().all(char::is_uppercase);
        plain && (cased || shouted) && digits <= 4 && letters.len() <= 20
    };
    // A mark of passwords joins names only where more tells so: `kv/app#password`, an address's `@host.example`.
    let place = text.contains('/');
    let address = text.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    let parts = || {
        text.split(move |c| match c {
            '-' | '_' | '.' | '/' | ':' | ',' => true,
            '#' => place,
            '@' => place || address,
            _ => false,
        })
    };
    parts().all(word) && (parts().count() > 1 || !text.contains(|c: char| c.is_ascii_digit()))
}

/// Shannon's bits a character.
fn bits(text: &str) -> f32 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|b| counts[b as usize] += 1);
    let total = text.len() as f32;
    counts.iter().filter(|&&c| c > 0).map(|&c| c as f32 / total).map(|p| -p * p.log2()).sum()
}

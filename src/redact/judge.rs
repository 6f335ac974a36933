//! Whether the value of an assignment is a secret, or stands for one, refers to one, or speaks of one.

use serde::Deserialize;

/// What is no secret: the part `[placeholder]` of `src/data/secrets.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placeholder {
    inside: Vec<String>,
    alone: Vec<String>,
    starts: Vec<String>,
    prose: Vec<String>,
    vendors: Vec<String>,
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

impl Placeholder {
    /// Whether a value is a secret that must not leave.
    pub fn is_secret(&self, value: Value<'_>, judge: Judge, entropy: f32) -> bool {
        let text = value.text;
        if self.vendors.iter().any(|v| text.contains(v.as_str())) {
            return false;
        }
        let lower = text.to_lowercase();
        if self.inside.iter().any(|p| lower.contains(p.as_str())) || uniform(text) || bits(text) < entropy {
            return false;
        }
        if judge == Judge::Shape {
            return true;
        }
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let refers = self.starts.iter().any(|s| lower.starts_with(s.as_str())) && !(value.quoted && strong(text));
        if refers || bare.is_empty() || self.alone.iter().any(|w| w == bare || *w == lower) {
            return false;
        }
        if text.contains(char::is_whitespace) {
            let said = lower.split(|c: char| !c.is_alphanumeric()).any(|w| self.prose.iter().any(|p| p == w));
            return value.quoted && !said && judge != Judge::Prose;
        }
        let mixed = text.contains(|c: char| c.is_ascii_digit()) && text.contains(char::is_alphabetic);
        let names = ["pass", "secret", "token", "key", "cred"].iter().any(|n| lower.contains(n));
        match judge {
            Judge::Shape => true,
            Judge::Url => text.chars().count() >= 3,
            Judge::Prose => mixed && text.len() >= 6 && !named(text),
            Judge::Password | Judge::Key if !value.quoted && call(text) => false,
            Judge::Password if mixed => text.len() >= 5,
            Judge::Password if text.bytes().all(|b| b.is_ascii_digit()) => text.len() >= 6,
            Judge::Password if names || !value.quoted && path(text) => false,
            Judge::Password if text.len() < 6 => false,
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

/// One character over and over, which hides a value rather than says it.
fn uniform(text: &str) -> bool {
    let first = text.chars().next();
    text.chars().all(|c| Some(c) == first || !c.is_alphanumeric() && !text.contains(char::is_alphanumeric))
}

/// `config.db.password`, `/path/to/it`: an expression or a path, not a value.
fn path(text: &str) -> bool {
    let word = |part: &str| part.chars().all(|c| c.is_alphabetic() || c == '_' || c == '-');
    (text.contains('.') || text.contains('/')) && text.split(['.', '/']).all(word)
}

/// `bcrypt(12)`, `getSecret(name).value`: a call, not a value.
fn call(text: &str) -> bool {
    let name = text.split('(').next().unwrap_or_default();
    name.len() < text.len()
        && !name.is_empty()
        && text.contains(')')
        && (path(name) || name.chars().all(char::is_alphabetic))
}

/// `payments-db-v2`, `kv/app/prod`, `refreshToken`: words joined as names of things are.
fn named(text: &str) -> bool {
    let word = |part: &str| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = part.len() - letters.len();
        let plain = letters.chars().all(char::is_alphabetic);
        let cased = letters.chars().skip(1).filter(|c| c.is_uppercase()).count() <= letters.len() / 4;
        let shouted = letters.chars().all(char::is_uppercase);
        plain && (cased || shouted) && digits <= 4 && letters.len() <= 20
    };
    let parts = || text.split(['-', '_', '.', '/', ':', ',', '#', '@']);
    parts().all(word) && (parts().count() > 1 || !text.contains(|c: char| c.is_ascii_digit()))
}

/// Shannon's bits a character.
fn bits(text: &str) -> f32 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|b| counts[b as usize] += 1);
    let total = text.len() as f32;
    counts.iter().filter(|&&c| c > 0).map(|&c| c as f32 / total).map(|p| -p * p.log2()).sum()
}

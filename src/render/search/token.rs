//! What a text is found by: its words, the parts of joined and camel-cased names, and such names as a whole.
//!
//! `theme/js/search.js/1-answer.js` splits queries by the same rules: what changes here changes there.

use unicode_normalization::UnicodeNormalization;

/// Set before a name that is joined by marks: `=gpii-3833`. No word begins with it.
pub const WHOLE: char = '=';

/// Longer tokens are cut, and longer whole names are found by their parts alone.
const LONGEST: usize = 64;

/// Calls `found` with every term of a text, folded.
pub fn terms(text: &str, found: &mut impl FnMut(&str)) {
    let mut term = String::new();
    for run in text.split(|c: char| !is_word(c) && !joins(c)) {
        let run = run.trim_end_matches(joins);
        let name = run.trim_start_matches(joins);
        if name.is_empty() {
            continue;
        }
        let before = &run[..run.len() - name.len()];
        let dashes = (before.len() - before.trim_end_matches('-').len()).min(2);
        if dashes == 0 && name.chars().all(is_word) {
            word(name, &mut term, found);
            continue;
        }
        let named = &run[before.len() - dashes..];
        whole(named, &mut term, found);
        for piece in name.split(separates) {
            let piece = piece.trim_matches(joins);
            if piece != named && piece.contains(joins) {
                whole(piece, &mut term, found);
            }
            for part in piece.split(joins).filter(|p| !p.is_empty()) {
                word(part, &mut term, found);
            }
        }
    }
}

/// Letters as they are compared: lower case, without accents, in their plain form.
pub fn fold(text: &str, folded: &mut String) {
    folded.clear();
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else {
        let mut before = '\0';
        // The breve of a Cyrillic letter makes another letter of it.
        let mut stays = |c: char| {
            let own = c == '\u{306}' && matches!(before, '\u{400}'..='\u{4ff}');
            before = c;
            own || !is_accent(c)
        };
        let plain: String = text.nfkd().filter(|&c| stays(c)).nfc().collect();
        folded.push_str(&plain.to_lowercase());
    }
    if folded.len() > LONGEST
        && let Some((end, _)) = folded.char_indices().nth(LONGEST)
    {
        folded.truncate(end);
    }
}

/// A name in one word, and all but its first words in one: `queuedepthhigh`, `depthhigh`, `high`. Half a name is enough.
pub fn squashed(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c| !is_word(c)).filter(|p| !p.is_empty()) {
        let mut rest = part;
        while let Some(end) = hump(rest) {
            words.push(&rest[..end]);
            rest = &rest[end..];
        }
        words.push(rest);
    }
    let mut folded = String::new();
    let from = |first: usize| {
        fold(&words[first..].concat(), &mut folded);
        folded.clone()
    };
    (0..words.len().min(8)).map(from).collect()
}

/// Scripts that set no spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

fn whole(name: &str, term: &mut String, found: &mut impl FnMut(&str)) {
    if name.len() <= LONGEST {
        fold(name, term);
        term.insert(0, WHOLE);
        found(term);
    }
}

fn word(part: &str, term: &mut String, found: &mut impl FnMut(&str)) {
    if part.contains(is_unspaced) {
        return unspaced(part, term, found);
    }
    fold(part, term);
    found(term);
    let mut rest = part;
    while let Some(end) = hump(rest) {
        fold(&rest[..end], term);
        found(term);
        rest = &rest[end..];
    }
    if rest.len() < part.len() {
        fold(rest, term);
        found(term);
    }
}

/// Where the first word of a camel-cased name ends, where another follows: 4 for `KubeAPIDown`, then 3.
fn hump(name: &str) -> Option<usize> {
    if !name.contains(char::is_uppercase) {
        return None;
    }
    let mut chars = name.char_indices().peekable();
    let (_, mut before) = chars.next()?;
    while let Some((at, c)) = chars.next() {
        let next_is_low = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
        if c.is_uppercase() && (!before.is_uppercase() || next_is_low) {
            return Some(at);
        }
        before = c;
    }
    None
}

/// Pairs of letters where no space tells words apart; other words beside them as they are.
fn unspaced(part: &str, term: &mut String, found: &mut impl FnMut(&str)) {
    let chars: Vec<char> = part.chars().collect();
    for run in chars.chunk_by(|a, b| is_unspaced(*a) == is_unspaced(*b)) {
        if is_unspaced(run[0]) && run.len() > 2 {
            for pair in run.windows(2) {
                fold(&String::from_iter(pair), term);
                found(term);
            }
        } else {
            fold(&String::from_iter(run), term);
            found(term);
        }
    }
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_accent(c)
}

/// Marks that hold the parts of one name together.
fn joins(c: char) -> bool {
    matches!(c, '-' | '_' | '.') || separates(c)
}

/// Marks between names that are also looked for alone: the file of a path, the host of an address.
fn separates(c: char) -> bool {
    matches!(c, '/' | ':' | '@' | '#' | '%' | '+' | '~' | '=' | '&' | '?' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        let mut all = Vec::new();
        terms(text, &mut |term| all.push(term.to_owned()));
        all.join(" ")
    }

    #[test]
    fn tokens_of_operations_stay_whole_and_fall_into_parts() {
        let cases = [
            ("Restart it.", "restart it"),
            ("KubeAPIDown fires", "kubeapidown kube api down fires"),
            ("harbour_queue_depth", "=harbour_queue_depth harbour queue depth"),
            ("use --force, not -f!", "use =--force force not =-f f"),
            ("GPII-3833", "=gpii-3833 gpii 3833"),
            ("/etc/nginx/nginx.conf:", "=etc/nginx/nginx.conf etc nginx =nginx.conf nginx conf"),
            ("db01.example.org:5432", "=db01.example.org:5432 =db01.example.org db01 example org 5432"),
            ("ERR_2041", "=err_2041 err 2041"),
            ("(Über-Fähre)", "=uber-fahre uber fahre"),
            ("ＡＢＣ", "abc"),
            ("Перезапуск службы: ещё, й", "перезапуск службы еще й"),
            ("再起動する手順", "再起 起動 動す する る手 手順"),
            ("重启redis服务", "重启 redis 服务"),
            ("- / : --", ""),
        ];
        for (text, terms) in cases {
            assert_eq!(found(text), terms, "{text}");
        }
        assert_eq!(
            squashed("booking-api ErrorBudget"),
            ["bookingapierrorbudget", "apierrorbudget", "errorbudget", "budget"]
        );
    }

    #[test]
    fn long_tokens_are_cut_between_letters() {
        let long = "ж".repeat(1000);
        assert_eq!(found(&long).chars().count(), LONGEST);
    }
}

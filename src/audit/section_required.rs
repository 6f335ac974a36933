//! A section that the service's profile asks for is not answered.

use crate::audit::place::Asked;
use crate::audit::{Fleet, documented_risk, not_investigated, promised};
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::profile::Required;
use crate::model::state::State;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "section-required",
    severity: Severity::Error,
    summary: "a section that the service's profile requires is not answered",
};

#[derive(Deserialize)]
struct Words {
    says: String,
    #[serde(rename = "do")]
    advice: String,
}

/// Speaks for every unmet cell, unless a rule with more to say has spoken of it as loudly.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let words: BTreeMap<State, Words> =
        toml::from_str(include_str!("../data/unmet.toml")).expect("src/data/unmet.toml is TOML");
    let louder = |rule| fleet.severity(rule) == Some(Severity::Error);
    let told = |asked: &Asked| match asked.cell.state {
        State::AnsweredAbsent => louder(&documented_risk::RULE),
        State::NotInvestigated => louder(&not_investigated::RULE),
        State::Promised => louder(&promised::RULE),
        _ => false,
    };
    let unmet = fleet.asked().filter(|a| a.cell.required != Required::Shown && !a.cell.met && !told(a));
    unmet
        .filter_map(|asked| {
            let words = words.get(&asked.cell.state)?;
            let (name, title) = (&asked.service.name, &asked.section.title);
            let message = format!("{name} needs an answer to {title} ({}): {}", asked.tier(), words.says);
            let asks = asked.section.guidance.lines().next().unwrap_or_default().trim();
            let help = words.advice.replace("{section}", title).replace("{id}", &asked.section.id);
            Some(asked.says(&RULE, message, help.replace("{asks}", asks).trim_end_matches([':', ' '])))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn says_what_is_lacking_and_where() {
        let sample = Sample::well().section("restore-procedures", State::Missing, "");
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:1 Orders needs an answer to Restore procedures (tier 1): missing"]
        );
        let sample = Sample::well().section("restore-procedures", State::LinkOnly, "See Confluence");
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:8 Orders needs an answer to Restore procedures (tier 1): it only points elsewhere"]
        );
    }

    #[test]
    fn has_words_for_every_state_that_can_be_unmet() {
        for state in State::ALL.into_iter().filter(|s| !matches!(s, State::Answered | State::NotApplicable)) {
            let sample = Sample::well().section("restore-procedures", state, "words").unmet("restore-procedures");
            let rules = [check, documented_risk::check, not_investigated::check, promised::check];
            assert_eq!(rules.map(|c| c(&sample.fleet()).len()).iter().sum::<usize>(), 1, "{state:?}");
            let silenced = ["documented-risk", "not-investigated", "promised"];
            let sample = silenced.into_iter().fold(sample, |sample, rule| sample.severity(rule, None));
            assert_eq!(check(&sample.fleet()).len(), 1, "{state:?}");
        }
    }

    #[test]
    fn an_admission_whose_rule_is_silenced_is_still_a_gap() {
        let sample = Sample::well().section("restore-procedures", State::Promised, "TBD").severity("promised", None);
        assert_eq!(
            sample.findings(check),
            [
                "orders/README.md:8 Orders needs an answer to Restore procedures (tier 1): it holds a promise and no answer"
            ]
        );
    }

    #[test]
    fn a_section_nobody_asks_for_may_be_missing() {
        assert_eq!(Sample::well().section("power", State::Missing, "").findings(check), [""; 0]);
    }
}

//! An author promises an answer and gives none.

use crate::audit::Fleet;
use crate::audit::admission::admitted;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::state::State;

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "promised", severity: Severity::Error, summary: "an author promises an answer and gives none" };

/// Speaks at every tier, in every section, and as a warning beyond the template.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let help =
        "Write the answer, however short, or say that there is none; where it can wait, accept it with a dated waiver";
    admitted(fleet, &RULE, State::Promised, "promised, not written", help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn speaks_in_a_section() {
        let sample = Sample::well().section("power", State::Promised, "TBD");
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:12 Orders: Power procedures promised, not written: \"TBD\""]
        );
    }

    #[test]
    fn one_sentence_that_reaches_two_sections_is_one_promise() {
        let sample =
            Sample::well().section("restore-procedures", State::Promised, "TBD").shares("power", "restore-procedures");
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:8 Orders: Restore procedures, Power procedures promised, not written: \"TBD\""]
        );
    }

    #[test]
    fn warns_beyond_the_template_at_the_line_that_promises() {
        let text = "Accounts live in the directory.\nI'm going to write a script for this.";
        let sample = Sample::well().beyond("Revoking access", State::Promised, text);
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:16 Orders: Revoking access promised, not written: \
              \"I'm going to write a script for this.\""]
        );
        assert_eq!(check(&sample.fleet())[0].severity, Severity::Warning);
    }

    #[test]
    fn speaks_on_an_alert_page() {
        let sample = Sample::well().alert("OrdersDown", 3, State::Promised);
        assert_eq!(
            sample.findings(check),
            ["orders/README.md:1 Orders: Mitigation of alert OrdersDown promised, not written"]
        );
    }
}

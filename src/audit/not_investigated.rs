//! An author says that nobody knows, or that nobody has looked.

use crate::audit::Fleet;
use crate::audit::admission::admitted;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::state::State;

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "not-investigated",
    severity: Severity::Error,
    summary: "an author admits that nobody has looked into something",
};

/// Speaks at every tier, in every section: this is the sentence somebody must read before the outage.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let help = "Look into it and write down what you find; where that can wait, accept it with a dated waiver";
    admitted(fleet, &RULE, State::NotInvestigated, "not investigated", help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;
    use crate::model::id::Tier;

    const TEXT: &str = "We have not investigated this scenario yet";

    #[test]
    fn speaks_at_every_tier_also_where_nothing_is_asked() {
        let said = format!("orders/README.md:12 Orders: Power procedures not investigated: \"{TEXT}\"");
        for tier in [None, Some(Tier::Three), Some(Tier::One)] {
            let sample = Sample::well().tier(tier).section("power", State::NotInvestigated, TEXT);
            assert_eq!(sample.findings(check), [said.as_str()]);
        }
    }

    #[test]
    fn a_waiver_accepts_it() {
        let sample = Sample::well().section("power", State::NotInvestigated, TEXT).waived("power");
        assert_eq!(sample.findings(check), [""; 0]);
    }
}

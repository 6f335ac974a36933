//! A critical service says that something vital is not done, and nobody has put a name and a date to that.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::state::State;

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "documented-risk",
    severity: Severity::Error,
    summary: "a tier 1 service says that something vital is not done, without a dated waiver",
};

/// Speaks for the cells that an honest "there is none" leaves unmet: sections the profiles name in `waiver-when-absent`.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    fleet
        .asked()
        .filter(|a| a.cell.state == State::AnsweredAbsent && !a.cell.met)
        .map(|asked| {
            let (name, title) = (&asked.service.name, &asked.section.title);
            let message = format!("{name} ({}) says that there is none: {title}{}", asked.tier(), asked.quote());
            let help = format!(
                "Accept the risk by name and date: `<!-- opsbook: accepted section={} reason=\"...\" until=YYYY-MM-DD owner=TEAM -->`",
                asked.section.id
            );
            asked.says(&RULE, message, help)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    fn absent() -> Sample {
        Sample::well().section("restore-procedures", State::AnsweredAbsent, "There are no backups.")
    }

    #[test]
    fn speaks_where_nobody_has_accepted_it() {
        assert_eq!(
            absent().unmet("restore-procedures").findings(check),
            [
                "orders/README.md:8 Orders (tier 1) says that there is none: Restore procedures: \"There are no backups.\""
            ]
        );
    }

    #[test]
    fn is_silent_where_that_will_do() {
        assert_eq!(absent().findings(check), [""; 0]);
        assert_eq!(absent().unmet("restore-procedures").waived("restore-procedures").findings(check), [""; 0]);
    }
}

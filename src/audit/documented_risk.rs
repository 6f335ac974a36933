//! A critical service says that something vital is not done, and nobody has put a name and a date to that.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::id::Tier;
use crate::model::profile::Required;
use crate::model::state::State;

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "documented-risk",
    severity: Severity::Error,
    summary: "a tier 1 service says that something vital is not done, without a dated waiver",
};

/// Speaks on tier 1, for the sections the profiles name in `waiver-when-absent`.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let needs_waiver = &fleet.config.knowledge.profiles.waiver_when_absent;
    fleet
        .asked()
        .filter(|a| a.cell.state == State::AnsweredAbsent && !a.cell.waived && a.cell.required != Required::Shown)
        .filter(|a| a.service.tier.as_ref().is_some_and(|t| t.value == Tier::One) && needs_waiver.contains(&a.ix))
        .map(|asked| {
            let (name, title) = (&asked.service.name, &asked.section.title);
            let message = format!("{name} (tier 1) says that there is none: {title}{}", asked.quote());
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
    fn speaks_on_tier_one() {
        assert_eq!(
            absent().findings(check),
            [
                "orders/README.md:8 Orders (tier 1) says that there is none: Restore procedures: \"There are no backups.\""
            ]
        );
    }

    #[test]
    fn is_silent_on_other_tiers_and_where_it_is_waived() {
        assert_eq!(absent().tier(Some(Tier::Two)).findings(check), [""; 0]);
        assert_eq!(absent().waived("restore-procedures").findings(check), [""; 0]);
    }
}

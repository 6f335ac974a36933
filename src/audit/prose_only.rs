//! A section that should tell somebody what to do, and only tells them about it.

use crate::audit::Fleet;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::profile::Required;
use crate::model::state::{State, Substance};

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "prose-only",
    severity: Severity::Warning,
    summary: "a required procedure holds words that would fit any service",
};

/// Speaks for required sections the profiles call procedural.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let procedural = &fleet.config.knowledge.profiles.procedural;
    fleet
        .asked()
        .filter(|a| a.cell.required != Required::Shown && procedural.contains(&a.ix))
        .filter(|a| matches!(a.cell.state, State::Answered | State::InDebt) && a.cell.substance == Substance::Prose)
        .map(|asked| {
            let message = format!("{}: {} gives nobody anything to do", asked.service.name, asked.section.title);
            asked.says(
                &RULE,
                message,
                "Write the steps as somebody would carry them out: commands, hosts, names, what to see after each",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;

    #[test]
    fn speaks_where_a_procedure_is_required() {
        let prose = Sample::well().substance("restore-procedures", Substance::Prose);
        assert_eq!(
            prose.findings(check),
            ["orders/README.md:8 Orders: Restore procedures gives nobody anything to do"]
        );
        assert_eq!(Sample::well().substance("power", Substance::Prose).findings(check), [""; 0]);
    }
}

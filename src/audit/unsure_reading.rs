//! The reading of a required section may be wrong: a person should look.

use crate::audit::Fleet;
use crate::model::coverage::SURE;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::profile::Required;
use crate::model::state::State;

/// What the rule is.
pub const RULE: Rule = Rule {
    id: "unsure-reading",
    severity: Severity::Note,
    summary: "a required section was read with little confidence",
};

/// Speaks for required cells below the confidence at which pages draw them plain.
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    fleet
        .asked()
        .filter(|a| a.cell.required != Required::Shown && a.cell.confidence < SURE && a.cell.state != State::Missing)
        .map(|asked| {
            let (name, title, state) = (&asked.service.name, &asked.section.title, asked.cell.state.id());
            let message = format!("{name}: please look: {title} was read as {state}{}", asked.quote());
            let help = format!(
                "If this answers it, say so under its heading with `<!-- opsbook: section={} -->`",
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

    #[test]
    fn asks_somebody_to_look() {
        assert_eq!(
            Sample::well().confidence("restore-procedures", 0.5).findings(check),
            ["orders/README.md:8 Orders: please look: Restore procedures was read as answered: \"Run `restore.sh`.\""]
        );
    }
}

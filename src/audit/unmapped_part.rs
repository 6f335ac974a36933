//! A part of a runbook that fits no section of the template.

use crate::audit::Fleet;
use crate::audit::place::locate;
use crate::model::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::runbook::Home;
use crate::model::state::{Class, Kind};

/// What the rule is.
pub const RULE: Rule =
    Rule { id: "unmapped-part", severity: Severity::Note, summary: "a part of a runbook fits no section" };

/// Speaks for headings with words under them that stand "Beyond the template".
pub fn check(fleet: &Fleet) -> Vec<Diagnostic> {
    let template = &fleet.config.knowledge.template;
    let mut found = Vec::new();
    for (runbook, service) in fleet.counted().filter(|(runbook, _)| runbook.kind != Kind::Alert) {
        for part in runbook.parts.iter().filter(|p| p.home == Home::Beyond) {
            let written = !matches!(part.state.class(), Class::Unwritten | Class::Missing);
            let heading = part.heading.and_then(|h| runbook.document.headings.get(h.at()));
            let Some(heading) = heading.filter(|_| written) else { continue };
            let (near, id) = match part.nearest {
                Some(ix) => (format!(", the nearest is {}", template[ix].title), template[ix].id.as_str()),
                None => (String::new(), "ID"),
            };
            let message = format!("\"{}\" fits no section of the template{near}", heading.title);
            let help =
                format!("It may stay as it is; if it answers a section, claim it: `<!-- opsbook: section={id} -->`");
            let said = RULE.says(message, Some(locate(&runbook.document, heading.span)), help);
            found.push(service.map_or(said.clone(), |s| said.about(&s.id)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample::Sample;
    use crate::model::state::State;

    #[test]
    fn names_the_nearest_section() {
        let sample = Sample::well().beyond("Revoking access", State::Answered, "Ask the directory team.");
        assert_eq!(
            sample.findings(check),
            [
                "orders/README.md:14 \"Revoking access\" fits no section of the template, the nearest is Restore procedures"
            ]
        );
    }

    #[test]
    fn an_empty_heading_is_nothing_to_map() {
        assert_eq!(Sample::well().beyond("Revoking access", State::Empty, "").findings(check), [""; 0]);
    }
}

//! The closing words of a build: what was found, how the fleet stands, what is worst, where the site is.

use crate::model::coverage::{Risk, RiskKind};
use crate::model::runbook::Runbook;
use crate::model::state::{Class, Kind};
use crate::model::template::Template;
use crate::pipeline::Fleet;
use crate::report::harmless;
use crate::shell::collect::Tally;
use crate::shell::publish::Published;
use crate::shell::terminal::counted;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

const KINDS: [(Kind, &str, &str); 7] = [
    (Kind::Service, "service runbook", "service runbooks"),
    (Kind::Procedure, "procedure", "procedures"),
    (Kind::Alert, "alert page", "alert pages"),
    (Kind::Notes, "page of notes", "pages of notes"),
    (Kind::Index, "index", "indexes"),
    (Kind::Template, "blank template", "blank templates"),
    (Kind::Other, "other", "others"),
];
const WORST: usize = 3;

/// Everything the summary speaks of.
pub struct End<'a> {
    pub fleet: &'a Fleet,
    pub tally: Tally,
    pub published: Published,
    pub out: &'a Path,
    pub took: Duration,
}

impl End<'_> {
    /// The summary, in colour where somebody looks.
    pub fn say(&self, template: &Template, colour: bool) -> String {
        let bold = |text: &str| if colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
        let (catalog, totals) = (&self.fleet.catalog, &self.fleet.coverage.totals);
        let mut text = String::new();
        let mut line = |head: &str, said: String| _ = writeln!(text, "{} {said}", bold(&format!("{head:>10}")));
        line("Documents", documents(&catalog.runbooks, catalog.sources.len()));
        line(
            "Services",
            format!(
                "{}: {} with a runbook, {} blank, {} without",
                catalog.services.len(),
                totals.filled,
                totals.blank,
                totals.none
            ),
        );
        let required = totals.required;
        line(
            "Coverage",
            format!("{} of {} required sections met{}", required.met, required.of, percent(required.met, required.of)),
        );
        let all: u32 = Class::ALL.iter().map(|class| totals.counts.of(*class)).sum();
        let classes = Class::ALL.map(|class| format!("{} {}", totals.counts.of(class), class.id()));
        line("All cells", format!("{all}: {}", classes.join(", ")));
        for (at, risk) in self.fleet.coverage.risks.iter().take(WORST).enumerate() {
            line(if at == 0 { "Worst" } else { "" }, harmless(&self.sentence(risk, template)));
        }
        let Tally { discovered, read, excluded, failed } = self.tally;
        line("Files", format!("{discovered} discovered = {read} read + {excluded} excluded + {failed} failed"));
        if !self.fleet.diagnostics.is_empty() {
            line("Findings", format!("{} (`opsbook check` names them)", self.fleet.diagnostics.len()));
        }
        let Published { files, written } = self.published;
        let pages = format!("{} ({} new or changed)", counted(files, "file"), written);
        line(
            "Site",
            format!("{} - {pages} in {:.1} s", bold(&self.out.display().to_string()), self.took.as_secs_f64()),
        );
        text
    }

    /// A risk as one sentence.
    fn sentence(&self, risk: &Risk, template: &Template) -> String {
        let catalog = &self.fleet.catalog;
        let service = &catalog[risk.service];
        let name = &service.name;
        let tier = service.tier.as_ref().map_or_else(String::new, |t| format!(" (tier {})", u8::from(t.value)));
        let section = risk.section.map_or("", |section| template[section].title.as_str());
        let others = match risk.affected.len() {
            0 => String::new(),
            n => format!(
                "; {} it",
                if n == 1 { "1 other service needs".to_owned() } else { format!("{n} other services need") }
            ),
        };
        let first = risk.affected.first().map_or("", |other| catalog[*other].name.as_str());
        match risk.kind {
            RiskKind::Gap => format!("{name}{tier}: {section} is required and {}{others}", risk.state.id()),
            RiskKind::Admitted => format!("{name}{tier}: {section} is {}, its authors say{others}", risk.state.id()),
            RiskKind::Blank => format!("{name}{tier} has a runbook in which nothing is filled in{others}"),
            RiskKind::NoRunbook => format!("{name}{tier} has no runbook{others}"),
            RiskKind::TierInversion => format!("{first} needs the less critical {name}{tier}"),
            RiskKind::SinglePoint => format!("{name}{tier} is a single point of failure{others}"),
        }
    }
}

fn documents(runbooks: &[std::sync::Arc<Runbook>], sources: usize) -> String {
    let kinds = KINDS.iter().filter_map(|(kind, one, many)| {
        let count = runbooks.iter().filter(|r| r.kind == *kind).count();
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    });
    let from = counted(sources, "source");
    format!("{} from {from}: {}", runbooks.len(), kinds.collect::<Vec<_>>().join(", "))
}

fn percent(part: u32, whole: u32) -> String {
    if whole == 0 { String::new() } else { format!(" ({} %)", u64::from(part) * 100 / u64::from(whole)) }
}

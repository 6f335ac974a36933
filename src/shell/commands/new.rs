//! `opsbook new` and `opsbook init`: beginnings to fill in. Neither ever writes over anything.

use crate::model::claim::{Claim, Fact, Subject};
use crate::model::id::{Id, Tier};
use crate::model::source::{Origin, RawFile};
use crate::model::template::Template;
use crate::pipeline;
use crate::shell::args::New;
use crate::shell::session::{CONFIG, Session};
use crate::shell::{Outcome, terminal};
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// The configuration of the sample fleet, which shows every key there is.
const SAMPLE: &str = include_str!("../../../opsbook.toml");

/// Writes a runbook with every heading of the template and its guidance, and of the answers only those that the
/// catalog and compose files in its folder already give.
pub fn runbook(args: &New) -> Result<Outcome> {
    let name = args.service.trim();
    // What Markdown would take for markup would be read back as another name.
    let markup = |c: char| c.is_control() || "<>[]{}*`|\\".contains(c);
    if name.contains(markup) || name.starts_with('#') || !name.contains(char::is_alphanumeric) {
        bail!("a service's name is one line of plain words: `opsbook new \"Payments API\"`");
    }
    let session = Session::open(args.config.as_deref())?;
    let known = Known::beside(&args.out, name, &session)?;
    write_new(&args.out, &skeleton(name, &session.config.knowledge.template, &known))?;
    let from = known.files.iter().cloned().collect::<Vec<_>>().join(" and ");
    let says = if known.files.len() == 1 { "says" } else { "say" };
    let taken = if from.is_empty() { String::new() } else { format!("; what {from} {says} stands in it already") };
    terminal::print(&format!("{} is there to be filled in{taken}\n", args.out.display()));
    Ok(Outcome::Fine)
}

/// Writes a commented configuration into the working directory.
pub fn configuration() -> Result<Outcome> {
    write_new(Path::new(CONFIG), &beginning())?;
    terminal::print(&format!("{CONFIG} is there: name your sources in it, then run `opsbook build`\n"));
    Ok(Outcome::Fine)
}

/// The sample's configuration with everything but its source commented out: what it says is true of its fleet alone.
fn beginning() -> String {
    let mut text = String::new();
    let mut in_source = false;
    for line in SAMPLE.lines() {
        in_source = if line.starts_with('[') { line == "[[source]]" } else { in_source };
        let stays = line.is_empty() || line.starts_with('#') || in_source;
        _ = writeln!(text, "{}{line}", if stays { "" } else { "#" });
    }
    text
}

/// What files beside a runbook already say of its service.
#[derive(Default)]
struct Known {
    /// The files that said something, by name.
    files: BTreeSet<String>,
    tier: Option<Tier>,
    /// Lines of Markdown by the section they answer.
    lines: BTreeMap<&'static str, Vec<String>>,
}

impl Known {
    /// Reads the catalog and compose files in the folder a runbook is to stand in.
    fn beside(out: &Path, name: &str, session: &Session) -> Result<Self> {
        let folder = out.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut known = Self::default();
        let Ok(entries) = std::fs::read_dir(folder) else { return Ok(known) };
        let mut paths: Vec<_> = entries.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect();
        paths.sort();
        let mut claims: Vec<(String, Claim)> = Vec::new();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let small = path.metadata().is_ok_and(|m| m.len() <= session.config.max_bytes);
            if !pipeline::is_survey(&file) || !small {
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let origin = Origin { repo: name.into(), commit: None, path: file.as_str().into() };
            let read = pipeline::read(RawFile { origin, bytes }, &session.reader);
            claims.extend(read.claims.into_iter().map(|claim| (file.clone(), claim)));
        }
        let id = Id::of(name);
        let mut called = BTreeSet::from([id.clone()]);
        for (_, claim) in &claims {
            if let (Subject::Service(service), Fact::Title(title)) = (&claim.subject, &claim.fact)
                && Id::of(title) == id
            {
                called.insert(Id::of(service));
            }
        }
        for (file, claim) in claims {
            let about = match &claim.subject {
                Subject::Service(service) => called.contains(&Id::of(service)),
                Subject::Path(path) => path.is_empty() || *path == file,
                Subject::Owner(_) => false,
            };
            if about && known.take(claim.fact) {
                known.files.insert(file);
            }
        }
        Ok(known)
    }

    /// Takes a fact over; whether a runbook has a place for it.
    fn take(&mut self, fact: Fact) -> bool {
        let (section, line) = match fact {
            Fact::Tier(tier) => {
                self.tier = self.tier.or(Some(tier));
                return true;
            }
            // "group:default/payments" is how a catalog refers to the Payments team.
            Fact::Owner(owner) => {
                let name = owner.rsplit_once(':').map_or(&*owner, |(_, path)| path.rsplit('/').next().unwrap_or(path));
                ("service-owner", name.to_owned())
            }
            Fact::Contact(contact) | Fact::OnCall(contact) => ("service-owner", contact),
            Fact::Needs { name, purpose: Some(purpose), .. } => ("dependencies", format!("{name} ({purpose})")),
            Fact::Needs { name, .. } => ("dependencies", name),
            Fact::Link { label, target } if label.is_empty() => ("tools", format!("<{target}>")),
            Fact::Link { label, target } => ("tools", format!("[{label}]({target})")),
            _ => return false,
        };
        let lines = self.lines.entry(section).or_default();
        if !lines.contains(&line) {
            lines.push(line);
        }
        true
    }
}

fn skeleton(name: &str, template: &Template, known: &Known) -> String {
    let mut text = format!("# {name} runbook\n\n**Service or system name:** {name}\n");
    if let Some(tier) = known.tier {
        _ = write!(text, "\n**Tier:** {}\n", u8::from(tier));
    }
    let mut parent = None;
    for section in &template.sections {
        let chapter = template[section.chapter].parent;
        for above in [chapter, section.parent] {
            if parent != Some(above)
                && (above != chapter || parent.is_none_or(|p| template[p].chapter != section.chapter))
            {
                _ = write!(text, "\n{} {}\n", "#".repeat(template[above].level.into()), template[above].title);
                parent = Some(above);
            }
        }
        _ = write!(text, "\n{} {}\n\n", "#".repeat(section.level.into()), section.title);
        for line in section.guidance.lines() {
            _ = writeln!(text, "> {line}");
        }
        if let Some(lines) = known.lines.get(section.id.as_str()) {
            text.push('\n');
            lines.iter().for_each(|line| _ = writeln!(text, "- {line}"));
        } else if !section.example.is_empty() {
            _ = write!(text, "\n_(e.g. {})_\n", section.example);
        }
    }
    text
}

/// Writes a file that does not exist yet.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    match file {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} exists and is left as it is: name another file, or move it away", path.display())
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
    }
}

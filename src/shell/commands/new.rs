//! `opsbook new` and `opsbook init`: beginnings to fill in. Neither ever writes over anything.

use crate::model::template::Template;
use crate::shell::args::New;
use crate::shell::session::{CONFIG, Session};
use crate::shell::{Outcome, terminal};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// The configuration of the sample fleet, which shows every key there is.
const SAMPLE: &str = include_str!("../../../opsbook.toml");

/// Writes a runbook with every heading of the template and its guidance, and nothing answered.
pub fn runbook(args: &New) -> Result<Outcome> {
    let name = args.service.trim();
    if name.is_empty() || name.contains(['\n', '\r']) {
        bail!("a service needs a name of one line: `opsbook new \"Payments API\"`");
    }
    let session = Session::open(args.config.as_deref())?;
    write_new(&args.out, &skeleton(name, &session.config.knowledge.template))?;
    terminal::print(&format!("{} is there to be filled in\n", args.out.display()));
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

fn skeleton(name: &str, template: &Template) -> String {
    let mut text = format!("# {name} runbook\n\n**Service or system name:** {name}\n");
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
        if !section.example.is_empty() {
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

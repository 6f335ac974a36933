//! `opsbook export` and `opsbook schema`: services taken out of the fleet, and the shapes of our JSON.

use super::{assemble, refuse_nothing};
use crate::model::id::{Id, ServiceIx};
use crate::pipeline::{self, Fleet};
use crate::shell::args::{Export, ExportFormat, Schema};
use crate::shell::session::{self, Session};
use crate::shell::{Outcome, collect, terminal};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Writes the services asked for into one file.
pub fn run(args: &Export) -> Result<Outcome> {
    let today = session::today(args.fleet.today)?;
    let session = Session::of_fleet(&args.fleet)?;
    let theme = session.theme()?;
    let places = session.places()?;
    let harvest = collect::collect(&places, &session.config, &session.base)?;
    refuse_nothing(&session, &harvest, &places)?;
    let fleet = assemble(&session, harvest, today);
    let chosen = choose(&fleet, args)?;
    let bytes = pipeline::with_site(&fleet, &session.config, &theme, |site, _| match args.format {
        ExportFormat::Html => site.binder(&chosen).into_bytes(),
        ExportFormat::Json => site.data(&chosen),
        ExportFormat::Csv => site.sheet(&chosen).into_bytes(),
    });
    write(&args.out, &bytes)?;
    terminal::print(&format!(
        "{} of {} in {}\n",
        terminal::counted(chosen.len(), "service"),
        fleet.catalog.services.len(),
        args.out.display()
    ));
    Ok(Outcome::Fine)
}

/// The services asked for, the most critical first.
fn choose(fleet: &Fleet, args: &Export) -> Result<Vec<ServiceIx>> {
    let catalog = &fleet.catalog;
    let all = (0..catalog.services.len()).map(ServiceIx::from);
    let mut chosen: Vec<ServiceIx> = if let Some(name) = &args.service {
        let Some(found) = catalog.service(&Id::of(name)) else {
            bail!("there is no service `{name}`: `--service` takes an id, as the addresses of the site have it")
        };
        vec![found]
    } else if let Some(tier) = args.tier {
        all.filter(|&s| catalog[s].tier.as_ref().is_some_and(|t| i64::from(u8::from(t.value)) == tier)).collect()
    } else if let Some(name) = &args.owner {
        let id = Id::of(name);
        let named = |o: &crate::model::catalog::Owner| {
            o.id == id || Id::of(&o.name) == id || o.aliases.iter().any(|a| Id::of(a) == id)
        };
        let Some(owner) = catalog.owners.iter().find(|o| named(o)) else { bail!("there is no owner `{name}`") };
        owner.services.clone()
    } else {
        all.collect()
    };
    if chosen.is_empty() {
        bail!("no service fits: nothing was written");
    }
    chosen.sort_by_key(|&s| catalog[s].tier.as_ref().map_or(4, |t| u8::from(t.value)));
    Ok(chosen)
}

/// A file is whole or it is not there.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let say = || format!("{} cannot be written", path.display());
    let name = path.file_name().with_context(say)?.to_string_lossy();
    let fresh = folder.join(format!(".{name}.opsbook"));
    std::fs::write(&fresh, bytes).with_context(say)?;
    std::fs::rename(&fresh, path).with_context(say)
}

/// Prints the JSON schemas.
pub fn schema(args: &Schema) -> Result<Outcome> {
    let all = pipeline::schemas();
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let text = match &args.name {
        Some(name) => match all.iter().find(|(own, _)| own == name) {
            Some((_, schema)) => serde_json::to_string_pretty(schema)?,
            None => bail!("there is no schema `{name}`: known are {}", names.join(", ")),
        },
        None => serde_json::to_string_pretty(&all.into_iter().collect::<std::collections::BTreeMap<_, _>>())?,
    };
    terminal::print(&(text + "\n"));
    Ok(Outcome::Fine)
}

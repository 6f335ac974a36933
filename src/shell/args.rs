//! The command line: commands, their flags, and the words `--help` says.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Scattered runbooks in; one searchable site with a coverage matrix out.
#[derive(Parser, Debug)]
#[command(name = "opsbook", version, propagate_version = true, max_term_width = 110)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Collect, read and publish the site
    Build(Build),
    /// Say what is wrong; exit 1 where something is an error
    Check(Check),
    /// Serve the site to a browser on this machine; with --watch it follows every save
    Serve(Serve),
    /// List what would be read, and what would not, and why
    Collect(Fleet),
    /// Show how documents are read: each section, its state and the words behind it
    Explain(Explain),
    /// Print a document in the template's order, nothing lost
    Normalize(Normalize),
    /// Write a runbook skeleton for a service
    New(New),
    /// Take services out of the fleet: one page that needs nothing beside it, or their data
    Export(Export),
    /// Print the JSON schemas of the files and outputs opsbook writes
    Schema(Schema),
    /// Write a commented opsbook.toml into this folder
    Init,
}

/// Where the fleet is, and what today is.
#[derive(ClapArgs, Debug, Default)]
pub struct Fleet {
    /// Configuration to read [default: ./opsbook.toml where no --source is given]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A folder that is one repository; replaces the sources of the configuration (may be repeated)
    #[arg(long, value_name = "DIR")]
    pub source: Vec<PathBuf>,
    /// The date that decides what has expired [default: SOURCE_DATE_EPOCH, else the clock]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

#[derive(ClapArgs, Debug)]
pub struct Build {
    #[command(flatten)]
    pub fleet: Fleet,
    /// Folder for the site [default: site, or `out` of the configuration]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Add a line to the `history` of the configuration where an answer has changed since its last one
    #[arg(long)]
    pub record: bool,
}

#[derive(ClapArgs, Debug)]
pub struct Check {
    #[command(flatten)]
    pub fleet: Fleet,
}

#[derive(ClapArgs, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub fleet: Fleet,
    /// Follow the sources, the configuration and the theme: open pages show each save at once
    #[arg(long)]
    pub watch: bool,
    /// Look at every file in turn instead of waiting for the system's events, as network file systems need it
    #[arg(long, requires = "watch")]
    pub poll: bool,
    /// Open the site in a browser
    #[arg(long)]
    pub open: bool,
    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 4040)]
    pub port: u16,
    /// Address to listen on; others than this machine see the site only where it is not a loopback address
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    pub host: String,
    /// A name the server answers to besides localhost (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Read the source NAME from this folder instead of from where the configuration says (may be repeated)
    #[arg(long = "override", value_name = "NAME=DIR", value_parser = named_folder)]
    pub overrides: Vec<(String, PathBuf)>,
}

fn named_folder(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, dir)) if !name.is_empty() && !dir.is_empty() => Ok((name.to_owned(), dir.into())),
        _ => Err("write it as NAME=DIR, the name of a source and a folder".to_owned()),
    }
}

/// Shapes `explain` speaks in.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplainFormat {
    /// For a person
    Human,
    /// For a program
    Json,
}

#[derive(ClapArgs, Debug)]
pub struct Explain {
    /// Documents to read
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// For a person or for a program
    #[arg(long, value_enum, default_value = "human")]
    pub format: ExplainFormat,
    /// Configuration whose template, forms and technologies to read with [default: ours]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub struct Normalize {
    /// The document
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Configuration whose template, forms and technologies to read with [default: ours]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub struct New {
    /// The service's name
    #[arg(value_name = "SERVICE")]
    pub service: String,
    /// File to write; never an existing one
    #[arg(long, value_name = "FILE", default_value = "RUNBOOK.md")]
    pub out: PathBuf,
    /// Configuration whose template to use [default: ours]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What services are taken out as.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One page of HTML with its style in it, to read offline or to print
    Html,
    /// Their data, as `api/services/<id>.json` has it
    Json,
    /// Their rows of the matrix
    Csv,
}

#[derive(ClapArgs, Debug)]
pub struct Export {
    #[command(flatten)]
    pub fleet: Fleet,
    /// What to write
    #[arg(long, value_enum, default_value = "html")]
    pub format: ExportFormat,
    /// Only this service
    #[arg(long, value_name = "ID", conflicts_with_all = ["tier", "owner"])]
    pub service: Option<String>,
    /// Only services of this tier
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=3), conflicts_with = "owner")]
    pub tier: Option<i64>,
    /// Only services of this owner
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub struct Schema {
    /// Only this one: coverage, service, owners, badge, record, explain
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

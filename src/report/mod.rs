//! Diagnostics and readings as text: one writer per reader.

mod explain;
mod human;
mod underline;

pub use explain::{explain_human, explain_json, explain_schema};
pub use human::{harmless, human};

//! Diagnostics and readings as text: one writer per reader.

mod human;

pub use human::human;

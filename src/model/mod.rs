//! The nouns: plain values every phase speaks in. A noun imports only the nouns listed above it.

pub mod id;
pub mod text;
pub mod source;
pub mod diagnostic;
pub mod document;
pub mod template;
pub mod form;
pub mod vocabulary;
pub mod profile;
pub mod state;
pub mod stated;
pub mod runbook;
pub mod book;
pub mod claim;
pub mod catalog;
pub mod coverage;
pub mod config;
pub mod site;

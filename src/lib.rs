//! opsbook: scattered runbooks in; one searchable site with a coverage matrix out.
//!
//! Read `ARCHITECTURE.md` first. The flow is a straight line, told by [`pipeline`].

pub mod audit;
pub mod compare;
pub mod compose;
pub mod configure;
pub mod link;
pub mod measure;
pub mod model;
pub mod normalize;
pub mod parse;
pub mod pipeline;
pub mod redact;
pub mod render;
pub mod report;
pub mod shell;
pub mod survey;

//! The lab.
pub mod cli;
pub mod framing;
pub mod scenario;
pub mod words;

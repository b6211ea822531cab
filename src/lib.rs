//! The lab.
pub mod framing;
pub mod scenario;
pub mod words;

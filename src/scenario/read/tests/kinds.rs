//! Every kind of problem, with its place and its words.

mod claims;
mod conditions;
mod endpoints;
mod formats;
mod framing;
mod impossible;
mod keys;
mod knobs;
mod steps;
mod stops;
mod texts;

use super::*;

/// What is changed in a sound file, into what, and what is told then.
type Case = (&'static str, &'static str, &'static [&'static str]);

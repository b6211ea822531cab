//! A teaching lab for sockets: from which `send()` each byte came, in which buffer it lies now, which `recv()` took it.
//!
//! One direction, and a room for each step of it:
//!
//! ```text
//! scenario ──▶ runner ──▶ trace ──▶ story ──▶ report
//! what to do   does it    what      what it   says it
//!              on real    happened  means
//!              sockets
//! ```
//!
//! - [`scenario`]: what a teacher writes, read and checked; with the knobs set, a plan.
//! - [`runner`]: does a plan, one thread an endpoint or several, in turns. Below it [`program`] (what an endpoint runs), [`endpoint`]
//!   (a traced socket), [`link`] (joins two over loopback), [`sys`] (what the kernel tells; the only unsafe code), and
//!   [`framing`] (length-prefix frames, without a socket).
//! - [`trace`]: the events, plain data, and the file they are saved in.
//! - [`story`]: whose bytes each read returned, what each queue held, what left together, whether what had to be seen was
//!   seen. It sees no socket and no clock.
//! - [`report`]: the faces that write, with [`words`] in English and Chinese.
//! - [`config`]: what a user always wants the same, in a file.
//! - [`code`]: what each endpoint of a plan would be as a program in Python and in Rust, line by line with its calls.
//! - [`tui`]: the face that draws, in a terminal that it gives back as it was.
//! - [`pack`]: Python's struct formats, without a socket. [`digest`]: MD5 and SHA-256 of bytes that come in pieces.
//! - [`folder`]: the files that a run receives, in a temporary folder of its own.
//! - [`cli`] and [`command`]: the command line, and what each command does.
//!
//! `docs/architecture.md` says why, and where to add things.

pub mod cli;
pub mod code;
pub mod command;
pub mod config;
pub mod digest;
pub mod endpoint;
pub mod folder;
pub mod framing;
pub mod link;
pub mod pack;
pub mod packet;
pub mod pcapng;
pub mod program;
pub mod report;
pub mod runner;
pub mod scenario;
pub mod story;
pub mod sys;
pub mod trace;
pub mod tui;
pub mod wire;
pub mod words;

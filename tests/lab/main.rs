//! The lab as its users meet it: the program with its arguments, real sockets, saved runs and a terminal.

/// Challenge and response: what is accepted, what is refused, and whoever comes next.
mod auth;
/// The pages about the scenarios.
mod catalogue;
/// The programs that stand for a run: lit where they should be, run against each other, compiled.
mod code;
/// The command line: exit codes, errors, lists, colour, pipes.
mod commands;
/// The user's configuration file, read by the program.
mod configuration;
/// Several connections: each with its own bytes, and a thread that serves several of them.
mod connections;
/// The examples in the documents are complete and run, and the program takes their commands.
mod docs;
/// What the machine refuses is told as that, and never as a scenario's failure.
mod failing_calls;
/// A knob that is a file of the user's.
mod file_knob;
/// Files over a connection: whole and equal, or not there at all.
mod file_transfer;
/// Scenarios found by words.
mod finding;
/// `lab fingerprint`: compared with md5sum and sha256sum; pipes, folders, files that change, Ctrl-C.
mod fingerprint;
/// A server that keeps files: names, commands and clients that mean no good.
mod ftp_put;
/// Saved runs told as text, compared with texts that were read and found good.
mod golden;
/// The screens in the documents, and the questions they quote.
mod guide;
/// A person's hand on the wire of a run that goes on.
mod hands;
/// Peers that mean no good, against every reader of frames.
mod hostile;
/// The way of every byte of the saved runs.
mod journeys;
/// Packets as a sequence diagram.
mod ladder;
/// What reaches a face: in the reader's language, and nothing that steers a terminal or hides.
mod language;
/// Which module may use which, and what may stand only in some of them.
mod layers;
/// Runs that are watched while they go on, and held between their steps.
mod live;
/// Mistakes in scenario files, as those see them who made them; and what is no mistake, by what the kernel does.
mod mistakes;
/// What programs say of themselves: told, claimed, and never to harm.
mod notes;
/// What the lab does to the world outside, seen by strace.
#[cfg(target_os = "linux")]
mod outside;
/// Python's struct formats: compared with Python, and as the commands show them.
mod pack;
/// Runs over the wire: what is told of packets, and what is refused.
mod packets;
/// Packets as a pcapng file: read back, and by tshark.
mod pcapng;
/// Whose bytes are where, compared with a model that labels every single byte.
mod peers;
mod pieces;
/// Two pipes read together or one after the other, and hangs that are expected.
mod pipes;
/// Whole programs that a step runs: every call in the trace, and nothing left to chance.
mod programs;
/// A terminal whose other side the test holds.
mod pty;
/// Commands that a server runs for a client: by their table, and nothing else.
mod remote_command;
/// Every scenario under every contrast on real sockets, and scenarios that must not hold.
mod scenarios;
/// The screen in a terminal: taken over, drawn, and given back however it ends.
mod screen;
/// The same screens without a terminal: what is drawn, what keys do, what can never happen.
mod screens;
/// What was found, in words: a sentence for whatever is found beside whatever was claimed.
mod sentences;
/// What is written for a voice, and what is told slowly.
mod spoken;
/// The lab on a machine that does not let it run when it should.
mod starved;
/// Runs the program and never waits for it without end.
mod support;
/// The program in a terminal: colour, width, Ctrl-C.
mod terminal;
/// What is said of every scenario under every contrast and at the ends of every knob.
mod texts;
/// Files that are cut off, newer, damaged or made to do harm.
mod traces;
/// Runs that once told something false.
mod truth;
/// Every byte lies somewhere at every playhead.
mod whereabouts;
/// The helper that makes a wire: killed, stopped, refused, and what is left of it.
#[cfg(target_os = "linux")]
mod wire;

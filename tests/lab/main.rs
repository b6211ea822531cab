//! The lab as its users meet it: the program with its arguments, real sockets, saved runs and a terminal.

/// The command line: exit codes, errors, lists, colour, pipes.
mod commands;
/// The examples in the documents are complete and run.
mod docs;
/// Saved runs told as text, compared with texts that were read and found good.
mod golden;
/// Which module may use which, and what may stand only in some of them.
mod layers;
/// Whose bytes are where, compared with a model that labels every single byte.
mod pieces;
/// A terminal whose other side the test holds.
mod pty;
/// Every scenario under every contrast on real sockets, and scenarios that must not hold.
mod scenarios;
/// The screen in a terminal: taken over, drawn, and given back however it ends.
mod screen;
/// Runs the program and never waits for it without end.
mod support;
/// The program in a terminal: colour, width, Ctrl-C.
mod terminal;
/// Files that are cut off, newer, damaged or made to do harm.
mod traces;
/// Runs that once told something false.
mod truth;

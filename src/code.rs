//! A run as programs: what each endpoint would be in Python and in Rust, one line a call.
//!
//! A listing is made from the [`Plan`], so it is true for the knobs as they are set: the options, the calls in their
//! order, the mistake where a knob asks for one. The programs are whole and can be run; only what the lab stages,
//! because no simple program can do it (to wait until so many bytes lie in a queue), stands there as a comment, and
//! they are right without it.
//!
//! A line that makes a call says of which step, so that a face can light it while that call goes on.

mod draft;
mod endpoint;
mod literal;
mod python;
mod rust;
#[cfg(test)]
mod tests;

use crate::scenario::Plan;
use crate::words::Lang;
use endpoint::Endpoint;

/// A language to show the programs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Python 3.8 or later, its standard library.
    Python,
    /// Rust 2024, its standard library.
    Rust,
}

/// The programs of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// One program an endpoint, in the order of [`Plan::endpoints`].
    pub sides: Vec<Side>,
}

/// The program of one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// From the first line to the last.
    pub lines: Vec<Line>,
}

/// A line of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// With its indentation; nothing for a line that sets parts apart.
    pub text: String,
    /// What kind of line it is.
    pub role: LineRole,
    /// During which call it is lit.
    pub lights: Option<Lights>,
}

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineRole {
    /// It is run.
    Code,
    /// It is read: in the language of the user.
    Comment,
}

/// The call during which a line is lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lights {
    /// Index into [`Plan::steps`].
    pub step: usize,
    /// Which call of that step.
    pub call: Part,
}

/// What one line does of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Sends a whole message; or, where a frame goes byte by byte, the next byte.
    Send,
    /// Sends the header of a frame or the beginning of it, and nothing of the body.
    SendHeader,
    /// Sends the body of a frame, alone or behind the rest of the header.
    SendBody,
    /// Reads: the one `recv` of a step, or the one inside the loop that reads until it has everything.
    Recv,
    /// Reads the header of a frame.
    RecvHeader,
    /// Reads the body of a frame.
    RecvBody,
    /// Waits for what lies in a queue or is acknowledged: a comment, because the program does not.
    Wait,
    /// Sets an option in the middle of a program.
    Option,
    /// Closes the socket.
    Close,
    /// Packs values into bytes, or fails to.
    Pack,
    /// Takes the values out of the bytes.
    Unpack,
    /// Hands a whole body to the program.
    Deliver,
    /// Refuses a length that is over the limit.
    Refuse,
    /// Gives up because fewer bytes came than belong to a header or a body.
    Short,
}

/// The programs of a plan; comments are in `lang`.
#[must_use]
pub fn listing(plan: &Plan, language: Language, lang: Lang) -> Listing {
    let write = match language {
        Language::Python => python::program,
        Language::Rust => rust::program,
    };
    let side = |index| Side {
        lines: write(&Endpoint::new(plan, index), lang),
    };
    Listing {
        sides: (0..plan.endpoints.len()).map(side).collect(),
    }
}

impl Listing {
    /// The line to light, as an index into [`Side::lines`]: the one of exactly this part, else the one of the part it
    /// belongs to, else the first of the step. Nothing if there is no such endpoint or it has no such step.
    #[must_use]
    pub fn line_of(&self, endpoint: usize, step: usize, part: Part) -> Option<usize> {
        let lines = &self.sides.get(endpoint)?.lines;
        let find = |fits: &dyn Fn(Part) -> bool| {
            lines.iter().position(|line| {
                line.lights
                    .is_some_and(|lights| lights.step == step && fits(lights.call))
            })
        };
        find(&|call| call == part)
            .or_else(|| find(&|call| call == part.whole()))
            .or_else(|| find(&|_| true))
    }
}

impl Side {
    /// The whole program, ready to be saved and run.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }
}

impl Part {
    /// The part that does this one too, where a program does not tell them apart.
    fn whole(self) -> Self {
        match self {
            Self::SendHeader | Self::SendBody => Self::Send,
            Self::RecvHeader | Self::RecvBody => Self::Recv,
            other => other,
        }
    }
}

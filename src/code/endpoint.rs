//! One endpoint of a plan, and what its program needs for what it does.

use super::literal::{self, Content};
use crate::framing::{ByteOrder, Counts};
use crate::pack::Format;
use crate::scenario::plan::{PlannedEndpoint, Task};
use crate::scenario::{Family, PackedFormat, Plan, Reader, Transport};

/// One endpoint of a plan.
pub(super) struct Endpoint<'p> {
    plan: &'p Plan,
    index: usize,
    /// Its name and options.
    pub(super) planned: &'p PlannedEndpoint,
}

/// What a step that sends frames writes into the headers.
pub(super) fn counted(frames: &[(u32, Vec<u8>)]) -> Counts {
    // The plan holds the numbers only. Where both ways of counting give them, nothing can be seen of the difference.
    let right = frames.iter().all(|(length, body)| *length as usize == body.len());
    if right { Counts::Bytes } else { Counts::Characters }
}

/// How the endpoint comes by its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    /// Listens and accepts (TCP).
    Accepts,
    /// Connects (TCP).
    Connects,
    /// Bound to the known port, where the first datagram goes (UDP). `answers`: it sends as well, so it is connected.
    Awaits {
        /// It sends as well.
        answers: bool,
    },
    /// Sends the first datagram (UDP). `bound`: to a known port, because the other side sends as well.
    Begins {
        /// To a known port.
        bound: bool,
    },
}

impl<'p> Endpoint<'p> {
    /// The endpoint with this index.
    pub(super) fn new(plan: &'p Plan, index: usize) -> Self {
        let planned = &plan.endpoints[index];
        Self { plan, index, planned }
    }

    /// What it does: each step with its index in the plan.
    pub(super) fn steps(&self) -> impl Iterator<Item = (usize, &'p Task)> {
        let own = self.index;
        let steps = self.plan.steps.iter().enumerate();
        steps
            .filter(move |(_, step)| step.endpoint == own)
            .map(|(number, step)| (number, &step.task))
    }

    /// Whether it is TCP.
    pub(super) fn is_stream(&self) -> bool {
        self.plan.transport == Transport::Tcp
    }

    /// Whether it is IPv6.
    pub(super) fn is_ipv6(&self) -> bool {
        self.plan.family == Family::Ipv6
    }

    /// How it comes by its socket.
    pub(super) fn opens(&self) -> Opens {
        if self.is_stream() {
            return if self.planned.listens {
                Opens::Accepts
            } else {
                Opens::Connects
            };
        }
        // A datagram to a port that nobody has is lost, so the side to which the first one goes must be there first,
        // whichever of them is said to listen.
        let sends = |endpoint| move |step: &Task| matches!(step, Task::Send(_)).then_some(endpoint);
        let first = self.plan.steps.iter().find_map(|step| sends(step.endpoint)(&step.task));
        let both = (0..self.plan.endpoints.len()).all(|index| Self::new(self.plan, index).sends());
        match first {
            Some(endpoint) if endpoint == self.index => Opens::Begins { bound: both },
            None if !self.planned.listens => Opens::Begins { bound: both },
            _ => Opens::Awaits { answers: both },
        }
    }

    /// Whether it sends anything.
    pub(super) fn sends(&self) -> bool {
        self.any(|task| matches!(task, Task::Send(_) | Task::SendFrames { .. } | Task::SendPacked(_)))
    }

    /// Whether it reads anything.
    pub(super) fn reads(&self) -> bool {
        self.any(|task| matches!(task, Task::Recv(_) | Task::ReadFrames { .. } | Task::ReadPacked(_)))
    }

    /// Whether it writes or reads headers.
    pub(super) fn frames(&self) -> bool {
        self.any(|task| matches!(task, Task::SendFrames { .. } | Task::ReadFrames { .. }))
    }

    /// Whether it packs or unpacks values.
    pub(super) fn packs(&self) -> bool {
        self.any(|task| matches!(task, Task::SendPacked(_) | Task::ReadPacked(_)))
    }

    /// Whether its program may end with an error that no call has made.
    pub(super) fn gives_up(&self) -> bool {
        self.any(|task| match task {
            Task::ReadFrames { .. } | Task::ReadPacked(_) => true,
            Task::SendPacked(packed) => !packed.can_be_packed(),
            _ => false,
        })
    }

    /// The format by which the other side unpacks what is packed by another one.
    pub(super) fn unpacked_as<'f>(&self, packed: &'f PackedFormat) -> Option<&'f Format> {
        let reading = packed.read_as.as_ref().filter(|reading| **reading != packed.format)?;
        let mut other = self.plan.steps.iter().filter(|step| step.endpoint != self.index);
        let reads = other.any(|step| matches!(&step.task, Task::ReadPacked(format) if format == reading));
        reads.then_some(reading)
    }

    /// Whether it closes its socket before its program ends.
    pub(super) fn closes(&self) -> bool {
        self.any(|task| matches!(task, Task::Close))
    }

    /// Whether its program ends, and so closes, sooner than the lab does, in a way that can be seen: Linux sends what
    /// Nagle's algorithm holds when the socket is closed.
    pub(super) fn closes_early(&self) -> bool {
        self.is_stream() && self.sends() && !self.closes()
    }

    /// Longest body that its framing reader accepts.
    pub(super) fn limit(&self) -> Option<u32> {
        self.steps().find_map(|(_, task)| match task {
            Task::ReadFrames { prefix, .. } => Some(prefix.limit),
            _ => None,
        })
    }

    /// The first step that reads until it has everything.
    pub(super) fn reads_exactly(&self) -> Option<usize> {
        self.steps().find_map(|(number, task)| match task {
            Task::ReadFrames { reader, .. } => (*reader == Reader::Exact).then_some(number),
            Task::ReadPacked(_) => Some(number),
            _ => None,
        })
    }

    /// The most that one `recv` of a step asks for.
    pub(super) fn largest_recv(&self) -> Option<usize> {
        let asked = self.steps().filter_map(|(_, task)| match task {
            Task::Recv(asked) => Some(*asked),
            _ => None,
        });
        asked.max()
    }

    /// How often the alphabet must be repeated for the longest message of letters, if one is too long to be written.
    pub(super) fn alphabets(&self) -> Option<usize> {
        let lengths = self.steps().filter_map(|(_, task)| match task {
            Task::Send(bytes) => match literal::content(bytes) {
                Content::Letters(count) => Some(count),
                _ => None,
            },
            _ => None,
        });
        lengths.max().map(|count| count.div_ceil(literal::ALPHABET.len()))
    }

    /// The byte order in which the other side reads, if it is not this one.
    pub(super) fn misread_as(&self, order: ByteOrder) -> Option<ByteOrder> {
        let other = self.plan.steps.iter().filter(|step| step.endpoint != self.index);
        let mut orders = other.filter_map(|step| match &step.task {
            Task::ReadFrames { prefix, .. } => Some(prefix.order),
            _ => None,
        });
        orders.find(|other| *other != order)
    }

    fn any(&self, does: impl Fn(&Task) -> bool) -> bool {
        self.steps().any(|(_, task)| does(task))
    }
}

//! One endpoint of a plan, and what its program needs for what it does.

use super::literal::{self, Content};
use crate::framing::{ByteOrder, Codec, Counts, Kind};
use crate::pack::Format;
use crate::scenario::framing::SenderFault;
use crate::scenario::plan::{PlannedEndpoint, ReadFrames, SendFrames, Task};
use crate::scenario::program::auth::Checks;
use crate::scenario::program::commands::{CommandServer, LONGEST_COMMAND, ReplyHeader};
use crate::scenario::program::{LONGEST_ANSWER, LONGEST_HEADER, ReceiveFile, SendFile, ServePuts, auth};
use crate::scenario::{Commands, Family, PackedFormat, Plan, Program, Reader, Transport};

/// One endpoint of a plan.
pub(super) struct Endpoint<'p> {
    plan: &'p Plan,
    index: usize,
    /// Its name and options.
    pub(super) planned: &'p PlannedEndpoint,
}

/// What a step that sends frames counts, as far as it can be seen.
pub(super) fn counted(step: &SendFrames) -> Counts {
    // Where both ways of counting give the same, nothing can be seen of the difference.
    let right = step
        .frames
        .iter()
        .all(|frame| frame.says == Counts::Bytes.of(&String::from_utf8_lossy(&frame.body)));
    if right { Counts::Bytes } else { step.counts }
}

/// Longest body that a program accepts.
fn limit(program: &Program) -> u64 {
    match program {
        Program::CommandServer(_) => LONGEST_COMMAND.into(),
        Program::Serve { limit, .. } => u64::from(*limit),
        Program::ReceiveFile(ReceiveFile { limit, .. }) | Program::ServePuts(ServePuts { limit, .. }) => *limit,
        Program::SendFile(_) | Program::Put(_) | Program::CommandClient { .. } | Program::Ask { .. } => {
            LONGEST_ANSWER.into()
        }
        Program::Challenge(_) | Program::Respond(_) => auth::LONGEST_ANSWER.into(),
        // It reads no frames.
        Program::ReadBoth { .. } => 0,
    }
}

/// Whether a program reads and writes frames.
fn is_framed(program: &Program) -> bool {
    match program {
        Program::CommandServer(CommandServer { header, .. }) | Program::CommandClient { header, .. } => {
            *header != ReplyHeader::None
        }
        Program::ReadBoth { .. } => false,
        _ => true,
    }
}

/// The named pipe of an endpoint, where there are several.
pub(super) fn path(endpoint: &Endpoint<'_>) -> String {
    format!("pipe{}", endpoint.index / 2 + 1)
}

/// What an endpoint is called in a program that has several.
pub(super) fn variable(endpoint: &Endpoint<'_>) -> String {
    endpoint.planned.name.replace('-', "_")
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
    /// Makes a named pipe and reads from it.
    ReadsPipe,
    /// Writes into a named pipe that is there.
    WritesPipe,
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

    /// Whether it is one of several pipes, and its thread does nothing with them but what a program for all of them says.
    pub(super) fn is_one_of_several_pipes(&self) -> bool {
        let is_told = |task: &Task| {
            matches!(
                task,
                Task::Send(_) | Task::Recv(_) | Task::Drain(_) | Task::Close | Task::Run(Program::ReadBoth { .. })
            )
        };
        self.plan.transport == Transport::Pipe
            && self.plan.endpoints.len() > 2
            && self.steps_of_its_thread().all(|(_, _, task)| is_told(task))
    }

    /// The endpoints of its thread, it among them, in the order of the plan.
    pub(super) fn of_its_thread(&self) -> Vec<Self> {
        let threads = self.plan.threads();
        let own = threads.into_iter().find(|served| served.contains(&self.index));
        let own = own.unwrap_or_default().into_iter();
        own.map(|index| Self::new(self.plan, index)).collect()
    }

    /// What its thread does: each step with its index in the plan and the endpoint that it is a step of.
    pub(super) fn steps_of_its_thread(&self) -> impl Iterator<Item = (usize, Self, &'p Task)> {
        let own: Vec<usize> = self.of_its_thread().iter().map(|end| end.index).collect();
        let (plan, steps) = (self.plan, self.plan.steps.iter().enumerate());
        steps
            .filter(move |(_, step)| own.contains(&step.endpoint))
            .map(move |(number, step)| (number, Self::new(plan, step.endpoint), &step.task))
    }

    /// Whether it is that one.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.index == other.index
    }

    /// Whether it has this index.
    pub(super) fn has_index(&self, index: usize) -> bool {
        self.index == index
    }

    /// Whether it reads itself and another one together.
    pub(super) fn reads_with(&self, other: &Self) -> bool {
        self.any(|task| matches!(task, Task::Run(Program::ReadBoth { with }) if *with == other.index))
    }

    /// The other end of its connection.
    fn peer(&self) -> usize {
        self.index ^ 1
    }

    /// The port where the side to be started first is found, and the one of the other side if that must be known too.
    /// Each connection has its own.
    pub(super) fn ports(&self) -> [usize; 2] {
        let listens = if self.planned.listens { self.index } else { self.peer() };
        // One server has one port for all its clients.
        let is_shared = Self::new(self.plan, listens).serves_all();
        let connection = if is_shared { 0 } else { self.index / 2 };
        let first = 9999 - 2 * connection;
        [first, first - 1]
    }

    /// The programs it runs, each once, with the first step that does.
    pub(super) fn programs(&self) -> Vec<(usize, &'p Program)> {
        let mut programs: Vec<(usize, &Program)> = Vec::new();
        for (step, task) in self.steps() {
            if let Task::Run(program) = task
                && programs.iter().all(|(_, other)| other.name() != program.name())
            {
                programs.push((step, program));
            }
        }
        programs
    }

    /// The first of its programs that reads and writes frames, with the first step that runs it.
    pub(super) fn framing_program(&self) -> Option<(usize, &'p Program)> {
        self.programs().into_iter().find(|(_, program)| is_framed(program))
    }

    /// The table of the commands that it runs.
    pub(super) fn commands(&self) -> Option<&'p Commands> {
        self.programs().into_iter().find_map(|(_, program)| match program {
            Program::CommandServer(server) => Some(&server.commands),
            _ => None,
        })
    }

    /// Whether its program has replies of commands in hand, each in its parts.
    pub(super) fn has_replies(&self) -> bool {
        let is_client =
            |(_, program): (usize, &Program)| matches!(program, Program::CommandClient { .. }) && is_framed(program);
        self.programs().into_iter().any(is_client)
    }

    /// Whether it sends replies of commands as frames, each of its parts in one.
    pub(super) fn sends_frames_of_parts(&self) -> bool {
        let is_server = |task: &Task| matches!(task, Task::Run(Program::CommandServer(server)) if server.header == ReplyHeader::Length);
        self.any(is_server)
    }

    /// Whether it is one of several ends of one server: it does nothing but serve, as others do.
    pub(super) fn serves_all(&self) -> bool {
        self.does_nothing_but_serve() && self.clients() > 1
    }

    /// How many clients its server has.
    pub(super) fn clients(&self) -> usize {
        let ends = (0..self.plan.endpoints.len()).map(|index| Self::new(self.plan, index));
        ends.filter(Self::does_nothing_but_serve).count()
    }

    /// Whether it sends challenges.
    pub(super) fn challenges(&self) -> bool {
        self.any(|task| matches!(task, Task::Run(Program::Challenge(_))))
    }

    /// Whether it says nothing for a while.
    pub(super) fn is_silent(&self) -> bool {
        self.any(|task| matches!(task, Task::Run(Program::Ask { after, .. }) if !after.is_zero()))
    }

    /// Whether it goes on to its next client whatever becomes of this one. A challenge has its own way to refuse.
    pub(super) fn goes_on(&self) -> bool {
        self.any(|task| matches!(task, Task::Run(Program::Serve { .. } | Program::ServePuts(_))))
    }

    /// Whether its server remembers which challenges it has sent and what it has accepted.
    pub(super) fn remembers(&self) -> bool {
        self.any(|task| matches!(task, Task::Run(Program::Challenge(wants)) if wants.checks == Checks::AnySent))
    }

    /// Whether its thread serves nobody else.
    pub(super) fn has_own_thread(&self) -> bool {
        self.planned.thread.is_none()
    }

    fn does_nothing_but_serve(&self) -> bool {
        let mut tasks = self.steps().map(|(_, task)| task);
        let serves = matches!(
            tasks.next(),
            Some(Task::Run(
                Program::Serve { .. } | Program::Challenge(_) | Program::ServePuts(_)
            ))
        );
        self.planned.listens && serves && tasks.next().is_none()
    }

    /// What joins it to the other one.
    pub(super) fn transport(&self) -> Transport {
        self.plan.transport
    }

    /// Whether it reads and writes a stream of bytes.
    pub(super) fn is_stream(&self) -> bool {
        self.plan.transport.is_stream()
    }

    /// Whether its socket has a path for a name, and not an address.
    pub(super) fn has_path(&self) -> bool {
        !self.plan.transport.is_internet()
    }

    /// Whether it is IPv6.
    pub(super) fn is_ipv6(&self) -> bool {
        self.plan.family == Family::Ipv6
    }

    /// How it comes by its socket.
    pub(super) fn opens(&self) -> Opens {
        match (self.plan.transport, self.planned.listens) {
            (Transport::Pipe, true) => return Opens::ReadsPipe,
            (Transport::Pipe, false) => return Opens::WritesPipe,
            (Transport::Udp | Transport::UnixDatagram, _) => {}
            (_, true) => return Opens::Accepts,
            (_, false) => return Opens::Connects,
        }
        // A datagram to a port that nobody has is lost, so the side to which the first one goes must be there first,
        // whichever of them is said to listen.
        let ends = [self.index, self.peer()];
        let mut steps = self.plan.steps.iter();
        let first = steps.find(|step| ends.contains(&step.endpoint) && speaks_first(&step.task));
        let first = first.map(|step| step.endpoint);
        let both = ends.iter().all(|index| Self::new(self.plan, *index).sends());
        match first {
            Some(endpoint) if endpoint == self.index => Opens::Begins { bound: both },
            None if !self.planned.listens => Opens::Begins { bound: both },
            _ => Opens::Awaits { answers: both },
        }
    }

    /// Whether it sends anything.
    pub(super) fn sends(&self) -> bool {
        self.any(Task::sends)
    }

    /// Whether it reads anything.
    pub(super) fn reads(&self) -> bool {
        self.any(|task| match task {
            Task::Recv(_)
            | Task::Drain(_)
            | Task::ReadFrames(_)
            | Task::ReadText { .. }
            | Task::ReadPacked(_)
            | Task::Run(_) => true,
            // It waits until the reader is ready.
            Task::SendFrames(step) => step.handshake,
            _ => false,
        })
    }

    /// Whether it packs or unpacks a length in four bytes.
    pub(super) fn has_length(&self) -> bool {
        self.has_codec(|kind| matches!(kind, Kind::Length { .. } | Kind::Json { .. }))
    }

    /// Whether it writes or reads headers in JSON.
    pub(super) fn has_json(&self) -> bool {
        let replies = |task: &Task| {
            matches!(
                task,
                Task::Run(
                    Program::CommandServer(CommandServer { header, .. }) | Program::CommandClient { header, .. }
                ) if *header == ReplyHeader::Json
            )
        };
        self.has_codec(|kind| matches!(kind, Kind::Json { .. })) || self.any(replies)
    }

    fn has_codec(&self, is: fn(Kind) -> bool) -> bool {
        self.any(|task| match task {
            Task::SendFrames(step) => is(step.codec.kind),
            Task::ReadFrames(step) => is(step.codec.kind),
            Task::Run(program) if is_framed(program) => is(Codec::network(0).kind),
            _ => false,
        })
    }

    /// Whether a program of it keeps files.
    pub(super) fn keeps_files(&self) -> bool {
        self.programs().iter().any(|(_, program)| program.keeps_files())
    }

    /// The program that moves files, if it runs one.
    pub(super) fn moves_files(&self) -> Option<&'p Program> {
        let programs = self.programs().into_iter().map(|(_, program)| program);
        let moves = |program: &&Program| {
            matches!(
                program,
                Program::SendFile(_) | Program::ReceiveFile(_) | Program::Put(_) | Program::ServePuts(_)
            )
        };
        programs.into_iter().find(moves)
    }

    /// Whether it pauses between bytes.
    pub(super) fn dribbles(&self) -> bool {
        self.any(|task| match task {
            Task::SendFrames(step) => step
                .frames
                .iter()
                .any(|frame| matches!(frame.fault, Some(SenderFault::Dribbles(_)))),
            _ => false,
        })
    }

    /// Whether it packs or unpacks values.
    pub(super) fn packs(&self) -> bool {
        self.any(|task| matches!(task, Task::SendPacked(_) | Task::ReadPacked(_)))
    }

    /// Whether its program may end with an error that no call has made.
    pub(super) fn gives_up(&self) -> bool {
        self.any(|task| match task {
            Task::ReadFrames(_) | Task::ReadPacked(_) => true,
            Task::Run(program) => is_framed(program),
            Task::SendPacked(packed) => !packed.can_be_packed(),
            _ => false,
        })
    }

    /// The format by which the other side unpacks what is packed by another one.
    pub(super) fn unpacked_as<'f>(&self, packed: &'f PackedFormat) -> Option<&'f Format> {
        let reading = packed.read_as.as_ref().filter(|reading| **reading != packed.format)?;
        let mut other = self.plan.steps.iter().filter(|step| step.endpoint == self.peer());
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
        self.plan.transport == Transport::Tcp && self.sends() && !self.closes() && !self.does_nothing_but_serve()
    }

    /// The first step that reads frames.
    pub(super) fn framed(&self) -> Option<&'p ReadFrames> {
        self.steps().find_map(|(_, task)| match task {
            Task::ReadFrames(step) => Some(step),
            _ => None,
        })
    }

    /// Whether it keeps what it has read beyond a line.
    pub(super) fn keeps_a_rest(&self) -> bool {
        let task = self.framed();
        task.is_some_and(|task| matches!(task.codec.kind, Kind::Delimiter { .. }) && task.reader == Reader::Exact)
    }

    /// The first step that reads until it has everything.
    pub(super) fn reads_exactly(&self) -> Option<usize> {
        self.steps().find_map(|(number, task)| match task {
            Task::ReadFrames(step) => {
                let is_line = matches!(step.codec.kind, Kind::Delimiter { .. });
                (step.reader == Reader::Exact && !is_line).then_some(number)
            }
            Task::ReadPacked(_) => Some(number),
            Task::Run(program) if is_framed(program) => Some(number),
            _ => None,
        })
    }

    /// The most that one `recv` of a step asks for.
    pub(super) fn largest_recv(&self) -> Option<usize> {
        let asked = self.steps().filter_map(|(_, task)| match task {
            Task::Recv(asked) | Task::Drain(asked) | Task::ReadText { asked, .. } => Some(*asked),
            _ => None,
        });
        asked.max()
    }

    /// How often the alphabet must be repeated for the longest message of letters, if one is too long to be written.
    pub(super) fn alphabets(&self) -> Option<usize> {
        let bodies = self.steps().flat_map(|(_, task)| match task {
            Task::Send(bytes) | Task::SendTimes { bytes, .. } | Task::TrySend { bytes, .. } => vec![bytes],
            Task::SendFrames(step) => step.frames.iter().map(|frame| &frame.body).collect(),
            _ => Vec::new(),
        });
        let lengths = bodies.filter_map(|bytes| match literal::content(bytes) {
            Content::Letters(count) => Some(count),
            _ => None,
        });
        lengths.max().map(|count| count.div_ceil(literal::ALPHABET.len()))
    }

    /// What its framing reader accepts at most, each with its name in a program.
    pub(super) fn limits(&self) -> Vec<(&'static str, u64)> {
        if let Some((_, program)) = self.framing_program() {
            let mut limits = vec![("LIMIT", limit(program))];
            if program.reads_json() {
                limits.insert(0, ("HEADER_LIMIT", LONGEST_HEADER.into()));
            }
            if let Program::SendFile(SendFile { chunk, .. }) | Program::ReceiveFile(ReceiveFile { chunk, .. }) = program
            {
                limits.push(("CHUNK", *chunk as u64));
            }
            return limits;
        }
        let Some(task) = self.framed() else { return Vec::new() };
        let is_exact = task.reader == Reader::Exact;
        let limit = ("LIMIT", task.codec.limit);
        match task.codec.kind {
            Kind::Decimal { digits, .. } if is_exact => vec![("DIGITS", digits as u64), limit],
            Kind::Decimal { .. } | Kind::Length { .. } => vec![limit],
            Kind::Json { header_limit, .. } => vec![("HEADER_LIMIT", header_limit), limit],
            Kind::Delimiter { .. } if is_exact => vec![limit],
            Kind::Digit | Kind::Delimiter { .. } => Vec::new(),
        }
    }

    /// The type of a limit in Rust: that of what is compared with it.
    pub(super) fn number_of(&self, limit: &str) -> &'static str {
        match self.framed().map(|task| task.codec.kind) {
            _ if limit == "DIGITS" || limit == "CHUNK" => "usize",
            None if limit == "LIMIT" && self.keeps_files() => "u64",
            Some(Kind::Delimiter { .. }) => "usize",
            Some(Kind::Json { .. }) if limit == "LIMIT" => "i64",
            Some(Kind::Length { signed: true, .. } | Kind::Json { signed: true, .. }) => "i32",
            _ => "u32",
        }
    }

    /// The byte order in which the other side reads, if it is not the one in which this step writes.
    pub(super) fn misread_as(&self, step: &SendFrames) -> Option<ByteOrder> {
        let order_of = |kind: Kind| match kind {
            Kind::Length { order, .. } | Kind::Json { order, .. } => Some(order),
            _ => None,
        };
        let order = order_of(step.codec.kind)?;
        let other = self.plan.steps.iter().filter(|step| step.endpoint == self.peer());
        let mut orders = other.filter_map(|step| match &step.task {
            Task::ReadFrames(step) => order_of(step.codec.kind),
            _ => None,
        });
        orders.find(|other| *other != order)
    }

    /// Whether some step does this.
    pub(super) fn any(&self, does: impl Fn(&Task) -> bool) -> bool {
        self.steps().any(|(_, task)| does(task))
    }
}

/// Whether a step sends before it reads.
fn speaks_first(task: &Task) -> bool {
    let waits = matches!(
        task,
        Task::Run(
            Program::CommandServer(_)
                | Program::Serve { .. }
                | Program::ReceiveFile(_)
                | Program::ServePuts(_)
                | Program::Respond(_)
        )
    );
    task.sends() && !waits
}

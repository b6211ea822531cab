//! What happened: an append-only list of events, plain data.
//!
//! Everything a face shows is computed from a [`Trace`], so a saved run tells exactly what the live one told. Bytes
//! are stored once, with the message that was sent; everything later refers to spans of the sender's flow. A flow
//! counts the bytes one endpoint has sent, from 0; datagrams are laid end to end in it.

pub mod file;
pub mod hand;
pub mod note;
pub mod packet;
pub mod state;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use note::Note;
use packet::{Handing, Packet, Removal, WireAct};
use state::TcpState;

/// A run: where it was made, what happened, how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Where and of what.
    pub head: Head,
    /// What happened, ordered by [`Event::at`].
    pub events: Vec<Event>,
    /// How it ended.
    pub ending: Ending,
}

/// Where a trace was made and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of the program that made it.
    pub lab: String,
    /// Operating system, for example `Linux 6.18.0`.
    pub system: String,
    /// `tcp`, `udp`, `unix-stream`, `unix-datagram`, `unix-seqpacket` or `pipe`.
    pub transport: String,
    /// `ipv4` or `ipv6`.
    pub family: String,
    /// Names of the endpoints; an [`EndpointId`] is an index into them.
    pub endpoints: Vec<String>,
    /// The file name of the scenario.
    pub file: String,
    /// What joins them: absent over loopback, `wire` over a wire of the lab's own.
    #[serde(default, skip_serializing_if = "Link::is_loopback")]
    pub link: Link,
    /// Why there is no wire although one was wanted: the run is over loopback instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_wire: Option<String>,
    /// The text of the scenario file.
    pub scenario: String,
    /// The value of each knob.
    pub knobs: BTreeMap<String, String>,
    /// A person let each step go: the time between two of them is theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stepped: bool,
}

/// What joins the endpoints of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// Nothing but the kernel itself.
    #[default]
    Loopback,
    /// A wire of the lab's own, between two networks.
    Wire,
}

/// Index into [`Head::endpoints`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub u8);

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Nanoseconds since the run began, on the monotonic clock (clock_gettime(2)).
    pub at: u64,
    /// Where.
    pub endpoint: EndpointId,
    /// How we know.
    pub evidence: Evidence,
    /// What.
    pub what: What,
}

/// How a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The kernel answered.
    Measured,
    /// Arithmetic on measured values.
    Derived,
    /// The scenario set it up so.
    Staged,
}

/// What happened. Lengths and spans are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The socket is connected.
    Opened {
        /// Its address (getsockname(2)); `None` if the system did not tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        local: Option<String>,
        /// The other side's address (getpeername(2)); `None` if the system did not tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<String>,
    },
    /// This endpoint begins a step of the plan: its events belong to this step until it begins the next one.
    Step {
        /// Which, counted from 0 over the steps of all endpoints.
        step: u32,
    },
    /// A socket option was set because the scenario asks for it.
    OptionSet {
        /// For example `TCP_NODELAY`.
        option: String,
        /// The value that was set.
        value: u64,
    },
    /// The program has a message to send: its own unit, whatever number of `send` calls it takes.
    Message {
        /// Number of the message in this run, from 1.
        message: u32,
        /// Where it begins in the sender's flow.
        start: u64,
        /// How many bytes at its front are a length header.
        header: u64,
        /// How many bytes behind that are a JSON header.
        #[serde(skip_serializing_if = "is_none", default)]
        json: u64,
        /// How many bytes at its end are a delimiter.
        #[serde(skip_serializing_if = "is_none", default)]
        delimiter: u64,
        /// The bytes.
        #[serde(flatten)]
        bytes: Excerpt,
    },
    /// A `send` call begins.
    SendCall {
        /// The message it belongs to.
        message: u32,
        /// Bytes handed over.
        asked: u64,
        /// It takes what there is room for and does not wait (MSG_DONTWAIT, send(2)).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        nonblocking: bool,
    },
    /// A `send` call returned.
    Send {
        /// The message it belongs to.
        message: u32,
        /// Bytes handed over.
        asked: u64,
        /// Bytes taken.
        returned: u64,
        /// Where the first of them lies in the sender's flow.
        start: u64,
    },
    /// A `recv` call begins.
    RecvCall {
        /// Room in the buffer.
        asked: u64,
    },
    /// A `recv` call returned.
    Recv {
        /// Room in the buffer.
        asked: u64,
        /// Bytes returned; 0 is the end of the stream, or an empty datagram.
        returned: u64,
        /// Where the first of them lies in the other side's flow.
        start: u64,
        /// Datagrams only: which message it was, found by comparing the bytes.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        message: Option<u32>,
        /// Datagrams only: the datagram's own length; more than `returned` means it was cut (MSG_TRUNC, recv(2)).
        #[serde(skip_serializing_if = "Option::is_none", default)]
        datagram: Option<u64>,
    },
    /// Many calls of one kind in a bulk transfer, told in one: from `since_ns` until now.
    Calls {
        /// Which call.
        call: Call,
        /// How many of them returned.
        calls: u64,
        /// The most bytes that one of them handed over, or had room for.
        largest: u64,
        /// How many of them had to wait.
        blocked: u64,
        /// Bytes that they took, or returned, in all.
        bytes: u64,
        /// Where the first of them lies: in the own flow, or of `recv` in the other side's.
        start: u64,
        /// When the first of them began, in nanoseconds of the run.
        since_ns: u64,
    },
    /// The program does not send the rest of a message: the flow goes on at `end` with whatever comes next.
    Abandoned {
        /// The message.
        message: u32,
        /// The byte after the last one that the kernel took of it.
        end: u64,
    },
    /// The call that began last on this endpoint cannot go on yet (EAGAIN): it waits in the kernel.
    Blocked {
        /// Which call.
        call: Call,
    },
    /// A call failed.
    Failed {
        /// Which call.
        call: Call,
        /// The error number (errno(3)).
        errno: i32,
        /// The system's words for it.
        error: String,
    },
    /// What the kernel says about this endpoint's queues. `null` is "not measured".
    Queues {
        /// What the send queue has not sent (SIOCOUTQNSD). The kernel counts its FIN like a byte, and goes on counting
        /// what a reset has thrown away: which of it are bytes of the program is for the picture to say.
        unsent: Option<u64>,
        /// What the send queue has sent and is not acknowledged (SIOCOUTQ − SIOCOUTQNSD), counted in the same way.
        unacknowledged: Option<u64>,
        /// Bytes in the receive queue (SIOCINQ; for datagrams the sum of those that wait, by MSG_PEEK).
        waiting: Option<u64>,
        /// Datagrams only: how many wait in the receive queue.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        datagrams: Option<u64>,
        /// Datagrams only: how many the kernel has thrown away because the receive queue was full (SO_MEMINFO).
        #[serde(skip_serializing_if = "Option::is_none", default)]
        dropped: Option<u64>,
        /// TCP only: the state of the connection to which these counts belong (TCP_INFO).
        #[serde(skip_serializing_if = "Option::is_none", default)]
        state: Option<TcpState>,
        /// TCP only, once the connection is over: memory that the send queue takes (SO_MEMINFO, SK_MEMINFO_WMEM_QUEUED).
        #[serde(skip_serializing_if = "Option::is_none", default)]
        send_memory: Option<u64>,
    },
    /// Counters of the connection (TCP_INFO, tcp(7)).
    Segments {
        /// Segments sent, ACKs included.
        sent: u64,
        /// Segments received, ACKs included.
        received: u64,
        /// Segments sent that carried data.
        data_sent: u64,
        /// Sending maximum segment size.
        mss: u64,
    },
    /// These bytes of this endpoint's flow left the stack together, or the last of them did (kernel timestamp,
    /// SOF_TIMESTAMPING_TX_SOFTWARE).
    Left {
        /// First byte.
        start: u64,
        /// The byte after the last.
        end: u64,
    },
    /// All bytes of this endpoint's flow up to `end` were acknowledged by now (kernel timestamp,
    /// SOF_TIMESTAMPING_TX_ACK).
    Acknowledged {
        /// First byte that was not acknowledged before.
        start: u64,
        /// The byte after the last.
        end: u64,
    },
    /// From here on departures and acknowledgements are not stamped any more: the flow has become a bulk transfer.
    StampsEnd,
    /// A step waits for something.
    Wait {
        /// For what.
        until: Until,
    },
    /// The step's wait is over.
    Waited {
        /// For what.
        until: Until,
    },
    /// The framing reader has a whole header.
    Header {
        /// The length it announces.
        length: u64,
        /// The JSON header that announces it. The length of that header was announced by the one before.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        json: Option<Excerpt>,
    },
    /// The framing reader delivers a body.
    Frame {
        /// The body, as it was received.
        #[serde(flatten)]
        bytes: Excerpt,
    },
    /// The framing reader gives up.
    FrameFault {
        /// Why.
        #[serde(flatten)]
        fault: FrameFault,
    },
    /// A program has packed values: what it will send, and of each byte whose it is.
    Packed {
        /// What.
        #[serde(flatten)]
        packed: Packed,
    },
    /// A program has read as many bytes as its format takes, and unpacked them.
    Unpacked {
        /// What.
        #[serde(flatten)]
        packed: Packed,
    },
    /// A program gives up in packing or unpacking.
    PackFault {
        /// Why.
        #[serde(flatten)]
        fault: PackFault,
    },
    /// The program has decoded what a `recv` returned, as text.
    Text {
        /// What it makes of it; U+FFFD stands for what it cannot decode.
        text: String,
        /// How many places it could not decode.
        malformed: u64,
    },
    /// TCP_CORK was switched (tcp(7)): while it is on, only full segments leave.
    Corked {
        /// On or off.
        on: bool,
    },
    /// The program says something of itself.
    Note {
        /// What.
        #[serde(flatten)]
        note: Note,
    },
    /// A packet of this endpoint came onto the wire.
    Packet(Box<Packet>),
    /// A packet of the other endpoint is handed to this one's kernel.
    Delivered {
        /// Which.
        packet: u32,
        /// In which way.
        how: Handing,
    },
    /// A packet of this endpoint that was on the wire never arrives.
    Removed {
        /// Which.
        packet: u32,
        /// Why.
        why: Removal,
    },
    /// From here on packets are carried and not recorded: there are too many.
    PacketsEnd,
    /// Something was done to the wire, to the packets that this endpoint sends.
    Wire {
        /// What.
        #[serde(flatten)]
        act: WireAct,
        /// A person did it while the run went on, not the scenario.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool,
    },
    /// This endpoint sends no more (shutdown(2), SHUT_WR): it can still read.
    HalfClosed,
    /// The socket was closed.
    Closed,
}

/// A call that can block or fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Call {
    /// send(2)
    Send,
    /// recv(2)
    Recv,
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// At least so many bytes in the receive queue.
    Queued(u64),
    /// At least so many datagrams in the receive queue.
    DatagramsQueued(u64),
    /// Nothing unacknowledged in the send queue.
    Acknowledged,
    /// At least so many packets of this endpoint held on the wire.
    Held(u64),
}

/// Why the framing reader gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum FrameFault {
    /// The stream ended between two frames, and a further one was to come.
    EndOfStream,
    /// The read ended inside the header.
    ShortHeader {
        /// Bytes of it that were read.
        got: u64,
        /// Bytes that it has; 0 if only its end would tell.
        #[serde(default = "four")]
        of: u64,
    },
    /// The read ended inside the body.
    ShortBody {
        /// Bytes of it that were read.
        got: u64,
        /// Bytes announced.
        of: u64,
    },
    /// The header announces more than the limit.
    OverLimit {
        /// Bytes announced.
        length: u64,
        /// The limit.
        limit: u64,
    },
    /// The stream ended inside a line.
    ShortLine {
        /// Bytes of it that were read.
        got: u64,
    },
    /// The header announces less than nothing.
    Negative {
        /// What it announces.
        length: i64,
    },
    /// Where a digit of the length belongs stands something else.
    NotANumber {
        /// The byte that stands there.
        found: u8,
    },
    /// The length has too many digits.
    TooManyDigits {
        /// Most digits accepted.
        most: u64,
    },
    /// The JSON header is no JSON object.
    BadJson,
    /// The JSON header has no `size`.
    MissingField,
    /// The `size` is no whole number of bytes.
    BadSize,
    /// More bytes came without a newline than a line may have.
    LineTooLong {
        /// The limit.
        limit: u64,
    },
    /// A backslash is followed by neither `n` nor a backslash.
    BadEscape,
    /// The frame was not whole when its deadline came.
    TimedOut {
        /// Bytes of the frame that were read.
        got: u64,
        /// The deadline, in milliseconds since the reader began to read the frame.
        after_ms: u64,
    },
    /// The other side did not say that it is ready for the body.
    NotReady,
}

/// A field that is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Traces of version 1 know headers of this length only.
fn four() -> u64 {
    4
}

/// Bytes of a struct format, and the values in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// The format, as Python's struct writes it.
    pub format: String,
    /// The bytes.
    #[serde(flatten)]
    pub bytes: Excerpt,
    /// Whose they are, in order and without gaps: a format alone does not tell, because alignment depends on the machine.
    pub layout: Vec<PackedPart>,
}

/// Bytes of a struct format that belong to the same value, or to none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedPart {
    /// How many, at least 1.
    pub length: u64,
    /// How the value is written, for example `3s`; absent for padding.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The value, as it is read out of the bytes: a number, a text in quotes, or `0x…`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
}

/// Why a program gave up in packing or unpacking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum PackFault {
    /// A value is not in the range of its code. Nothing was sent.
    OutOfRange {
        /// The format.
        format: String,
        /// Which value, from 1.
        field: u64,
        /// Its code.
        code: String,
        /// The value.
        value: String,
        /// The smallest and the largest that the code holds, for integers.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        range: Option<[String; 2]>,
        /// The smallest code that would hold it, if one does.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        holding: Option<String>,
    },
    /// The stream ended too early.
    ShortBytes {
        /// The format.
        format: String,
        /// Bytes that came.
        got: u64,
        /// Bytes that the format takes.
        of: u64,
    },
}

/// Bytes, or the first and last of them where there are many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// How many there are in all.
    pub len: u64,
    /// The first ones: all of them where `tail` is empty.
    #[serde(with = "as_hex")]
    pub hex: Vec<u8>,
    /// The last ones, if the middle is left out.
    #[serde(with = "as_hex", skip_serializing_if = "Vec::is_empty", default)]
    pub tail: Vec<u8>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub enum Ending {
    /// It has not ended: the trace is being watched while the run goes on. No file says so.
    #[serde(skip)]
    Running,
    /// Every step was done.
    Finished,
    /// An endpoint waits for something that cannot come: nothing is under way and nobody will send.
    Hang {
        /// Who.
        endpoint: String,
        /// In what.
        waiting: Waiting,
    },
    /// Nothing went on for the scenario's deadline.
    Deadline {
        /// Who was waiting.
        endpoint: String,
        /// In what.
        waiting: Waiting,
        /// The deadline, in milliseconds.
        after_ms: u64,
    },
    /// This system cannot measure what a step has to wait for, so the run ended there.
    Unmeasured {
        /// Who would have had to wait.
        endpoint: String,
        /// For what.
        until: Until,
    },
    /// Ctrl-C.
    Interrupted,
    /// A call failed that should not have.
    Broken {
        /// The operation and the side, and the system's words.
        error: String,
    },
}

/// What somebody waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// A blocked call.
    Call(Call),
    /// A step's condition.
    Until(Until),
    /// Its turn.
    Turn,
}

impl Ending {
    /// Whether the lab ended the run because nobody went on any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Hang { .. } | Self::Deadline { .. })
    }
}

impl Link {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_loopback(&self) -> bool {
        *self == Self::Loopback
    }
}

impl Head {
    /// Whether the endpoints are joined by a stream of bytes, in which no message has an end.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self.transport.as_str(), "tcp" | "unix-stream" | "pipe")
    }

    /// Whether they are joined by TCP, which has a send queue and acknowledges.
    #[must_use]
    pub fn is_tcp(&self) -> bool {
        self.transport == "tcp"
    }
}

impl Excerpt {
    /// Messages up to this length are kept whole, unless the flow is a bulk transfer.
    pub const WHOLE: usize = 4096;

    /// Keeps all of `bytes` if they are at most `keep`, else the first and last half of that.
    #[must_use]
    pub fn new(bytes: &[u8], keep: usize) -> Self {
        let len = bytes.len() as u64;
        if bytes.len() <= keep {
            return Self {
                len,
                hex: bytes.to_vec(),
                tail: Vec::new(),
            };
        }
        let edge = (keep / 2).max(1);
        Self {
            len,
            hex: bytes[..edge].to_vec(),
            tail: bytes[bytes.len() - edge..].to_vec(),
        }
    }

    /// The first `len` bytes of it, as far as they are stored.
    #[must_use]
    pub fn cut(&self, len: u64) -> Self {
        let first =
            |bytes: &[u8], most: u64| bytes[..usize::try_from(most).unwrap_or(usize::MAX).min(bytes.len())].to_vec();
        let tail_from = self.len - self.tail.len() as u64;
        Self {
            len: len.min(self.len),
            hex: first(&self.hex, len),
            tail: first(&self.tail, len.saturating_sub(tail_from)),
        }
    }

    /// The stored bytes with the offset of each run inside the whole.
    pub fn runs(&self) -> impl Iterator<Item = (u64, &[u8])> {
        [(0, &self.hex[..]), (self.len - self.tail.len() as u64, &self.tail[..])].into_iter()
    }

    /// The byte at `offset`, if it is stored.
    #[must_use]
    pub fn byte(&self, offset: u64) -> Option<u8> {
        self.runs().find_map(|(start, run)| {
            let index = usize::try_from(offset.checked_sub(start)?).ok()?;
            run.get(index).copied()
        })
    }
}

mod as_hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map_err(serde::de::Error::custom)
    }
}

//! What a key of a scenario file needs of that which joins the endpoints.

use super::Transport;

/// What joins the endpoints must be this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// TCP: it has a send queue, acknowledgements and options of its own.
    Tcp,
    /// UDP: it can drop what was sent.
    Udp,
    /// A loopback address: what leaves is stamped.
    Internet,
    /// A stream of bytes.
    Stream,
    /// Something that keeps messages apart.
    Messages,
    /// A pipe.
    Pipe,
    /// A socket: its ends can be ended one by one.
    Socket,
}

impl Needs {
    /// What an action, a program, a claim, a mark or an option needs, by its name in scenario files; nothing if it is offered over
    /// everything.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Some(match key {
            "nodelay" | "quickack" | "mss" | "until_acked" | "cork" | "held" | "together" | "acked" | "segments"
            | "reset" => Self::Tcp,
            "dropped" => Self::Udp,
            // Over a pipe no answer comes.
            "left" | "command-server" | "command-client" | "replies" => Self::Internet,
            "framing" | "send_frames" | "read_frames" | "frames" | "fails" | "round_trips" | "send_packed"
            | "read_packed" | "values" | "read_text" | "texts" | "malformed" | "header" | "serve" | "ask"
            | "challenge" | "respond" | "send-file" | "receive-file" | "put" | "serve-puts" => Self::Stream,
            "read-both" => Self::Pipe,
            "shut_down" => Self::Socket,
            "lost" => Self::Messages,
            _ => return None,
        })
    }

    /// Whether this transport has it.
    #[must_use]
    pub fn met_by(self, transport: Transport) -> bool {
        match self {
            Self::Tcp => transport == Transport::Tcp,
            Self::Udp => transport == Transport::Udp,
            Self::Internet => transport.is_internet(),
            Self::Stream => transport.is_stream(),
            Self::Messages => !transport.is_stream(),
            Self::Pipe => transport == Transport::Pipe,
            Self::Socket => transport != Transport::Pipe,
        }
    }
}

//! The lab's side of making a wire: starts the helper, lets it do one stage after the other, takes the descriptors.

use std::fs::File;
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::io::retry_on_intr;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use socket2::Socket;

use super::{Ends, MOST_DESCRIPTORS, Order, Stage, WireError, networks};

/// The stages of both ends, as the helper reports them.
const STAGES: [Stage; 13] = [
    Stage::Start,
    Stage::Namespace,
    Stage::Open,
    Stage::Device,
    Stage::Address,
    Stage::Sockets,
    Stage::HandOver,
    Stage::Network,
    Stage::Open,
    Stage::Device,
    Stage::Address,
    Stage::Sockets,
    Stage::HandOver,
];

/// This very file, also after another one has come into its place.
const OWN: &str = "/proc/self/exe";

/// Makes both ends; `at` is told of each stage that is done while the helper waits for the word to go on.
pub fn make(
    order: Order,
    program: Option<&Path>,
    deadline: Duration,
    at: &mut dyn FnMut(Stage, u32),
) -> Result<Ends, WireError> {
    let mut helper = Helper::start(order, program.unwrap_or(Path::new(OWN)), deadline)?;
    let mut ends = Vec::new();
    for stage in STAGES {
        if stage == Stage::HandOver {
            ends.push(helper.take()?);
        } else {
            helper.hear(stage)?;
        }
        at(stage, helper.process.id());
        helper.go_on(stage)?;
    }
    let mut ends = ends.into_iter();
    let (Some(first), Some(second)) = (ends.next(), ends.next()) else {
        return Err(WireError::Gone { stage: Stage::HandOver });
    };
    Ok(Ends {
        devices: [first.0, second.0],
        sockets: [first.1, second.1],
        tail_probes_off: first.2 && second.2,
    })
}

/// The helper, while it works. It is ended and waited for when this is dropped, whatever has happened.
struct Helper {
    process: Child,
    channel: UnixStream,
    until: Instant,
}

impl Helper {
    fn start(order: Order, program: &Path, deadline: Duration) -> Result<Self, WireError> {
        let (channel, its) = UnixStream::pair().map_err(WireError::Start)?;
        let process = Command::new(program)
            .arg(networks::ARGUMENT)
            .args(order.arguments())
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for the lab: it asks for that itself, and the helper goes with it.
            .process_group(0)
            .spawn()
            .map_err(WireError::Start)?;
        Ok(Self {
            process,
            channel,
            until: Instant::now() + deadline,
        })
    }

    /// The next word must be about this stage, and good.
    fn hear(&mut self, stage: Stage) -> Result<(), WireError> {
        self.patient(stage)?;
        let mut word = [0; 5];
        self.channel
            .read_exact(&mut word)
            .map_err(|error| gone(stage, &error))?;
        let [about, errno @ ..] = word;
        if Stage::of(about) != Some(stage) {
            return Err(WireError::Gone { stage });
        }
        match i32::from_ne_bytes(errno) {
            0 => Ok(()),
            errno => Err(WireError::Stage {
                stage,
                source: io::Error::from_raw_os_error(errno),
            }),
        }
    }

    /// Takes a device and sockets, and hears whether tail loss probes are off there.
    fn take(&mut self) -> Result<(File, Vec<Socket>, bool), WireError> {
        let stage = Stage::HandOver;
        self.patient(stage)?;
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut word = [0; 2];
        // With a time limit it is interrupted even by being stopped and going on (signal(7)).
        retry_on_intr(|| {
            recvmsg(
                self.channel.as_fd(),
                &mut [IoSliceMut::new(&mut word)],
                &mut control,
                RecvFlags::CMSG_CLOEXEC,
            )
        })
        .map_err(|error| gone(stage, &error.into()))?;
        let mut descriptors = control.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(rights) => Some(rights),
            _ => None,
        });
        let mut descriptors = descriptors.next().into_iter().flatten();
        let device = descriptors.next().ok_or(WireError::Gone { stage })?;
        let sockets = descriptors.map(Socket::from).collect();
        Ok((File::from(device), sockets, word[1] != 0))
    }

    fn go_on(&mut self, stage: Stage) -> Result<(), WireError> {
        self.channel.write_all(&[0]).map_err(|error| gone(stage, &error))
    }

    /// Waits for the next word no longer than the deadline.
    fn patient(&self, stage: Stage) -> Result<(), WireError> {
        let left = self.until.saturating_duration_since(Instant::now());
        // 0 would be without end.
        let left = left.max(Duration::from_millis(1));
        self.channel
            .set_read_timeout(Some(left))
            .map_err(|source| WireError::Stage { stage, source })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        // It has ended by itself if all went well; if not, nothing of it is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// That nothing came: because it ended, or because it took too long.
fn gone(stage: Stage, error: &io::Error) -> WireError {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => WireError::Stage {
            stage,
            source: io::ErrorKind::TimedOut.into(),
        },
        _ => WireError::Gone { stage },
    }
}

//! How much of an announced body has come: the header says of how much, the reads behind it say how much. Of calls that
//! are folded the program's own note of its progress is told before they are: what it says is no less true of the gauge.

use super::Story;
use super::beats::BeatKind;
use super::lanes::told;
use crate::scenario::plan::Task;
use crate::trace::{Call, EndpointId, Note, What};

/// How far an endpoint is in receiving a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// So many have come.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// The file that an endpoint receives, or has received last, when a playhead stands behind so many beats.
#[must_use]
pub fn transfer(story: &Story, endpoint: EndpointId, position: usize) -> Option<Transfer> {
    let (mut done, mut noted) = (0, 0);
    for beat in told(&story.lane(endpoint).program, position).iter().rev() {
        let beat = &story.beats[*beat];
        match beat.what {
            BeatKind::Recv { read: Some(read), .. } | BeatKind::RecvReturned { read, .. } => {
                done += story.reads.get(read).map_or(0, |read| read.returned);
            }
            BeatKind::Calls {
                call: Call::Recv,
                start,
                end,
            } => done += end - start,
            BeatKind::Note => {
                if let What::Note {
                    note: Note::Progress { done, .. },
                } = &story.trace.events[beat.event].what
                {
                    noted = noted.max(*done);
                }
            }
            BeatKind::Header { length } if is_of_a_file(story, beat.event, beat.step) => {
                // What comes behind a file is another one's header.
                let done = done.max(noted).min(length);
                return Some(Transfer { done, of: length });
            }
            _ => {}
        }
    }
    None
}

/// The reads, as indices into the story's, all of whose bytes are of a file that a header has announced.
#[must_use]
pub fn reads_of_files(story: &Story) -> Vec<usize> {
    let mut found = Vec::new();
    for lane in &story.lanes {
        let mut left = 0;
        for beat in &lane.program {
            let beat = &story.beats[*beat];
            match beat.what {
                BeatKind::Recv { read: Some(read), .. } | BeatKind::RecvReturned { read, .. } => {
                    let returned = story.reads.get(read).map_or(0, |read| read.returned);
                    if (1..=left).contains(&returned) {
                        found.push(read);
                    }
                    left = left.saturating_sub(returned);
                }
                BeatKind::Calls {
                    call: Call::Recv,
                    start,
                    end,
                } => left = left.saturating_sub(end - start),
                BeatKind::Header { length } => {
                    left = if is_of_a_file(story, beat.event, beat.step) {
                        length
                    } else {
                        0
                    };
                }
                _ => {}
            }
        }
    }
    found
}

fn is_of_a_file(story: &Story, event: usize, step: Option<u32>) -> bool {
    let step = step.and_then(|step| story.plan.steps.get(step as usize));
    let receives = step.is_some_and(|step| matches!(&step.task, Task::Run(program) if program.reads_json()));
    let announces = |what: &What| matches!(what, What::Header { json: Some(_), .. });
    receives
        && story
            .trace
            .events
            .get(event)
            .is_some_and(|event| announces(&event.what))
}

impl Transfer {
    /// How many of so many cells are full. All of them only when everything has come.
    #[must_use]
    pub fn cells(self, of: usize) -> usize {
        if self.done >= self.of {
            return of;
        }
        let full = u128::from(self.done) * of as u128 / u128::from(self.of);
        usize::try_from(full).unwrap_or(of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_is_full_when_everything_has_come_and_not_before() {
        let cells = |done, of| Transfer { done, of }.cells(10);
        assert_eq!(
            [cells(0, 0), cells(0, 9), cells(1, 2), cells(99, 100), cells(100, 100)],
            [10, 0, 5, 9, 10]
        );
        assert_eq!(cells(u64::MAX - 1, u64::MAX), 9);
    }
}

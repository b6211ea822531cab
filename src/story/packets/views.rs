//! What each end of a connection has sent, and what it knows of the other one. A packet that was lost, or is held, has
//! told nobody anything: so what a packet means is asked of the view that its name is about. A repetition repeats what was
//! sent, whether it arrived or not; a probe asks because of what its sender has heard; an update, or a duplicate, is
//! one against what the other end was told.

use std::collections::BTreeMap;

use super::PacketKind;
use crate::trace::packet::{Flag, Packet, Segment};

/// One end.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// The sequence number behind everything it has sent.
    end: u64,
    /// Which packet first carried what begins here, and where that ends. They do not overlap.
    carried: BTreeMap<u64, (u64, u32)>,
    /// What the other end was told, or will be without anybody's doing: what was lost or is held is not in it.
    told: Option<Word>,
    /// How often in a row it was told the same.
    same: u32,
    /// What has reached this end of what the other one says.
    heard: Option<Word>,
}

/// If a packet repeats more packets than these, what repeats the same again is said to repeat this one.
const MOST_KEPT_APART: usize = 16;

/// An acknowledgement, a window, and the sequence number of the segment that said so.
#[derive(Debug, Clone, Copy)]
struct Word {
    acknowledges: u64,
    window: u64,
    sequence: u64,
}

impl Word {
    fn of(segment: &Segment) -> Option<Self> {
        if segment.has(Flag::Rst) {
            return None;
        }
        Some(Self {
            acknowledges: segment.acknowledges?,
            window: segment.window,
            sequence: segment.sequence,
        })
    }

    /// Whether it is news for who knows the other: what is older does not count (RFC 9293, section 3.10.7.4, SND.WL1).
    fn is_news(&self, known: &Self) -> bool {
        let acknowledges = self.acknowledges.cmp(&known.acknowledges);
        acknowledges.then(self.sequence.cmp(&known.sequence)).is_ge()
    }
}

fn hear(known: &mut Option<Word>, segment: &Segment) {
    if let Some(word) = Word::of(segment).filter(|word| known.as_ref().is_none_or(|known| word.is_news(known))) {
        *known = Some(word);
    }
}

impl View {
    /// A packet of the other end has reached this one.
    pub(super) fn hears(&mut self, segment: &Segment) {
        hear(&mut self.heard, segment);
    }

    /// A packet of this end reaches the other one, now or without anybody's doing.
    pub(super) fn tells(&mut self, segment: &Segment) {
        let Some(word) = Word::of(segment) else { return };
        if self.told.is_some_and(|told| told.acknowledges != word.acknowledges) {
            self.same = 0;
        }
        hear(&mut self.told, segment);
    }

    /// The packets that first carried bytes, or SYN or FIN, that a packet of this end carries again.
    pub(super) fn repeats(&mut self, packet: &Packet, segment: &Segment) -> Vec<u32> {
        let (from, to) = (
            segment.sequence,
            segment.sequence.saturating_add(takes_up(packet, segment)),
        );
        if from == to {
            return Vec::new();
        }
        let before = self.carried.range(..to).rev();
        let overlapping = before.take_while(|(_, (end, _))| *end > from);
        let mut spans: Vec<(u64, u64, u32)> = overlapping
            .map(|(start, (end, number))| (*start, *end, *number))
            .collect();
        spans.reverse();
        self.end = self.end.max(to);
        let mut repeats: Vec<u32> = spans.iter().map(|(.., number)| *number).collect();
        repeats.dedup();
        if spans.len() > MOST_KEPT_APART {
            self.join(&spans, (from, to), packet.packet);
            return repeats;
        }
        let mut reached = from;
        for (start, end, _) in &spans {
            if reached < *start {
                self.carried.insert(reached, (*start, packet.packet));
            }
            reached = *end;
        }
        if reached < to {
            self.carried.insert(reached, (to, packet.packet));
        }
        repeats
    }

    /// From now on all of `from` to `to` is this packet's, so that whatever repeats it again is not compared with many.
    fn join(&mut self, spans: &[(u64, u64, u32)], (from, to): (u64, u64), number: u32) {
        for (start, end, before) in spans {
            self.carried.remove(start);
            if *start < from {
                self.carried.insert(*start, (from, *before));
            }
            if *end > to {
                self.carried.insert(to, (*end, *before));
            }
        }
        self.carried.insert(from, (to, number));
    }

    /// Whether a packet of this end asks for room that it does not know of: a probe, which lies before what the other end
    /// has, so that it cannot but answer (RFC 9293, section 3.8.6.1).
    pub(super) fn probes(&self, segment: &Segment) -> bool {
        self.heard
            .is_some_and(|heard| heard.window == 0 && segment.sequence < heard.acknowledges)
    }

    /// Whether a packet of this end fills the window that it knows of: behind it nothing may be sent.
    pub(super) fn fills(&self, packet: &Packet, segment: &Segment) -> bool {
        let ends = segment.sequence.saturating_add(packet.payload);
        let full = |heard: Word| heard.acknowledges.saturating_add(heard.window) <= ends;
        packet.payload > 0 && !segment.has(Flag::Syn) && self.heard.is_some_and(full)
    }

    /// What an acknowledgement alone means against what the other end was told before, of which this much was sent.
    pub(super) fn says_again(&mut self, segment: &Segment, peer: u64) -> Option<PacketKind> {
        let (now, before) = (Word::of(segment)?, self.told?);
        if now.acknowledges != before.acknowledges {
            return None;
        }
        let blocks = Blocks::of(segment);
        // With blocks that acknowledge it is one whatever its window (RFC 6675, section 2); one that tells of bytes that
        // came twice says nothing of a hole.
        let alike = now.window == before.window && !blocks.twice || blocks.acknowledges();
        if alike && now.acknowledges < peer && now.window > 0 {
            return Some(PacketKind::DuplicateAck(self.same + 1));
        }
        (now.window > before.window).then_some(PacketKind::WindowUpdate {
            opens: before.window == 0,
        })
    }

    /// A duplicate has been told.
    pub(super) fn told_again(&mut self, again: bool) {
        self.same = if again { self.same + 1 } else { 0 };
    }

    /// The sequence number behind everything it has sent.
    pub(super) fn end(&self) -> u64 {
        self.end
    }
}

/// What the SACK blocks of a segment are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks {
    /// The first tells of bytes that came twice (RFC 2883, section 4): they are acknowledged, or stand in the second one.
    pub(super) twice: bool,
    count: usize,
}

impl Blocks {
    pub(super) fn of(segment: &Segment) -> Self {
        let inside = |[from, to]: [u64; 2]| {
            let second = segment.sack.get(1);
            second.is_some_and(|[first, last]| *first <= from && to <= *last)
        };
        let is_known = |block: [u64; 2]| segment.acknowledges.is_some_and(|number| block[1] <= number) || inside(block);
        Self {
            twice: segment.sack.first().copied().is_some_and(is_known),
            count: segment.sack.len(),
        }
    }

    /// Whether one of them acknowledges selectively (RFC 2018).
    pub(super) fn acknowledges(&self) -> bool {
        self.count > usize::from(self.twice)
    }
}

/// Sequence numbers that a packet takes up.
pub(super) fn takes_up(packet: &Packet, segment: &Segment) -> u64 {
    let flags = [Flag::Syn, Flag::Fin].map(|flag| u64::from(segment.has(flag)));
    packet.payload.saturating_add(flags[0] + flags[1])
}

//! Types whose values have names in files.

use super::{Encoding, Family, Group, SendMode, TextDecoder, Transport};

/// A type whose values have names in scenario files, so that a choice knob can pick one.
pub trait Named: Copy + 'static {
    /// Every name with its value.
    const NAMES: &'static [(&'static str, Self)];

    /// The value's name.
    #[must_use]
    fn name(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::NAMES
            .iter()
            .find(|(_, value)| *value == self)
            .map_or("?", |(name, _)| name)
    }
}

impl Named for Group {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("boundaries", Self::Boundaries),
        ("framing", Self::Framing),
        ("programs", Self::Programs),
        ("wire", Self::Wire),
    ];
}

impl Named for Transport {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("tcp", Self::Tcp),
        ("udp", Self::Udp),
        ("unix-stream", Self::UnixStream),
        ("unix-datagram", Self::UnixDatagram),
        ("unix-seqpacket", Self::UnixSeqpacket),
        ("pipe", Self::Pipe),
    ];
}

impl Named for SendMode {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("blocking", Self::Blocking),
        ("forget", Self::Forget),
        ("retry", Self::Retry),
        ("loop", Self::Loop),
    ];
}

impl Named for Encoding {
    const NAMES: &'static [(&'static str, Self)] = &[("utf-8", Self::Utf8), ("gbk", Self::Gbk)];
}

impl Named for TextDecoder {
    const NAMES: &'static [(&'static str, Self)] = &[("each-read", Self::EachRead), ("incremental", Self::Incremental)];
}

impl Named for Family {
    const NAMES: &'static [(&'static str, Self)] = &[("ipv4", Self::Ipv4), ("ipv6", Self::Ipv6)];
}

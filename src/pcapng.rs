//! Writes pcapng files, which Wireshark and tshark read: a section header, the interfaces, and packets with their time and
//! a comment. No socket, no clock. The format is that of draft-ietf-opsawg-pcapng; the numbers of sections below are its.
//!
//! Blocks are padded to 4 bytes and carry their length in front and behind; all numbers are little-endian.

#[cfg(test)]
mod tests;

use std::io::{self, Write};

/// Writes one section.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    interfaces: u32,
}

/// An interface of a section, as [`Writer::interface`] has numbered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interface(u32);

/// A packet that was sent at an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outbound<'a> {
    /// At which.
    pub interface: Interface,
    /// When, in nanoseconds since 1970-01-01 00:00 UTC.
    pub at: u64,
    /// The whole packet, from its IP header on.
    pub bytes: &'a [u8],
    /// What is to be said of it; may have several lines.
    pub comment: Option<&'a str>,
}

impl<W: Write> Writer<W> {
    /// Begins a section that `application` has written.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn begin(out: W, application: &str, comment: &str) -> io::Result<Self> {
        let mut writer = Self { out, interfaces: 0 };
        let mut body = Vec::new();
        body.extend(BYTE_ORDER.to_le_bytes());
        // Version 1.0; the length of the section is not known.
        body.extend([1_u16.to_le_bytes(), 0_u16.to_le_bytes()].concat());
        body.extend((-1_i64).to_le_bytes());
        option(&mut body, OPT_COMMENT, comment.as_bytes());
        option(&mut body, SHB_USERAPPL, application.as_bytes());
        end_of_options(&mut body);
        writer.block(SECTION_HEADER, &body)?;
        Ok(writer)
    }

    /// Describes an interface whose packets begin with their IP header, and whose clock counts nanoseconds.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn interface(&mut self, name: &str, description: &str) -> io::Result<Interface> {
        let mut body = Vec::new();
        body.extend(LINKTYPE_RAW.to_le_bytes());
        // Reserved; and packets are kept whole.
        body.extend([0; 2]);
        body.extend(0_u32.to_le_bytes());
        option(&mut body, IF_NAME, name.as_bytes());
        option(&mut body, IF_DESCRIPTION, description.as_bytes());
        option(&mut body, IF_TSRESOL, &[NANOSECONDS]);
        end_of_options(&mut body);
        self.block(INTERFACE, &body)?;
        self.interfaces += 1;
        Ok(Interface(self.interfaces - 1))
    }

    /// Writes a packet.
    ///
    /// # Errors
    /// If it cannot be written, or is longer than 4 GiB.
    pub fn packet(&mut self, packet: &Outbound<'_>) -> io::Result<()> {
        let length = u32::try_from(packet.bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut body = Vec::with_capacity(packet.bytes.len() + 128);
        body.extend(packet.interface.0.to_le_bytes());
        // The upper half of the time first, whatever the byte order.
        let at = packet.at.to_le_bytes();
        body.extend([&at[4..], &at[..4]].concat());
        body.extend([length.to_le_bytes(); 2].concat());
        body.extend(packet.bytes);
        pad(&mut body);
        if let Some(comment) = packet.comment {
            option(&mut body, OPT_COMMENT, comment.as_bytes());
        }
        option(&mut body, EPB_FLAGS, &OUTBOUND.to_le_bytes());
        end_of_options(&mut body);
        self.block(ENHANCED_PACKET, &body)
    }

    /// Gives back what was written to.
    ///
    /// # Errors
    /// If the last of it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn block(&mut self, kind: u32, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 12).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.out.write_all(&kind.to_le_bytes())?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(body)?;
        self.out.write_all(&length.to_le_bytes())
    }
}

/// Whether a file that begins with these bytes is a pcapng file, of either byte order.
#[must_use]
pub fn is_pcapng(start: &[u8]) -> bool {
    let magic = start.get(8..12);
    start.starts_with(&SECTION_HEADER.to_le_bytes())
        && (magic == Some(&BYTE_ORDER.to_le_bytes()) || magic == Some(&BYTE_ORDER.to_be_bytes()))
}

/// Section 3.5.
fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = fitting(value);
    body.extend(code.to_le_bytes());
    // It fits.
    body.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    body.extend(value);
    pad(body);
}

/// As much of it as an option can hold, cut before a character and not inside.
fn fitting(value: &[u8]) -> &[u8] {
    let most = usize::from(u16::MAX);
    if value.len() <= most {
        return value;
    }
    let is_start = |at: &usize| value[*at] & 0xC0 != 0x80;
    let end = (0..=most).rev().find(is_start).unwrap_or(0);
    &value[..end]
}

fn end_of_options(body: &mut Vec<u8>) {
    body.extend([0; 4]);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

/// Section 4.1.
const SECTION_HEADER: u32 = 0x0A0D_0D0A;
const BYTE_ORDER: u32 = 0x1A2B_3C4D;
const SHB_USERAPPL: u16 = 4;
/// Section 4.2.
const INTERFACE: u32 = 1;
const IF_NAME: u16 = 2;
const IF_DESCRIPTION: u16 = 3;
const IF_TSRESOL: u16 = 9;
/// 10⁻⁹ seconds.
const NANOSECONDS: u8 = 9;
/// Section 4.3.
const ENHANCED_PACKET: u32 = 6;
const EPB_FLAGS: u16 = 2;
/// Section 4.3.1: bits 0 and 1 are the direction.
const OUTBOUND: u32 = 2;
/// Section 3.5.1.
const OPT_COMMENT: u16 = 1;
/// Raw IP, of version 4 or 6 as its first byte says (www.tcpdump.org/linktypes.html).
const LINKTYPE_RAW: u16 = 101;

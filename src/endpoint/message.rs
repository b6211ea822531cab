//! What a program sends, seen as the program sees it.

/// What a program has to send, as one unit of its own, in one `send` call or more.
#[derive(Debug)]
pub struct Message<'b> {
    pub(super) bytes: &'b [u8],
    /// How many bytes at its front are a length header, how many behind that a JSON header, and how many at its end a
    /// delimiter.
    pub(super) parts: Parts,
    /// Its number in the run and its place in the flow, from its first `send` on.
    pub(super) placed: Option<(u32, u64)>,
    /// How many of its bytes the kernel has taken.
    pub(super) handed: usize,
}

/// What of a message is not its body, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts {
    /// A length header at its front.
    pub header: usize,
    /// A JSON header behind that.
    pub json: usize,
    /// A delimiter at its end.
    pub delimiter: usize,
}

impl<'b> Message<'b> {
    /// A message whose first `header` bytes are a length header.
    #[must_use]
    pub fn new(bytes: &'b [u8], header: usize) -> Self {
        let parts = Parts {
            header,
            ..Parts::default()
        };
        Self::framed(bytes, parts)
    }

    /// A message of which some bytes are not its body.
    #[must_use]
    pub fn framed(bytes: &'b [u8], parts: Parts) -> Self {
        Self {
            bytes,
            parts,
            placed: None,
            handed: 0,
        }
    }

    /// Whether the kernel has taken all of it.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        self.handed == self.bytes.len()
    }
}

//! What a program sends, seen as the program sees it.

/// What a program has to send, as one unit of its own, in one `send` call or more.
#[derive(Debug)]
pub struct Message<'b> {
    pub(super) bytes: &'b [u8],
    /// How many bytes at its front are a length header.
    pub(super) header: usize,
    /// Its number in the run and its place in the flow, from its first `send` on.
    pub(super) placed: Option<(u32, u64)>,
    /// How many of its bytes the kernel has taken.
    pub(super) handed: usize,
}

impl<'b> Message<'b> {
    /// A message whose first `header` bytes are a length header.
    #[must_use]
    pub fn new(bytes: &'b [u8], header: usize) -> Self {
        Self {
            bytes,
            header,
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

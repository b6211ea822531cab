//! The characters that text is drawn with, besides letters. Some terminals give the line and arrow characters two
//! cells, so there is a set of plain ASCII.

/// A set of drawing characters, each one cell wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Between a call and its result.
    pub arrow: &'static str,
    /// Between things on one line.
    pub dot: &'static str,
    /// Where something is left out.
    pub ellipsis: &'static str,
    /// Where a message begins, under its bytes.
    pub left: char,
    /// Where it ends.
    pub right: char,
    /// In between.
    pub dash: char,
    /// Where it goes on outside of what is shown.
    pub cut: char,
    /// Between the unsent part of a queue and the rest.
    pub bar: &'static str,
    /// Under a byte that belongs to nobody: padding.
    pub padding: char,
    /// A byte that is no printable character.
    pub unprintable: char,
    /// A rule between sections.
    pub rule: char,
    /// The head of an arrow to the right, and to the left.
    pub heads: [&'static str; 2],
    /// Where an arrow to the right stops, and one to the left.
    pub stops: [&'static str; 2],
    /// Where something is lost.
    pub lost: &'static str,
    /// A moment on a line of time.
    pub mark: &'static str,
}

/// Box-drawing characters.
pub const UNICODE: Glyphs = Glyphs {
    arrow: "→",
    dot: "·",
    ellipsis: "…",
    left: '└',
    right: '┘',
    dash: '─',
    cut: '╌',
    bar: "│",
    padding: '░',
    unprintable: '·',
    rule: '─',
    heads: ["▶", "◀"],
    stops: ["┤", "├"],
    lost: "✗",
    mark: "●",
};

/// Words in place of drawings, in English: for a voice that reads them aloud.
pub const SPOKEN_EN: Glyphs = Glyphs {
    arrow: "returns",
    dot: ",",
    ellipsis: "…",
    left: ' ',
    right: ' ',
    dash: ' ',
    cut: ' ',
    bar: ";",
    padding: ' ',
    unprintable: ' ',
    rule: ' ',
    heads: ["", ""],
    stops: ["", ""],
    lost: "",
    mark: "",
};

/// The same in Chinese.
pub const SPOKEN_ZH: Glyphs = Glyphs {
    arrow: "返回",
    dot: "，",
    bar: "；",
    ..SPOKEN_EN
};

/// ASCII only.
pub const ASCII: Glyphs = Glyphs {
    arrow: "->",
    dot: "-",
    ellipsis: "...",
    left: '\\',
    right: '/',
    dash: '_',
    cut: '~',
    bar: "|",
    padding: '#',
    unprintable: '.',
    rule: '-',
    heads: [">", "<"],
    stops: ["|", "|"],
    lost: "X",
    mark: "*",
};

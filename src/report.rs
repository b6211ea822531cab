//! The faces that write: a run told as text, or as JSON lines.
//!
//! A face gets a [`Story`](crate::story::Story) and nothing else, so a saved run is told exactly as the live one was.

pub mod beat;
pub mod comment;
pub mod fields;
pub mod glyphs;
pub mod hexdump;
pub mod journey;
pub mod json;
pub mod labels;
pub mod ladder;
pub mod line;
pub mod payload;
pub mod queues;
pub mod staged;
pub mod text;

use crate::words::Lang;
use glyphs::Glyphs;

/// How a text is to look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// In which language.
    pub lang: Lang,
    /// Drawn with which characters.
    pub glyphs: Glyphs,
    /// Widest line, in terminal cells.
    pub width: usize,
}

impl Look {
    /// Narrowest width that is laid out for; a narrower terminal gets this all the same.
    pub const NARROWEST: usize = 40;
    /// Lines do not get longer than this, however wide the terminal is: the eye would lose them.
    pub const WIDEST: usize = 110;

    /// A look for a voice that reads the text aloud: nothing is drawn, nothing stands in columns, and no line is broken.
    #[must_use]
    pub fn spoken(lang: Lang) -> Self {
        let glyphs = match lang {
            Lang::En => glyphs::SPOKEN_EN,
            Lang::Zh => glyphs::SPOKEN_ZH,
        };
        // Longer than any line, and far from where numbers end.
        let width = 1 << 20;
        Self { lang, glyphs, width }
    }

    /// Whether it is for a voice.
    #[must_use]
    pub fn is_spoken(&self) -> bool {
        [glyphs::SPOKEN_EN, glyphs::SPOKEN_ZH].contains(&self.glyphs)
    }

    /// A look for a terminal of this width.
    #[must_use]
    pub fn new(lang: Lang, ascii: bool, width: usize) -> Self {
        let glyphs = if ascii { glyphs::ASCII } else { glyphs::UNICODE };
        Self {
            lang,
            glyphs,
            width: width.clamp(Self::NARROWEST, Self::WIDEST),
        }
    }
}

//! What lies where on the screen, for the mouse. Drawing notes it, a click looks it up.

use super::keys::Action;
use crate::trace::EndpointId;

/// What was drawn where, in the order of drawing: what lies on top comes last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    drawn: Vec<(Area, Target)>,
    /// How far the text that lies over the screen can be scrolled, in lines.
    pub scrolled: usize,
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Area {
    /// Leftmost column.
    pub x: u16,
    /// Topmost row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Something that can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A byte of a flow, in the first run or in the one it is compared with.
    Byte {
        /// The flow's sender.
        flow: EndpointId,
        /// Its place in the flow.
        offset: u64,
        /// It belongs to the run it is compared with.
        other: bool,
    },
    /// The time strip.
    Strip,
    /// A row of the picker: an index into what is visible.
    Entry(usize),
    /// An option of the question.
    Answer(usize),
    /// A knob.
    Knob(usize),
    /// A variant to compare with.
    Variant(usize),
    /// A connection.
    Connection(usize),
    /// A beat, by position.
    Beat(usize),
    /// A key in the footer.
    Key(Action),
    /// Covered by a popup: nothing below it is meant.
    Nothing,
}

impl Area {
    /// Whether a cell lies in it.
    #[must_use]
    pub fn contains(self, column: u16, row: u16) -> bool {
        let inside = |at: u16, from: u16, size: u16| at >= from && at - from < size;
        inside(column, self.x, self.width) && inside(row, self.y, self.height)
    }
}

impl Hits {
    /// Notes what lies where.
    pub fn add(&mut self, area: Area, target: Target) {
        self.drawn.push((area, target));
    }

    /// What lies at a cell, and the area it takes.
    #[must_use]
    pub fn at(&self, column: u16, row: u16) -> Option<(Area, Target)> {
        self.drawn
            .iter()
            .rev()
            .find(|(area, _)| area.contains(column, row))
            .copied()
    }

    /// Where a target was drawn.
    #[must_use]
    pub fn area_of(&self, target: Target) -> Option<Area> {
        self.drawn
            .iter()
            .rev()
            .find(|(_, other)| *other == target)
            .map(|(area, _)| *area)
    }

    /// Everything that can be clicked.
    pub fn iter(&self) -> impl Iterator<Item = &(Area, Target)> {
        self.drawn.iter()
    }
}

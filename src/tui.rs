//! The face that draws.

pub mod app;
pub mod draw;
pub mod hits;
pub mod input;
pub mod keys;
pub mod theme;

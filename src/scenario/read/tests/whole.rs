//! Whole messages as a person sees them.

use super::*;

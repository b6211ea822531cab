//! Scenario problems.

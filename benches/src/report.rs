//! What is reported: chapters of text, tables, charts and the goals that they are judged by.

mod chart;
mod markdown;
mod preface;

use serde::{Deserialize, Serialize};

pub use chart::Chart;
pub use markdown::{goals, rendered, write};
pub use preface::preface;

/// What one part of the benchmarks has found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Chapter {
    /// Its name, as in a heading.
    pub title: String,
    /// What was measured, and how to read it.
    pub text: String,
    /// The figures.
    pub tables: Vec<Table>,
    /// The figures as pictures.
    pub charts: Vec<Chart>,
    /// What was to be reached, and what was.
    pub goals: Vec<Goal>,
    /// What was left out, and why.
    pub skipped: Vec<String>,
}

/// A table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Table {
    /// Above it.
    pub caption: String,
    /// The names of the columns; the first is to the left, all others to the right.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A ratio that is to be reached.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Goal {
    /// What is measured.
    pub what: String,
    /// What it is to be.
    pub bound: Bound,
    /// What it is.
    pub measured: f64,
    /// The unit of both; empty for a ratio.
    pub unit: String,
    /// What else there is to say; for a goal that is missed, whose the limit is.
    pub note: String,
}

/// What a figure is to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// No more than.
    AtMost(f64),
    /// No less than.
    AtLeast(f64),
}

impl Goal {
    /// Whether it is reached.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(bound) => self.measured <= bound,
            Bound::AtLeast(bound) => self.measured >= bound,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bound::AtMost(bound) => write!(f, "≤ {bound}"),
            Bound::AtLeast(bound) => write!(f, "≥ {bound}"),
        }
    }
}

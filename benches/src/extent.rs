//! How much is measured.

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Enough for figures that stand still on a quiet machine.
    Whole,
    /// Only to see that everything runs.
    Smoke,
}

impl Extent {
    /// One quantity in both extents.
    #[must_use]
    pub fn pick<T>(self, whole: T, smoke: T) -> T {
        match self {
            Extent::Whole => whole,
            Extent::Smoke => smoke,
        }
    }
}

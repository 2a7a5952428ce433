//! Conditions that name several values at once.

use std::ops::{Bound, RangeBounds};

use super::{ComparableWith, Field, Ordered, Path, ReadablePath};
use crate::filter::{Comparison, Filter};

impl<R, V, P: Path> Field<R, V, P> {
    /// Matches documents in which the field is in a range, `1..5` or `1..=5`. A range without end is
    /// one without a condition on that side.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// let middling: Filter<Order> = Order::fields().amount.between(100..=500);
    /// ```
    pub fn between<X: ComparableWith<V> + Clone>(&self, range: impl RangeBounds<X>) -> Filter<R>
    where
        V: Ordered,
        P: ReadablePath,
    {
        let bound = |bound: Bound<&X>, included, excluded| match bound {
            Bound::Included(value) => Some(self.compare(included, value.clone())),
            Bound::Excluded(value) => Some(self.compare(excluded, value.clone())),
            Bound::Unbounded => None,
        };
        let least = bound(range.start_bound(), Comparison::Gte, Comparison::Gt);
        let most = bound(range.end_bound(), Comparison::Lte, Comparison::Lt);
        Filter::every(least.into_iter().chain(most))
    }

    /// Matches documents in which the field equals none of `values`, or is missing: those that
    /// [`is_in`](Field::is_in) does not match.
    pub fn not_in(&self, values: impl IntoIterator<Item: ComparableWith<V>>) -> Filter<R>
    where
        P: ReadablePath,
    {
        !self.is_in(values)
    }
}

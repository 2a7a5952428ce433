//! Conditions on what is in a list.

use serde::Serialize;

use super::{Addressable, ComparableWith, Field, Keyed, List, NestedList, Path, ReadablePath};
use crate::document::Nested;
use crate::filter::Filter;
use crate::value::encode;

impl<R, V, P: Path> Field<R, V, P> {
    /// Matches documents in which the list has an element that equals `value`.
    pub fn contains<X>(&self, value: X) -> Filter<R>
    where
        V: List<Item: Serialize>,
        X: ComparableWith<V::Item>,
        P: ReadablePath + Addressable,
    {
        let item = encode(&value.into_field_value());
        self.at_path(|path| Filter::containing(path, item))
    }

    /// Matches documents in which the list has an element equal to each of `values`, in any order.
    /// Where there are none, every document matches.
    pub fn contains_all(
        &self,
        values: impl IntoIterator<Item: ComparableWith<V::Item>>,
    ) -> Filter<R>
    where
        V: List<Item: Serialize>,
        P: ReadablePath + Addressable,
    {
        Filter::every(values.into_iter().map(|value| self.contains(value)))
    }

    /// Matches documents in which the list has an element equal to one of `values`. Where there are
    /// none, no document matches.
    pub fn contains_any(
        &self,
        values: impl IntoIterator<Item: ComparableWith<V::Item>>,
    ) -> Filter<R>
    where
        V: List<Item: Serialize>,
        P: ReadablePath + Addressable,
    {
        let items = values
            .into_iter()
            .map(|value| encode(&value.into_field_value()));
        self.at_path(|path| Filter::containing_any(path, items))
    }

    /// Matches documents in which the list has this many elements.
    pub fn has_size<I>(&self, size: usize) -> Filter<R>
    where
        V: List<Item = I>,
        P: ReadablePath + Addressable,
    {
        self.at_path(|path| Filter::size(path, size))
    }

    /// Matches documents in which one element of the list meets the condition, all of it.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "series")]
    /// # struct Series { points: Vec<i64> }
    /// let series: Filter<Series> = Series::fields()
    ///     .points
    ///     .elem_match(|point| point.gt(10).and(point.lt(20)));
    /// ```
    ///
    /// MongoDB cannot combine every two conditions on one element: two of a kind, such as `gt` and
    /// `gt`, fail with [`Error::InvalidFilter`](crate::Error::InvalidFilter).
    pub fn elem_match<I>(
        &self,
        condition: impl FnOnce(Field<I, I, Keyed>) -> Filter<I>,
    ) -> Filter<R>
    where
        V: List<Item = I>,
        I: Serialize,
        P: ReadablePath + Addressable,
    {
        let element = condition(Field::element()).into_node();
        self.at_path(|path| Filter::element(path, element))
    }
}

impl<R, V, T: Nested + Serialize, P: Path> NestedList<R, V, T, P> {
    /// Matches documents in which one element of the list meets the condition, all of it.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, Serialize, Deserialize, Nested)]
    /// # struct Line { sku: String, count: u32 }
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { #[monguard(nested)] lines: Vec<Line> }
    /// let bulk: Filter<Order> = Order::fields()
    ///     .lines
    ///     .elem_match(|line| line.sku.eq("A-1").and(line.count.gte(10)));
    /// ```
    pub fn elem_match(
        &self,
        condition: impl FnOnce(T::Fields<T, T, Keyed>) -> Filter<T>,
    ) -> Filter<R>
    where
        V: List,
        P: ReadablePath + Addressable,
    {
        let element = condition(T::fields(Keyed::here(), encode::<T>)).into_node();
        self.at_path(|path| Filter::element(path, element))
    }
}

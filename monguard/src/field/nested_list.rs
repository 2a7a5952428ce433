use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::Serialize;

use super::Positional;
use super::inside::first_match;
use super::{Addressable, Encode, Field, FieldOf, Fixed, Indexed, Keyed, Path, Settable, Step};
use crate::document::Nested;
use crate::filter::Filter;
use crate::value::encode;

/// The handle of a list of nested structs: that of the list as a whole, by which the handles of its
/// elements are reached. `T` is the type of an element; the other parameters are those of [`Field`].
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Clone, Debug, Serialize, Deserialize, Nested)]
/// struct Line {
///     sku: String,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     #[monguard(nested)]
///     lines: Vec<Line>,
/// }
///
/// let filter: Filter<Order> = Order::fields().lines.index(0).sku.eq("A-1");
/// ```
pub struct NestedList<R, V, T, P = Fixed> {
    whole: Field<R, V, P>,
    item: PhantomData<fn() -> T>,
}

impl<R, V, T, P> NestedList<R, V, T, P> {
    pub(crate) fn new(path: P, encode: Encode<V>) -> Self {
        NestedList {
            whole: Field::new(path, encode),
            item: PhantomData,
        }
    }
}

impl<R, V, T: Nested + Serialize, P: Path> NestedList<R, V, T, P> {
    /// The handles of the element at a place, counted from 0.
    ///
    /// An update refuses a place beyond the end of the stored list: no nulls are filled in. A
    /// filter does not match there.
    pub fn index<K: Path>(&self, index: usize) -> T::Fields<R, T, K>
    where
        V: Indexed,
        P: Addressable<Inside = K>,
    {
        let path = self.whole.whole_path().inside(Step::Index(index));
        T::fields(path, encode::<T>)
    }

    /// The handles of an element at the path of the list itself, as indexes and filters of any
    /// element have it.
    pub(crate) fn elements(&self) -> T::Fields<R, T, P> {
        T::fields(self.whole.whole_path().clone(), encode::<T>)
    }

    /// The handles of every element, for updates: the operator is applied to each.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
    /// # struct Line { sku: String, shipped: bool }
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { #[monguard(nested)] lines: Vec<Line> }
    /// # async fn example(desk: Writer<Order>, order: Stored<Order>) -> monguard::Result<()> {
    /// desk.update(&order)
    ///     .set(|o| o.lines.all().shipped, true)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(&self) -> T::Fields<R, T, Positional>
    where
        V: Indexed,
        P: Addressable,
    {
        T::fields(self.whole.whole_path().position(Step::All), encode::<T>)
    }

    /// The handles of the first element that meets a condition, for updates. An update of a
    /// document in which none does is refused.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
    /// # struct Line { sku: String, count: u32 }
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { #[monguard(nested)] lines: Vec<Line> }
    /// # async fn example(desk: Writer<Order>, order: Stored<Order>) -> monguard::Result<()> {
    /// desk.update(&order)
    ///     .inc(|o| o.lines.first_match(|line| line.sku.eq("A-1")).count, 1)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn first_match(
        &self,
        condition: impl FnOnce(T::Fields<T, T, Keyed>) -> Filter<T>,
    ) -> T::Fields<R, T, Positional>
    where
        V: Indexed,
        P: Addressable,
    {
        let step = first_match(condition(T::fields(Keyed::here(), encode::<T>)));
        T::fields(self.whole.whole_path().position(step), encode::<T>)
    }
}

impl<R, V, T, P: Path> fmt::Debug for NestedList<R, V, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NestedList").field(&self.whole).finish()
    }
}

impl<R, V, T, P> Deref for NestedList<R, V, T, P> {
    type Target = Field<R, V, P>;
    fn deref(&self) -> &Field<R, V, P> {
        &self.whole
    }
}

#[diagnostic::do_not_recommend]
impl<R, V, T, P: Path> FieldOf<R> for NestedList<R, V, T, P> {
    type Value = V;
    type Path = P;
    fn whole(&self) -> &Field<R, V, P> {
        &self.whole
    }
}

#[diagnostic::do_not_recommend]
impl<R, V, T, P> Settable for NestedList<R, V, T, P> {}

//! Operators for lists.

use mongodb::bson::Bson;
use serde::Serialize;

use super::{Placement, Update};
use crate::document::Versioned;
use crate::field::{
    Addressable, Appendable, AppendableList, AssignFrom, ElementFilter, EncodeError, Resizable,
    ResizableList, SettableField, Step,
};
use crate::filter::Filter;
use crate::update::{End, Operator, Push};
use crate::value::encode_value;

impl<T: Versioned, On> Update<T, On> {
    /// Appends a value to a list; a missing field counts as an empty one.
    pub fn push<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: Appendable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let item = encode_value(&<F::Value as Appendable>::Item::assign(value));
        self.push_items(path, item.map(|item| vec![item]), Push::default())
    }

    /// Appends values to a list, in their order; a missing field counts as an empty one.
    pub fn push_all<F, X>(
        self,
        field: impl FnOnce(T::Fields) -> F,
        values: impl IntoIterator<Item = X>,
    ) -> Self
    where
        F: SettableField<T, Value: Appendable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let items = encode_all::<<F::Value as Appendable>::Item, X>(values);
        self.push_items(path, items, Push::default())
    }

    /// Puts values into a list, at a place, and then sorts and cuts the list, as `place` says. A
    /// missing field counts as an empty list.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
    /// # struct Score { player: String, points: i64 }
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "games")]
    /// # struct Game { #[monguard(nested)] best: Vec<Score> }
    /// # async fn example(host: Writer<Game>, game: Stored<Game>, new: Score) -> monguard::Result<()> {
    /// host.update(&game)
    ///     .push_all_with(|g| g.best, [new], |list| {
    ///         list.sort_by(|score| score.points.descending()).keep_first(10)
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn push_all_with<F, X>(
        self,
        field: impl FnOnce(T::Fields) -> F,
        values: impl IntoIterator<Item = X>,
        place: impl FnOnce(Placement<F::Item, F::Element>) -> Placement<F::Item, F::Element>,
    ) -> Self
    where
        F: AppendableList<T, Item: AssignFrom<X> + Serialize>,
    {
        let (path, element) = field(T::fields()).parts();
        let items = encode_all::<F::Item, X>(values);
        let push = place(Placement::new(element)).into_push();
        self.push_items(path, items, push)
    }

    /// Adds a value to a list if no element equals it; a missing field counts as an empty list.
    pub fn add_to_set<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: Resizable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let item = encode_value(&<F::Value as Resizable>::Item::assign(value));
        self.push_with(path, item.map(|item| Operator::AddToSet(vec![item])))
    }

    /// Adds those of the values to a list that no element equals; a missing field counts as an
    /// empty list.
    pub fn add_all_to_set<F, X>(
        self,
        field: impl FnOnce(T::Fields) -> F,
        values: impl IntoIterator<Item = X>,
    ) -> Self
    where
        F: SettableField<T, Value: Resizable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let items = encode_all::<<F::Value as Resizable>::Item, X>(values);
        self.push_with(path, items.map(Operator::AddToSet))
    }

    /// Removes the elements of a list that equal a value. Where none does, nothing changes.
    pub fn pull<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: Resizable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let item = encode_value(&<F::Value as Resizable>::Item::assign(value));
        self.push_with(path, item.map(|item| Operator::Pull(vec![item])))
    }

    /// Removes the elements of a list that equal one of the values. Where none does, nothing
    /// changes.
    pub fn pull_all<F, X>(
        self,
        field: impl FnOnce(T::Fields) -> F,
        values: impl IntoIterator<Item = X>,
    ) -> Self
    where
        F: SettableField<T, Value: Resizable<Item: AssignFrom<X> + Serialize>, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        let items = encode_all::<<F::Value as Resizable>::Item, X>(values);
        self.push_with(path, items.map(Operator::Pull))
    }

    /// Removes the elements of a list that meet a condition. Where none does, nothing changes.
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
    ///     .pull_matching(|o| o.lines, |line| line.count.eq(0_u32))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn pull_matching<F>(
        self,
        field: impl FnOnce(T::Fields) -> F,
        condition: impl FnOnce(F::Element) -> Filter<F::Item>,
    ) -> Self
    where
        F: ResizableList<T>,
    {
        let (path, element) = field(T::fields()).parts();
        let condition = ElementFilter::new(condition(element).into_node());
        self.push_operation(path, Operator::PullMatching(condition))
    }

    /// Removes the first element of a list. Where there is none, nothing changes.
    pub fn pop_first<F>(self, field: impl FnOnce(T::Fields) -> F) -> Self
    where
        F: SettableField<T, Value: Appendable, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        self.push_operation(path, Operator::Pop(End::First))
    }

    /// Removes the last element of a list. Where there is none, nothing changes.
    pub fn pop_last<F>(self, field: impl FnOnce(T::Fields) -> F) -> Self
    where
        F: SettableField<T, Value: Appendable, Path: Addressable>,
    {
        let path = field(T::fields()).writable().steps();
        self.push_operation(path, Operator::Pop(End::Last))
    }

    fn push_items(
        self,
        path: Vec<Step>,
        items: Result<Vec<Bson>, EncodeError>,
        push: Push,
    ) -> Self {
        self.push_with(
            path,
            items.map(|items| Operator::Push(Push { items, ..push })),
        )
    }
}

fn encode_all<I: AssignFrom<X> + Serialize, X>(
    values: impl IntoIterator<Item = X>,
) -> Result<Vec<Bson>, EncodeError> {
    let items = values
        .into_iter()
        .map(|value| encode_value(&I::assign(value)));
    items.collect()
}

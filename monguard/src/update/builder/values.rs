//! Operators for values of any type.

use std::sync::Arc;

use mongodb::bson::{Bson, DateTime};

use super::Update;
use crate::document::Versioned;
use crate::field::{AssignFrom, EncodeError, Moment, Ordered, SettableField};
use crate::update::{Clock, Operator};

impl<T: Versioned, On> Update<T, On> {
    /// Assigns a value to a field.
    ///
    /// On an optional field, `set(.., None)` and [`unset`](Update::unset) are different writes: the
    /// one stores what serde writes for `None`, which is null unless the field has
    /// `skip_serializing_if`; the other removes the field.
    pub fn set<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: AssignFrom<X>>,
    {
        let field = field(T::fields());
        let whole = field.writable();
        let encoded = (whole.encoder())(&F::Value::assign(value));
        self.assign(whole.steps(), encoded)
    }

    /// Removes a field from the document. A field without which the document could not be read is
    /// not removed: the update is refused.
    pub fn unset<F>(self, field: impl FnOnce(T::Fields) -> F) -> Self
    where
        F: SettableField<T>,
    {
        let path = field(T::fields()).writable().steps();
        self.push_operation(path, Operator::Unset)
    }

    /// Assigns a value to a field if it is less than the stored one, or if there is none. As in
    /// MongoDB, null is less than any value.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "sensors")]
    /// # struct Sensor { lowest: f64, highest: f64 }
    /// # async fn example(probe: Writer<Sensor>, sensor: Stored<Sensor>) -> monguard::Result<()> {
    /// probe.update(&sensor).min(|s| s.lowest, -3.5).max(|s| s.highest, -3.5).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn min<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: Ordered + AssignFrom<X>>,
    {
        let field = field(T::fields());
        let whole = field.writable();
        let encoded = (whole.encoder())(&F::Value::assign(value));
        self.push_operation(
            whole.steps(),
            encoded.map_or_else(Operator::Invalid, Operator::Min),
        )
    }

    /// Assigns a value to a field if it is greater than the stored one, or if there is none.
    pub fn max<F, X>(self, field: impl FnOnce(T::Fields) -> F, value: X) -> Self
    where
        F: SettableField<T, Value: Ordered + AssignFrom<X>>,
    {
        let field = field(T::fields());
        let whole = field.writable();
        let encoded = (whole.encoder())(&F::Value::assign(value));
        self.push_operation(
            whole.steps(),
            encoded.map_or_else(Operator::Invalid, Operator::Max),
        )
    }

    /// Assigns the moment of the write: the very one that `updatedAt` gets.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # use mongodb::bson::DateTime;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { status: String, packed_at: Option<DateTime> }
    /// # async fn example(desk: Writer<Order>, order: Stored<Order>) -> monguard::Result<()> {
    /// desk.update(&order).set(|o| o.status, "packed").current_date(|o| o.packed_at).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn current_date<F>(self, field: impl FnOnce(T::Fields) -> F) -> Self
    where
        F: SettableField<T, Value: Moment + 'static>,
    {
        let field = field(T::fields());
        let encode = field.writable().encoder();
        let read = move |at| encode(&F::Value::at(at));
        self.push_clock(&field, read)
    }

    /// Assigns what `make` makes of the moment of the write, in a field of a date type of another
    /// crate.
    pub fn current_date_with<F, X>(
        self,
        field: impl FnOnce(T::Fields) -> F,
        make: impl Fn(DateTime) -> X + Send + Sync + 'static,
    ) -> Self
    where
        F: SettableField<T, Value: AssignFrom<X> + 'static>,
    {
        let field = field(T::fields());
        let encode = field.writable().encoder();
        let read = move |at| encode(&F::Value::assign(make(at)));
        self.push_clock(&field, read)
    }

    fn push_clock(
        self,
        field: &impl SettableField<T>,
        read: impl Fn(DateTime) -> Result<Option<Bson>, EncodeError> + Send + Sync + 'static,
    ) -> Self {
        let clock = Operator::CurrentDate(Clock(Arc::new(read)));
        self.push_operation(field.writable().steps(), clock)
    }
}

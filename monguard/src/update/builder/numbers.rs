//! Operators for numbers.

use super::Update;
use crate::document::Versioned;
use crate::field::{AmountFrom, Numeric, SettableField};
use crate::update::{Amount, Operator};

impl<T: Versioned, On> Update<T, On> {
    /// Adds to a number; a missing field counts as 0. The sum must fit into the field's Rust type.
    pub fn inc<F, X>(self, field: impl FnOnce(T::Fields) -> F, by: X) -> Self
    where
        F: SettableField<T, Value: Numeric<Amount: AmountFrom<X>>>,
    {
        let path = field(T::fields()).writable().steps();
        self.push_operation(path, Operator::Increment(amount::<F::Value, X>(by)))
    }

    /// Multiplies a number; a missing field counts as 0. The product must fit into the field's Rust
    /// type.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(desk: Writer<Order>, order: Stored<Order>) -> monguard::Result<()> {
    /// desk.update(&order).mul(|o| o.amount, 2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn mul<F, X>(self, field: impl FnOnce(T::Fields) -> F, by: X) -> Self
    where
        F: SettableField<T, Value: Numeric<Amount: AmountFrom<X>>>,
    {
        let path = field(T::fields()).writable().steps();
        self.push_operation(path, Operator::Multiply(amount::<F::Value, X>(by)))
    }
}

fn amount<V: Numeric<Amount: AmountFrom<X>>, X>(by: X) -> Amount {
    Amount {
        by: V::number(V::Amount::amount(by)),
        kind: Some(V::KIND),
    }
}

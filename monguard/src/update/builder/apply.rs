//! Typed changes, applied to another state.

use super::Update;
use crate::audit::Auditable;
use crate::document::Versioned;
use crate::field::Fixed;
use crate::update::{Operator, Replay};

impl<T: Versioned, On> Update<T, On> {
    /// Repeats typed changes, as [`changes_since`](crate::Stored::changes_since) returns them: each
    /// changed place gets its new value.
    ///
    /// Elements of a list are told by their index, values of a map by their key. The old values are
    /// not compared: what the update is based on says what it is applied to. Fields with
    /// `audit = "skip"` are no part of the changes. Without changes nothing is written.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(
    /// #     desk: Writer<Order>, draft: Stored<Order>, edited: Stored<Order>, current: Stored<Order>,
    /// # ) -> monguard::Result<()> {
    /// let changes = edited.changes_since(&draft)?;
    /// desk.update(&current).apply(changes).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn apply(mut self, changes: impl IntoIterator<Item = T::Change>) -> Self
    where
        T: Auditable,
    {
        let mut replay = Replay::default();
        for change in changes {
            T::replay(&change, Fixed::DOCUMENT, &mut replay);
        }
        self.changes.operations.extend(replay.into_operations());
        self.push_operation(Vec::new(), Operator::Keep)
    }
}

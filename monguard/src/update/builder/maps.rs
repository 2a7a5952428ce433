//! Operators for maps.

use serde::Serialize;

use super::Update;
use crate::document::Versioned;
use crate::field::{Addressable, KeyOf, Map, MapKey, SettableField};
use crate::update::Operator;

impl<T: Versioned, On> Update<T, On> {
    /// Gives a value of a map another key. Refused where the map does not have the old key, or has
    /// a value under the new one.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # use std::collections::HashMap;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "stock")]
    /// # struct Stock { by_region: HashMap<String, i64> }
    /// # async fn example(desk: Writer<Stock>, stock: Stored<Stock>) -> monguard::Result<()> {
    /// desk.update(&stock).rename_key(|s| s.by_region, "eu", "emea").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rename_key<F, X, Y>(self, field: impl FnOnce(T::Fields) -> F, from: X, to: Y) -> Self
    where
        F: SettableField<T, Value: Map<Key: Serialize>, Path: Addressable>,
        X: KeyOf<<F::Value as Map>::Key>,
        Y: KeyOf<<F::Value as Map>::Key>,
    {
        let path = field(T::fields()).writable().steps();
        let operator = Operator::RenameKey {
            from: MapKey::of(&from.into_key()),
            to: MapKey::of(&to.into_key()),
        };
        self.push_operation(path, operator)
    }
}

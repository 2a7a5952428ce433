//! Operators in MongoDB's own words.

use mongodb::bson::Document;

use super::Update;
use crate::document::Versioned;
use crate::update::{Operation, Operator, operations_of};

impl<T: Versioned, On> Update<T, On> {
    /// Applies an update in MongoDB's own words: a document of operators.
    ///
    /// It is version-checked and audited as any other update: the operators are applied to the
    /// stored document here, and what comes of it is written. So only what can be applied here is
    /// taken: `$set`, `$unset`, `$inc`, `$mul`, `$min`, `$max`, `$push`, `$addToSet`, `$pull`,
    /// `$pullAll`, `$pop`, `$currentDate`, and `$rename` of the keys of a map, at paths with names,
    /// indexes and `$[]`.
    ///
    /// The names are those of the stored document; one that the model does not have is refused, with
    /// the one that was probably meant. So is a field that monguard writes, the id, the idempotency
    /// key, a document without operators, and an update after which the model could not read the
    /// document.
    ///
    /// ```no_run
    /// use mongodb::bson::doc;
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, tags: Vec<String> }
    /// # async fn example(desk: Writer<Order>, order: Stored<Order>) -> monguard::Result<()> {
    /// desk.update(&order)
    ///     .update_document(doc! { "$inc": { "amount": 5 }, "$push": { "tags": "checked" } })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A refusal is an [`Error::InvalidUpdate`](crate::Error::InvalidUpdate) when the update runs.
    pub fn update_document(mut self, update: Document) -> Self {
        match operations_of(&T::META, update) {
            Ok(operations) => self.changes.operations.extend(operations),
            Err(error) => self.changes.operations.push(Operation {
                path: Vec::new(),
                operator: Operator::Refused(error),
                is_raw: true,
            }),
        }
        self
    }
}

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::ActionFuture;
use super::perform::{Plan, Request, Target, perform_decoded};
use crate::client::Writer;
use crate::document::{BasedOn, Stored, Versioned};
use crate::error::Result;
use crate::filter::{Filter, Node};
use crate::guard::Kind;
use mongodb::bson::Document;

/// A soft delete, started with [`Writer::delete`].
#[must_use = "a delete does nothing unless awaited"]
pub struct Delete<'a, T> {
    writer: &'a Writer<T>,
    target: Target,
    when: Vec<Node>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Delete<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delete")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Soft-deletes a document: it gets `deletedAt` and `deletedBy`, reads leave it out, and
    /// [`Writer::restore`] brings it back. `await` returns the deleted document at its next
    /// version.
    ///
    /// Where `base` is deleted already, and still the current state, nothing is written
    /// ([`Outcome::Unchanged`](crate::Outcome::Unchanged)).
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// let deleted = desk
    ///     .delete(&placed)
    ///     .when(|o| o.status.eq("cancelled"))
    ///     .await?;
    /// assert!(deleted.is_deleted());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::update`]; [`Error::Deleted`](crate::Error::Deleted) where somebody else has
    /// deleted it since `base` was read.
    pub fn delete<B: BasedOn<T>>(&self, base: B) -> Delete<'_, T> {
        Delete {
            writer: self,
            target: Target::of(&base),
            when: Vec::new(),
            limit: None,
        }
    }
}

impl<T: Versioned> Delete<'_, T> {
    /// Writes only if the document also meets this condition.
    pub fn when(mut self, condition: impl FnOnce(T::Fields) -> Filter<T>) -> Self {
        self.when.push(condition(T::fields()).into_node());
        self
    }

    /// Writes only if the document also meets this condition in MongoDB's own words. Its names are
    /// checked: see [`Filter::document`].
    pub fn when_document(mut self, condition: Document) -> Self {
        let condition = Filter::<T>::document(condition);
        self.when.push(condition.into_node());
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Delete<'a, T> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Delete {
            writer,
            target,
            when,
            limit,
        } = self;
        let request = Request {
            kind: Kind::SoftDelete,
            plan: Plan::Stamps,
            when,
            limit,
        };
        ActionFuture::new(async move {
            let store = writer.store();
            perform_decoded(store, writer.author(), target, request).await
        })
    }
}

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

/// A restore, started with [`Writer::restore`].
#[must_use = "a restore does nothing unless awaited"]
pub struct Restore<'a, T> {
    writer: &'a Writer<T>,
    target: Target,
    when: Vec<Node>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Restore<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Restore")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Restores a soft-deleted document. `await` returns it at its next version.
    ///
    /// `base` is the deleted state, as [`Writer::delete`] returned it or as it was found with
    /// `including_deleted()`. Where it is not deleted, and still the current state, nothing is
    /// written ([`Outcome::Unchanged`](crate::Outcome::Unchanged)).
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// let deleted = desk.delete(&placed).await?;
    /// let restored = desk.restore(&deleted).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::update`]; [`Error::DuplicateKey`](crate::Error::DuplicateKey) where a live
    /// document has a value by now that is to be unique.
    pub fn restore<B: BasedOn<T>>(&self, base: B) -> Restore<'_, T> {
        Restore {
            writer: self,
            target: Target::of(&base),
            when: Vec::new(),
            limit: None,
        }
    }
}

impl<T: Versioned> Restore<'_, T> {
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

impl<'a, T: Versioned> IntoFuture for Restore<'a, T> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Restore {
            writer,
            target,
            when,
            limit,
        } = self;
        let request = Request {
            kind: Kind::Restore,
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

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::Document;

use super::ActionFuture;
use super::perform::{Plan, Request, Target, perform_decoded, refused};
use super::read::Shown;
use crate::client::Writer;
use crate::document::{BasedOn, Stored, Versioned, written};
use crate::error::{InvalidUpdate, Result};
use crate::filter::{Filter, Node};

/// Saves an edited value, started with [`Writer::replace`].
#[must_use = "a replace does nothing unless awaited"]
pub struct Replace<'a, T> {
    writer: &'a Writer<T>,
    target: Target,
    value: Result<Document, InvalidUpdate>,
    when: Vec<Node>,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Replace<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replace")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Saves an edited value over the state that it was edited from. `await` returns the document
    /// at its next version.
    ///
    /// Only what differs is written. Fields that the model does not know stay.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// let mut edited: Order = (*placed).clone();
    /// edited.amount += 5;
    /// let saved = desk.replace(&placed, edited).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::update`]; [`Error::InvalidUpdate`](crate::Error::InvalidUpdate) where the
    /// value has another id, idempotency key or shard key.
    pub fn replace<B: BasedOn<T>>(&self, base: B, value: T) -> Replace<'_, T> {
        Replace {
            writer: self,
            target: Target::of(&base),
            value: written(&value),
            when: Vec::new(),
            shown: Shown::Live,
            limit: None,
        }
    }
}

impl<T: Versioned> Replace<'_, T> {
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

    /// Writes to the document if it is soft-deleted, too, and leaves it deleted. By default that is
    /// [`Error::Deleted`](crate::Error::Deleted).
    pub fn including_deleted(mut self) -> Self {
        self.shown = Shown::Deleted;
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Replace<'a, T> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Replace {
            writer,
            target,
            value,
            when,
            shown,
            limit,
        } = self;
        ActionFuture::new(async move {
            let store = writer.store();
            let value = value.map_err(|error| refused(store, None, error))?;
            let plan = Plan::Replacement(value);
            let request = Request {
                kind: shown.update(),
                plan,
                when,
                limit,
            };
            perform_decoded(store, writer.author(), target, request).await
        })
    }
}

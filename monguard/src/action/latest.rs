use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::Document;

use super::ActionFuture;
use super::attempts::Attempts;
use super::perform::{Plan, Request, Target, perform_decoded};
use super::read::{Shown, current, place_of};
use crate::client::{Retry, Writer};
use crate::document::{Stored, Versioned};
use crate::error::{Error, Result};
use crate::filter::{Filter, Node};
use crate::guard::Kind;

/// A soft delete or a restore of the latest state of a document, started with
/// [`Writer::delete_latest`] or [`Writer::restore_latest`].
#[must_use = "nothing is done unless awaited"]
pub struct Latest<'a, T: Versioned> {
    writer: &'a Writer<T>,
    locator: T::Locator,
    kind: Kind,
    when: Vec<Node>,
    retry: Retry,
    limit: Option<Duration>,
}

impl<T: Versioned> fmt::Debug for Latest<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latest")
            .field("writer", self.writer)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Soft-deletes a document by its id, in whatever state it is. `await` returns the deleted document at its
    /// next version; where it is deleted already, nothing is written
    /// ([`Outcome::Unchanged`](crate::Outcome::Unchanged)).
    ///
    /// It is no blind write: the state is read, and the write matches it; where another write comes
    /// first, both are done again.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// desk.delete_latest(placed.id()).await?;
    /// desk.restore_latest(placed.id()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Exhausted`] when the attempts are used up (default 10); [`Error::NotFound`]; otherwise
    /// as [`Writer::delete`], but for [`Error::Conflict`].
    pub fn delete_latest(&self, locator: T::Locator) -> Latest<'_, T> {
        self.latest(locator, Kind::SoftDelete)
    }

    /// Restores a soft-deleted document by its id. `await` returns it at its next version; where it
    /// is not deleted, nothing is written ([`Outcome::Unchanged`](crate::Outcome::Unchanged)).
    ///
    /// It is no blind write: the deleted state is read, and the write matches it; where another
    /// write comes first, both are done again.
    ///
    /// # Errors
    /// [`Error::DuplicateKey`] where a live document has a value by now that is to be unique;
    /// otherwise as [`Writer::delete_latest`].
    pub fn restore_latest(&self, locator: T::Locator) -> Latest<'_, T> {
        self.latest(locator, Kind::Restore)
    }

    fn latest(&self, locator: T::Locator, kind: Kind) -> Latest<'_, T> {
        Latest {
            writer: self,
            locator,
            kind,
            when: Vec::new(),
            retry: self.store().shared().settings.retry,
            limit: None,
        }
    }
}

impl<T: Versioned> Latest<'_, T> {
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

    /// How often, and after what waits, it starts over. Default: the guard's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Latest<'a, T> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Latest {
            writer,
            locator,
            kind,
            when,
            retry,
            limit,
        } = self;
        ActionFuture::new(async move {
            let store = writer.store();
            let place = place_of::<T>(store, &locator)?;
            let mut attempts = Attempts::new(store, place.id.clone(), retry);
            loop {
                let stored = current(writer, &place, Shown::Deleted, limit).await?;
                let request = Request {
                    kind,
                    plan: Plan::Stamps,
                    when: when.clone(),
                    limit,
                };
                let target = Target::of(&stored);
                match perform_decoded(store, writer.author(), target, request).await {
                    Err(error) if has_moved_on(&error) => attempts.pause(error).await?,
                    done => return done,
                }
            }
        })
    }
}

/// Whether the document is in another state than it was read in, be it the one that is wanted.
fn has_moved_on(error: &Error) -> bool {
    matches!(error, Error::Conflict(_) | Error::Deleted(_))
}

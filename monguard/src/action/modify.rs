use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::ActionFuture;
use super::attempts::Attempts;
use super::perform::{Plan, Request, Target, perform_decoded};
use super::read::{Shown, current, place_of};
use crate::client::{Retry, Writer};
use crate::document::{Outcome, Stored, Versioned};
use crate::error::Result;
use crate::update::{Changes, Draft, IntoDraft, Update};

/// What the caller makes of a document as it is.
pub(super) type Change<'a, T> =
    Box<dyn FnMut(&Stored<T>, Update<T>) -> Result<Update<T>> + Send + 'a>;

/// A read-modify-write, started with [`Writer::modify`].
#[must_use = "a modify does nothing unless awaited"]
pub struct Modify<'a, T: Versioned> {
    writer: &'a Writer<T>,
    locator: T::Locator,
    change: Change<'a, T>,
    retry: Retry,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T: Versioned> fmt::Debug for Modify<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modify")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Reads a document, applies what the closure makes of it, and starts over where another write
    /// comes first: with waits that grow, until it lands. `await` returns the document at its next
    /// version.
    ///
    /// The document is found by its id; where the model has a shard key, by the tuple of both
    /// ([`Stored::locator`]).
    ///
    /// The closure runs once for each attempt, on the document as it is then (read from the
    /// primary). It is not run again for a write that landed, nor for one whose outcome is not
    /// known. It may return the update unchanged, to write nothing, or a `Result` with an error of
    /// the caller's own ([`Error::abort`](crate::Error::abort)).
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// let order = desk
    ///     .modify(placed.id(), |order, update| update.inc(|o| o.amount, order.amount / 10))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Exhausted`](crate::Error::Exhausted) when the attempts are used up (default 10); otherwise as
    /// [`Writer::update`], but for [`Error::Conflict`](crate::Error::Conflict).
    pub fn modify<'a, F, R>(&'a self, locator: T::Locator, mut change: F) -> Modify<'a, T>
    where
        F: FnMut(&Stored<T>, Update<T>) -> R + Send + 'a,
        R: IntoDraft<T>,
    {
        let change: Change<'a, T> =
            Box::new(move |stored, update| change(stored, update).into_draft());
        let retry = self.store().shared().settings.retry;
        Modify {
            writer: self,
            locator,
            change,
            retry,
            shown: Shown::Live,
            limit: None,
        }
    }
}

impl<T: Versioned> Modify<'_, T> {
    /// Writes to the document if it is soft-deleted, too, and leaves it deleted. By default that is
    /// [`Error::Deleted`](crate::Error::Deleted).
    pub fn including_deleted(mut self) -> Self {
        self.shown = Shown::Deleted;
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

impl<'a, T: Versioned> IntoFuture for Modify<'a, T> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Modify {
            writer,
            locator,
            mut change,
            retry,
            shown,
            limit,
        } = self;
        ActionFuture::new(async move {
            let place = place_of::<T>(writer.store(), &locator)?;
            let mut attempts = Attempts::new(writer.store(), place.id.clone(), retry);
            loop {
                let stored = current(writer, &place, shown, limit).await?;
                let (Draft, changes) = change(&stored, Update::new(Draft))?.into_parts();
                if changes.operations.is_empty() && changes.when.is_empty() {
                    return Ok(stored.with_outcome(Outcome::Unchanged));
                }
                match write(writer, &stored, changes, shown, limit).await {
                    Err(error) if error.is_conflict() => attempts.pause(error).await?,
                    done => return done,
                }
            }
        })
    }
}

/// Writes changes over a state that was just read.
pub(super) async fn write<T: Versioned>(
    writer: &Writer<T>,
    stored: &Stored<T>,
    changes: Changes,
    shown: Shown,
    limit: Option<Duration>,
) -> Result<Stored<T>> {
    let store = writer.store();
    let plan = Plan::operators::<T>(changes.operations);
    let request = Request {
        kind: shown.update(),
        plan,
        when: changes.when,
        limit,
    };
    perform_decoded(store, writer.author(), Target::of(stored), request).await
}

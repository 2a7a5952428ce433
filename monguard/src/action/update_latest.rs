use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::ActionFuture;
use super::attempts::Attempts;
use super::modify::write;
use super::read::{Shown, current, place_of};
use crate::client::{Retry, Writer};
use crate::document::{Stored, Versioned};
use crate::error::Result;
use crate::update::Update;

/// What an [`Update`] is based on: the latest state of a document, whatever it is.
pub struct OnLatest<'a, T: Versioned> {
    writer: &'a Writer<T>,
    locator: T::Locator,
    retry: Retry,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T: Versioned> fmt::Debug for OnLatest<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnLatest")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Updates a document in whatever state it is: for changes that do not depend on what was read.
    /// `await` returns the document at its next version.
    ///
    /// The document is found by its id; where the model has a shard key, by the tuple of both
    /// ([`Stored::locator`]).
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
    /// let order = desk.update_latest(placed.id()).inc(|o| o.amount, 5).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::modify`].
    pub fn update_latest(&self, locator: T::Locator) -> Update<T, OnLatest<'_, T>> {
        let retry = self.store().shared().settings.retry;
        Update::new(OnLatest {
            writer: self,
            locator,
            retry,
            shown: Shown::Live,
            limit: None,
        })
    }
}

impl<T: Versioned> Update<T, OnLatest<'_, T>> {
    /// Writes to the document if it is soft-deleted, too, and leaves it deleted. By default that is
    /// [`Error::Deleted`](crate::Error::Deleted).
    pub fn including_deleted(mut self) -> Self {
        self.on.shown = Shown::Deleted;
        self
    }

    /// How often, and after what waits, it starts over. Default: the guard's.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.on.retry = retry;
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.on.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Update<T, OnLatest<'a, T>> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let (
            OnLatest {
                writer,
                locator,
                retry,
                shown,
                limit,
            },
            changes,
        ) = self.into_parts();
        ActionFuture::new(async move {
            let place = place_of::<T>(writer.store(), &locator)?;
            let mut attempts = Attempts::new(writer.store(), place.id.clone(), retry);
            loop {
                let stored = current(writer, &place, shown, limit).await?;
                match write(writer, &stored, changes.clone(), shown, limit).await {
                    Err(error) if error.is_conflict() => attempts.pause(error).await?,
                    done => return done,
                }
            }
        })
    }
}

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use mongodb::bson::Bson;
use tracing::Instrument;

use super::ActionFuture;
use super::attempts::Attempts;
use super::get_or_create::Known;
use super::modify::{Change, write};
use super::read::Shown;
use crate::client::{Retry, Writer};
use crate::document::{Created, Outcome, Stored, Versioned};
use crate::error::{Error, Result};
use crate::field::FieldOf;
use crate::update::{Draft, IntoDraft, Update};

/// A create, or else a read-modify-write, started with [`Writer::create_or_modify`].
#[must_use = "nothing is done unless awaited"]
pub struct CreateOrModify<'a, T: Versioned> {
    writer: &'a Writer<T>,
    known: Known,
    change: Change<'a, T>,
    retry: Retry,
    limit: Option<Duration>,
}

impl<T: Versioned> fmt::Debug for CreateOrModify<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateOrModify")
            .field("writer", self.writer)
            .field("key", &self.known.shown())
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Creates `value`, or, where a document has its unique field's value already, modifies that
    /// one. `await` returns [`Created::New`], or [`Created::Existing`] with the document at its next
    /// version.
    ///
    /// `key` is as with [`get_or_create`](Writer::get_or_create), and the closure as with
    /// [`modify`](Writer::modify): it runs once for each attempt, on the document as it is then.
    /// Each call has one effect, however many run at once: the create, or one update, audited as
    /// what it was.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "users")]
    /// # struct User { #[monguard(index(unique))] email: String, visits: i64 }
    /// # async fn example(desk: Writer<User>) -> monguard::Result<()> {
    /// let first = User { email: "ada@example.org".into(), visits: 1 };
    /// let user = desk
    ///     .create_or_modify(|u| u.email, first, |_, update| update.inc(|u| u.visits, 1))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::get_or_create`] and [`Writer::modify`].
    pub fn create_or_modify<'a, F, C, R>(
        &'a self,
        key: impl FnOnce(T::Fields) -> F,
        value: T,
        mut change: C,
    ) -> CreateOrModify<'a, T>
    where
        F: FieldOf<T>,
        C: FnMut(&Stored<T>, Update<T>) -> R + Send + 'a,
        R: IntoDraft<T>,
    {
        let change: Change<'a, T> =
            Box::new(move |stored, update| change(stored, update).into_draft());
        CreateOrModify {
            writer: self,
            known: Known::of(key, &value),
            change,
            retry: self.store().shared().settings.retry,
            limit: None,
        }
    }
}

impl<T: Versioned> CreateOrModify<'_, T> {
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

impl<'a, T: Versioned> IntoFuture for CreateOrModify<'a, T> {
    type Output = Result<Created<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let collection = self.writer.store().name().clone();
        let span = tracing::debug_span!(
            "monguard.write",
            %collection,
            operation = "create_or_modify",
            id = tracing::field::Empty,
        );
        ActionFuture::new(self.run().instrument(span))
    }
}

impl<T: Versioned> CreateOrModify<'_, T> {
    async fn run(self) -> Result<Created<T>> {
        let CreateOrModify {
            writer,
            known,
            mut change,
            retry,
            limit,
        } = self;
        let request = known.request(writer).await?;
        let mut attempts = Attempts::new(writer.store(), Bson::Null, retry);
        loop {
            let stored = match request.get_or_create(writer, limit).await? {
                Created::New(stored) => return Ok(Created::New(stored)),
                Created::Existing(stored) => stored,
            };
            let (Draft, changes) = change(&stored, Update::new(Draft))?.into_parts();
            if changes.operations.is_empty() && changes.when.is_empty() {
                return Ok(Created::Existing(stored.with_outcome(Outcome::Unchanged)));
            }
            match write(writer, &stored, changes, Shown::Live, limit).await {
                Err(error) if has_moved_on(&error) => attempts.pause(error).await?,
                done => return done.map(Created::Existing),
            }
        }
    }
}

/// Whether the document is another one now, or none that has the value.
fn has_moved_on(error: &Error) -> bool {
    error.is_conflict() || error.is_not_found()
}

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::ActionFuture;
use super::perform::{Plan, Request, Target, perform_decoded};
use super::read::Shown;
use crate::client::Writer;
use crate::document::{BasedOn, Stored, Versioned};
use crate::error::Result;
use crate::update::Update;

/// What an [`Update`] is based on: one state of one document.
pub struct OnVersion<'a, T> {
    writer: &'a Writer<T>,
    target: Target,
    shown: Shown,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for OnVersion<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnVersion")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Updates a document in the very state that `base` was read in. `await` returns the document
    /// at its next version, from the server's answer to that write.
    ///
    /// An update whose values all equal the stored ones writes nothing: the result is at the same
    /// version, with [`Outcome::Unchanged`](crate::Outcome::Unchanged). A bare
    /// [`Revision`](crate::Revision) costs a read, because the old values are needed.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// let validated = desk
    ///     .update(&placed)
    ///     .when(|o| o.status.eq("pending"))
    ///     .set(|o| o.status, "processing")
    ///     .inc(|o| o.amount, 5)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - [`Error::Conflict`](crate::Error::Conflict): another write came first.
    /// - [`Error::NotFound`](crate::Error::NotFound), [`Error::Deleted`](crate::Error::Deleted).
    /// - [`Error::ConditionFailed`](crate::Error::ConditionFailed): a `when` did not hold.
    /// - [`Error::InvalidUpdate`](crate::Error::InvalidUpdate): refused before sending.
    /// - [`Error::DuplicateKey`](crate::Error::DuplicateKey): a unique index has the value.
    /// - [`Error::Unsettled`](crate::Error::Unsettled): it is not known whether it was written.
    /// - [`Error::AuditBacklog`](crate::Error::AuditBacklog): too many carried entries wait for the
    ///   log; nothing was written.
    /// - [`Error::AuditNotWritten`](crate::Error::AuditNotWritten), with
    ///   [`OnAuditFailure::Fail`](crate::OnAuditFailure::Fail).
    pub fn update<B: BasedOn<T>>(&self, base: B) -> Update<T, OnVersion<'_, T>> {
        let target = Target::of(&base);
        Update::new(OnVersion {
            writer: self,
            target,
            shown: Shown::Live,
            limit: None,
        })
    }
}

impl<T: Versioned> Update<T, OnVersion<'_, T>> {
    /// Writes to the document if it is soft-deleted, too, and leaves it deleted. By default that is
    /// [`Error::Deleted`](crate::Error::Deleted).
    pub fn including_deleted(mut self) -> Self {
        self.on.shown = Shown::Deleted;
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.on.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for Update<T, OnVersion<'a, T>> {
    type Output = Result<Stored<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let (
            OnVersion {
                writer,
                target,
                shown,
                limit,
            },
            changes,
        ) = self.into_parts();
        let plan = Plan::operators::<T>(changes.operations);
        let request = Request {
            kind: shown.update(),
            plan,
            when: changes.when,
            limit,
        };
        ActionFuture::new(async move {
            let store = writer.store();
            perform_decoded(store, writer.author(), target, request).await
        })
    }
}

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::bulk_report::BulkReport;
use super::bulk_run::{Operation, Order, Run};
use super::gather::MOST_STATEMENTS;
use super::waited::Waited;
use crate::action::ActionFuture;
use crate::client::Writer;
use crate::document::{Versioned, written};
use crate::error::Result;

/// A create of many documents, started with [`Writer::create_many`].
#[must_use = "a create does nothing unless awaited"]
pub struct CreateMany<'a, T> {
    writer: &'a Writer<T>,
    operations: Vec<Operation>,
    batch: usize,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for CreateMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateMany")
            .field("writer", self.writer)
            .field("documents", &self.operations.len())
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Creates documents, each as [`create`](Writer::create) would, with an entry of its own.
    /// `await` returns what became of each, in their order.
    ///
    /// They are sent in batches: one command and one insert into the log for up to 1 000 of them.
    /// One that fails does not hold up the others. For an order, use
    /// [`bulk`](Writer::bulk)`().ordered()`.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64 }
    /// # async fn example(desk: Writer<Order>) -> monguard::Result<()> {
    /// let report = desk.create_many((1..=1000).map(|amount| Order { amount })).await?;
    /// assert_eq!(report.applied(), 1000);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// None: what happens to a document is in the report, with the errors of [`Writer::create`].
    pub fn create_many(&self, values: impl IntoIterator<Item = T>) -> CreateMany<'_, T> {
        let creates = values.into_iter();
        CreateMany {
            writer: self,
            operations: creates
                .map(|value| Operation::Create(written(&value)))
                .collect(),
            batch: MOST_STATEMENTS,
            limit: None,
        }
    }
}

impl<T: Versioned> CreateMany<'_, T> {
    /// How many documents go into one command. Default and most 1 000.
    pub fn batch_size(mut self, documents: u32) -> Self {
        self.batch = usize::try_from(documents).unwrap_or(usize::MAX);
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<'a, T: Versioned> IntoFuture for CreateMany<'a, T> {
    type Output = Result<BulkReport<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let CreateMany {
            writer,
            operations,
            batch,
            limit,
        } = self;
        let run = Run {
            writer,
            batch,
            limit,
            waited: Waited::default(),
        };
        ActionFuture::new(async move { Ok(run.run(operations, Order::Any).await) })
    }
}

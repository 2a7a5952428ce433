use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::bulk_report::BulkReport;
use super::bulk_run::{Operation, Order, Run};
use super::gather::MOST_STATEMENTS;
use super::waited::Waited;
use crate::action::ActionFuture;
use crate::action::perform::{Plan, Request, Target, refused};
use crate::client::Writer;
use crate::document::{BasedOn, Versioned, written};
use crate::error::Result;
use crate::guard::Kind;
use crate::update::{Draft, Update};

/// Several operations on documents of one model, started with [`Writer::bulk`].
#[must_use = "a bulk does nothing unless awaited"]
pub struct Bulk<'a, T> {
    writer: &'a Writer<T>,
    operations: Vec<Operation>,
    order: Order,
    batch: usize,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for Bulk<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("writer", self.writer)
            .field("operations", &self.operations.len())
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Starts several operations at once: each is checked, versioned and audited as the single one
    /// of its name is. `await` returns what became of each, in their order.
    ///
    /// By default all are attempted, whatever becomes of the others, and in no order: they are sent
    /// in batches, one `update` command and one insert into the log for up to 1 000 of them. Two
    /// operations on one state of one document conflict, as any two writers would.
    /// [`ordered`](Bulk::ordered) makes them one after the other instead, up to the first that
    /// fails. It is no transaction: some may be applied where others fail.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(
    /// #     desk: Writer<Order>, a: Stored<Order>, b: Stored<Order>, late: Vec<Stored<Order>>,
    /// # ) -> monguard::Result<()> {
    /// let report = desk
    ///     .bulk()
    ///     .create(Order { amount: 5, status: "pending".into() })
    ///     .update(&a, |u| u.when(|o| o.status.eq("pending")).set(|o| o.status, "paid"))
    ///     .delete(&b)
    ///     .await?;
    /// for (place, error) in report.failures() {
    ///     eprintln!("operation {place}: {error}");
    /// }
    ///
    /// let expire = late.iter().fold(desk.bulk(), |bulk, order| {
    ///     bulk.update(order, |u| u.set(|o| o.status, "expired"))
    /// });
    /// assert!(expire.await?.is_complete());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// None: what happens to an operation is in the report, with the errors of the single one.
    pub fn bulk(&self) -> Bulk<'_, T> {
        Bulk {
            writer: self,
            operations: Vec::new(),
            order: Order::Any,
            batch: MOST_STATEMENTS,
            limit: None,
        }
    }
}

impl<T: Versioned> Bulk<'_, T> {
    /// Creates a document, as [`Writer::create`].
    pub fn create(self, value: T) -> Self {
        let value = written(&value);
        self.push(Operation::Create(value))
    }

    /// Updates a document, as [`Writer::update`]: the closure says how.
    pub fn update<B, F>(self, base: B, update: F) -> Self
    where
        B: BasedOn<T>,
        F: FnOnce(Update<T>) -> Update<T>,
    {
        let (Draft, changes) = update(Update::new(Draft)).into_parts();
        let request = Request {
            when: changes.when,
            ..request(Kind::Update, Plan::operators::<T>(changes.operations))
        };
        self.push(Operation::Write(Target::of(&base), request))
    }

    /// Saves an edited value, as [`Writer::replace`].
    pub fn replace<B: BasedOn<T>>(self, base: B, value: T) -> Self {
        let operation = match written(&value) {
            Ok(value) => {
                let request = request(Kind::Update, Plan::Replacement(value));
                Operation::Write(Target::of(&base), request)
            }
            Err(error) => Operation::Refused(refused(self.writer.store(), None, error)),
        };
        self.push(operation)
    }

    /// Soft-deletes a document, as [`Writer::delete`].
    pub fn delete<B: BasedOn<T>>(self, base: B) -> Self {
        let request = request(Kind::SoftDelete, Plan::Stamps);
        self.push(Operation::Write(Target::of(&base), request))
    }

    /// Restores a soft-deleted document, as [`Writer::restore`].
    pub fn restore<B: BasedOn<T>>(self, base: B) -> Self {
        let request = request(Kind::Restore, Plan::Stamps);
        self.push(Operation::Write(Target::of(&base), request))
    }

    /// Removes a document for good, as [`Writer::hard_delete`]. Hard deletes are made by
    /// themselves, some at a time: each is several commands.
    pub fn hard_delete<B: BasedOn<T>>(self, base: B) -> Self {
        let request = request(Kind::Tombstone, Plan::Stamps);
        self.push(Operation::Remove(Target::of(&base), request))
    }

    /// Makes the operations one after the other, each with commands of its own, and stops at the
    /// first that fails: the others are [`NotAttempted`](crate::BulkOutcome::NotAttempted). What is
    /// unchanged has not failed.
    pub fn ordered(mut self) -> Self {
        self.order = Order::AsGiven;
        self
    }

    /// How many operations go into one command. Default and most 1 000.
    pub fn batch_size(mut self, operations: u32) -> Self {
        self.batch = usize::try_from(operations).unwrap_or(usize::MAX);
        self
    }

    /// How long the server may work on one command. Default: the guard's, 10 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    fn push(mut self, operation: Operation) -> Self {
        self.operations.push(operation);
        self
    }
}

fn request(kind: Kind, plan: Plan) -> Request {
    Request {
        kind,
        plan,
        when: Vec::new(),
        limit: None,
    }
}

impl<'a, T: Versioned> IntoFuture for Bulk<'a, T> {
    type Output = Result<BulkReport<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Bulk {
            writer,
            operations,
            order,
            batch,
            limit,
        } = self;
        let run = Run {
            writer,
            batch,
            limit,
            waited: Waited::default(),
        };
        ActionFuture::new(async move { Ok(run.run(operations, order).await) })
    }
}

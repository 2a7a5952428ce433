use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Document, oid::ObjectId};

use super::ActionFuture;
use super::perform::{Performed, Plan, Request, Target, perform};
use crate::client::{Author, Store, Writer};
use crate::document::{BasedOn, Outcome, Revision, Version, Versioned, names, stored_field};
use crate::error::{AuditNotWritten, Error, Result};
use crate::filter::{Filter, Node};
use crate::guard::{Kind, Removal, bring_all, finish_tombstone, is_tombstone, to_the_end};

/// A hard delete, started with [`Writer::hard_delete`].
#[must_use = "a hard delete does nothing unless awaited"]
pub struct HardDelete<'a, T> {
    writer: &'a Writer<T>,
    target: Target,
    when: Vec<Node>,
    limit: Option<Duration>,
}

impl<T> fmt::Debug for HardDelete<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HardDelete")
            .field("writer", self.writer)
            .finish_non_exhaustive()
    }
}

impl<T: Versioned> Writer<T> {
    /// Removes a document for good, soft-deleted or not. `await` returns its last revision.
    ///
    /// In three steps, so that the removal is never without its entry: the document becomes a
    /// tombstone, which no read shows; its entries, the last one with the document's last image, are
    /// brought to the log; then the tombstone is removed. Whoever meets a tombstone that a crash left
    /// finishes it.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Clone, PartialEq, Serialize, Deserialize, Versioned, Auditable)]
    /// # #[monguard(collection = "orders")]
    /// # struct Order { amount: i64, status: String }
    /// # async fn example(desk: Writer<Order>, placed: Stored<Order>) -> monguard::Result<()> {
    /// let last = desk.hard_delete(&placed).await?;
    /// println!("removed at version {}", last.version());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Writer::update`]; [`Error::Unsettled`] also where the tombstone stands with its entry
    /// and its removal could not be confirmed. [`Error::AuditNotWritten`] where an entry could not be
    /// brought to the log, whatever the guard was built with: the document is then gone for every
    /// reader, and removed by [`recover`](crate::Collection::recover), or the next create or hard
    /// delete of its id, once the log takes the entry.
    pub fn hard_delete<B: BasedOn<T>>(&self, base: B) -> HardDelete<'_, T> {
        HardDelete {
            writer: self,
            target: Target::of(&base),
            when: Vec::new(),
            limit: None,
        }
    }
}

impl<T: Versioned> HardDelete<'_, T> {
    /// Removes only if the document also meets this condition.
    pub fn when(mut self, condition: impl FnOnce(T::Fields) -> Filter<T>) -> Self {
        self.when.push(condition(T::fields()).into_node());
        self
    }

    /// Removes only if the document also meets this condition in MongoDB's own words. Its names are
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

impl<'a, T: Versioned> IntoFuture for HardDelete<'a, T> {
    type Output = Result<Revision<T>>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let HardDelete {
            writer,
            target,
            when,
            limit,
        } = self;
        let request = Request {
            kind: Kind::Tombstone,
            plan: Plan::Stamps,
            when,
            limit,
        };
        let (store, author) = (writer.store().clone(), writer.author().clone());
        ActionFuture::new(async move {
            let name = store.name().clone();
            let removed = to_the_end(remove(store, author, target, request)).await?;
            Revision::read(removed.document(), &name)
        })
    }
}

pub(super) async fn remove(
    store: Arc<Store>,
    author: Arc<Author>,
    target: Target,
    request: Request,
) -> Result<Performed> {
    if store.transaction().is_some() {
        // In one step: the removal and its entry are in one transaction.
        return perform(&store, &author, target, request).await;
    }
    let limit = store.time_limit(request.limit);
    let performed = match perform(&store, &author, target.clone(), request).await {
        Err(error @ Error::NotFound(_)) => {
            finish_what_is_left(&store, &target, limit).await?;
            return Err(error);
        }
        Err(Error::AuditNotWritten(error)) => return Err(error.on_tombstone().into()),
        other => other?,
    };
    let Some(written) = performed.written() else {
        return Ok(performed);
    };
    if let Outcome::WrittenWithoutEntry(cause) = performed.outcome() {
        return Err(without_entry(&store, &performed, written, cause.clone()));
    }
    let tombstone = Document::try_from(performed.document().as_ref().as_ref());
    if let Ok(tombstone) = tombstone {
        let brought = bring_all(&store, &tombstone, limit).await;
        brought.map_err(|cause| without_entry(&store, &performed, written, Arc::new(cause)))?;
        Removal::new(store, tombstone, limit).commit().await?;
    }
    Ok(performed)
}

/// A document that is not there may be another writer's tombstone.
async fn finish_what_is_left(store: &Store, target: &Target, limit: Duration) -> Result<()> {
    if let Some(place) = target.place()
        && let Some(raw) = store.read_settled(place, limit).await?
        && let Ok(document) = Document::try_from(raw.as_ref())
        && is_tombstone(&document)
    {
        finish_tombstone(store, &document, limit).await?;
    }
    Ok(())
}

/// Without its entries in the log, nothing is removed.
fn without_entry(
    store: &Store,
    performed: &Performed,
    (operation, version): (ObjectId, Version),
    cause: Arc<Error>,
) -> Error {
    let document = performed.snapshot().clone();
    let subject = store.subject(stored_field(document.as_ref(), names::ID).as_ref());
    AuditNotWritten::new(subject, operation, version, document, cause)
        .on_tombstone()
        .into()
}

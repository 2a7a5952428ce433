//! The state that a write is based on.

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::RawDocumentBuf;

use super::undone::mismatch_now;
use super::{Plan, Request};
use crate::audit::Form;
use crate::client::Store;
use crate::document::{Excerpt, Meta, names};
use crate::error::Result;
use crate::field::Step;
use crate::guard::{Base, Kind, filter};
use crate::update::Operation;

/// A kind of write that may be made whether the document is deleted or not.
pub(super) const EITHER: Kind = Kind::Tombstone;

/// The state of a snapshot, and what the write looks at of it.
pub(super) fn excerpt(
    store: &Store,
    raw: Arc<RawDocumentBuf>,
    request: &Request,
) -> Result<(Base, Excerpt)> {
    let excerpt = match fields_of(store, request) {
        None => Excerpt::whole(store.parse(&raw, None)?),
        Some(fields) => {
            let excerpt = Excerpt::of(raw, |name| fields.contains(name));
            excerpt.map_err(|error| store.undecodable(None, error))?
        }
    };
    let document = excerpt.fields();
    let subject = || store.subject(document.get(names::ID));
    let base = Base::of(document, store.meta(), store.versions(), subject)?;
    Ok((base, excerpt))
}

/// Some of the top-level fields of a document.
struct Fields<'r> {
    meta: &'r Meta,
    version_field: &'r str,
    operations: &'r [Operation],
}

/// The fields that a write looks at; `None` where that may be any.
fn fields_of<'r>(store: &'r Store, request: &'r Request) -> Option<Fields<'r>> {
    let Plan::Operators(operations, _) = &request.plan else {
        return None;
    };
    let is_by_name = |operation: &Operation| matches!(operation.path.first(), Some(Step::Name(_)));
    // An image is of all of them.
    let is_partial = store.audit().form() == Form::Delta && operations.iter().all(is_by_name);
    is_partial.then(|| Fields {
        meta: store.meta(),
        version_field: store.versions().field(),
        operations,
    })
}

impl Fields<'_> {
    fn contains(&self, name: &str) -> bool {
        let mut shard_key = self.meta.shard_key();
        names::is_of_every_write(name, self.version_field)
            || self.operations.iter().any(|it| self.is_at(it, name))
            || shard_key.any(|field| field.stored_name() == name)
    }

    /// Whether the operation is on this field or in it, or on what is stored under this alias.
    fn is_at(&self, operation: &Operation, name: &str) -> bool {
        let Some(Step::Name(head)) = operation.path.first() else {
            return false;
        };
        let field = || self.meta.field(head);
        *head == name || field().is_some_and(|field| field.other_names().contains(&name))
    }
}

/// Reads the document that a revision without a snapshot stands for.
pub(super) async fn read_base(
    store: &Store,
    request: &Request,
    given: &Base,
    limit: Duration,
) -> Result<(Base, Excerpt)> {
    let kind = request.kind;
    let filter = match kind {
        Kind::Update | Kind::UpdateAny => filter(kind, given, None),
        // That it is deleted, or live, already is no mismatch.
        Kind::SoftDelete | Kind::Restore | Kind::Tombstone => filter(EITHER, given, None),
    };
    match store
        .find_on_primary(filter, limit, Some(&given.place.id))
        .await?
    {
        Some(raw) => excerpt(store, Arc::new(raw), request),
        None => Err(mismatch_now(store, kind, given, limit).await?),
    }
}

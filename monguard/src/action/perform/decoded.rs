use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, pending, select};

use super::{Request, Target, perform_showing};
use crate::audit::Guarantee;
use crate::client::{Author, Store};
use crate::document::{Stored, Versioned};
use crate::error::Result;
use crate::guard::{Preview, Previewed};

/// Makes the write, and decodes the document that it leaves. Where an entry is inserted after its
/// write, that is done in the meantime.
pub(crate) async fn perform_decoded<T: Versioned>(
    store: &Arc<Store>,
    author: &Author,
    target: Target,
    request: Request,
) -> Result<Stored<T>> {
    let (preview, previewed) = preview(store).unzip();
    let previewed = previewed.map_or_else(|| Either::Right(pending()), Either::Left);
    let performing = pin!(perform_showing(store, author, target, request, preview));
    match select(performing, previewed).await {
        Either::Left((performed, _)) => performed?.into_stored(store),
        Either::Right((shown, performing)) => {
            let decoded = shown.ok().map(|shown| Stored::read(shown, store.name()));
            let performed = performing.await?;
            match decoded {
                // What is shown is what the write left.
                Some(decoded) => performed.stored_as(decoded),
                None => performed.into_stored(store),
            }
        }
    }
}

/// Shows the document of a write that stands before its entry is inserted.
fn preview(store: &Store) -> Option<(Preview, Previewed)> {
    let is_after = store.audit().guarantee() == Guarantee::AfterWrite;
    let is_shown = is_after && store.transaction().is_none();
    is_shown.then(Preview::new)
}

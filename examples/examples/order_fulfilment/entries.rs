//! Where the entries are: in the order first, and then in the log.

use mongodb::bson::{Document, doc};
use monguard::prelude::*;

use super::model::Order;
use super::{Result, story::Story};

/// The entry of the last write is a part of the order: one command wrote both. A relay copies it to
/// the log soon after, and the end of a program waits for that.
pub(crate) async fn follow(
    monguard: &Monguard,
    order: &Stored<Order>,
    story: &mut Story<'_>,
) -> Result<()> {
    story.chapter("Where the entries are")?;
    // The model does not show what monguard keeps on a document. The driver does.
    let orders = monguard.collection::<Order>().driver_unchecked();
    let stored = orders.find_one(doc! { "_id": order.id() }).await?;
    let stored = stored.ok_or("the order is gone")?;
    let last = stored.get_array("__audit")?.last();
    let entry = last.and_then(|entry| entry.as_document());
    let entry = entry.ok_or("the order carries no entry")?;
    let outcome = format!(
        "version {}, by {}",
        entry.get_i32("v")?,
        entry.get_str("by")?
    );
    story.act("the order", "carries the entry of its last write", &outcome)?;

    monguard.shutdown().await?;
    let database = orders.client().database(&orders.namespace().db);
    let log = database.collection::<Document>("audit_logs");
    let entries = log.count_documents(doc! { "ref.id": order.id() }).await?;
    let outcome = format!("{entries} entries in the log");
    story.act("the service", "ends, and waits for the copies", &outcome)?;
    Ok(())
}

//! Billing takes the money of what has been shipped, and forgets the card.

use mongodb::bson::DateTime;
use monguard::prelude::*;

use super::model::{Order, OrderStatus};
use super::{Result, story::Story};

pub(crate) async fn bill(
    orders: &Collection<Order>,
    shipped: &Stored<Order>,
    story: &mut Story<'_>,
) -> Result<Stored<Order>> {
    story.chapter("Billing takes the payment of whatever version is the latest")?;
    let billing = orders.by("billing-001").trace("req-1006");
    // Read, changed and written until it lands; the closure runs again on a newer document.
    let billed = billing
        .modify(shipped.id(), |order, update| {
            if order.status != OrderStatus::Shipped {
                return Err(Error::abort("only what has been shipped is billed"));
            }
            Ok(update
                .set(|o| o.status, OrderStatus::Completed)
                .set(|o| o.fulfilment.billed_by, "billing-001")
                .set(|o| o.fulfilment.billed_at, DateTime::now())
                .set(|o| o.fulfilment.payment_processed, true)
                .set(|o| o.card_token, None))
        })
        .await?;
    let outcome = format!("version {}", billed.version());
    story.act("billing-001", "takes the payment, drops the card", &outcome)?;
    Ok(billed)
}

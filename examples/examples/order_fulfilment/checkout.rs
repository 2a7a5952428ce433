//! The shop places the order. A request that is sent twice creates one order.

use monguard::prelude::*;

use super::model::{Fulfilment, Order, OrderStatus};
use super::{Result, story::Story};

pub(crate) async fn place(
    orders: &Collection<Order>,
    story: &mut Story<'_>,
) -> Result<Stored<Order>> {
    story.chapter("The shop places an order, and sends the request again")?;
    let shop = orders.by("shop").trace("req-1001");

    let placed = shop.create(request(12_900)).await?;
    let version = placed.version();
    story.act(
        "shop",
        "creates the order",
        &format!("version {version}, pending"),
    )?;

    // The answer was lost on its way to the browser, which asks again.
    match shop.create(request(12_900)).await? {
        Created::Existing(order) if order.id() == placed.id() => {
            let version = order.version();
            story.act(
                "shop",
                "sends the same request again",
                &format!("the same order, version {version}"),
            )?;
        }
        other => return Err(format!("the retried checkout made {other:?}").into()),
    }

    match shop.create(request(99_900)).await {
        Err(Error::IdempotencyMismatch(mismatch)) => {
            let key = mismatch.field();
            story.act(
                "shop",
                "same key, but another amount",
                &format!("refused: `{key}` was used before"),
            )?;
        }
        other => {
            return Err(format!("another request under the same key came to {other:?}").into());
        }
    }

    let count = orders.count(|o| o.checkout_id.eq("checkout-1001")).await?;
    story.aside(&format!("orders of this checkout: {count}"))?;
    Ok(placed.into_stored())
}

fn request(amount: i64) -> Order {
    Order {
        checkout_id: "checkout-1001".to_owned(),
        status: OrderStatus::Pending,
        amount,
        fulfilment: Fulfilment {
            customer_id: "customer-77".to_owned(),
            ..Fulfilment::default()
        },
        card_token: Some("tok_4242424242424242".to_owned()),
    }
}

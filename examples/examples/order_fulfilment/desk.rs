//! Customer service validates the order, if it is still pending.

use mongodb::bson::DateTime;
use monguard::prelude::*;

use super::model::{Order, OrderStatus};
use super::{Result, story::Story};

pub(crate) async fn validate(
    orders: &Collection<Order>,
    placed: &Stored<Order>,
    story: &mut Story<'_>,
) -> Result<Stored<Order>> {
    story.chapter("Customer service validates it, if it is pending")?;
    let validated = start(orders, "cs-001", placed).await?;
    let outcome = format!("version {}", validated.version());
    story.act("cs-001", "pending -> processing", &outcome)?;

    match start(orders, "cs-002", &validated).await {
        Err(Error::ConditionFailed(failed)) => {
            let status = failed.current::<Order>()?.status.name();
            let outcome = format!("refused: it is {status}, not pending");
            story.act("cs-002", "does the same a moment later", &outcome)?;
        }
        other => return Err(format!("the second validation came to {other:?}").into()),
    }
    Ok(validated)
}

/// Matches the version that was read, and the condition.
async fn start(
    orders: &Collection<Order>,
    agent: &str,
    order: &Stored<Order>,
) -> monguard::Result<Stored<Order>> {
    let desk = orders.by(agent).trace("req-1002");
    desk.update(order)
        .when(|o| o.status.eq(OrderStatus::Pending))
        .set(|o| o.status, OrderStatus::Processing)
        .set(|o| o.fulfilment.validated_by, agent)
        .set(|o| o.fulfilment.validated_at, DateTime::now())
        .await
}

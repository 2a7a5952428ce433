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
    let validated = start(&orders.by("cs-001").trace("req-1002"), placed).await?;
    let version = validated.version();
    story.act(
        "cs-001",
        "pending -> processing",
        &format!("version {version}"),
    )?;

    match start(&orders.by("cs-002").trace("req-1003"), &validated).await {
        Err(Error::ConditionFailed(failed)) => {
            let status = failed.current::<Order>()?.status.name();
            story.act(
                "cs-002",
                "does the same a moment later",
                &format!("refused: it is {status}, not pending"),
            )?;
        }
        other => return Err(format!("the second validation came to {other:?}").into()),
    }
    Ok(validated)
}

async fn start(desk: &Writer<Order>, order: &Stored<Order>) -> monguard::Result<Stored<Order>> {
    desk.update(order)
        .when(|o| o.status.eq(OrderStatus::Pending))
        .set(|o| o.status, OrderStatus::Processing)
        .set(
            |o| o.fulfilment.validated_by,
            desk.actor().id().as_str().map(str::to_owned),
        )
        .set(|o| o.fulfilment.validated_at, DateTime::now())
        .await
}

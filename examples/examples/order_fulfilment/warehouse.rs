//! Two warehouses pack the same order at the same time. One of them is too late.

use std::sync::Arc;

use mongodb::bson::DateTime;
use monguard::error::Conflict;
use monguard::prelude::*;
use tokio::sync::Barrier;

use super::answer::conflict_answer;
use super::model::{FulfilmentChange, Order, OrderChange, OrderStatus};
use super::{Result, story::Story};

/// What came of the race.
struct Race {
    winner: &'static str,
    packed: Stored<Order>,
    loser: &'static str,
    conflict: Box<Conflict>,
}

pub(crate) async fn pack_and_ship(
    orders: &Collection<Order>,
    validated: &Stored<Order>,
    story: &mut Story<'_>,
) -> Result<Stored<Order>> {
    story.chapter("Two warehouses pack it at the same time")?;
    let Race {
        winner,
        packed,
        loser,
        conflict,
    } = race(orders, validated).await?;
    let base = validated.version();
    story.act(
        winner,
        &format!("packs version {base}"),
        &format!("version {}", packed.version()),
    )?;
    let (expected, current) = (conflict.expected_version(), conflict.current_version());
    story.act(
        loser,
        &format!("packs version {base}"),
        &format!("conflict: expected version {expected}, current version {current}"),
    )?;
    story.aside("as the body of an HTTP answer, status 409:")?;
    story.aside(&conflict_answer(&conflict)?)?;
    recover(orders, loser, validated, &conflict, story).await
}

/// Both hold the same version, and start at the same moment.
async fn race(orders: &Collection<Order>, held: &Stored<Order>) -> Result<Race> {
    let start = Arc::new(Barrier::new(2));
    let packers =
        [("warehouse-001", "req-1003"), ("warehouse-002", "req-1004")].map(|(name, trace)| {
            let (warehouse, held) = (orders.by(name).trace(trace), held.clone());
            let start = start.clone();
            tokio::spawn(async move {
                start.wait().await;
                let packed = warehouse
                    .update(&held)
                    .set(|o| o.fulfilment.packed_by, name)
                    .set(|o| o.fulfilment.packed_at, DateTime::now())
                    .set(
                        |o| o.fulfilment.tracking_number,
                        name.replace("warehouse", "TRK"),
                    )
                    .await;
                (name, packed)
            })
        });
    let [first, second] = packers;
    match (first.await?, second.await?) {
        ((winner, Ok(packed)), (loser, Err(Error::Conflict(conflict))))
        | ((loser, Err(Error::Conflict(conflict))), (winner, Ok(packed))) => Ok(Race {
            winner,
            packed,
            loser,
            conflict,
        }),
        other => Err(format!("the race came to {other:?}").into()),
    }
}

/// The conflict has the current document: the loser looks at what changed since the version that it
/// held, and goes on from there. No other read is needed.
async fn recover(
    orders: &Collection<Order>,
    loser: &'static str,
    held: &Stored<Order>,
    conflict: &Conflict,
    story: &mut Story<'_>,
) -> Result<Stored<Order>> {
    let current: Stored<Order> = conflict.current()?;
    let packer = current
        .changes_since(held)?
        .into_iter()
        .find_map(|change| match change {
            OrderChange::Fulfilment(FulfilmentChange::PackedBy(Change { new, .. })) => new,
            _ => None,
        });
    let packer = packer.ok_or("the conflict does not come from a packer")?;
    story.act(
        loser,
        "looks at what changed",
        &format!("{packer} has packed it"),
    )?;
    let shipped = orders
        .by(loser)
        .trace("req-1005")
        .update(&current)
        .set(|o| o.status, OrderStatus::Shipped)
        .await?;
    let outcome = format!("version {}", shipped.version());
    story.act(loser, "ships the parcel instead", &outcome)?;
    Ok(shipped)
}

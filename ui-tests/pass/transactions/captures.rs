//! What a transaction's closure may capture, also where all of it is spawned.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use monguard::Tx;
use monguard::prelude::*;
use monguard_ui_tests::shop::*;

fn spawned<F: Future + Send + 'static>(_: F)
where
    F::Output: Send,
{
}

fn owned(monguard: Monguard, desk: Writer<Order>, order: Stored<Order>) {
    spawned(async move {
        let runs = AtomicU32::new(0);
        monguard
            .transaction(async |tx| {
                runs.fetch_add(1, Ordering::Relaxed);
                desk.within(&tx).update(&order).set(|o| o.amount, 3).await
            })
            .time_limit(Duration::from_secs(1))
            .await
    });
}

fn borrowed<'a>(
    monguard: &'a Monguard,
    desk: &'a Writer<Order>,
    order: &'a Stored<Order>,
) -> impl Future<Output = monguard::Result<Stored<Order>>> + Send + 'a {
    async move {
        monguard
            .transaction(async |tx| desk.within(&tx).update(order).set(|o| o.amount, 3).await)
            .await
    }
}

async fn in_a_function_of_its_own(
    tx: Tx,
    desk: &Writer<Order>,
    order: &Stored<Order>,
) -> monguard::Result<i64> {
    let desk = desk.within(&tx);
    let order = desk.update(order).set(|o| o.amount, 3).await?;
    Ok(order.amount)
}

fn called(monguard: Monguard, desk: Writer<Order>, order: Stored<Order>) {
    spawned(async move {
        let (desk, order) = (&desk, &order);
        let plain = monguard.transaction(|tx| in_a_function_of_its_own(tx, desk, order));
        plain.await?;
        let moved = monguard.transaction(|tx| async move {
            desk.within(&tx).modify(order.id(), |o, u| u.set(|o| o.amount, o.amount)).await
        });
        moved.await
    });
}

fn generic<T: Auditable + Send + Sync>(monguard: Monguard, desk: Writer<T>, stored: Stored<T>) {
    spawned(async move {
        monguard
            .transaction(async |tx| {
                desk.collection().within(&tx).count(|_| monguard::Filter::<T>::all()).await?;
                desk.within(&tx).delete(&stored).await
            })
            .await
            .map(drop)
    });
}

fn nested<'a>(
    monguard: &'a Monguard,
    desk: &'a Writer<Order>,
    order: &'a Stored<Order>,
    depth: u8,
) -> std::pin::Pin<Box<dyn Future<Output = monguard::Result<()>> + Send + 'a>> {
    Box::pin(async move {
        monguard
            .transaction(async |tx| {
                if depth > 0 {
                    nested(monguard, desk, order, depth - 1).await?;
                }
                desk.within(&tx).delete(order).await.map(drop)
            })
            .await
    })
}

fn main() {}

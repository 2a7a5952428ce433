use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: &Stored<Order>) {
    let done = monguard.transaction(async |tx| {
        let updated = desk.within(&tx).update(order).set(|o| o.amount, 3).await;
        updated.is_ok()
    });
    let _ = done.await;
}

fn main() {}

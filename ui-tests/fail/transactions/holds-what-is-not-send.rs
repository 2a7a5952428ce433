use std::rc::Rc;

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: &Stored<Order>) {
    let done = monguard.transaction(async |tx| {
        let amount = Rc::new(3);
        let paid = desk.within(&tx).update(order).set(|o| o.amount, *amount).await?;
        desk.within(&tx).update(&paid).set(|o| o.amount, *amount).await
    });
    let _ = done.await;
}

fn main() {}

#![deny(unused_must_use)]

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: &Stored<Order>) {
    let done = monguard.transaction(async |tx| {
        desk.within(&tx).update(order).set(|o| o.amount, 3);
        Ok(())
    });
    let _ = done.await;
}

fn main() {}

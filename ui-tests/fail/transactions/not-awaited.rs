#![deny(unused_must_use)]

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: &Stored<Order>) {
    monguard.transaction(async |tx| desk.within(&tx).update(order).set(|o| o.amount, 3).await);
}

fn main() {}

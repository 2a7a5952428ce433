use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: &Stored<Order>) {
    let done = desk.within(monguard).update(order).set(|o| o.amount, 3);
    let _ = done.await;
}

fn main() {}

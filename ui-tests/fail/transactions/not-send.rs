use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: &Stored<Order>) {
    let done = monguard.transaction(async |tx| {
        let amount = std::rc::Rc::new(3);
        desk.within(&tx).update(order).set(|o| o.amount, *amount).await
    });
    let _ = done.await;
}

fn main() {}

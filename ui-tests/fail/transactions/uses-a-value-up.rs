use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(monguard: &Monguard, desk: &Writer<Order>, order: Order) {
    let done = monguard.transaction(async |tx| {
        desk.within(&tx).create(order).await?;
        Ok(())
    });
    let _ = done.await;
}

fn main() {}

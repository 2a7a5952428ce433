use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.update(order).inc(|o| o.amount, "3").await?;
    Ok(())
}

fn main() {}

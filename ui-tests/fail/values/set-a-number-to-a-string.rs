use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.update(order).set(|o| o.amount, "x").await?;
    Ok(())
}

fn main() {}

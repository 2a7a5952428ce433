use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: Order) -> Result<(), Error> {
    desk.update(&order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}

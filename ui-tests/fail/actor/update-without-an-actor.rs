use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>, order: &Stored<Order>) -> Result<(), Error> {
    orders.update(order).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}

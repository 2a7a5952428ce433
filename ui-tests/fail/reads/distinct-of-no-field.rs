use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.distinct(|_| 3).await?;
    Ok(())
}

fn main() {}

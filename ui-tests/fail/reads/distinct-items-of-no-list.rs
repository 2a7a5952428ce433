use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.distinct_items(|o| o.amount).await?;
    Ok(())
}

fn main() {}

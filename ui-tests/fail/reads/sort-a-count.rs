use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.count(|o| o.amount.gt(3)).sort(|o| o.amount.ascending()).await?;
    Ok(())
}

fn main() {}

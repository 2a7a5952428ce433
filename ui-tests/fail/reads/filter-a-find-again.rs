use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.amount.gt(3)).filter(|o| o.amount.lt(9)).await?;
    Ok(())
}

fn main() {}

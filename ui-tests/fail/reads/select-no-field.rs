use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.amount.gt(3)).select(|_| "amount").await?;
    Ok(())
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.amount.eq(3).and(Invoice::fields().total.eq(3))).await?;
    Ok(())
}

fn main() {}

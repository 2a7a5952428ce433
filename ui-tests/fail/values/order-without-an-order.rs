use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.status.gt(OrderStatus::Pending)).await?;
    Ok(())
}

fn main() {}

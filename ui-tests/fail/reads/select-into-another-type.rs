use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    let rows: Vec<(OrderStatus, String)> =
        orders.find(|o| o.amount.gt(3)).select(|o| (o.status, o.amount)).await?;
    drop(rows);
    Ok(())
}

fn main() {}

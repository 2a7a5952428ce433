use monguard::prelude::*;
use monguard_ui_tests::shop::*;

struct Line {
    amount: i64,
}

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.amount.gt(3)).select_as::<Line>().await?;
    Ok(())
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

#[derive(Projection)]
#[monguard(model = "Invoice")]
struct Line {
    total: i64,
}

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.amount.gt(3)).select_as::<Line>().await?;
    Ok(())
}

fn main() {}

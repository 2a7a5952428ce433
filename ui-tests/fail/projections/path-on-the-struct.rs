use monguard::prelude::*;
use monguard_ui_tests::shop::*;

#[derive(Projection)]
#[monguard(model = "Order", path = "amount")]
struct Line {
    amount: i64,
}

async fn uses(orders: &Collection<Order>) -> Result<(), Error> {
    let lines: Vec<Line> = orders.find(|o| o.amount.gt(3)).select_as::<Line>().await?;
    let one: Option<Line> = orders.find_one(|o| o.amount.gt(3)).select_as().await?;
    drop((lines, one));
    Ok(())
}

fn main() {}

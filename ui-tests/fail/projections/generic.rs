use monguard::prelude::*;
use monguard_ui_tests::shop::*;

#[derive(Projection)]
#[monguard(model = "Order")]
struct Line<A> {
    amount: A,
}

async fn uses(orders: &Collection<Order>) -> Result<(), Error> {
    let lines: Vec<Line<i64>> = orders.find(|o| o.amount.gt(3)).select_as::<Line<i64>>().await?;
    let one: Option<Line<i64>> = orders.find_one(|o| o.amount.gt(3)).select_as().await?;
    drop((lines, one));
    Ok(())
}

fn main() {}

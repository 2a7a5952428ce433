use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.modify(order.id(), |order, _| order.amount).await?;
    Ok(())
}

fn main() {}

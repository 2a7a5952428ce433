use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order_id: <Order as Versioned>::Id) -> Result<(), Error> {
    desk.update(order_id).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}

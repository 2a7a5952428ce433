use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>) -> Result<(), Error> {
    let report = desk.update_many(|_| ()).set(|o| o.amount, 3).await?;
    drop(report);
    Ok(())
}

fn main() {}

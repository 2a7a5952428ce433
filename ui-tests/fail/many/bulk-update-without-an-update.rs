use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    let report = desk.bulk().update(order, |_| 3).await?;
    drop(report);
    Ok(())
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, id: <Order as Versioned>::Id) -> Result<(), Error> {
    let row = desk.collection().find_by_id(id).select(|o| o.amount).await?;
    desk.update(&row).set(|o| o.amount, 3).await?;
    Ok(())
}

fn main() {}

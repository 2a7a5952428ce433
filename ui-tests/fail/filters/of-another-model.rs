use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>, filter: Filter<Invoice>) -> Result<(), Error> {
    orders.find_matching(filter).await?;
    Ok(())
}

fn main() {}

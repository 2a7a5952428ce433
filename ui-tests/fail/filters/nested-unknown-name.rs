use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(orders: &Collection<Order>) -> Result<(), Error> {
    orders.find(|o| o.fulfilment.track.exists()).await?;
    Ok(())
}

fn main() {}

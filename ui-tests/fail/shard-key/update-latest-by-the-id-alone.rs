use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Shipment>, shipment: &Stored<Shipment>) -> Result<(), Error> {
    desk.update_latest(shipment.id()).set(|s| s.weight, 3).await?;
    Ok(())
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Shipment>, shipment: &Stored<Shipment>) -> Result<(), Error> {
    desk.update(shipment).set(|s| s.region, "us").await?;
    Ok(())
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Shipment>, shipment: &Stored<Shipment>) -> Result<(), Error> {
    desk.collection().find_by_id(shipment.id()).await?;
    Ok(())
}

fn main() {}

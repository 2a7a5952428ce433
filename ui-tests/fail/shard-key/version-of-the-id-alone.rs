use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Shipment>, shipment: &Stored<Shipment>) -> Result<(), Error> {
    desk.delete(Revision::<Shipment>::from_version(shipment.id(), 3)).await?;
    Ok(())
}

fn main() {}

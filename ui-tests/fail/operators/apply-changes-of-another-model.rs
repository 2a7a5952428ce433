use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(
    desk: &Writer<Order>,
    order: &Stored<Order>,
    invoice: &Stored<Invoice>,
) -> Result<(), Error> {
    let changes = invoice.changes_since(invoice)?;
    desk.update(order).apply(changes).await?;
    Ok(())
}

fn main() {}

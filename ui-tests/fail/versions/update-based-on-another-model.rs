use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(invoices_writer: &Writer<Invoice>, order: Stored<Order>) -> Result<(), Error> {
    invoices_writer.update(&order).set(|i| i.total, 3).await?;
    Ok(())
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::Invoice;
use monguard_ui_tests::stock::*;

async fn mistake(parts: &Collection<Item>) -> Result<(), Error> {
    parts.find(|p| p.count.eq(1).and(Invoice::fields().total.eq(1))).await?;
    Ok(())
}

fn main() {}

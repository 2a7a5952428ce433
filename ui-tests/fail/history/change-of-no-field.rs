use monguard::prelude::*;
use monguard_ui_tests::shop::*;

fn mistake(entry: &AuditEntry<Order>) -> Result<(), Error> {
    let _ = entry.changed(|_| "amount")?;
    Ok(())
}

fn main() {}

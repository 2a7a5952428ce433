use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Account>, account: &Stored<Account>) -> Result<(), Error> {
    desk.update(account).inc(|a| a.version, 1).await?;
    Ok(())
}

fn main() {}

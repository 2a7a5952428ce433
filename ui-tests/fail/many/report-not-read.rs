#![deny(unused_must_use)]

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>) -> Result<(), Error> {
    desk.delete_many(|o| o.amount.gt(3)).await?;
    Ok(())
}

fn main() {}

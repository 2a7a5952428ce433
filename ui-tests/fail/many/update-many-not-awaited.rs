#![deny(unused_must_use)]

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>) {
    desk.update_many(|o| o.amount.gt(3)).set(|o| o.amount, 3);
}

fn main() {}

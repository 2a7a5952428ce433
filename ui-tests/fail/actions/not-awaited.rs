#![deny(unused_must_use)]

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) {
    desk.update(order).set(|o| o.amount, 3);
}

fn main() {}

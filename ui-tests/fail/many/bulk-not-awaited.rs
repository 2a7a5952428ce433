#![deny(unused_must_use)]

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) {
    desk.bulk().delete(order);
}

fn main() {}

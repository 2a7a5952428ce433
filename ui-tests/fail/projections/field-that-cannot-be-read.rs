use monguard::prelude::*;
use monguard_ui_tests::shop::*;

struct Foreign;

#[derive(Projection)]
#[monguard(model = "Order")]
struct Line {
    amount: Foreign,
}

fn main() {}

use monguard::prelude::*;
use monguard_ui_tests::shop::*;

struct Odd;

#[derive(Projection)]
#[monguard(model = "Odd")]
struct Line {
    amount: i64,
}

fn main() {}

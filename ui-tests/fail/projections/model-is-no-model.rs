use monguard::prelude::*;

struct Odd;

#[derive(Projection)]
#[monguard(model = "Odd")]
struct Line {
    amount: i64,
}

fn main() {}

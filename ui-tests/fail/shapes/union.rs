use monguard::prelude::*;

#[derive(Versioned)]
#[monguard(collection = "orders")]
union Order {
    amount: i64,
}

fn main() {}

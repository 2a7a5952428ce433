use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
}

fn main() {}

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Fulfilment {
    tracking: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(nested)]
    parts: Vec<Fulfilment>,
}

fn main() {}

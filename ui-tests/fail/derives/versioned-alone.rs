use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
}

fn uses(orders: &Collection<Order>) -> Writer<Order> {
    orders.by("cs-001")
}

fn main() {}

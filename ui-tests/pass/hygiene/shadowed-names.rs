use monguard::prelude::*;

struct Option;
struct Vec;
struct Result;
struct String;
struct Box;
struct Some;
struct None;
struct Ok;
struct Err;
struct R;
struct V;
struct P;
struct Path;
struct Field;
mod core {}
mod std {}
mod serde_json {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Fulfilment {
    #[serde(skip_serializing_if = "is_empty")]
    tracking: ::std::string::String,
}

fn is_empty(tracking: &::std::string::String) -> bool {
    tracking.is_empty()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(nested)]
    fulfilment: Fulfilment,
    #[monguard(nested)]
    parts: ::std::vec::Vec<Fulfilment>,
}

fn main() {
    let _ = (Option, Vec, Result, String, Box, Some, None, Ok, Err, R, V, P, Path, Field);
    let _: Filter<Order> = Order::fields().fulfilment.tracking.eq("T-1");
}

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
#[allow(non_camel_case_types)]
struct str;
#[allow(non_camel_case_types)]
struct bool;
#[allow(non_camel_case_types)]
struct usize;
mod core {}
mod std {}
mod serde_json {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Fulfilment {
    #[serde(skip_serializing_if = "is_empty")]
    tracking: ::std::string::String,
}

fn is_empty(tracking: &::std::string::String) -> ::std::primitive::bool {
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
    let _ = (Option, Vec, Result, String, Box, Some, None, Ok, Err, R, V, P, Path, Field, str, bool, usize);
    let _: Filter<Order> = Order::fields().fulfilment.tracking.eq("T-1");
}

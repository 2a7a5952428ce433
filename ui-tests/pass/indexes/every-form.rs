use std::collections::HashMap;

use mongodb::bson::DateTime;
use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Fulfilment {
    tracking: Option<String>,
    sent: Option<DateTime>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Status {
    Pending,
}

/// An instant of another crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Instant(DateTime);

impl monguard::StoredDate for Instant {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Whole {
    a: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(
    collection = "orders",
    index(fields(status, -created_at, fulfilment.tracking), sparse),
    index(fields(owner, r#type), unique = "live", name = "one_of_each"),
    index(fields(owner, -amount, id), unique, partial = "live::expensive")
)]
#[monguard(index(fields(fulfilment.sent), expire_after = "30 days"))]
struct Order {
    #[monguard(index)]
    status: Status,
    #[monguard(index(unique))]
    email: String,
    #[monguard(index(unique = "live", sparse))]
    handle: Option<String>,
    #[monguard(index(descending, name = "by_amount"))]
    amount: i64,
    #[monguard(index(expire_after = "0s", partial = "live::expensive"))]
    expires: Instant,
    #[monguard(index(expire_after = "1h"))]
    #[serde(with = "millis")]
    by_helper: i64,
    #[serde(rename = "createdAt")]
    #[monguard(created_at, index(descending))]
    created_at: Option<DateTime>,
    #[monguard(index(partial = "expensive"))]
    tags: Vec<String>,
    #[monguard(index)]
    whole: Whole,
    owner: i64,
    r#type: String,
    #[monguard(nested)]
    fulfilment: Fulfilment,
    attributes: HashMap<String, String>,
}

fn expensive() -> Filter<Order> {
    Order::fields().amount.gt(100)
}

mod live {
    pub(crate) use super::expensive;
}

mod millis {
    use mongodb::bson::DateTime;
    use monguard::prelude::*;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(millis: &i64, to: S) -> Result<S::Ok, S::Error> {
        DateTime::from_millis(*millis).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        DateTime::deserialize(from).map(DateTime::timestamp_millis)
    }
}

fn main() {
    assert_eq!(Order::indexes().len(), 12);
    assert_eq!(
        format!("{:?}", Order::indexes()[0]),
        "Index { keys: [status, -createdAt, fulfilment.tracking], unique: None, .. }"
    );
}

use std::collections::{BTreeSet, HashMap};

use monguard::prelude::*;

mod reversed {
    pub fn serialize<S: serde::Serializer>(_: &[i64], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_unit()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    count: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    tags: Vec<String>,
    words: BTreeSet<String>,
    labels: HashMap<String, String>,
    #[serde(serialize_with = "reversed::serialize")]
    reversed: Vec<i64>,
    #[monguard(nested)]
    lines: Vec<Line>,
    #[monguard(nested)]
    by_name: HashMap<String, Line>,
    #[monguard(id)]
    #[serde(rename = "_id")]
    id: Vec<i64>,
}

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.collection().find(|o| o.lines.all().count.exists()).await?;
    desk.update(order).set(|o| o.amount, 1).await?;
    Ok(())
}

fn main() {}

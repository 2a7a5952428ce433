use std::collections::{BTreeSet, HashMap};

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Status {
    Open,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    count: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    status: Status,
    tags: Vec<String>,
    words: BTreeSet<String>,
    pair: [i64; 2],
    labels: HashMap<String, String>,
    #[monguard(nested)]
    lines: Vec<Line>,
    #[monguard(id)]
    #[serde(rename = "_id")]
    id: Vec<i64>,
}

async fn mistake(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.update(order).pull(|o| o.tags, 1).await?;
    desk.update(order).set(|o| o.amount, 1).await?;
    Ok(())
}

fn main() {}

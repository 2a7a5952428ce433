//! Elements of lists and values of maps have handles, through every wrapper that stores them so.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Part {
    name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    sku: String,
    count: i64,
    tags: Vec<String>,
    #[monguard(nested)]
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
enum Region {
    Eu,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    tags: Vec<String>,
    limits: Option<VecDeque<i64>>,
    scores: [i64; 2],
    labels: HashMap<String, String>,
    grid: Vec<Vec<i64>>,
    words: BTreeSet<String>,
    by_region: BTreeMap<Region, i64>,
    #[monguard(nested)]
    lines: Vec<Line>,
    #[monguard(nested)]
    maybe: Option<Vec<Option<Line>>>,
    #[monguard(nested)]
    shared: Arc<Box<Vec<Line>>>,
    #[monguard(nested)]
    by_name: HashMap<String, Line>,
    #[monguard(nested)]
    deep: BTreeMap<Region, Vec<Line>>,
}

fn filters(key: &String) -> Vec<Filter<Order>> {
    let o = Order::fields();
    vec![
        o.tags.index(0).eq("a"),
        o.limits.index(1).gt(3),
        o.scores.index(1).lt(3),
        o.labels.key("a").eq("b"),
        o.labels.key(key).ne("b"),
        o.grid.index(0).index(1).gte(1),
        o.words.contains("x"),
        o.by_region.key(Region::Eu).lte(1),
        o.lines.index(0).sku.eq("a"),
        o.lines.index(0).parts.index(2).name.exists(),
        o.lines.index(0).exists(),
        o.lines.exists(),
        o.maybe.index(0).count.gt(1),
        o.shared.index(0).count.gt(1),
        o.by_name.key(key.clone()).tags.index(0).eq("x"),
        o.deep.key(Region::Eu).index(0).count.gt(1),
    ]
}

async fn updates(desk: &Writer<Order>, order: &Stored<Order>) -> Result<(), Error> {
    desk.update(order)
        .set(|o| o.tags.index(0), "a")
        .set(|o| o.limits.all(), 3)
        .set(|o| o.scores.first_match(|score| score.gt(2)), 1)
        .set(|o| o.grid.index(1).all(), 1)
        .set(|o| o.labels.key("x"), "y")
        .inc(|o| o.lines.all().count, 1)
        .set(|o| o.lines.first_match(|line| line.sku.eq("a")).parts.index(0).name, "n")
        .push(|o| o.by_name.key("x").tags, "t")
        .set(|o| o.maybe.index(0), None)
        .await?;
    Ok(())
}

fn main() {
    assert_eq!(filters(&String::from("k")).len(), 16);
    let _ = updates;
    let o = Order::fields();
    assert_eq!(o.lines.index(2).parts.index(1).name.path(), "lines.2.parts.1.name");
    assert_eq!(o.by_name.key("eu").count.path(), "by_name.eu.count");
    assert_eq!(o.by_region.key(Region::Eu).path(), "by_region.Eu");
    assert_eq!(format!("{:?}", o.by_name.key("secret").count), "Field(\"by_name.*.count\")");
}

//! Every operator, on every kind of field that it fits.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::time::SystemTime;

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    sku: String,
    count: i64,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    rate: Option<f64>,
    note: Option<String>,
    tags: Vec<String>,
    queue: Option<VecDeque<i64>>,
    words: HashSet<String>,
    by_region: BTreeMap<String, i64>,
    seen: Option<SystemTime>,
    #[monguard(nested)]
    lines: Vec<Line>,
    #[monguard(nested)]
    by_name: BTreeMap<String, Line>,
}

async fn updates(
    desk: &Writer<Order>,
    old: &Stored<Order>,
    new: &Stored<Order>,
    line: Line,
) -> Result<(), Error> {
    desk.update(old)
        .set(|o| o.note, None)
        .unset(|o| o.note)
        .inc(|o| o.amount, -1)
        .mul(|o| o.amount, 3)
        .mul(|o| o.rate, 0.5)
        .min(|o| o.amount, 3)
        .max(|o| o.note, "a")
        .current_date(|o| o.seen)
        .current_date_with(|o| o.amount, |at| at.timestamp_millis())
        .await?;
    desk.update_latest(old.id())
        .push(|o| o.lines, line.clone())
        .push(|o| o.queue, 1)
        .push_all(|o| o.tags, ["a", "b"])
        .push_all(|o| o.lines.all().tags, vec![String::new()])
        .push_all_with(|o| o.queue, [1, 2], |list| {
            list.at(0).sort_by(|n| n.descending()).keep_last(3)
        })
        .push_all_with(|o| o.lines, [line.clone()], |list| {
            list.sort_by(|line| line.count.descending().then(line.sku.ascending())).keep_first(3)
        })
        .add_to_set(|o| o.words, "a")
        .add_all_to_set(|o| o.lines, [line.clone()])
        .await?;
    desk.modify(old.id(), |order, update| {
        update
            .pull(|o| o.tags, "a")
            .pull(|o| o.lines, order.lines[0].clone())
            .pull_all(|o| o.words, ["a", "b"])
            .pull_matching(|o| o.queue, |n| n.gt(3).or(n.eq(1)))
            .pull_matching(|o| o.lines, |line| line.count.eq(0).and(line.sku.ne("x")))
            .pull_matching(|o| o.lines.first_match(|line| line.sku.eq("a")).tags, |tag| tag.eq("x"))
            .pop_first(|o| o.tags)
            .pop_last(|o| o.queue)
            .rename_key(|o| o.by_region, "eu", String::from("emea"))
            .rename_key(|o| o.by_name, "a", &String::from("b"))
            .set(|o| o.by_name.key("c").count, 1)
    })
    .await?;
    desk.update(old).apply(new.changes_since(old)?).await?;
    Ok(())
}

fn main() {
    let _ = updates;
}

//! Paths to elements of lists and values of maps, in updates and in filters.

use super::*;

fn basket() -> Basket {
    let mut first = line("x", 1);
    first.parts = vec![Part::default(), Part::default()];
    Basket {
        tags: names(&["a", "b"]),
        lines: vec![first, line("y", 2), line("y", 3)],
        by_region: BTreeMap::from([("eu".into(), line("r", 1))]),
        labels: BTreeMap::from([("k".into(), "v".into())]),
        ..Basket::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_is_written_at_its_index() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage.desk.update(&old).set(|b| b.tags.index(1), "c");
    let update = update.inc(|b| b.lines.index(2).count, 10);
    let update = update.set(|b| b.lines.index(0).parts.index(1).name, "p");
    let new = stage
        .write(update.set(|b| b.lines.index(1), line("w", 9)))
        .await;
    assert_eq!(new.tags, names(&["a", "c"]));
    assert_eq!((new.lines[2].count, &new.lines[1]), (13, &line("w", 9)));
    assert_eq!(new.lines[0].parts[1].name, "p");
    assert_eq!(new.lines[0].sku, "x");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_element_is_written_or_the_first_that_matches() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage.desk.update(&old).mul(|b| b.lines.all().count, 10);
    let update = update.push(|b| b.lines.first_match(|line| line.sku.eq("y")).tags, "t");
    let new = stage
        .write(update.set(|b| b.tags.first_match(|tag| tag.eq("b")), "B"))
        .await;
    let counts: Vec<_> = new.lines.iter().map(|line| line.count).collect();
    assert_eq!(counts, [10, 20, 30]);
    let tags: Vec<_> = new.lines.iter().map(|line| line.tags.len()).collect();
    assert_eq!(tags, [0, 1, 0]);
    assert_eq!(new.tags, names(&["a", "B"]));
    let empty = stage
        .write(stage.desk.update(&new).set(|b| b.lines, vec![]))
        .await;
    let nothing = stage.desk.update(&empty).mul(|b| b.lines.all().count, 10);
    assert!(is_unchanged(&nothing.await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_written_under_its_key() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage
        .desk
        .update(&old)
        .inc(|b| b.by_region.key("eu").count, 1);
    let update = update.set(|b| b.by_region.key("us"), line("u", 7));
    let update = update
        .set(|b| b.labels.key("l"), "w")
        .unset(|b| b.labels.key("k"));
    let new = stage.write(update).await;
    assert_eq!(
        (new.by_region["eu"].count, new.by_region["us"].count),
        (2, 7)
    );
    assert_eq!(new.labels, BTreeMap::from([("l".into(), "w".into())]));
    let owned = |update: Update<Basket, _>| update.set(|b| b.labels.key("__v"), "1");
    let new = stage.write(owned(stage.desk.update(&new))).await;
    assert_eq!(new.labels["__v"], "1");
    assert_eq!(new.version(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_conditions_follow_indexes_and_keys() {
    let (stage, old) = Stage::with(basket()).await;
    let baskets = stage.desk.collection();
    for (filter, matches) in [
        (Basket::fields().lines.index(1).sku.eq("y"), true),
        (Basket::fields().lines.index(0).sku.eq("y"), false),
        (Basket::fields().lines.index(7).sku.exists(), false),
        (Basket::fields().tags.index(1).eq("b"), true),
        (Basket::fields().by_region.key("eu").count.gte(1), true),
        (Basket::fields().by_region.key("us").exists(), false),
        (Basket::fields().labels.key("k").is_in(["v", "w"]), true),
    ] {
        assert_eq!(baskets.count(|_| filter).await.unwrap() == 1, matches);
    }
    let held = stage
        .desk
        .update(&old)
        .when(|b| b.lines.index(1).count.eq(2));
    stage.write(held.set(|b| b.amount, 1)).await;
    let failed = stage
        .desk
        .update_latest(old.id())
        .when(|b| b.labels.key("k").eq("x"));
    let failed = failed.set(|b| b.amount, 2).await;
    assert!(
        matches!(failed, Err(Error::ConditionFailed(_))),
        "{failed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn modify_and_update_latest_reach_elements_too() {
    let (stage, old) = Stage::with(basket()).await;
    let latest = stage.desk.update_latest(old.id());
    stage.write(latest.inc(|b| b.lines.index(0).count, 1)).await;
    let modify = stage.desk.modify(old.id(), |basket, update| {
        update.set(|b| b.lines.all().count, basket.lines[0].count)
    });
    let new = stage.write(modify).await;
    assert!(new.lines.iter().all(|line| line.count == 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_tells_what_changed_in_an_element() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage.desk.update(&old).inc(|b| b.lines.index(1).count, 18);
    let new = stage
        .write(update.set(|b| b.by_region.key("eu").sku, "s"))
        .await;
    let history = stage.desk.collection().history(new.id()).await.unwrap();
    let entry = history.last().unwrap();
    let count = entry.changed(|b| b.lines.index(1).count).unwrap();
    assert_eq!(count, Some(Change { old: 2, new: 20 }));
    assert_eq!(entry.changed(|b| b.lines.index(0).count).unwrap(), None);
    let sku = entry
        .changed(|b| b.by_region.key("eu").sku)
        .unwrap()
        .unwrap();
    assert_eq!((sku.old.as_str(), sku.new.as_str()), ("r", "s"));
    // In a list that was replaced as a whole.
    let whole = stage.desk.update(&new).set(|b| b.tags, vec![]);
    stage.write(whole).await;
    let history = stage.desk.collection().history(new.id()).await.unwrap();
    let last = history.last().unwrap();
    assert!(
        last.changed(|b| b.tags.index(1)).is_err(),
        "it is gone, and no string"
    );
    assert_eq!(last.changed(|b| b.lines.index(1).count).unwrap(), None);
    assert!(last.changed(|b| b.labels.key("a.b")).is_err());
}

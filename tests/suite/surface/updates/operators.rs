//! Each operator stores what it says, and its entry says what was stored.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_computed_in_their_type() {
    let basket = Basket {
        amount: 5,
        small: 200,
        rate: 0.5,
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let update = stage.desk.update(&old);
    let update = update.inc(|b| b.amount, -7).mul(|b| b.rate, 3.0);
    let new = stage.write(update.inc(|b| b.small, 55)).await;
    assert_eq!((new.amount, new.small), (-2, 255));
    assert!((new.rate - 1.5).abs() < f64::EPSILON);
    let new = stage
        .write(stage.desk.update(&new).mul(|b| b.amount, -4))
        .await;
    assert_eq!(new.amount, 8);
    for refused in [
        stage.desk.update(&new).inc(|b| b.small, 1),
        stage.desk.update(&new).mul(|b| b.small, 2),
    ] {
        let expected = (InvalidReason::OutOfRange("u8"), "small".to_owned());
        assert_eq!(stage.refusal(refused).await, expected);
    }
    let beyond = stage.desk.update(&new).mul(|b| b.amount, i64::MAX);
    let expected = (InvalidReason::OutOfRange("i64"), "amount".to_owned());
    assert_eq!(stage.refusal(beyond).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lesser_and_the_greater_stay() {
    let basket = Basket {
        amount: 5,
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let update = stage
        .desk
        .update(&old)
        .min(|b| b.amount, 3)
        .max(|b| b.rate, 0.25);
    let new = stage.write(update.max(|b| b.note, "m")).await;
    assert_eq!((new.amount, new.note.as_deref()), (3, Some("m")));
    let same = stage
        .desk
        .update(&new)
        .min(|b| b.amount, 4)
        .max(|b| b.note, "a");
    assert!(is_unchanged(&same.await));
    // Null is less than any value, as on the server.
    let same = stage.desk.update(&old).min(|b| b.seen_at, DateTime::now());
    assert!(matches!(same.await, Err(Error::Conflict(_))));
    let same = stage.desk.update(&new).min(|b| b.seen_at, DateTime::now());
    assert!(is_unchanged(&same.await));
}

#[tokio::test(flavor = "multi_thread")]
async fn to_unset_and_to_set_to_none_are_two_writes() {
    let basket = Basket {
        note: Some("n".into()),
        motto: Some("m".into()),
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let none = stage
        .write(stage.desk.update(&old).set(|b| b.note, None))
        .await;
    assert_eq!(stage.raw().await.get("note"), Some(&Bson::Null));
    let absent = stage
        .write(stage.desk.update(&none).unset(|b| b.note))
        .await;
    assert_eq!(stage.raw().await.get("note"), None);
    assert_eq!((&none.note, &absent.note), (&None, &None));
    // What serde leaves out is left out.
    stage
        .write(stage.desk.update(&absent).set(|b| b.motto, None))
        .await;
    assert_eq!(stage.raw().await.get("motto"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_is_the_moment_of_the_write() {
    let (stage, old) = Stage::with(Basket::default()).await;
    let update = stage.desk.update(&old).current_date(|b| b.seen_at);
    let update = update.current_date_with(|b| b.amount, DateTime::timestamp_millis);
    let new = stage.write(update).await;
    let raw = stage.raw().await;
    let at = *raw.get_datetime("updatedAt").unwrap();
    assert_eq!(raw.get_datetime("seenAt").unwrap(), &at);
    assert_eq!((new.seen_at, new.amount), (Some(at), at.timestamp_millis()));
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_are_appended_placed_sorted_and_cut() {
    let basket = Basket {
        tags: names(&["b"]),
        lines: vec![line("x", 1), line("y", 3)],
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let update = stage.desk.update(&old).push(|b| b.tags, "c");
    let new = stage.write(update.push(|b| b.lines, line("z", 2))).await;
    assert_eq!((&new.tags, new.lines.len()), (&names(&["b", "c"]), 3));
    let update = stage.desk.update(&new).push_all(|b| b.tags, ["d", "e"]);
    let update = update.push_all_with(
        |b| b.lines,
        [line("a", 5), line("b", 2)],
        |list| {
            list.at(0)
                .sort_by(|line| line.count.descending().then(line.sku.ascending()))
                .keep_first(4)
        },
    );
    let new = stage.write(update).await;
    assert_eq!(new.tags, names(&["b", "c", "d", "e"]));
    let order: Vec<_> = new.lines.iter().map(|line| line.sku.as_str()).collect();
    assert_eq!(order, ["a", "y", "b", "z"]);
    let update = stage.desk.update(&new).push_all_with(
        |b| b.tags,
        ["a"],
        |list| list.sort_by(monguard::Field::ascending).keep_last(2),
    );
    let new = stage.write(update).await;
    assert_eq!(new.tags, names(&["d", "e"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn sets_have_each_value_once() {
    let (stage, old) = Stage::with(Basket::default()).await;
    let update = stage.desk.update(&old).add_to_set(|b| b.words, "a");
    let update = update.add_all_to_set(|b| b.lines, [line("x", 1), line("x", 1)]);
    let new = stage.write(update).await;
    assert_eq!((new.words.len(), new.lines.len()), (1, 1));
    let again = stage.desk.update(&new).add_to_set(|b| b.words, "a");
    assert!(is_unchanged(
        &again.add_to_set(|b| b.lines, line("x", 1)).await
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_are_removed_by_value_by_condition_and_by_place() {
    let basket = Basket {
        tags: names(&["a", "b", "a", "c"]),
        words: names(&["a", "b"]).into_iter().collect(),
        lines: vec![line("x", 0), line("y", 3), line("z", 0)],
        numbers: Some(vec![1, 2, 3, 4]),
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let update = stage
        .desk
        .update(&old)
        .pull(|b| b.tags, "a")
        .pull(|b| b.words, "b");
    let update = update.pull_matching(|b| b.lines, |line| line.count.eq(0).and(line.sku.ne("z")));
    let new = stage
        .write(update.pull_matching(|b| b.numbers, |n| n.gt(1).and(n.lt(4))))
        .await;
    assert_eq!(new.tags, names(&["b", "c"]));
    assert_eq!(new.words, names(&["a"]).into_iter().collect());
    assert_eq!(new.lines, [line("y", 3), line("z", 0)]);
    assert_eq!(new.numbers, Some(vec![1, 4]));
    let update = stage
        .desk
        .update(&new)
        .pop_first(|b| b.lines)
        .pop_last(|b| b.numbers);
    let new = stage
        .write(update.pull_all(|b| b.tags, ["b", "c", "d"]))
        .await;
    assert_eq!((new.lines.len(), &new.numbers), (1, &Some(vec![1])));
    let nothing = stage.desk.update(&new).pull(|b| b.words, "b");
    assert!(is_unchanged(&nothing.pop_last(|b| b.tags).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_a_map_is_renamed() {
    let basket = Basket {
        labels: BTreeMap::from([("a".into(), "1".into()), ("b".into(), "2".into())]),
        by_region: BTreeMap::from([("eu".into(), line("x", 1))]),
        ..Basket::default()
    };
    let (stage, old) = Stage::with(basket).await;
    let update = stage.desk.update(&old).rename_key(|b| b.labels, "a", "c");
    let new = stage
        .write(update.rename_key(|b| b.by_region, "eu", "emea"))
        .await;
    assert_eq!(new.labels["c"], "1");
    assert_eq!(new.by_region["emea"], line("x", 1));
    for (from, to, reason) in [
        ("a", "d", InvalidReason::NoSuchKey),
        ("b", "c", InvalidReason::KeyIsThere),
        ("b", "x.y", InvalidReason::Key),
    ] {
        let refused = stage.desk.update(&new).rename_key(|b| b.labels, from, to);
        assert_eq!(stage.refusal(refused).await, (reason, "labels".to_owned()));
    }
}

//! Paths that the stored document cannot take: a typed error, and nothing written, where the server
//! would make part of a struct, or fill in nulls.

use super::*;

fn basket() -> Basket {
    Basket {
        lines: vec![line("x", 1)],
        ..Basket::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_through_null_or_nothing() {
    let (stage, old) = Stage::with(basket()).await;
    let through = |found| {
        let path = "returned.n".to_owned();
        (InvalidReason::NotADocument(found), path)
    };
    let update = stage.desk.update(&old).set(|b| b.returned.count, 1);
    assert_eq!(stage.refusal(update).await, through("null"));
    let update = stage.desk.update(&old).unset(|b| b.returned.count);
    assert!(is_unchanged(&update.await));
    let old = stage.damage(doc! { "$unset": { "returned": "" } }).await;
    let update = stage.desk.update(&old).inc(|b| b.returned.count, 1);
    assert_eq!(stage.refusal(update).await, through("nothing"));
    let update = stage.desk.update(&old).set(|b| b.returned, line("r", 1));
    let new = stage.write(update).await;
    stage
        .write(stage.desk.update(&new).inc(|b| b.returned.count, 1))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_beyond_the_end() {
    let (stage, old) = Stage::with(basket()).await;
    for (update, path) in [
        (
            stage
                .desk
                .update(&old)
                .set(|b| b.lines.index(1), line("y", 1)),
            "lines.1",
        ),
        (
            stage.desk.update(&old).set(|b| b.lines.index(1).count, 1),
            "lines.1.n",
        ),
        (
            stage.desk.update(&old).push(|b| b.lines.index(1).tags, "a"),
            "lines.1.tags",
        ),
    ] {
        let expected = (InvalidReason::BeyondTheEnd(1, 1), path.to_owned());
        assert_eq!(stage.refusal(update).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_of_what_is_no_list() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage.desk.update(&old).set(|b| b.numbers.index(0), 1);
    let expected = (InvalidReason::NoElements("null"), "numbers.0".to_owned());
    assert_eq!(stage.refusal(update).await, expected);
    let update = stage.desk.update(&old).set(|b| b.numbers.all(), 1);
    let expected = (InvalidReason::NoElements("null"), "numbers".to_owned());
    assert_eq!(stage.refusal(update).await, expected);
    let old = stage.damage(doc! { "$unset": { "numbers": "" } }).await;
    let update = stage.desk.update(&old).inc(|b| b.numbers.index(0), 1);
    let expected = (InvalidReason::NoElements("nothing"), "numbers.0".to_owned());
    assert_eq!(stage.refusal(update).await, expected);
    // A list that is not there is empty to `push`, which adds to its end.
    let new = stage
        .write(stage.desk.update(&old).push(|b| b.numbers, 1))
        .await;
    assert_eq!(new.numbers, Some(vec![1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_no_map() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage
        .desk
        .update(&old)
        .set(|b| b.by_region.key("eu").count, 1);
    let expected = (
        InvalidReason::NotADocument("nothing"),
        "byRegion.eu.n".to_owned(),
    );
    assert_eq!(stage.refusal(update).await, expected);
    for key in ["", "a.b", "$x", "x\0"] {
        let update = stage.desk.update(&old).set(|b| b.labels.key(key), "v");
        let expected = (InvalidReason::Key, "labels".to_owned());
        assert_eq!(stage.refusal(update).await, expected);
        let filtered = stage
            .desk
            .collection()
            .find(|b| b.labels.key(key).eq("v"))
            .await;
        assert!(filtered.is_err(), "{key:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_that_nothing_matches() {
    let (stage, old) = Stage::with(basket()).await;
    let update = stage.desk.update(&old);
    let update = update.inc(|b| b.lines.first_match(|line| line.sku.eq("z")).count, 1);
    let expected = (InvalidReason::NoMatch, "lines".to_owned());
    assert_eq!(stage.refusal(update).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_document_cannot_be_read_without() {
    let (stage, old) = Stage::with(basket()).await;
    for (update, path) in [
        (stage.desk.update(&old).unset(|b| b.amount), "amount"),
        (
            stage.desk.update(&old).unset(|b| b.lines.index(0).sku),
            "lines.0.sku",
        ),
        (
            stage.desk.update(&old).unset(|b| b.lines.all().sku),
            "lines.$[].sku",
        ),
    ] {
        let expected = (InvalidReason::Required, path.to_owned());
        assert_eq!(stage.refusal(update).await, expected);
    }
    let update = stage.desk.update(&old).unset(|b| b.lines.index(0));
    let expected = (InvalidReason::NotAField, "lines.0".to_owned());
    assert_eq!(stage.refusal(update).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_on_one_place() {
    let (stage, old) = Stage::with(basket()).await;
    let update = || stage.desk.update(&old);
    for (update, path) in [
        (update().inc(|b| b.amount, 1).set(|b| b.amount, 1), "amount"),
        (
            update()
                .push(|b| b.lines, line("y", 1))
                .inc(|b| b.lines.index(0).count, 1),
            "lines.0.n",
        ),
        (
            update()
                .set(|b| b.lines.index(0).count, 1)
                .inc(|b| b.lines.all().count, 1),
            "lines.$[].n",
        ),
        (
            update()
                .inc(|b| b.lines.index(0).count, 1)
                .inc(|b| b.lines.first_match(|line| line.sku.eq("x")).count, 1),
            "lines.0.n",
        ),
        (
            update()
                .set(|b| b.labels.key("k"), "v")
                .rename_key(|b| b.labels, "k", "l"),
            "labels",
        ),
    ] {
        let (reason, found) = stage.refusal(update).await;
        assert_eq!((reason, found.as_str()), (InvalidReason::Overlap, path));
    }
}

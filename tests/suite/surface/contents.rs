//! Filters on what is inside lists and maps.

use mongodb::bson::doc;
use monguard::filter;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{Sale, Total, found, line, sale, sales};

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_searched_by_what_is_in_them() {
    let db = TestDb::new().await;
    let full = Sale {
        points: vec![5, 15, 25],
        grades: vec![Some(1), None],
        grid: vec![vec![1, 2], vec![3]],
        labels: ["old".to_owned(), "red".to_owned()].into(),
        ..sale(1)
    };
    let half = Sale {
        points: vec![5, 30],
        grades: vec![Some(1)],
        labels: ["red".to_owned()].into(),
        ..sale(2)
    };
    let sales = sales(&db, [full, half, sale(3)]).await;
    let raw = sales.driver_unchecked();
    raw.update_one(doc! { "number": 3_i64 }, doc! { "$unset": { "grades": 1 } })
        .await
        .unwrap();
    let s = || Sale::fields();
    for (filter, expected) in [
        (s().points.contains(5), vec![1, 2]),
        (s().points.contains_all([5, 25]), vec![1]),
        (s().points.contains_all(Vec::<i64>::new()), vec![1, 2, 3]),
        (s().points.contains_any([25, 30]), vec![1, 2]),
        (s().points.contains_any(Vec::<i64>::new()), vec![]),
        (s().points.has_size(2), vec![2]),
        (s().points.has_size(0), vec![3]),
        (s().points.has_size(usize::MAX), vec![]),
        (s().labels.contains("old"), vec![1]),
        (s().labels.contains_all(["old", "red"]), vec![1]),
        (
            s().labels.elem_match(|label| label.starts_with("re")),
            vec![1, 2],
        ),
        // A list without the element, and not one without the list.
        (s().grades.contains(None), vec![1]),
        (s().grades.contains_any([None, Some(1)]), vec![1, 2]),
        (s().grades.contains_all([None, Some(1)]), vec![1]),
        (s().grid.contains([3].to_vec()), vec![1]),
        (s().points.index(1).eq(30), vec![2]),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_element_meets_the_whole_condition() {
    let db = TestDb::new().await;
    let pointed = |number, points: &[i64]| Sale {
        points: points.to_vec(),
        grid: vec![points.to_vec()],
        ..sale(number)
    };
    let sales = sales(
        &db,
        [pointed(1, &[5, 15]), pointed(2, &[5, 25]), pointed(3, &[])],
    )
    .await;
    let (points, grid) = (|| Sale::fields().points, || Sale::fields().grid);
    for (filter, expected) in [
        (points().elem_match(|p| p.gt(10).and(p.lt(20))), vec![1]),
        (points().elem_match(|p| p.between(10..20)), vec![1]),
        (points().elem_match(|p| p.lt(3).or(p.gt(20))), vec![2]),
        (points().elem_match(|p| !(p.eq(5).or(p.eq(25)))), vec![1]),
        (points().elem_match(|p| !p.gt(10).and(p.lt(20))), vec![1, 2]),
        (
            points().elem_match(|p| !(p.lt(10).and(p.lt(20)))),
            vec![1, 2],
        ),
        (
            points().elem_match(|p| p.gt(20).or(p.eq(15)).and(p.ne(25))),
            vec![1],
        ),
        (
            points().elem_match(|p| p.is_in([15, 25]).and(p.not_in([25]))),
            vec![1],
        ),
        (points().elem_match(|_| Filter::all()), vec![1, 2]),
        (points().elem_match(|_| Filter::any([])), vec![]),
        (!points().elem_match(|p| p.gt(20)), vec![1, 3]),
        (
            grid().elem_match(|row| row.elem_match(|p| p.gt(20))),
            vec![2],
        ),
        (
            grid().elem_match(|row| !row.elem_match(|p| p.gt(20))),
            vec![1, 3],
        ),
        (grid().elem_match(|row| row.has_size(0)), vec![3]),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
    let twice = sales.find(|s| s.points.elem_match(|p| p.gt(1).and(p.gt(2))));
    let error = twice.await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`points` is asked for an element"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_of_nested_structs_are_searched_by_their_fields() {
    let db = TestDb::new().await;
    let lined = |number, lines: &[(&str, u32)]| Sale {
        lines: lines.iter().map(|(sku, count)| line(sku, *count)).collect(),
        ..sale(number)
    };
    let all = [
        lined(1, &[("a", 1), ("b", 9)]),
        lined(2, &[("a", 9), ("b", 1)]),
        lined(3, &[]),
    ];
    let sales = sales(&db, all).await;
    let lines = || Sale::fields().lines;
    for (filter, expected) in [
        (
            lines().elem_match(|l| l.sku_code.eq("a").and(l.count.gt(5))),
            vec![2],
        ),
        (
            lines().elem_match(|l| l.sku_code.eq("b").or(l.count.gt(5))),
            vec![1, 2],
        ),
        (
            lines().elem_match(|l| !(l.sku_code.eq("a").or(l.count.eq(1)))),
            vec![1],
        ),
        (lines().elem_match(|l| l.eq(line("a", 9))), vec![2]),
        (lines().contains(line("b", 9)), vec![1]),
        (lines().index(0).count.gte(9), vec![2]),
        (lines().has_size(0), vec![3]),
        (
            filter!(Sale { lines: any { sku_code: "a", count.gt(5) } }),
            vec![2],
        ),
        (filter!(Sale { lines: any {} }), vec![1, 2]),
        (
            filter!(Sale { lines.has_size(2), lines.index(1).count.lt(5) }),
            vec![2],
        ),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
    let both = sales.find(|s| {
        s.lines
            .elem_match(|l| l.eq(line("a", 9)).and(l.count.gt(1)))
    });
    assert!(matches!(both.await, Err(Error::InvalidFilter(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn maps_are_searched_by_key() {
    let db = TestDb::new().await;
    let stocked = |number, region: &str, amount| Sale {
        stock: [(region.to_owned(), amount)].into(),
        by_region: [(region.to_owned(), Total { amount })].into(),
        ..sale(number)
    };
    let sales = sales(&db, [stocked(1, "eu", 5), stocked(2, "us", 9)]).await;
    let s = || Sale::fields();
    for (filter, expected) in [
        (s().stock.key("eu").gt(3), vec![1]),
        (s().stock.key("eu").is_absent(), vec![2]),
        (s().by_region.key("us").amount.between(5..10), vec![2]),
        (
            filter!(Sale { stock.key("eu").gt(3), by_region.key("eu").amount.lt(9) }),
            vec![1],
        ),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
    let error = sales.find(|s| s.stock.key("a.b").gt(3)).await.unwrap_err();
    assert!(matches!(error, Error::InvalidFilter(_)), "{error}");
}

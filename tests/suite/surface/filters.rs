//! What a filter says is what the server finds.

use mongodb::bson::doc;
use monguard::filter;
use monguard::filter::Pattern;
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;

use super::stage::{Sale, Total, empty, found, line, sale, sales};

#[tokio::test(flavor = "multi_thread")]
async fn values_are_compared_listed_and_ranged() {
    let db = TestDb::new().await;
    let sales = sales(&db, (1..=6).map(sale)).await;
    for (filter, expected) in [
        (Sale::fields().number.between(2..4), vec![2, 3]),
        (Sale::fields().number.between(2..=4), vec![2, 3, 4]),
        (Sale::fields().number.between(5..), vec![5, 6]),
        (Sale::fields().number.between(..2), vec![1]),
        (Sale::fields().number.is_in([1, 6, 9]), vec![1, 6]),
        (Sale::fields().number.not_in([1, 2, 3, 4]), vec![5, 6]),
        (
            Sale::fields().number.not_in(Vec::<i64>::new()),
            vec![1, 2, 3, 4, 5, 6],
        ),
        (!Sale::fields().number.between(2..=5), vec![1, 6]),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn null_and_absent_are_told_apart() {
    let db = TestDb::new().await;
    let noted = Sale {
        note: Some("n".into()),
        coupon: Some("c".into()),
        ..sale(1)
    };
    let sales = sales(&db, [noted, sale(2), sale(3)]).await;
    let raw = sales.driver_unchecked();
    // 2 has null and no coupon, as serde writes them; 3 has no note, and null for a coupon.
    raw.update_one(
        doc! { "number": 3_i64 },
        doc! { "$unset": { "note": 1 }, "$set": { "coupon": null } },
    )
    .await
    .unwrap();
    let s = || Sale::fields();
    for (filter, expected) in [
        (s().note.is_null(), vec![2]),
        (s().note.is_absent(), vec![3]),
        (s().note.is_none(), vec![2, 3]),
        (!s().note.is_none(), vec![1]),
        (s().note.exists(), vec![1, 2]),
        // Written as null, `None` is null or absent; left out, it is absent.
        (s().note.eq(None), vec![2, 3]),
        (s().note.ne(None), vec![1]),
        (s().coupon.eq(None), vec![2]),
        (s().coupon.ne(None), vec![1, 3]),
        (s().coupon.is_none(), vec![2, 3]),
        (s().coupon.is_in([None, Some("c".to_owned())]), vec![1, 2]),
        (s().note.is_in([None, Some("x".to_owned())]), vec![2, 3]),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_found_to_the_letter() {
    let db = TestDb::new().await;
    let coded = |(number, code): (i64, &str)| Sale {
        part_code: code.to_owned(),
        ..sale(number)
    };
    let codes = [
        (1, "A.1(x)"),
        (2, "AB1(x)"),
        (3, "a.1"),
        (4, "x\nA.1"),
        (5, "A.1\n"),
        (6, "50% [^$] \\ {2}"),
        (7, "ÄRMEL"),
        (8, "ends a.1"),
    ];
    let sales = sales(&db, codes.map(coded)).await;
    let code = || Sale::fields().part_code;
    for (filter, expected) in [
        (code().starts_with("A.1"), vec![1, 5]),
        (code().starts_with("A.1("), vec![1]),
        (code().starts_with("Ä"), vec![7]),
        (code().ends_with("A.1"), vec![4]),
        (code().ends_with("a.1"), vec![3, 8]),
        (code().ends_with(" \\ {2}"), vec![6]),
        (code().contains_text("[^$]"), vec![6]),
        (code().contains_text(".1"), vec![1, 3, 4, 5, 8]),
        (code().contains_text("nowhere"), vec![]),
        (code().starts_with(""), vec![1, 2, 3, 4, 5, 6, 7, 8]),
        (!code().starts_with("A"), vec![3, 4, 6, 7, 8]),
        (code().regex("^A.1"), vec![1, 2, 5]),
        (
            code().regex(Pattern::new("^A\\.1").ignore_case()),
            vec![1, 3, 5],
        ),
        (
            code().regex(Pattern::new("^A\\.1$").multi_line()),
            vec![4, 5],
        ),
        (
            code().regex(Pattern::new("x.A").dot_matches_line_breaks()),
            vec![4],
        ),
        (
            code().regex(Pattern::new("^ A B 1 # no").verbose()),
            vec![2],
        ),
        (!code().regex("1"), vec![6, 7]),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nul_is_text_and_no_part_of_a_pattern() {
    let db = TestDb::new().await;
    let coded = Sale {
        part_code: "a\0b".to_owned(),
        ..sale(1)
    };
    let sales = sales(&db, [coded]).await;
    assert_eq!(
        found(&sales, Sale::fields().part_code.contains_text("\0b")).await,
        [1]
    );
    let error = sales.find(|s| s.part_code.regex("\0")).await.unwrap_err();
    assert!(matches!(error, Error::InvalidFilter(_)));
    assert_eq!(
        error.to_string(),
        "filter on `Sale` in `sales` refused: `partCode` is matched with a regular expression that has NUL in it: write `\\x00`"
    );
}

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
    let points = || Sale::fields().points;
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
            Sale::fields()
                .grid
                .elem_match(|row| row.elem_match(|p| p.gt(20))),
            vec![2],
        ),
        (
            Sale::fields()
                .grid
                .elem_match(|row| !row.elem_match(|p| p.gt(20))),
            vec![1, 3],
        ),
        (
            Sale::fields().grid.elem_match(|row| row.has_size(0)),
            vec![3],
        ),
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

#[tokio::test(flavor = "multi_thread")]
async fn old_documents_are_found_under_the_name_that_they_have() {
    let db = TestDb::new().await;
    let sales = empty(&db).await;
    let priced = |number, total| Sale {
        total,
        ..sale(number)
    };
    for sale in [
        priced(1, Some(5)),
        priced(2, Some(5)),
        priced(3, None),
        priced(4, Some(9)),
    ] {
        sales.by("desk").create(sale).await.unwrap();
    }
    let raw = sales.driver_unchecked();
    for number in [2_i64, 3] {
        let rename = doc! { "$rename": { "total": "sum" } };
        raw.update_one(doc! { "number": number }, rename)
            .await
            .unwrap();
    }
    let s = || Sale::fields();
    for (filter, expected) in [
        (s().total.eq(5), vec![1, 2]),
        (s().total.ne(5), vec![3, 4]),
        (!s().total.ne(5), vec![1, 2]),
        (s().total.is_none(), vec![3]),
        (s().total.is_null(), vec![3]),
        (s().total.exists(), vec![1, 2, 3, 4]),
        (s().total.is_absent(), vec![]),
        (s().total.is_in([None, Some(9)]), vec![3, 4]),
        (s().total.between(5..=9), vec![1, 2, 4]),
        (filter!(Sale { total: 5, number.gt(1) }), vec![2]),
    ] {
        assert_eq!(found(&sales, filter).await, expected);
    }
    // A condition on a write as well.
    let second = sales.find_one(|s| s.number.eq(2)).await.unwrap().unwrap();
    let desk = sales.by("desk");
    let written = desk.update(&second);
    let written = written.when(|s| s.total.eq(5)).inc(|s| s.total, 1).await;
    assert_eq!(written.unwrap().total, Some(6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_bson_cannot_hold_is_refused() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
    #[monguard(collection = "counts")]
    struct Count {
        total: u64,
        parts: Vec<u64>,
    }
    let db = TestDb::new().await;
    let monguard = Monguard::builder(db.database().clone())
        .build()
        .await
        .unwrap();
    let counts = monguard.collection::<Count>();
    let c = || Count::fields();
    for filter in [
        c().total.eq(u64::MAX),
        c().total.between(1..u64::MAX),
        c().total.not_in([1, u64::MAX]),
        c().parts.contains(u64::MAX),
        c().parts.contains_any([1, u64::MAX]),
        c().parts.elem_match(|part| part.lt(u64::MAX)),
    ] {
        let error = counts.find_matching(filter).await.unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::InvalidFilter(_)), "{text}");
        assert!(
            text.ends_with("an unsigned integer above i64::MAX does not fit into BSON"),
            "{text}"
        );
    }
}

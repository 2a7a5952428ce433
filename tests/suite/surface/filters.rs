//! What a filter says is what the server finds.

use mongodb::bson::doc;
use monguard::filter;
use monguard::filter::Pattern;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

use super::stage::{Sale, empty, found, sale, sales};

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
    let monguard = after_write(db.database().clone()).build().await.unwrap();
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

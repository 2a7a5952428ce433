use mongodb::bson::{Bson, doc, rawdoc};

use super::*;
use crate::audit::models::{ACCOUNT, OPEN};
use crate::error::{InvalidCursorReason, InvalidReadReason};
use crate::filter::Order::{Ascending, Descending};

fn keys(sort: &[(&str, crate::filter::Order)]) -> Keys {
    let sort: Vec<_> = sort
        .iter()
        .map(|(path, order)| ((*path).to_owned(), *order))
        .collect();
    Keys::of(&OPEN, &sort).unwrap()
}

#[test]
fn a_sort_ends_on_the_id_and_holds_no_path_twice() {
    assert_eq!(keys(&[]).render(), doc! { "_id": 1 });
    assert_eq!(
        keys(&[("a", Ascending), ("b", Descending), ("a", Descending)]).render(),
        doc! { "a": 1, "b": -1, "_id": -1 }
    );
    assert_eq!(
        keys(&[("a", Descending), ("_id", Ascending), ("b", Ascending)]).render(),
        doc! { "a": -1, "_id": 1 }
    );
    assert_eq!(
        keys(&[("a", Ascending)]).reversed().render(),
        doc! { "a": -1, "_id": -1 }
    );
}

#[test]
fn a_missing_value_stands_where_a_null_does_and_a_list_nowhere() {
    let keys = keys(&[("a", Ascending), ("b.c", Ascending)]);
    let document = rawdoc! { "_id": 1, "b": { "c": "x" } };
    assert_eq!(
        keys.values(&document).unwrap(),
        [Bson::Null, "x".into(), Bson::Int32(1)]
    );
    for list in [rawdoc! { "a": [1] }, rawdoc! { "b": [{ "c": 1 }] }] {
        let refused = keys.values(&list).unwrap_err();
        assert_eq!(refused.reason(), &InvalidReadReason::ListSort);
    }
}

#[test]
fn what_the_model_hides_sorts_no_page() {
    for path in [
        "cardToken",
        "note",
        "address",
        "address.door",
        "oldPin",
        "nowhere",
    ] {
        let refused = Keys::of(&ACCOUNT, &[(path.to_owned(), Ascending)]).unwrap_err();
        assert_eq!(refused.reason(), &InvalidReadReason::HiddenSort, "{path}");
        assert_eq!(refused.path(), path);
    }
    for path in ["name", "_id", "createdAt", "address.street", "__v"] {
        assert!(
            Keys::of(&ACCOUNT, &[(path.to_owned(), Ascending)]).is_ok(),
            "{path}"
        );
    }
}

#[test]
fn a_cursor_is_one_word_and_belongs_to_its_query() {
    let values = vec![Bson::Null, "ü".into(), Bson::Double(f64::NAN)];
    let cursor = Cursor::new(b"0123456789abcdef", values.clone()).unwrap();
    let read: Cursor = cursor.to_string().parse().unwrap();
    assert_eq!(
        read.values_in(b"0123456789abcdef", 3).map(<[_]>::len),
        Some(3)
    );
    assert!(read.values_in(b"0123456789abcdeX", 3).is_none());
    assert!(read.values_in(b"0123456789abcdef", 2).is_none());
    let json = serde_json::to_string(&cursor).unwrap();
    let from_json: Cursor = serde_json::from_str(&json).unwrap();
    assert_eq!(from_json.to_string(), cursor.to_string());
    assert_eq!(format!("{cursor:?}"), "Cursor(..)");
    let mut cut = cursor.to_string();
    cut.pop();
    let refused = cut.parse::<Cursor>().unwrap_err();
    assert_eq!(refused.reason(), InvalidCursorReason::Unreadable);
    assert!(serde_json::from_str::<Cursor>("\"x\"").is_err());
}

#[test]
fn a_digest_tells_queries_apart() {
    let sort = keys(&[("a", Ascending)]);
    let of = |collection, keys: &Keys, filter| digest(&OPEN, collection, keys, &filter).unwrap();
    let base = of("orders", &sort, doc! { "a": 1 });
    assert_eq!(base.len(), 16);
    assert_eq!(base, of("orders", &sort, doc! { "a": 1 }));
    assert_ne!(base, of("others", &sort, doc! { "a": 1 }));
    assert_ne!(base, of("orders", &sort.reversed(), doc! { "a": 1 }));
    assert_ne!(base, of("orders", &sort, doc! { "a": 2 }));
    assert_ne!(base, of("orders", &sort, doc! { "a": 1, "deletedAt": 1 }));
}

#[test]
fn a_digest_holds_no_hidden_value() {
    let sort = keys(&[]);
    let of = |filter| digest(&ACCOUNT, "accounts", &sort, &filter).unwrap();
    for hidden in [
        |value: Bson| doc! { "cardToken": value },
        |value| doc! { "cardToken": { "$eq": value } },
        |value| doc! { "cardToken": { "$in": [value] } },
        |value| doc! { "$and": [{ "$or": [{ "address.door": { "$gt": value } }] }] },
        |value| doc! { "address": { "$eq": { "street": "x", "door": value } } },
        |value| doc! { "$nor": [{ "note": { "$not": { "$regex": value } } }] },
        |value| doc! { "contacts": { "$elemMatch": { "door": value } } },
        |value| doc! { "$expr": { "$eq": ["$cardToken", value] } },
        |value| doc! { "name": { "$someday": value } },
    ] {
        assert_eq!(
            of(hidden("1".into())),
            of(hidden("2".into())),
            "{}",
            hidden("1".into())
        );
    }
    for shown in [
        |value: Bson| doc! { "name": value },
        |value| doc! { "$and": [{ "name": { "$eq": value } }] },
        |value| doc! { "address.street": { "$in": [value] } },
        |value| doc! { "createdAt": { "$lt": value } },
    ] {
        assert_ne!(
            of(shown("1".into())),
            of(shown("2".into())),
            "{}",
            shown("1".into())
        );
    }
    let exists = |value: bool| of(doc! { "cardToken": { "$exists": value } });
    assert_ne!(exists(true), exists(false));
}

#[test]
fn the_near_condition_is_left_out_where_a_filter_compares_otherwise() {
    let keys = keys(&[("a", Descending)]);
    let condition = |value: Bson| beyond(&keys, &[value, 1.into()], Way::After);
    let near = condition(5.into());
    let near = near.get_array("$and").unwrap()[0]
        .as_document()
        .unwrap()
        .clone();
    assert_eq!(near, doc! { "a": { "$not": { "$gt": 5 } } });
    for value in [
        Bson::Null,
        Bson::Double(f64::NAN),
        doc! {}.into(),
        Bson::MinKey,
    ] {
        assert!(condition(value).contains_key("$expr"));
    }
}

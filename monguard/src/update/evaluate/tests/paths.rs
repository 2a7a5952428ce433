use super::*;
use crate::error::InvalidFilterReason;
use crate::field::ElementFilter;
use crate::filter::{Comparison, Node};

#[test]
fn a_path_through_nothing_is_refused() {
    for (stored, found) in [
        (doc! {}, "nothing"),
        (doc! { "address": null }, "null"),
        (doc! { "address": "x" }, "a string"),
    ] {
        let set = at(&["address", "zip"], Operator::Set(Bson::Int32(1)));
        let error = made(&stored, &[set]).unwrap_err();
        assert_eq!(*error.reason(), InvalidReason::NotADocument(found));
        assert_eq!(error.path(), "address.zip");
    }
    let unset = at(&["address", "zip"], Operator::Unset);
    assert_eq!(made(&doc! {}, &[unset]).unwrap(), doc! {});
}

#[test]
fn a_value_under_an_old_name_moves_to_the_current_one() {
    assert_eq!(
        run(&doc! { "sum": 1_i64 }, by(1, NumberKind::I64)),
        Ok(doc! { "total": 2_i64 })
    );
    assert_eq!(run(&doc! { "sum": 1_i64 }, Operator::Unset), Ok(doc! {}));
    let set = at(&["address", "zip"], Operator::Set(Bson::Int32(2)));
    let stored = doc! { "address": { "postcode": 1 } };
    assert_eq!(
        made(&stored, &[set]).unwrap(),
        doc! { "address": { "zip": 2 } }
    );
}

#[test]
fn overlapping_paths_are_refused() {
    let whole = at(&["address"], Operator::Set(Bson::Null));
    let part = at(&["address", "zip"], Operator::Set(Bson::Null));
    for pair in [
        [whole.clone(), part.clone()],
        [part.clone(), whole],
        [part.clone(), part],
    ] {
        let error = made(&doc! { "address": {} }, &pair).unwrap_err();
        assert_eq!(*error.reason(), InvalidReason::Overlap);
    }
    assert_eq!(
        *made(&doc! {}, &[]).unwrap_err().reason(),
        InvalidReason::Empty
    );
}

fn first(path: &str, value: i32) -> Step {
    let node = Node::Compare {
        path: path.to_owned(),
        comparison: Comparison::Eq,
        value: value.into(),
    };
    Step::FirstMatch(ElementFilter::new(node))
}

#[test]
fn an_element_is_reached_by_its_index() {
    let stored = doc! { "places": [{ "zip": 1, "x": 1 }, { "postcode": 2 }] };
    let second = |operator| {
        along(
            vec![Step::Name("places"), Step::Index(1), Step::Name("zip")],
            operator,
        )
    };
    assert_eq!(
        made(&stored, &[second(set(3))]).unwrap(),
        doc! { "places": [{ "zip": 1, "x": 1 }, { "zip": 3 }] }
    );
    assert_eq!(
        made(&stored, &[second(by(1, NumberKind::I32))]).unwrap(),
        doc! { "places": [{ "zip": 1, "x": 1 }, { "zip": 3 }] }
    );
    let old_name = doc! { "spots": [{}, { "zip": 1 }] };
    assert_eq!(
        made(&old_name, &[second(set(3))]).unwrap(),
        doc! { "places": [{}, { "zip": 3 }] }
    );
}

#[test]
fn nothing_is_made_on_the_way_to_an_element() {
    let whole = |i| {
        along(
            vec![Step::Name("places"), Step::Index(i)],
            set(doc! { "zip": 1 }),
        )
    };
    let inside = |i| {
        along(
            vec![Step::Name("places"), Step::Index(i), Step::Name("zip")],
            set(1),
        )
    };
    let one = doc! { "places": [{ "zip": 0 }] };
    for beyond in [whole(1), inside(1)] {
        assert_eq!(
            refusal(&one, &[beyond]).1,
            InvalidReason::BeyondTheEnd(1, 1)
        );
    }
    for (stored, found) in [
        (doc! {}, "nothing"),
        (doc! { "places": null }, "null"),
        (doc! { "places": { "0": { "zip": 1 } } }, "a document"),
        (doc! { "places": 3 }, "a 32-bit integer"),
    ] {
        for operation in [whole(0), inside(0)] {
            let (path, reason) = refusal(&stored, &[operation]);
            assert!(path.starts_with("places.0"), "{path}");
            let InvalidReason::NoElements(kind) = reason else {
                panic!("{reason:?}");
            };
            assert!(found == kind || stored.get_i32("places").is_ok(), "{kind}");
        }
    }
    let null = doc! { "places": [null] };
    let (path, reason) = refusal(&null, &[inside(0)]);
    assert_eq!(
        (path.as_str(), reason),
        ("places.0.zip", InvalidReason::NotADocument("null"))
    );
}

#[test]
fn an_element_is_not_unset() {
    let stored = doc! { "places": [{ "zip": 0 }] };
    let element = along(vec![Step::Name("places"), Step::Index(0)], Operator::Unset);
    assert_eq!(refusal(&stored, &[element]).1, InvalidReason::NotAField);
}

#[test]
fn every_element_is_written() {
    let all = |operator| {
        along(
            vec![Step::Name("places"), Step::All, Step::Name("zip")],
            operator,
        )
    };
    let stored = doc! { "places": [{ "zip": 1 }, { "postcode": 5 }] };
    assert_eq!(
        made(&stored, &[all(by(1, NumberKind::I32))]).unwrap(),
        doc! { "places": [{ "zip": 2 }, { "zip": 6 }] }
    );
    let empty = doc! { "places": [] };
    assert_eq!(made(&empty, &[all(set(1))]).unwrap(), empty);
    assert_eq!(
        refusal(&doc! {}, &[all(set(1))]),
        ("places".to_owned(), InvalidReason::NoElements("nothing"))
    );
    assert_eq!(made(&doc! {}, &[all(Operator::Unset)]).unwrap(), doc! {});
    let broken = doc! { "places": [{ "zip": 1 }, null] };
    assert_eq!(
        refusal(&broken, &[all(set(1))]),
        (
            "places.1.zip".to_owned(),
            InvalidReason::NotADocument("null")
        )
    );
}

#[test]
fn the_first_match_is_found_in_the_stored_document() {
    let stored = doc! { "places": [{ "zip": 1 }, { "zip": 2 }, { "zip": 2 }], "total": [7, 8] };
    let path = vec![Step::Name("places"), first("zip", 2), Step::Name("zip")];
    assert_eq!(
        made(&stored, &[along(path, set(9))]).unwrap().get("places"),
        Some(&mongodb::bson::bson!([{ "zip": 1 }, { "zip": 9 }, { "zip": 2 }]))
    );
    let plain = vec![Step::Name("total"), first("", 8)];
    assert_eq!(
        made(&stored, &[along(plain, set(9))]).unwrap().get("total"),
        Some(&mongodb::bson::bson!([7, 9]))
    );
    let none = vec![Step::Name("places"), first("zip", 4), Step::Name("zip")];
    assert_eq!(
        refusal(&stored, &[along(none, set(9))]),
        ("places".to_owned(), InvalidReason::NoMatch)
    );
}

#[test]
fn a_condition_that_cannot_be_decided_here_is_refused() {
    let node = Node::Regex {
        path: "zip".to_owned(),
        pattern: "a".to_owned(),
        options: String::new(),
    };
    let step = Step::FirstMatch(ElementFilter::new(node));
    let stored = doc! { "places": [{ "zip": "a" }] };
    let (_, reason) = refusal(&stored, &[along(vec![Step::Name("places"), step], set(9))]);
    assert!(
        matches!(
            reason,
            InvalidReason::Condition(InvalidFilterReason::NotOnClient(_))
        ),
        "{reason:?}"
    );
}

#[test]
fn a_value_is_reached_by_its_key() {
    let zip = |name| {
        along(
            vec![Step::Name("byName"), key(name), Step::Name("zip")],
            set(2),
        )
    };
    let stored = doc! { "byName": { "a": { "zip": 1 } } };
    assert_eq!(
        made(&stored, &[zip("a")]).unwrap(),
        doc! { "byName": { "a": { "zip": 2 } } }
    );
    assert_eq!(
        refusal(&stored, &[zip("b")]),
        (
            "byName.b.zip".to_owned(),
            InvalidReason::NotADocument("nothing")
        )
    );
    let whole = |name| {
        along(
            vec![Step::Name("byName"), key(name)],
            set(doc! { "zip": 3 }),
        )
    };
    assert_eq!(
        made(&stored, &[whole("b")]).unwrap(),
        doc! { "byName": { "a": { "zip": 1 }, "b": { "zip": 3 } } }
    );
    assert_eq!(
        refusal(&doc! {}, &[whole("b")]).1,
        InvalidReason::NotADocument("nothing")
    );
    for bad in ["", "a.b", "$a", "a\0b"] {
        assert_eq!(
            refusal(&stored, &[whole(bad)]),
            ("byName".to_owned(), InvalidReason::Key)
        );
    }
}

#[test]
fn a_flattened_map_does_not_reach_the_fields_beside_it() {
    for taken in ["__v", "_id", "updatedAt", "total", "sum"] {
        assert_eq!(
            refusal(&doc! {}, &[along(vec![key(taken)], set(1))]),
            (taken.to_owned(), InvalidReason::NameTaken)
        );
    }
    assert_eq!(
        made(&doc! {}, &[along(vec![key("free")], set(1))]).unwrap(),
        doc! { "free": 1 }
    );
}

#[test]
fn overlaps_are_found_through_elements() {
    let path = |steps: &[Step]| {
        let path = [Step::Name("places")]
            .into_iter()
            .chain(steps.iter().cloned());
        along(path.collect(), set(1))
    };
    let stored = doc! { "places": [{ "zip": 1 }, { "zip": 2 }] };
    let zip = || Step::Name("zip");
    let all = || path(&[Step::All, zip()]);
    for (a, b, meet) in [
        (path(&[Step::Index(0), zip()]), all(), true),
        (
            path(&[first("zip", 1), zip()]),
            path(&[Step::Index(0), zip()]),
            true,
        ),
        (
            path(&[first("zip", 1), zip()]),
            path(&[Step::Index(1), zip()]),
            false,
        ),
        (
            path(&[first("zip", 1), zip()]),
            path(&[first("zip", 2), zip()]),
            false,
        ),
        (path(&[Step::Index(0)]), path(&[Step::Index(1)]), false),
        (
            path(&[Step::Index(0)]),
            path(&[Step::Index(0), zip()]),
            true,
        ),
        (path(&[]), path(&[Step::Index(1), zip()]), true),
        (all(), path(&[Step::All, Step::Name("x")]), false),
    ] {
        for pair in [[a.clone(), b.clone()], [b, a]] {
            let made = made(&stored, &pair);
            let is_overlap = made.is_err_and(|error| *error.reason() == InvalidReason::Overlap);
            assert_eq!(is_overlap, meet, "{pair:?}");
        }
    }
    // Certain, whatever is stored.
    let empty = doc! { "places": [] };
    assert_eq!(
        refusal(&empty, &[all(), all()]),
        ("places.$[].zip".to_owned(), InvalidReason::Overlap)
    );
    let push = at(&["places"], Operator::Push(Push::default()));
    assert_eq!(
        refusal(&stored, &[push, path(&[Step::Index(0)])]).1,
        InvalidReason::Overlap
    );
}

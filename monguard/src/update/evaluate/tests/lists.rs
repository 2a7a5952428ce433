use mongodb::bson::bson;

use super::*;
use crate::field::ElementFilter;
use crate::filter::{Comparison, Node, Order};
use crate::update::{End, Keep};

fn list(items: Bson) -> Document {
    doc! { "total": items }
}

fn pushed(stored: Bson, push: Push) -> Bson {
    let mut document = run(&list(stored), Operator::Push(push)).unwrap();
    document.remove("total").unwrap()
}

fn items(items: Bson) -> Push {
    let Bson::Array(items) = items else {
        panic!("{items}");
    };
    Push {
        items,
        ..Push::default()
    }
}

#[test]
fn elements_are_put_where_they_belong() {
    assert_eq!(
        pushed(bson!([1, 2]), items(bson!([8, 9]))),
        bson!([1, 2, 8, 9])
    );
    for (at, made) in [
        (0, bson!([9, 1, 2])),
        (1, bson!([1, 9, 2])),
        (7, bson!([1, 2, 9])),
    ] {
        let push = Push {
            at: Some(at),
            ..items(bson!([9]))
        };
        assert_eq!(pushed(bson!([1, 2]), push), made);
    }
}

#[test]
fn a_list_is_sorted_first_and_cut_last() {
    let push = |keep| Push {
        sort: vec![(String::new(), Order::Descending)],
        keep: Some(keep),
        ..items(bson!([5, 1_i64]))
    };
    assert_eq!(
        pushed(bson!([3, 2.5]), push(Keep::First(3))),
        bson!([5, 3, 2.5])
    );
    assert_eq!(
        pushed(bson!([3, 2.5]), push(Keep::Last(2))),
        bson!([2.5, 1_i64])
    );
    assert_eq!(
        pushed(bson!([3]), push(Keep::Last(9))),
        bson!([5, 3, 1_i64])
    );
    assert_eq!(pushed(bson!([3]), push(Keep::First(0))), bson!([]));
}

#[test]
fn structs_are_sorted_by_their_fields() {
    let push = Push {
        sort: vec![
            ("a.b".to_owned(), Order::Ascending),
            ("n".to_owned(), Order::Descending),
        ],
        ..items(bson!([{ "a": { "b": 1 }, "n": 2 }]))
    };
    let stored = bson!([{ "a": { "b": 1 }, "n": 1 }, { "a": { "b": 0 } }, { "n": 5 }]);
    assert_eq!(
        pushed(stored, push),
        bson!([
            { "n": 5 },
            { "a": { "b": 0 } },
            { "a": { "b": 1 }, "n": 2 },
            { "a": { "b": 1 }, "n": 1 },
        ])
    );
}

#[test]
fn a_set_has_each_value_once_whatever_its_width() {
    let add = |items: Bson| Operator::AddToSet(items.as_array().unwrap().clone());
    let stored = list(bson!([1, { "a": 1, "b": 2 }]));
    assert_eq!(
        run(&stored, add(bson!([1.0, { "b": 2, "a": 1 }]))),
        Ok(stored.clone())
    );
    assert_eq!(
        run(&list(bson!([1])), add(bson!([2, 2_i64, 3]))),
        Ok(list(bson!([1, 2, 3])))
    );
    assert_eq!(run(&doc! {}, add(bson!([2]))), Ok(list(bson!([2]))));
    assert_eq!(
        run(&list(bson!("x")), add(bson!([2]))),
        Err(InvalidReason::NotAList("a string"))
    );
}

#[test]
fn elements_are_pulled_by_value_or_by_condition() {
    let stored = list(bson!([1, 2, 1.0, 3]));
    let pull = |values: Vec<Bson>| Operator::Pull(values);
    assert_eq!(run(&stored, pull(vec![1.into()])), Ok(list(bson!([2, 3]))));
    assert_eq!(
        run(&stored, pull(vec![1.into(), 3.into()])),
        Ok(list(bson!([2])))
    );
    let node = Node::Compare {
        path: String::new(),
        comparison: Comparison::Gt,
        value: 1.into(),
    };
    let above = Operator::PullMatching(ElementFilter::new(node));
    assert_eq!(run(&stored, above.clone()), Ok(list(bson!([1, 1.0]))));
    for nothing in [doc! {}, list(Bson::Null)] {
        assert_eq!(run(&nothing, above.clone()), Ok(nothing.clone()));
        assert_eq!(run(&nothing, pull(vec![1.into()])), Ok(nothing));
    }
    assert_eq!(
        run(&list(bson!(1)), above),
        Err(InvalidReason::NotAList("a 32-bit integer"))
    );
}

#[test]
fn an_element_is_popped_at_either_end() {
    let stored = list(bson!([1, 2, 3]));
    assert_eq!(
        run(&stored, Operator::Pop(End::First)),
        Ok(list(bson!([2, 3])))
    );
    assert_eq!(
        run(&stored, Operator::Pop(End::Last)),
        Ok(list(bson!([1, 2])))
    );
    for end in [End::First, End::Last] {
        for nothing in [list(bson!([])), doc! {}, list(Bson::Null)] {
            assert_eq!(run(&nothing, Operator::Pop(end)), Ok(nothing));
        }
    }
}

#[test]
fn a_key_is_renamed_once() {
    let rename = |from: &str, to: &str| Operator::RenameKey {
        from: MapKey::of(&from),
        to: MapKey::of(&to),
    };
    let stored = list(bson!({ "a": 1, "b": 2 }));
    assert_eq!(
        run(&stored, rename("a", "c")),
        Ok(list(bson!({ "b": 2, "c": 1 })))
    );
    for (from, to, reason) in [
        ("x", "c", InvalidReason::NoSuchKey),
        ("a", "b", InvalidReason::KeyIsThere),
        ("a", "b.c", InvalidReason::Key),
        ("", "c", InvalidReason::Key),
    ] {
        assert_eq!(run(&stored, rename(from, to)), Err(reason));
    }
    assert_eq!(
        run(&list(bson!([1])), rename("a", "b")),
        Err(InvalidReason::NotAMap("an array"))
    );
    assert_eq!(
        run(&doc! {}, rename("a", "b")),
        Err(InvalidReason::NotAMap("nothing"))
    );
}

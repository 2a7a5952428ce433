//! A filter means in memory what it means on the server.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};
use monguard::field::{Field, Fixed, Ordered, Path, encode};
use monguard::prelude::*;
use monguard_tests::fixture::TestDb;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// A model whose fields hold anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "anything")]
struct Anything {}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Any(Bson);

impl Ordered for Any {}

type Handle = Field<Anything, Any>;

/// The handle of one of the paths that the documents have values at.
fn handle(names: &[&'static str]) -> Handle {
    let (first, rest) = names.split_first().unwrap();
    let path = rest
        .iter()
        .fold(Fixed::root(first), |path, name| path.name(name));
    Field::new(path, encode::<Any>)
}

fn paths() -> impl Strategy<Value = Handle> {
    select(vec![
        &["a"][..],
        &["b"],
        &["a", "b"],
        &["a", "0"],
        &["a", "b", "c"],
        &["a", "0", "b"],
        &["a", "1"],
    ])
    .prop_map(handle)
}

fn scalar() -> impl Strategy<Value = Bson> {
    prop_oneof![
        4 => (-1_i32..3).prop_map(Bson::Int32),
        1 => (-1_i64..3).prop_map(Bson::Int64),
        1 => select(&[0.5, 1.0, 2.0, f64::NAN, f64::INFINITY][..]).prop_map(Bson::Double),
        3 => select(&["", "x", "xy", "y"][..]).prop_map(Bson::from),
        2 => Just(Bson::Null),
        1 => any::<bool>().prop_map(Bson::Boolean),
        1 => (0_i64..2).prop_map(|millis| DateTime::from_millis(millis).into()),
        1 => (0_u8..2).prop_map(|byte| ObjectId::from_bytes([byte; 12]).into()),
    ]
}

fn value() -> impl Strategy<Value = Bson> {
    scalar().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Bson::Array),
            document(inner).prop_map(Bson::Document),
        ]
    })
}

fn document(values: impl Strategy<Value = Bson> + 'static) -> impl Strategy<Value = Document> {
    proptest::collection::vec((select(&["a", "b", "c"][..]), values), 0..3).prop_map(|fields| {
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

fn leaf() -> impl Strategy<Value = Filter<Anything>> {
    let compared = (paths(), 0..6, value()).prop_map(|(field, comparison, value)| {
        let value = Any(value);
        match comparison {
            0 => field.eq(value),
            1 => field.ne(value),
            2 => field.gt(value),
            3 => field.gte(value),
            4 => field.lt(value),
            _ => field.lte(value),
        }
    });
    let listed = (paths(), proptest::collection::vec(value(), 0..3))
        .prop_map(|(field, values)| field.is_in(values.into_iter().map(Any)));
    prop_oneof![
        6 => compared,
        1 => listed,
        1 => paths().prop_map(|field| field.exists()),
        1 => paths().prop_map(|field| field.is_absent()),
    ]
}

fn filter() -> impl Strategy<Value = Filter<Anything>> {
    leaf().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Filter::every),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Filter::any),
            inner.prop_map(|filter| !filter),
        ]
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_means_in_memory_what_it_means_on_the_server() {
    let db = TestDb::new().await;
    let monguard = Monguard::builder(db.database().clone())
        .build()
        .await
        .unwrap();
    let all = monguard.collection::<Anything>();
    let mut runner = TestRunner::deterministic();
    let mut documents = Vec::new();
    for id in 0..250 {
        let mut stored =
            doc! { "_id": ObjectId::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, id]) };
        stored.extend(document(value()).new_tree(&mut runner).unwrap().current());
        documents.push(stored);
    }
    let raw = all.driver_unchecked();
    raw.insert_many(&documents).await.unwrap();
    let mut decided = [0_usize; 2];
    for _ in 0..400 {
        let filter = filter().new_tree(&mut runner).unwrap().current();
        let found: BTreeSet<ObjectId> = all
            .find_matching(filter.clone())
            .stream()
            .await
            .unwrap()
            .map_ok(|stored| stored.id())
            .try_collect()
            .await
            .unwrap();
        for document in &documents {
            let here = filter.matches(document).unwrap();
            let there = found.contains(&document.get_object_id("_id").unwrap());
            assert_eq!(here, there, "{document}");
            decided[usize::from(here)] += 1;
        }
    }
    // Of both kinds, or it would show nothing.
    assert!(decided.iter().all(|count| *count > 10_000), "{decided:?}");
}

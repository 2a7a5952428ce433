//! A filter means in memory what it means on the server.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, DateTime, Document, doc, oid::ObjectId};
use monguard::field::{
    Addressable, Field, Fixed, List, Optional, Ordered, Path, ReadablePath, Text, encode,
};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
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
impl Text for Any {}
impl Optional for Any {}
impl List for Any {
    type Item = Any;
}

/// The handle of one of the paths that the documents have values at.
fn handle<R>(names: &[&'static str]) -> Field<R, Any> {
    let (first, rest) = names.split_first().unwrap();
    let path = rest
        .iter()
        .fold(Fixed::root(first), |path, name| path.name(name));
    Field::new(path, encode::<Any>)
}

/// Where the documents have values, and where they have none.
const PATHS: &[&[&str]] = &[
    &["a"],
    &["b"],
    &["a", "b"],
    &["a", "0"],
    &["a", "b", "c"],
    &["a", "0", "b"],
    &["a", "1"],
];

fn paths<R: 'static>() -> impl Strategy<Value = Field<R, Any>> {
    select(PATHS).prop_map(handle)
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

/// A condition on one value, whatever the path is.
#[derive(Clone, Debug)]
enum Test {
    Compare(u8, Bson),
    In(Vec<Bson>),
    Exists(bool),
    Null,
    None,
    Text(u8, &'static str),
    Size(usize),
    Contains(Vec<Bson>, bool),
}

impl Test {
    fn of<R, P: Addressable + ReadablePath>(self, field: &Field<R, Any, P>) -> Filter<R> {
        let all = |values: Vec<Bson>| values.into_iter().map(Any);
        match self {
            Test::Compare(0, value) => field.eq(Any(value)),
            Test::Compare(1, value) => field.ne(Any(value)),
            Test::Compare(2, value) => field.gt(Any(value)),
            Test::Compare(3, value) => field.gte(Any(value)),
            Test::Compare(4, value) => field.lt(Any(value)),
            Test::Compare(_, value) => field.lte(Any(value)),
            Test::In(values) => field.is_in(all(values)),
            Test::Exists(true) => field.exists(),
            Test::Exists(false) => field.is_absent(),
            Test::Null => field.is_null(),
            Test::None => field.is_none(),
            Test::Text(0, text) => field.starts_with(text),
            Test::Text(1, text) => field.ends_with(text),
            Test::Text(_, text) => field.contains_text(text),
            Test::Size(size) => field.has_size(size),
            Test::Contains(values, true) => field.contains_all(all(values)),
            Test::Contains(values, false) => field.contains_any(all(values)),
        }
    }
}

fn test() -> impl Strategy<Value = Test> {
    let few = || proptest::collection::vec(value(), 0..3);
    prop_oneof![
        8 => (0_u8..6, value()).prop_map(|(comparison, value)| Test::Compare(comparison, value)),
        2 => few().prop_map(Test::In),
        1 => any::<bool>().prop_map(Test::Exists),
        1 => Just(Test::Null),
        1 => Just(Test::None),
        2 => (0_u8..3, select(&["", "x", "y"][..])).prop_map(|(place, text)| Test::Text(place, text)),
        1 => (0_usize..3).prop_map(Test::Size),
        1 => (few(), any::<bool>()).prop_map(|(values, all)| Test::Contains(values, all)),
    ]
}

/// Servers differ in whether an index beyond the end of a list is absent, as null is. MongoDB says
/// that it is nothing at all.
fn asks_whether_an_index_is_null<R>((field, test): &(Field<R, Any>, Test)) -> bool {
    let asks_for_null = match test {
        Test::Compare(_, value) => *value == Bson::Null,
        Test::In(values) => values.contains(&Bson::Null),
        Test::None => true,
        _ => false,
    };
    asks_for_null && field.path().contains(['0', '1'])
}

fn leaf<R: 'static>() -> impl Strategy<Value = Filter<R>> {
    (paths(), test())
        .prop_filter("an index that is null", |asked| {
            !asks_whether_an_index_is_null(asked)
        })
        .prop_map(|(field, test)| test.of(&field))
}

/// How conditions on an element itself are combined: those that MongoDB can combine.
fn element() -> impl Strategy<Value = Filter<Anything>> {
    (paths(), test(), test(), 0..4).prop_map(|(list, one, other, how)| {
        list.elem_match(|element| {
            let one = one.of(&element);
            match how {
                0 => one,
                1 => !one,
                2 => one.or(other.of(&element)),
                _ => !one.and(other.of(&element)),
            }
        })
    })
}

/// A condition on the fields of an element.
fn inside() -> impl Strategy<Value = Filter<Anything>> {
    (paths(), combined(leaf::<Any>().boxed()))
        .prop_map(|(list, condition)| list.elem_match(|_| condition))
}

fn combined<R: 'static>(leaves: BoxedStrategy<Filter<R>>) -> impl Strategy<Value = Filter<R>> {
    leaves.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Filter::every),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Filter::any),
            inner.prop_map(|filter| !filter),
        ]
    })
}

/// Servers differ in whether a list in a list is a document whose names are its indexes, which
/// [`inside`] may ask; MongoDB says that it is.
fn has_lists_in_lists(value: &Bson) -> bool {
    match value {
        Bson::Array(items) => items
            .iter()
            .any(|item| matches!(item, Bson::Array(_)) || has_lists_in_lists(item)),
        Bson::Document(fields) => fields.values().any(has_lists_in_lists),
        _ => false,
    }
}

fn documents(runner: &mut TestRunner, is_wanted: impl Fn(&Document) -> bool) -> Vec<Document> {
    let mut documents = Vec::new();
    for id in 0_u8..=255 {
        let made = loop {
            let made = document(value()).new_tree(runner).unwrap().current();
            if is_wanted(&made) {
                break made;
            }
        };
        let mut stored = doc! { "_id": ObjectId::from_bytes([id; 12]) };
        stored.extend(made);
        documents.push(stored);
    }
    documents
}

/// Asks the server and the matcher the same of every document.
async fn compare(
    runner: &mut TestRunner,
    documents: Vec<Document>,
    filters: impl Strategy<Value = Filter<Anything>>,
) {
    let db = TestDb::new().await;
    let guard = after_write(db.database().clone());
    let all = guard.build().await.unwrap().collection::<Anything>();
    let raw = all.driver_unchecked();
    raw.insert_many(&documents).await.unwrap();
    let (mut decided, mut unsendable) = ([0_usize; 2], 0);
    for _ in 0..400 {
        let filter = filters.new_tree(runner).unwrap().current();
        let stream = match all.find_matching(filter.clone()).stream().await {
            Ok(stream) => stream,
            // Two conditions of a kind on one element.
            Err(Error::InvalidFilter(_)) => {
                unsendable += 1;
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        let found = stream.map_ok(|stored| stored.id());
        let found: BTreeSet<ObjectId> = found.try_collect().await.unwrap();
        for document in &documents {
            let here = filter.matches(document).unwrap();
            let there = found.contains(&document.get_object_id("_id").unwrap());
            assert_eq!(here, there, "{document}");
            decided[usize::from(here)] += 1;
        }
    }
    // Of both kinds, or it would show nothing.
    assert!(decided.iter().all(|count| *count > 10_000), "{decided:?}");
    assert!(unsendable < 60, "{unsendable}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_means_in_memory_what_it_means_on_the_server() {
    let mut runner = TestRunner::deterministic();
    let documents = documents(&mut runner, |_| true);
    let filters = combined(prop_oneof![6 => leaf(), 1 => element()].boxed());
    compare(&mut runner, documents, filters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_on_an_element_means_in_memory_what_it_means_on_the_server() {
    let mut runner = TestRunner::deterministic();
    let is_plain = |document: &Document| !has_lists_in_lists(&document.clone().into());
    let documents = documents(&mut runner, is_plain);
    let filters = combined(prop_oneof![1 => leaf(), 2 => inside()].boxed());
    compare(&mut runner, documents, filters).await;
}

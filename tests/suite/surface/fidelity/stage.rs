use std::collections::BTreeMap;
use std::fmt::Debug;

use mongodb::bson::{self, Bson, Document, doc};
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How often each field is written, with other values each time.
pub(super) const ROUNDS: usize = 4;

/// A struct of the zoo.
pub(super) trait Specimen: Auditable<Change: Debug> + Clone + PartialEq + Debug {
    fn any(random: &mut Random) -> Self;
}

/// Random values, the same in each run.
pub(super) struct Random(TestRunner);

impl Random {
    fn new() -> Self {
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Random(TestRunner::new_with_rng(Config::default(), rng))
    }

    pub(super) fn of<S: Strategy>(&mut self, strategy: S) -> S::Value {
        strategy.new_tree(&mut self.0).unwrap().current()
    }

    pub(super) fn any<V: proptest::arbitrary::Arbitrary>(&mut self) -> V {
        self.of(proptest::arbitrary::any::<V>())
    }

    pub(super) fn word(&mut self) -> String {
        self.of("[a-zA-Z\u{e9}]{1,6}")
    }

    /// Milliseconds since 1970, as far as all calendars go.
    pub(super) fn millis(&mut self) -> i64 {
        self.of(-60_000_000_000_000..200_000_000_000_000_i64)
    }

    /// No zero, which is stored under two signs.
    pub(super) fn float(&mut self) -> f64 {
        self.of(proptest::num::f64::NORMAL)
    }
}

pub(super) struct Stage<T> {
    pub(super) db: TestDb,
    pub(super) desk: Writer<T>,
    pub(super) random: Random,
}

impl<T: Specimen> Stage<T> {
    pub(super) async fn new() -> Self {
        let db = TestDb::new().await;
        let monguard = after_write(db.database().clone());
        let desk = monguard.build().await.unwrap().collection().by("keeper");
        Stage {
            db,
            desk,
            random: Random::new(),
        }
    }

    /// Two values.
    pub(super) fn pair(&mut self) -> (T, T) {
        (T::any(&mut self.random), T::any(&mut self.random))
    }

    /// Writes one field of `old`, so that it should become `expected`, and looks at all that is
    /// said of it.
    pub(super) async fn check(
        &self,
        path: &str,
        (old, expected): (T, T),
        change: impl FnOnce(
            Update<T, monguard::OnVersion<'_, T>>,
        ) -> Update<T, monguard::OnVersion<'_, T>>,
        equal: impl FnOnce(T::Fields) -> Filter<T>,
    ) {
        let context = format!("{}.{path}: {old:?} to {expected:?}", T::COLLECTION);
        let created = self.desk.create(old.clone()).await.unwrap();
        let before = self.stored(&created).await;
        assert_eq!(plain(&before), plain(&written(&old)), "{context}");

        let updated = change(self.desk.update(&created)).await.expect(&context);
        let after = self.stored(&updated).await;
        assert_eq!(plain(&after), plain(&written(&expected)), "{context}");
        assert_eq!(*updated, expected, "{context}");

        let found = self.desk.collection().find(equal).await.unwrap();
        let ids: Vec<Bson> = found.iter().map(id_of).collect();
        // MongoDB compares sub-documents with their keys in order, and new keys come last.
        if in_one_order(
            at(&after, path).as_ref(),
            at(&written(&expected), path).as_ref(),
        ) {
            assert!(ids.contains(&id_of(&updated)), "{context}: not found");
        }

        let changes = updated.changes_since(&created).unwrap();
        let is_same = plain(&before) == plain(&after);
        assert_eq!(
            changes.is_empty(),
            old == expected,
            "{context}: {changes:?}"
        );
        if !is_same {
            self.check_entry(&updated, &before, &after, &context).await;
        }
    }

    /// The entry shows what was stored before and after, value by value.
    async fn check_entry(
        &self,
        updated: &Stored<T>,
        before: &Document,
        after: &Document,
        context: &str,
    ) {
        let history = self.desk.collection().history(updated.id()).await.unwrap();
        let entry = history.last().unwrap();
        let EntryChange::Delta(delta) = &entry.change else {
            panic!("{context}: {entry:?}");
        };
        assert!(!delta.is_empty(), "{context}");
        for change in delta {
            assert_eq!(
                change.old,
                at(before, &change.path),
                "{context}: {}",
                change.path
            );
            assert_eq!(
                change.new,
                at(after, &change.path),
                "{context}: {}",
                change.path
            );
        }
    }

    pub(super) async fn stored(&self, stored: &Stored<T>) -> Document {
        let collection = self.db.database().collection::<Document>(T::COLLECTION);
        let filter = doc! { "_id": id_of(stored) };
        collection.find_one(filter).await.unwrap().unwrap()
    }
}

fn id_of<T: Versioned>(stored: &Stored<T>) -> Bson {
    bson::serialize_to_bson(&stored.id()).unwrap()
}

/// The whole struct as the driver writes it.
pub(super) fn written<T: Serialize>(value: &T) -> Document {
    let bytes = bson::serialize_to_vec(value).unwrap();
    bson::deserialize_from_slice(&bytes).unwrap()
}

/// A document without what monguard owns, keys in order at every level.
pub(super) fn plain(document: &Document) -> BTreeMap<String, Bson> {
    const OWNED: [&str; 7] = [
        "_id",
        "__v",
        "__w",
        "createdAt",
        "createdBy",
        "updatedAt",
        "updatedBy",
    ];
    let fields = document
        .iter()
        .filter(|(name, _)| !OWNED.contains(&name.as_str()));
    fields
        .map(|(name, value)| (name.clone(), in_order(value)))
        .collect()
}

fn in_order(value: &Bson) -> Bson {
    match value {
        Bson::Document(document) => {
            let mut fields: Vec<_> = document.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            let fields = fields.into_iter();
            Bson::Document(
                fields
                    .map(|(name, value)| (name.clone(), in_order(value)))
                    .collect(),
            )
        }
        Bson::Array(items) => Bson::Array(items.iter().map(in_order).collect()),
        other => other.clone(),
    }
}

fn in_one_order(a: Option<&Bson>, b: Option<&Bson>) -> bool {
    let bytes =
        |value: Option<&Bson>| bson::serialize_to_vec(&doc! { "value": value.cloned() }).unwrap();
    bytes(a) == bytes(b)
}

fn at(document: &Document, path: &str) -> Option<Bson> {
    let mut value = Bson::Document(document.clone());
    for step in path.split('.') {
        value = match value {
            Bson::Document(inside) => inside.get(step)?.clone(),
            Bson::Array(items) => items.get(step.parse::<usize>().ok()?)?.clone(),
            _ => return None,
        };
    }
    Some(value)
}

/// Writes each of these fields of a model some times, and checks what is stored, found and said.
macro_rules! check_fields {
    ($model:ident: $($first:ident $(. $more:ident)*),* $(,)?) => {{
        let mut stage = Stage::<$model>::new().await;
        for _ in 0..ROUNDS {
            $({
                let (old, new) = stage.pair();
                let mut expected = old.clone();
                expected.$first$(.$more)* = new.$first$(.$more)*.clone();
                let (value, same) = (new.$first$(.$more)*.clone(), new.$first$(.$more)*);
                let path = <$model as Versioned>::fields().$first$(.$more)*.path();
                stage
                    .check(
                        &path,
                        (old, expected),
                        |update| update.set(|o| o.$first$(.$more)*, value),
                        |o| o.$first$(.$more)*.eq(same),
                    )
                    .await;
            })*
        }
    }};
}

pub(super) use check_fields;

//! What updates say: each operator, paths to elements, and typed changes that are applied again.

mod apply;
mod elements;
mod hidden;
mod operators;
mod refused;

use std::collections::{BTreeMap, BTreeSet};

use mongodb::bson::{Bson, DateTime, Document, doc};
use monguard::audit::EntryChange;
use monguard::error::InvalidReason;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "baskets")]
struct Basket {
    amount: i64,
    small: u8,
    rate: f64,
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    motto: Option<String>,
    tags: Vec<String>,
    numbers: Option<Vec<i64>>,
    words: BTreeSet<String>,
    labels: BTreeMap<String, String>,
    seen_at: Option<DateTime>,
    #[monguard(nested)]
    lines: Vec<Line>,
    #[monguard(nested)]
    by_region: BTreeMap<String, Line>,
    #[monguard(nested)]
    returned: Option<Line>,
    #[monguard(audit = "redact")]
    secrets: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
struct Line {
    sku: String,
    #[serde(rename = "n")]
    count: i64,
    tags: Vec<String>,
    #[monguard(nested)]
    parts: Vec<Part>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
struct Part {
    name: String,
}

fn line(sku: &str, count: i64) -> Line {
    Line {
        sku: sku.to_owned(),
        count,
        ..Line::default()
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// One basket, in someone's hands.
struct Stage {
    db: TestDb,
    desk: Writer<Basket>,
}

impl Stage {
    async fn with(basket: Basket) -> (Self, Stored<Basket>) {
        let db = TestDb::new().await;
        let monguard = after_write(db.database().clone()).build().await.unwrap();
        let desk = monguard.collection::<Basket>().by("desk");
        let stored = desk.create(basket).await.unwrap().into_stored();
        (Stage { db, desk }, stored)
    }

    async fn raw(&self) -> Document {
        let baskets = self.db.database().collection::<Document>("baskets");
        baskets.find_one(doc! {}).await.unwrap().unwrap()
    }

    /// Makes a write, and checks that the store holds what it returned, and that its entry leads
    /// from the document before to the document after.
    async fn write(
        &self,
        write: impl IntoFuture<Output = monguard::Result<Stored<Basket>>>,
    ) -> Stored<Basket> {
        let before = self.raw().await;
        let written = write.await.unwrap();
        assert!(matches!(written.outcome(), Outcome::Written), "{written:?}");
        let after = self.raw().await;
        let read: Basket = mongodb::bson::deserialize_from_document(after.clone()).unwrap();
        assert_eq!(read, *written);
        let history = self.desk.collection().history(written.id()).await.unwrap();
        let entry = history.last().unwrap();
        assert_eq!(
            entry.version,
            written.version().get().map(monguard::Version::Number)
        );
        let EntryChange::Delta(delta) = &entry.change else {
            panic!("{entry:?}");
        };
        assert_eq!(data(delta.replay(data(before)).unwrap()), data(after));
        written
    }

    /// Checks that nothing was written and why.
    async fn refusal(
        &self,
        write: impl IntoFuture<Output = monguard::Result<Stored<Basket>>>,
    ) -> (InvalidReason, String) {
        let before = self.raw().await;
        let refused = write.await;
        assert_eq!(self.raw().await, before);
        match refused {
            Err(Error::InvalidUpdate(error)) => (error.reason().clone(), error.path().to_owned()),
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Changes the document by other means, and reads it.
    async fn damage(&self, update: Document) -> Stored<Basket> {
        let baskets = self.db.database().collection::<Document>("baskets");
        baskets.update_one(doc! {}, update).await.unwrap();
        let found = self.desk.collection().find(|_| Filter::all()).await;
        found.unwrap().remove(0)
    }
}

/// What the log tells of: without what monguard manages, and the values of what is redacted.
fn data(mut document: Document) -> Document {
    for name in [
        "_id",
        "__v",
        "__w",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
    ] {
        document.remove(name);
    }
    document.insert("secrets", doc! { "redacted": true });
    let sorted: BTreeMap<String, Bson> = document.into_iter().collect();
    sorted.into_iter().collect()
}

fn is_unchanged(written: &monguard::Result<Stored<Basket>>) -> bool {
    let outcome = written.as_ref().map(Stored::outcome);
    matches!(outcome, Ok(Outcome::Unchanged))
}

//! The models with indexes, and what the server has of them.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::IndexOptions;
use monguard::prelude::*;
use monguard_tests::fixture::{TestDb, after_write};

/// A member, with an index of each kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(
    collection = "members",
    index(fields(plan_name, -joined_at, address.zip_code), name = "by_plan"),
    index(fields(devices.serial))
)]
pub(super) struct Member {
    #[monguard(index(unique))]
    pub(super) email: String,
    #[monguard(index(descending, sparse))]
    pub(super) plan_name: Option<String>,
    #[monguard(index(expire_after = "1 hour"))]
    pub(super) joined_at: Option<DateTime>,
    #[monguard(index(partial = "is_paying"))]
    pub(super) region: String,
    pub(super) balance: i64,
    #[monguard(nested)]
    pub(super) address: Address,
    #[monguard(nested)]
    pub(super) devices: Vec<Device>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address {
    pub(super) zip_code: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
pub(super) struct Device {
    pub(super) serial: String,
}

fn is_paying() -> Filter<Member> {
    Member::fields().balance.gt(0)
}

impl Member {
    pub(super) fn of(email: &str) -> Self {
        Member {
            email: email.to_owned(),
            plan_name: None,
            joined_at: None,
            region: "north".to_owned(),
            balance: 1,
            address: Address::default(),
            devices: Vec::new(),
        }
    }
}

/// A user whose name is unique among all, and whose handle among those that are live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "users")]
pub(super) struct User {
    #[monguard(index(unique))]
    pub(super) login_name: String,
    #[monguard(index(unique = "live", sparse))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) handle: Option<String>,
    pub(super) visits: i64,
}

impl User {
    /// Of this name, with the first visit.
    pub(super) fn named(name: &str) -> Self {
        User {
            login_name: name.to_owned(),
            handle: None,
            visits: 1,
        }
    }

    /// With this handle, and the same name.
    pub(super) fn with_handle(handle: &str) -> Self {
        User {
            handle: Some(handle.to_owned()),
            ..User::named(handle)
        }
    }
}

pub(super) async fn guard(db: &TestDb) -> Monguard {
    let builder = after_write(db.database().clone());
    builder.build().await.unwrap()
}

/// A collection with its indexes in place.
pub(super) async fn collection<T: Versioned>(db: &TestDb) -> Collection<T> {
    let collection = guard(db).await.collection();
    collection.ensure_indexes().await.unwrap();
    collection
}

/// The driver's handle.
pub(super) fn raw(db: &TestDb, name: &str) -> mongodb::Collection<Document> {
    db.database().collection(name)
}

pub(super) async fn make(db: &TestDb, collection: &str, keys: Document, options: IndexOptions) {
    let index = IndexModel::builder().keys(keys).options(options).build();
    raw(db, collection).create_index(index).await.unwrap();
}

pub(super) fn named(name: &str) -> IndexOptions {
    IndexOptions::builder().name(name.to_owned()).build()
}

/// The indexes of a collection, by their names.
pub(super) async fn indexes(db: &TestDb, collection: &str) -> BTreeMap<String, IndexModel> {
    let listed = raw(db, collection).list_indexes().await.unwrap();
    let listed: Vec<IndexModel> = listed.try_collect().await.unwrap();
    let name = |index: &IndexModel| index.options.clone().and_then(|options| options.name);
    listed
        .into_iter()
        .map(|index| (name(&index).unwrap_or_default(), index))
        .collect()
}

/// The documents of the audit log, oldest version first.
pub(super) async fn entries(db: &TestDb) -> Vec<Document> {
    let log = raw(db, "audit_logs");
    let sorted = doc! { "ref.id": 1, "metadata.version": 1 };
    let find = log.find(doc! {}).sort(sorted);
    find.await.unwrap().try_collect().await.unwrap()
}

/// Stores the users anew, each as it is. The embedded server keeps the old value of a unique index
/// when an update changes it, and refuses to insert that value again; in a new collection it knows
/// what there is. On other servers this changes nothing.
pub(super) async fn store_anew(db: &TestDb) {
    let users = raw(db, "users");
    let stored = users.find(doc! {}).await.unwrap();
    let stored: Vec<Document> = stored.try_collect().await.unwrap();
    users.drop().await.unwrap();
    collection::<User>(db).await;
    users.insert_many(stored).await.unwrap();
}

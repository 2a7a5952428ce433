//! Both kinds of version, declared or not, under any name; all roles are read, filtered and sorted by.

use mongodb::bson::{DateTime, Uuid, oid::ObjectId};
use monguard::prelude::*;
use monguard::{Counter, Token};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "a")]
pub struct Declared {
    #[monguard(version = "uuid")]
    row_version: Uuid,
    #[monguard(updated_at)]
    updated_at: DateTime,
    #[monguard(deleted_by)]
    deleted_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "b")]
struct Counted {
    #[monguard(version = "counter")]
    version: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "c", version = "uuid", version_name = "etag")]
struct Hidden {
    amount: i64,
}

fn kinds<T: Versioned<Version = K, Locator = ObjectId>, K>() {}

async fn uses(declared: &Collection<Declared>, counted: &Collection<Counted>) -> Result<(), Error> {
    let found = declared
        .find(|d| d.row_version.eq(Uuid::new()).and(d.deleted_by.is_absent()))
        .sort(|d| d.updated_at.descending())
        .await?;
    let _: Vec<(Uuid, DateTime)> = found.iter().map(|d| (d.row_version, d.updated_at)).collect();
    counted.find(|c| c.version.gt(Some(3))).await?;
    Ok(())
}

fn main() {
    kinds::<Declared, Token>();
    kinds::<Counted, Counter>();
    kinds::<Hidden, Token>();
    let _ = (uses, Revision::<Hidden>::from_version(ObjectId::new(), Uuid::new()));
}

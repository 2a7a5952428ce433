//! Shard keys: of one field, of several, with the id among them; without a prelude, private, raw.

#![no_implicit_prelude]

use ::monguard::prelude::*;
use ::monguard::{Revision, Stored};
use ::std::primitive::{i32, i64};
use ::std::string::String;

#[derive(
    ::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq,
    Serialize, Deserialize, Auditable, Versioned,
)]
#[monguard(collection = "a")]
pub struct One {
    #[monguard(shard_key)]
    r#type: String,
    weight: i64,
}

#[derive(
    ::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq,
    Serialize, Deserialize, Auditable, Versioned,
)]
#[monguard(collection = "b", index(unique, fields(tenant, number, weight)))]
struct Several {
    #[monguard(shard_key)]
    tenant: i32,
    #[serde(rename = "_id")]
    #[monguard(id, shard_key)]
    number: String,
    weight: i64,
}

#[derive(
    ::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq,
    Serialize, Deserialize, Auditable, Versioned,
)]
#[monguard(collection = "c")]
struct ByKey {
    #[monguard(shard_key, idempotency_key)]
    request: String,
}

async fn uses(
    one: &Writer<One>,
    stored: &Stored<One>,
    several: &Collection<Several>,
) -> ::std::result::Result<(), Error> {
    one.update_latest(stored.locator()).set(|o| o.weight, 1).await?;
    one.collection().find(|o| o.r#type.eq("a")).await?;
    let number = <String as ::std::convert::From<&str>>::from("n");
    several.find_by_id((number, 3)).await?;
    let revision: Revision<One> = Revision::from_version_at(&stored.locator(), 3)?;
    one.update(revision).set(|o| o.weight, 1).await?;
    ::std::result::Result::Ok(())
}

fn main() {
    let _ = uses;
}

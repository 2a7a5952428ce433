//! Models of sharded collections.

use mongodb::bson::DateTime;
use monguard::prelude::*;

/// A shipment: sharded by the region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "shipments")]
pub struct Shipment {
    /// Where it goes.
    #[monguard(shard_key)]
    pub region: String,
    /// In kilograms.
    pub weight: i64,
}

impl Shipment {
    /// A shipment of this weight to this region.
    #[must_use]
    pub fn to(region: &str, weight: i64) -> Self {
        Shipment {
            region: region.to_owned(),
            weight,
        }
    }
}

/// A booking: sharded by two fields, one of them written in a way of its own, with a token and an
/// idempotency key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "bookings", version = "uuid")]
pub struct Booking {
    /// Whose it is.
    #[monguard(shard_key)]
    pub tenant_id: i32,
    /// The request that made it.
    #[monguard(idempotency_key)]
    pub request: String,
    /// The day that it is for, stored as milliseconds.
    #[monguard(shard_key)]
    #[serde(with = "millis")]
    pub day: DateTime,
    /// How many.
    pub seats: i64,
}

impl Booking {
    /// A booking of two seats on the first day.
    #[must_use]
    pub fn of(tenant_id: i32, request: &str) -> Self {
        Booking {
            tenant_id,
            request: request.to_owned(),
            day: DateTime::from_millis(0),
            seats: 2,
        }
    }
}

/// A meter: sharded by the id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "meters")]
pub struct Meter {
    /// Its number.
    #[serde(rename = "_id")]
    #[monguard(id, shard_key)]
    pub number: String,
    /// What it shows.
    pub reading: i64,
}

/// A date as its milliseconds.
mod millis {
    use mongodb::bson::DateTime;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(super) fn serialize<S: Serializer>(date: &DateTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(date.timestamp_millis())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime, D::Error> {
        i64::deserialize(from).map(DateTime::from_millis)
    }
}

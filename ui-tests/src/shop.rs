//! A shop, with one model of each kind.

use monguard::prelude::*;

/// What is done with an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OrderStatus {
    /// Not seen yet.
    Pending,
    /// In someone's hands.
    Processing,
}

/// How an order is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub struct Fulfilment {
    /// Who has looked at it.
    pub validated_by: Option<String>,
    /// The parcel's number.
    pub tracking: Option<String>,
}

/// An order, with all that the examples of the guide have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders")]
pub struct Order {
    /// Known to the client before the order is placed.
    #[monguard(idempotency_key)]
    pub checkout_id: String,
    /// What is done with it.
    pub status: OrderStatus,
    /// In cents.
    pub amount: i64,
    /// How it is sent.
    #[monguard(nested)]
    pub fulfilment: Fulfilment,
    /// What pays for it.
    #[monguard(audit = "redact")]
    pub card_token: Option<String>,
    /// For this module alone.
    margin: i64,
}

impl Order {
    /// What is left of the amount.
    #[must_use]
    pub fn margin(&self) -> i64 {
        self.margin
    }
}

/// Another model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "invoices")]
pub struct Invoice {
    /// In cents.
    pub total: i64,
}

/// A model that declares what monguard writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "accounts")]
pub struct Account {
    /// The version.
    #[monguard(version)]
    pub version: i64,
    /// Who opened it.
    #[monguard(created_by)]
    pub created_by: Option<String>,
    /// In cents.
    pub balance: i64,
}

/// A model with a token, and more that monguard writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "profiles")]
pub struct Profile {
    /// The version.
    #[monguard(version = "uuid")]
    pub etag: mongodb::bson::Uuid,
    /// Who wrote it last.
    #[monguard(updated_by)]
    pub updated_by: Option<String>,
    /// When it was soft-deleted.
    #[monguard(deleted_at)]
    pub deleted_at: Option<mongodb::bson::DateTime>,
    /// Whose it is.
    pub name: String,
}

/// A model of a sharded collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "shipments")]
pub struct Shipment {
    /// Where it goes.
    #[monguard(shard_key)]
    pub region: String,
    /// In kilograms.
    pub weight: i64,
}

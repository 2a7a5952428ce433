//! The models that the suite writes.

use monguard::prelude::*;

/// The states of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrderStatus {
    /// Placed.
    Pending,
    /// In the hands of the warehouse.
    Processing,
    /// Paid.
    Completed,
}

/// An order, with an idempotency key, a nested struct and a redacted field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders")]
pub struct Order {
    /// The checkout that placed it.
    #[monguard(idempotency_key)]
    pub checkout_id: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// In cents.
    pub amount: i64,
    /// What the departments did.
    #[monguard(nested)]
    pub fulfilment: Fulfilment,
    /// Hidden.
    #[monguard(audit = "redact")]
    pub card_token: Option<String>,
    /// Free text.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What the departments did with an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub struct Fulfilment {
    /// Customer service.
    pub validated_by: Option<String>,
    /// The parcel.
    pub tracking: Option<String>,
}

impl Order {
    /// A new order of this checkout.
    #[must_use]
    pub fn placed(checkout_id: &str) -> Self {
        Order {
            checkout_id: checkout_id.to_owned(),
            status: OrderStatus::Pending,
            amount: 100,
            fulfilment: Fulfilment::default(),
            card_token: None,
            tags: Vec::new(),
        }
    }
}

/// A counter, without anything else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "tallies")]
pub struct Tally {
    /// The count.
    pub total: i64,
}

//! The models that the suite writes.

mod ids;
mod managed;
mod parcels;
mod profile;
mod shipments;

use monguard::prelude::*;

pub use ids::{Badge, Device, Memo, Note, Seat, SeatPlace, Ticket, Wide};
pub use managed::Country;
pub use parcels::{Parcel, Sender};
pub use profile::{Address, Contact, Profile};
pub use shipments::{Booking, Meter, Shipment};

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

/// A piece of work that goes through phases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "jobs")]
pub struct Job {
    /// Where it stands.
    pub status: String,
    /// The phase that it is in.
    pub phase: i32,
}

impl Job {
    /// A job that nobody has taken.
    #[must_use]
    pub fn pending() -> Self {
        Job {
            status: "pending".to_owned(),
            phase: 0,
        }
    }
}

/// A payment: its creates carry idempotency keys of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "payments", idempotency_key)]
pub struct Payment {
    /// In cents.
    pub amount: i64,
    /// May differ when a request is repeated.
    #[monguard(idempotency = "ignore")]
    pub sent_from: String,
    /// May be absent, or null.
    pub note: Option<String>,
}

impl Payment {
    /// A payment of this amount.
    #[must_use]
    pub fn of(amount: i64) -> Self {
        Payment {
            amount,
            sent_from: "till-1".to_owned(),
            note: None,
        }
    }
}

/// A model whose idempotency key may be missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "requests")]
pub struct Request {
    /// The key.
    #[monguard(idempotency_key)]
    pub key: Option<String>,
    /// What was asked for.
    pub text: String,
}

/// A number of each type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "numbers")]
#[allow(missing_docs)] // each is a number of the type of its name
pub struct Numbers {
    pub i8: i8,
    pub i16: i16,
    pub i32: i32,
    pub i64: i64,
    pub u8: u8,
    pub u16: u16,
    pub u32: u32,
    pub u64: u64,
    pub f32: f32,
    pub f64: f64,
    pub optional: Option<i32>,
    pub list: Option<Vec<i32>>,
}

/// An invoice, with an id and an idempotency key of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "invoices")]
pub struct Invoice {
    /// Its number.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub number: String,
    /// The order that it is for.
    #[monguard(idempotency_key)]
    pub order: String,
    /// In cents; once called `sum`.
    #[serde(alias = "sum")]
    pub amount: i64,
}

impl Invoice {
    /// An invoice of 100.
    #[must_use]
    pub fn of(number: &str, order: &str) -> Self {
        Invoice {
            number: number.to_owned(),
            order: order.to_owned(),
            amount: 100,
        }
    }
}

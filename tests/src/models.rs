//! The models that the suite writes.

use std::collections::BTreeMap;

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, Uuid};
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

/// A country: its id is a text of its own, and it declares every field that monguard manages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "countries")]
pub struct Country {
    /// Two letters.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its version.
    #[monguard(version)]
    pub row_version: Option<i64>,
    /// When it was created.
    #[monguard(created_at)]
    pub created_at: Option<DateTime>,
    /// When it was last written.
    #[monguard(updated_at)]
    pub updated_at: Option<DateTime>,
    /// Who created it.
    #[monguard(created_by)]
    pub created_by: Option<String>,
    /// Who last wrote it.
    #[monguard(updated_by)]
    pub updated_by: Option<String>,
    /// When it was deleted.
    #[monguard(deleted_at)]
    pub deleted_at: Option<DateTime>,
    /// Who deleted it.
    #[monguard(deleted_by)]
    pub deleted_by: Option<String>,
}

impl Country {
    /// A country before it is stored.
    #[must_use]
    pub fn new(code: &str, name: &str) -> Self {
        Country {
            code: code.to_owned(),
            name: name.to_owned(),
            row_version: None,
            created_at: None,
            updated_at: None,
            created_by: None,
            updated_by: None,
            deleted_at: None,
            deleted_by: None,
        }
    }
}

/// A document with an id of any type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "tickets")]
pub struct Ticket {
    /// A number.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub number: i64,
    /// What it says.
    pub text: String,
}

/// A document whose id does not always fit into BSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "wides")]
pub struct Wide {
    /// A number.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub number: u64,
    /// Another one.
    pub size: u64,
}

/// A document whose id is a UUID.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "devices")]
pub struct Device {
    /// Its id.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub id: Uuid,
    /// What it says.
    pub text: String,
}

/// A document whose id is a struct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "seats")]
pub struct Seat {
    /// Where it is.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub place: SeatPlace,
    /// Who has it.
    pub holder: Option<String>,
}

/// Where a seat is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPlace {
    /// The row.
    pub row: String,
    /// The number in the row.
    pub number: i32,
}

/// A model that has something of every kind: maps, lists, options, nested structs, a value of any
/// kind, and fields that the log hides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "profiles")]
pub struct Profile {
    /// A text.
    pub name: String,
    /// Null where there is none.
    pub nickname: Option<String>,
    /// Absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motto: Option<String>,
    /// A map of plain values.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// A list of plain values.
    #[serde(default)]
    pub scores: Vec<i32>,
    /// Nested.
    #[monguard(nested)]
    pub address: Option<Address>,
    /// A list of nested structs.
    #[serde(default)]
    #[monguard(nested)]
    pub contacts: Vec<Contact>,
    /// A map of nested structs.
    #[serde(default)]
    #[monguard(nested)]
    pub by_kind: BTreeMap<String, Contact>,
    /// Anything.
    pub extra: Bson,
    /// Not logged.
    #[serde(default)]
    #[monguard(audit = "skip")]
    pub visits: i64,
    /// Hidden.
    #[monguard(audit = "redact")]
    pub pin: Option<String>,
}

/// Where somebody lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
pub struct Address {
    /// The street.
    pub street: String,
    /// The code.
    pub zip: Option<String>,
}

/// How somebody is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Nested)]
pub struct Contact {
    /// The number or address.
    pub value: String,
    /// The order in which they are tried.
    pub rank: i32,
    /// Hidden.
    #[monguard(audit = "redact")]
    pub secret: Option<String>,
}

impl Profile {
    /// A profile with this name and nothing else.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Profile {
            name: name.to_owned(),
            nickname: None,
            motto: None,
            labels: BTreeMap::new(),
            scores: Vec::new(),
            address: None,
            contacts: Vec::new(),
            by_kind: BTreeMap::new(),
            extra: Bson::Null,
            visits: 0,
            pin: None,
        }
    }
}

/// A document that may leave its id to monguard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "notes")]
pub struct Note {
    /// Its id, once it is stored.
    #[serde(rename = "_id", skip_serializing_if = "Option::is_none")]
    #[monguard(id)]
    pub id: Option<ObjectId>,
    /// What it says.
    pub text: String,
}

/// A document that writes a missing id as null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "memos")]
pub struct Memo {
    /// Its id, once it is stored.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub id: Option<ObjectId>,
    /// What it says.
    pub text: String,
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

/// A document that must be given its id, though its type does not say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "badges")]
pub struct Badge {
    /// Its id.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub name: Option<String>,
}

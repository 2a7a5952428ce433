//! Models with ids of several types.

use mongodb::bson::{Uuid, oid::ObjectId};
use monguard::prelude::*;

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

/// A document that must be given its id, though its type does not say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "badges")]
pub struct Badge {
    /// Its id.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub name: Option<String>,
}

//! A model that has something of every kind.

use std::collections::BTreeMap;

use mongodb::bson::Bson;
use monguard::prelude::*;

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

use std::collections::BTreeMap;

use monguard::prelude::*;

/// A parcel, with an id of its own, an idempotency key, and every kind of place
/// that an entry tells of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "parcels")]
pub struct Parcel {
    /// What stands on it.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub label: String,
    /// The request that it came with.
    #[monguard(idempotency_key)]
    pub request: String,
    /// In grams.
    pub weight: i64,
    /// Where it was.
    #[serde(default)]
    pub stops: Vec<String>,
    /// What was noted.
    #[serde(default)]
    pub remarks: BTreeMap<String, String>,
    /// Whom it is from.
    #[serde(default)]
    #[monguard(nested)]
    pub sender: Option<Sender>,
    /// Hidden.
    #[serde(default)]
    #[monguard(audit = "redact")]
    pub code: Option<String>,
}

/// Whom a parcel is from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
pub struct Sender {
    /// Shown.
    pub name: String,
    /// Hidden.
    #[serde(default)]
    #[monguard(audit = "redact")]
    pub phone: Option<String>,
}

impl Parcel {
    /// A parcel that came with this request.
    #[must_use]
    pub fn labelled(label: &str, request: &str) -> Self {
        Parcel {
            label: label.to_owned(),
            request: request.to_owned(),
            weight: 100,
            stops: Vec::new(),
            remarks: BTreeMap::new(),
            sender: None,
            code: Some("door-1".to_owned()),
        }
    }
}

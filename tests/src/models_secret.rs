//! A model that hides values at every kind of place.

use std::collections::BTreeMap;

use monguard::prelude::*;

/// Stands in hidden places only. Long enough that nothing else looks like it.
pub const SECRET: &str = "SENTINEL-5f2c9a";

/// A number too large for BSON, whose digits stand nowhere else.
pub const HUGE: u64 = 18_446_744_073_709_551_557;

/// An account, with an idempotency key that is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "accounts")]
pub struct Account {
    /// The request that opened it.
    #[monguard(idempotency_key)]
    pub request: String,
    /// Shown.
    pub name: String,
    /// Shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<i64>,
    /// Hidden; the tests put a unique index on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[monguard(audit = "redact")]
    pub card_token: Option<String>,
    /// Hidden, under its former name too.
    #[serde(default, alias = "oldPin")]
    #[monguard(audit = "redact")]
    pub pin: Option<String>,
    /// Left out.
    #[serde(default, alias = "oldNote")]
    #[monguard(audit = "skip")]
    pub note: Option<String>,
    /// Hidden, and of a type that BSON does not have.
    #[serde(default)]
    #[monguard(audit = "redact")]
    pub ceiling: u64,
    /// Hidden, and of few values.
    #[serde(default)]
    #[monguard(audit = "redact")]
    pub tier: Option<Tier>,
    /// Hidden as a whole.
    #[monguard(nested, audit = "redact")]
    pub vault: Vault,
    /// Hidden: the keys too.
    #[serde(default)]
    #[monguard(audit = "redact")]
    pub tokens: BTreeMap<String, Vec<String>>,
    /// Hides inside.
    #[monguard(nested)]
    pub address: Address,
    /// Hides inside.
    #[monguard(nested)]
    pub former: Option<Address>,
    /// Hide inside.
    #[serde(default)]
    #[monguard(nested)]
    pub contacts: Vec<Address>,
    /// Hide inside.
    #[serde(default)]
    #[monguard(nested)]
    pub by_name: BTreeMap<String, Address>,
    /// Hides nothing.
    #[monguard(nested)]
    pub settings: Settings,
}

/// A place, of which a part is hidden.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Shown.
    pub street: String,
    /// Hidden.
    #[serde(default)]
    #[monguard(audit = "redact")]
    pub door_code: Option<String>,
    /// Left out.
    #[serde(default)]
    #[monguard(audit = "skip")]
    pub memo: Option<String>,
    /// Hides inside.
    #[serde(default)]
    #[monguard(nested)]
    pub safe: Option<Safe>,
}

/// Inside an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
pub struct Safe {
    /// Shown.
    pub label: String,
    /// Hidden, under its former name too.
    #[serde(alias = "combination")]
    #[monguard(audit = "redact")]
    pub code: String,
}

/// Hidden as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
pub struct Vault {
    /// Hidden by the field that holds it.
    pub key: String,
    /// Likewise.
    #[serde(default)]
    pub shelves: BTreeMap<String, i64>,
}

/// Hides nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Nested)]
pub struct Settings {
    /// Shown.
    pub language: Option<String>,
    /// Shown.
    pub volume: i32,
}

/// A hidden choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tier {
    /// One.
    Silver,
    /// The other.
    Gold,
}

impl Address {
    /// An address with a secret in every hidden place.
    #[must_use]
    pub fn secret(street: &str) -> Self {
        Address {
            street: street.to_owned(),
            door_code: hidden("door"),
            memo: hidden("memo"),
            safe: Some(Safe {
                label: "under the stairs".to_owned(),
                code: text("safe"),
            }),
        }
    }
}

impl Account {
    /// An account without any secret.
    #[must_use]
    pub fn plain(request: &str) -> Self {
        Account {
            request: request.to_owned(),
            name: "Ada".to_owned(),
            rank: None,
            card_token: None,
            pin: None,
            note: None,
            ceiling: 0,
            tier: None,
            vault: Vault::default(),
            tokens: BTreeMap::new(),
            address: Address::default(),
            former: None,
            contacts: Vec::new(),
            by_name: BTreeMap::new(),
            settings: Settings::default(),
        }
    }

    /// An account with a secret in every hidden place.
    #[must_use]
    pub fn secret(request: &str) -> Self {
        Account {
            card_token: hidden("card"),
            pin: hidden("pin"),
            note: hidden("note"),
            ceiling: 7,
            tier: Some(Tier::Gold),
            vault: Vault {
                key: text("vault"),
                shelves: BTreeMap::from([(text("shelf"), 1)]),
            },
            tokens: BTreeMap::from([(text("token"), vec![text("value")])]),
            address: Address::secret("Main Street"),
            former: Some(Address::secret("First Street")),
            contacts: vec![Address::secret("Second Street")],
            by_name: BTreeMap::from([("home".to_owned(), Address::secret("Third Street"))]),
            ..Account::plain(request)
        }
    }
}

/// A secret text, one of several.
#[must_use]
pub fn text(which: &str) -> String {
    format!("{SECRET}-{which}")
}

/// A secret text in an `Option`.
#[must_use]
pub fn hidden(which: &str) -> Option<String> {
    Some(text(which))
}

//! A model that declares what monguard manages.

use mongodb::bson::DateTime;
use monguard::prelude::*;

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

use monguard::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Number(i64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "accounts", idempotency_key)]
struct Account {
    #[serde(rename = "_id")]
    #[monguard(id)]
    number: Number,
    #[monguard(version)]
    row_version: i64,
    #[monguard(created_at)]
    created_at: Option<String>,
    #[monguard(updated_at)]
    updated_at: Option<String>,
    #[monguard(created_by)]
    created_by: Option<String>,
    #[monguard(updated_by)]
    updated_by: Option<String>,
    #[monguard(deleted_at)]
    deleted_at: Option<String>,
    #[monguard(deleted_by)]
    deleted_by: Option<String>,
    #[monguard(plain)]
    version: String,
    #[monguard(idempotency = "ignore")]
    sent_from: String,
    #[serde(skip)]
    scratch: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Auditable, Versioned)]
#[monguard(collection = "things")]
struct Thing {
    id: i64,
}

fn main() {
    let _: <Account as Versioned>::Id = Number(3);
    assert_eq!(Account::fields().id.path(), "_id");
    assert_eq!(Account::fields().number.path(), "_id");
    assert_eq!(Account::fields().row_version.path(), "rowVersion");
    assert_eq!(Thing::fields().id.path(), "id");
}

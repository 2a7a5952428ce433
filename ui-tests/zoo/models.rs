// A model for every attribute, at every place where it may stand: a test compares this file with the
// table of attributes. It is included into modules of every kind: in the one there is no prelude, in
// another the names of the standard library are taken, in a third every lint is denied. So each path
// begins with `::`, each item has its docs, and the module around it has monguard as `facade::guard`.

/// A place, part of an address.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::default::Default,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Nested,
)]
#[monguard(crate = "self::facade::guard")]
pub struct Place {
    /// The name of the town.
    pub town: ::std::string::String,
    /// The entrance, which is nobody's business.
    #[monguard(audit = "skip")]
    pub entrance: ::std::option::Option<i64>,
}

/// An address.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::default::Default,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Nested,
)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Where it is.
    #[monguard(nested)]
    pub place: Place,
    /// The places that lead there.
    #[monguard(nested)]
    pub way: ::std::vec::Vec<Place>,
    /// What opens the door.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub door_code: ::std::option::Option<::std::string::String>,
}

/// An order: what a field of data may be told.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Auditable,
    ::monguard::Versioned,
)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "orders", index(fields(address.place.town, -amount)))]
pub struct Order {
    /// Known to the client before the order is placed.
    #[monguard(idempotency_key)]
    pub checkout_id: ::std::string::String,
    /// In cents.
    pub amount: i64,
    /// Of the form, not of the document.
    #[monguard(plain)]
    pub version: ::std::string::String,
    /// Where it goes.
    #[monguard(nested)]
    pub address: Address,
    /// Where it went.
    #[monguard(nested)]
    pub returned: ::std::option::Option<Address>,
    /// What pays for it.
    #[monguard(audit = "redact")]
    pub card_token: ::std::option::Option<::std::string::String>,
    /// May differ when the request is repeated.
    #[monguard(idempotency = "ignore")]
    pub sent_from: ::std::string::String,
    /// Written in a way of its own.
    #[serde(serialize_with = "upper", default)]
    note: ::std::string::String,
    r#type: ::std::option::Option<::std::string::String>,
}

/// Writes text in capitals.
///
/// # Errors
///
/// Returns the error of the serializer.
pub fn upper<S: ::serde::Serializer>(
    text: &str,
    serializer: S,
) -> ::std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.to_uppercase())
}

impl Order {
    /// What it says and what it is.
    #[must_use]
    pub fn remarks(&self) -> (&str, ::std::option::Option<&str>) {
        (&self.note, self.r#type.as_deref())
    }
}

/// An account: it declares what monguard writes.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Auditable,
    ::monguard::Versioned,
)]
#[serde(rename_all = "camelCase")]
#[monguard(collection = "accounts", idempotency_key, crate = "self::facade::guard")]
pub struct Account {
    /// Its number.
    #[serde(rename = "_id")]
    #[monguard(id)]
    pub number: ::std::string::String,
    /// The version.
    #[monguard(version)]
    pub revision: i64,
    /// When it was opened.
    #[monguard(created_at)]
    pub created_at: ::std::option::Option<::std::string::String>,
    /// When it was written last.
    #[monguard(updated_at)]
    pub updated_at: ::std::option::Option<::std::string::String>,
    /// Who opened it.
    #[monguard(created_by)]
    pub created_by: ::std::option::Option<::std::string::String>,
    /// Who wrote it last.
    #[monguard(updated_by)]
    pub updated_by: ::std::option::Option<::std::string::String>,
    /// When it was closed.
    #[monguard(deleted_at)]
    pub deleted_at: ::std::option::Option<::std::string::String>,
    /// Who closed it.
    #[monguard(deleted_by)]
    pub deleted_by: ::std::option::Option<::std::string::String>,
    /// In cents.
    #[monguard(index(descending))]
    pub balance: i64,
}

/// A shipment: sharded, with a token that it does not declare.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Auditable,
    ::monguard::Versioned,
)]
#[monguard(collection = "shipments", version = "uuid", version_name = "rowVersion")]
pub struct Shipment {
    /// Where it goes.
    #[monguard(shard_key)]
    pub region: ::std::string::String,
    /// In kilograms.
    pub weight: i64,
}

/// An invoice: it shows its token, and says which kind it is.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Auditable,
    ::monguard::Versioned,
)]
#[monguard(
    collection = "invoices",
    index(fields(year, -number), unique = "live"),
    index(fields(-year), partial = "self::expensive", name = "expensive_ones")
)]
pub struct Invoice {
    /// The version.
    #[monguard(version = "counter")]
    pub revision: i64,
    /// Of the business.
    pub year: i64,
    /// Within the year.
    pub number: ::std::string::String,
    /// In cents.
    #[monguard(index)]
    pub amount: i64,
}

/// Those that someone looks at twice.
pub fn expensive() -> ::monguard::Filter<Invoice> {
    <Invoice as ::monguard::Versioned>::fields().amount.gt(100_000)
}

/// What the carrier is told of an order.
#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::monguard::Projection,
)]
#[monguard(model = "self::Order", crate = "self::facade::guard")]
pub struct Parcel {
    /// In cents.
    pub amount: i64,
    /// Where it went.
    pub returned: ::std::option::Option<Address>,
    /// The town where it goes.
    #[monguard(path = "address.place.town")]
    pub town: ::std::string::String,
}

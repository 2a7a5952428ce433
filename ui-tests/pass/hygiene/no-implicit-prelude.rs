#![no_implicit_prelude]

#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Nested,
)]
struct Fulfilment {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    tracking: ::std::option::Option<::std::string::String>,
}

#[derive(
    ::std::fmt::Debug,
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::serde::Serialize,
    ::serde::Deserialize,
    ::monguard::Auditable,
    ::monguard::Versioned,
)]
#[monguard(collection = "orders")]
struct Order {
    amount: i64,
    #[monguard(version)]
    lock: ::std::option::Option<i64>,
    #[monguard(nested)]
    fulfilment: Fulfilment,
    #[monguard(nested)]
    parts: ::std::vec::Vec<Fulfilment>,
    #[serde(serialize_with = "upper")]
    #[monguard(audit = "redact")]
    note: ::std::string::String,
}

fn upper<S: ::serde::Serializer>(
    note: &str,
    serializer: S,
) -> ::std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&note.to_uppercase())
}

fn main() {
    let _ = <Order as ::monguard::Versioned>::fields().fulfilment.tracking.exists();
}

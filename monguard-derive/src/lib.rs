//! The derive macros of [monguard](https://docs.rs/monguard). Use them through that crate, which
//! re-exports them.

mod attr;
mod check;
mod diag;
mod expand;
mod model;
mod pipeline;
mod syntax;
#[cfg(test)]
mod tests;

use pipeline::Derive;
use proc_macro::TokenStream;

/// Makes a struct a model: a document with a version.
///
/// Generates `OrderFields`, a struct of typed handles for filters and updates, and implements
/// `Versioned`. The stored names are those that serde writes.
///
#[doc = include_str!("../docs/forms.md")]
#[doc = include_str!("../docs/collection.md")]
#[doc = include_str!("../docs/crate.md")]
#[doc = include_str!("../docs/id.md")]
#[doc = include_str!("../docs/version.md")]
#[doc = include_str!("../docs/version_name.md")]
#[doc = include_str!("../docs/shard_key.md")]
#[doc = include_str!("../docs/plain.md")]
#[doc = include_str!("../docs/created_at.md")]
#[doc = include_str!("../docs/updated_at.md")]
#[doc = include_str!("../docs/created_by.md")]
#[doc = include_str!("../docs/updated_by.md")]
#[doc = include_str!("../docs/deleted_at.md")]
#[doc = include_str!("../docs/deleted_by.md")]
#[doc = include_str!("../docs/nested.md")]
#[doc = include_str!("../docs/idempotency_key.md")]
#[doc = include_str!("../docs/idempotency.md")]
#[doc = include_str!("../docs/index.md")]
#[doc = include_str!("../docs/audit.md")]
#[doc = include_str!("../docs/serde.md")]
#[proc_macro_derive(Versioned, attributes(monguard))]
pub fn derive_versioned(input: TokenStream) -> TokenStream {
    pipeline::derive(Derive::Versioned, input.into()).into()
}

/// Makes a model auditable: its writes by an actor can be logged.
///
/// Generates `OrderChange`, an enum with a variant for each field whose changes are shown, and
/// the comparison that makes them. The attributes are those of `Versioned`, which reports their
/// errors. The type of a field whose changes are shown is `Clone`, `Debug` and `PartialEq`.
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, Versioned, Auditable)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     amount: i64,
///     #[monguard(audit = "redact")]
///     card_token: Option<String>,
/// }
///
/// fn show(changes: Vec<OrderChange>) {
///     for change in changes {
///         match change {
///             OrderChange::Amount(Change { old, new }) => println!("{old} -> {new}"),
///             OrderChange::CardToken(_) => println!("another card"),
///         }
///     }
/// }
/// ```
#[proc_macro_derive(Auditable, attributes(monguard))]
pub fn derive_auditable(input: TokenStream) -> TokenStream {
    pipeline::derive(Derive::Auditable, input.into()).into()
}

/// Makes a struct a projection: some fields of a model, read without the rest.
///
/// Implements `Projection` for `select_as`. Each field is that of the model of the same name and
/// type, or the one at its `path`; where the model has no such field, or one of another type, the
/// projection does not compile. The stored names, and how a value is read, are the model's: serde's
/// attributes of the projection itself are not looked at.
///
#[doc = include_str!("../docs/model.md")]
#[doc = include_str!("../docs/path.md")]
#[proc_macro_derive(Projection, attributes(monguard))]
pub fn derive_projection(input: TokenStream) -> TokenStream {
    pipeline::derive(Derive::Projection, input.into()).into()
}

/// Gives the fields of a struct that is part of a document handles of their own.
///
/// Generates `FulfilmentFields` and `FulfilmentChange`. A field that holds the struct is marked
/// `#[monguard(nested)]`. Of the attributes of `Versioned` it knows `nested`, `audit`,
/// `idempotency` and `crate`: what monguard owns is at the top level of a document alone.
///
/// ```
/// use monguard::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, Nested)]
/// struct Fulfilment {
///     tracking: Option<String>,
/// }
///
/// #[derive(Clone, Serialize, Deserialize, Versioned)]
/// #[monguard(collection = "orders")]
/// struct Order {
///     #[monguard(nested)]
///     fulfilment: Fulfilment,
/// }
///
/// let sent: Filter<Order> = Order::fields().fulfilment.tracking.exists();
/// ```
#[proc_macro_derive(Nested, attributes(monguard))]
pub fn derive_nested(input: TokenStream) -> TokenStream {
    pipeline::derive(Derive::Nested, input.into()).into()
}

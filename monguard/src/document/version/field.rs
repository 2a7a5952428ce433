use std::marker::PhantomData;

use mongodb::bson::Uuid;

use super::{Counter, Token};

/// What may stand in a field marked `#[monguard(version)]`, of the kind `K`.
#[diagnostic::on_unimplemented(
    message = "a version cannot be read into a `{Self}`",
    label = "not a type that holds a `{K}`",
    note = "use `i64` for a counter, and `bson::Uuid` for a UUID token (`version = \"uuid\"`); an `Option` of it where documents without a version are read"
)]
pub trait VersionField<K> {}

#[diagnostic::do_not_recommend]
impl VersionField<Counter> for i32 {}
#[diagnostic::do_not_recommend]
impl VersionField<Counter> for i64 {}
#[diagnostic::do_not_recommend]
impl VersionField<Counter> for u32 {}
#[diagnostic::do_not_recommend]
impl VersionField<Counter> for u64 {}
#[diagnostic::do_not_recommend]
impl VersionField<Token> for Uuid {}
#[diagnostic::do_not_recommend]
impl<K, V: VersionField<K>> VersionField<K> for Option<V> {}

/// Checks the type of a field marked `#[monguard(version)]`.
pub const fn assert_version_field<V: VersionField<K>, K>() {
    let _ = PhantomData::<(V, K)>;
}

use mongodb::bson::{DateTime, Decimal128, oid::ObjectId};

/// A field type that has an order to compare by.
///
/// Implement it for a type of your own that is stored as a number, a string or a date.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no order to compare by",
    label = "not ordered",
    note = "compare with `eq` or `ne`, or implement `monguard::Ordered` for a type that is stored as a number, a string or a date"
)]
pub trait Ordered {}

#[diagnostic::do_not_recommend]
impl Ordered for i8 {}
#[diagnostic::do_not_recommend]
impl Ordered for i16 {}
#[diagnostic::do_not_recommend]
impl Ordered for i32 {}
#[diagnostic::do_not_recommend]
impl Ordered for i64 {}
#[diagnostic::do_not_recommend]
impl Ordered for u8 {}
#[diagnostic::do_not_recommend]
impl Ordered for u16 {}
#[diagnostic::do_not_recommend]
impl Ordered for u32 {}
#[diagnostic::do_not_recommend]
impl Ordered for u64 {}
#[diagnostic::do_not_recommend]
impl Ordered for f32 {}
#[diagnostic::do_not_recommend]
impl Ordered for f64 {}
#[diagnostic::do_not_recommend]
impl Ordered for bool {}
#[diagnostic::do_not_recommend]
impl Ordered for char {}
#[diagnostic::do_not_recommend]
impl Ordered for String {}
#[diagnostic::do_not_recommend]
impl Ordered for DateTime {}
#[diagnostic::do_not_recommend]
impl Ordered for Decimal128 {}
#[diagnostic::do_not_recommend]
impl Ordered for ObjectId {}
#[diagnostic::do_not_recommend]
impl<O: Ordered> Ordered for Option<O> {}

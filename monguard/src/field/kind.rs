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

/// A field type that is a list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list",
    label = "not a list field",
    note = "use `set` to replace the value"
)]
pub trait List {
    /// The type of an element.
    type Item;
}

#[diagnostic::do_not_recommend]
impl<T> List for Vec<T> {
    type Item = T;
}

#[diagnostic::do_not_recommend]
impl<L: List> List for Option<L> {
    type Item = L::Item;
}

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

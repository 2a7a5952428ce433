use std::time::SystemTime;

use mongodb::bson::DateTime;

/// A field type that holds a moment.
///
/// Implement it for a date type of your own. For one of another crate switch on its feature, or use
/// [`current_date_with`](crate::Update::current_date_with).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to hold a moment",
    label = "not a date field",
    note = "for a date type of another crate use `current_date_with(field, |at| ..)`, for one of your own implement `monguard::field::Moment`"
)]
pub trait Moment {
    /// The moment as the field holds it.
    fn at(moment: DateTime) -> Self;
}

#[diagnostic::do_not_recommend]
impl Moment for DateTime {
    fn at(moment: DateTime) -> Self {
        moment
    }
}

#[diagnostic::do_not_recommend]
impl Moment for SystemTime {
    fn at(moment: DateTime) -> Self {
        moment.to_system_time()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Moment> Moment for Option<M> {
    fn at(moment: DateTime) -> Self {
        Some(M::at(moment))
    }
}

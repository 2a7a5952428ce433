use time::OffsetDateTime;

use mongodb::bson::DateTime;

use crate::field::{Moment, Ordered};

#[diagnostic::do_not_recommend]
impl Ordered for OffsetDateTime {}

#[diagnostic::do_not_recommend]
impl Moment for OffsetDateTime {
    fn at(moment: DateTime) -> Self {
        moment.to_time_0_3()
    }
}

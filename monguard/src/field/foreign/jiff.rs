use jiff::Timestamp;

use mongodb::bson::DateTime;

use crate::field::{Moment, Ordered};

#[diagnostic::do_not_recommend]
impl Ordered for Timestamp {}

#[diagnostic::do_not_recommend]
impl Moment for Timestamp {
    fn at(moment: DateTime) -> Self {
        moment.to_jiff()
    }
}

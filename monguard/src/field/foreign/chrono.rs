use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use mongodb::bson;

use crate::field::{Moment, Ordered};

#[diagnostic::do_not_recommend]
impl Ordered for DateTime<Utc> {}
// Chrono writes these as texts that sort as the times do.
#[diagnostic::do_not_recommend]
impl Ordered for NaiveDate {}
#[diagnostic::do_not_recommend]
impl Ordered for NaiveDateTime {}
#[diagnostic::do_not_recommend]
impl Ordered for NaiveTime {}

#[diagnostic::do_not_recommend]
impl Moment for DateTime<Utc> {
    fn at(moment: bson::DateTime) -> Self {
        moment.to_chrono()
    }
}

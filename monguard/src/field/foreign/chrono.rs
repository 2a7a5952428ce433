use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::field::Ordered;

#[diagnostic::do_not_recommend]
impl Ordered for DateTime<Utc> {}
// Chrono writes these as texts that sort as the times do.
#[diagnostic::do_not_recommend]
impl Ordered for NaiveDate {}
#[diagnostic::do_not_recommend]
impl Ordered for NaiveDateTime {}
#[diagnostic::do_not_recommend]
impl Ordered for NaiveTime {}

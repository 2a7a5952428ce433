use time::OffsetDateTime;

use crate::field::Ordered;

#[diagnostic::do_not_recommend]
impl Ordered for OffsetDateTime {}

use uuid::Uuid;

use crate::field::Ordered;

// As binary data, which is compared byte by byte: that is the order of time of version 7.
#[diagnostic::do_not_recommend]
impl Ordered for Uuid {}

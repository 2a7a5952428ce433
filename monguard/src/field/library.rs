//! What may be done with fields of the standard library's types, beside numbers, `String` and
//! collections.

use std::borrow::Cow;
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroUsize,
};
use std::rc::Rc;
use std::sync::Arc;

use super::{AssignFrom, ComparableWith, Ordered};

/// Types that are stored as a number, a string, or what they point to.
macro_rules! ordered {
    ($($ty:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl Ordered for $ty {}
    )*};
}

ordered!(
    usize,
    isize,
    NonZeroI8,
    NonZeroI16,
    NonZeroI32,
    NonZeroI64,
    NonZeroIsize,
    NonZeroU8,
    NonZeroU16,
    NonZeroU32,
    NonZeroU64,
    NonZeroUsize,
    str,
);

#[diagnostic::do_not_recommend]
impl<O: Ordered + ?Sized> Ordered for Box<O> {}
#[diagnostic::do_not_recommend]
impl<O: Ordered + ?Sized> Ordered for Rc<O> {}
#[diagnostic::do_not_recommend]
impl<O: Ordered + ?Sized> Ordered for Arc<O> {}
#[diagnostic::do_not_recommend]
impl<O: Ordered + ToOwned + ?Sized> Ordered for Cow<'_, O> {}

/// Types that hold a text, and what a text is given as.
macro_rules! texts {
    ($($given:ty => $($ty:ty),*;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl<'a> AssignFrom<&'a $given> for $ty {
            fn assign(value: &'a $given) -> $ty {
                <$ty>::from(value.to_owned())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a> AssignFrom<&'a $given> for Option<$ty> {
            fn assign(value: &'a $given) -> Option<$ty> {
                Some(<$ty>::from(value.to_owned()))
            }
        }

        #[diagnostic::do_not_recommend]
        impl ComparableWith<$ty> for &$given {
            fn into_field_value(self) -> $ty {
                <$ty>::from(self.to_owned())
            }
        }

        #[diagnostic::do_not_recommend]
        impl ComparableWith<Option<$ty>> for &$given {
            fn into_field_value(self) -> Option<$ty> {
                Some(<$ty>::from(self.to_owned()))
            }
        }
    )*)*};
}

texts! {
    str => Box<str>, Rc<str>, Arc<str>, Cow<'static, str>;
    String => String;
}

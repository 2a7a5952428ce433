/// A value that a field of type `V` can be compared with.
///
/// `Self` is the value, so that the compiler's words stand under it.
#[diagnostic::on_unimplemented(
    message = "a field of type `{V}` cannot be compared with a `{Self}`",
    label = "expected `{V}`"
)]
pub trait ComparableWith<V>: Sized {
    /// The value as the field would hold it.
    fn into_field_value(self) -> V;
}

#[diagnostic::do_not_recommend]
impl<V> ComparableWith<V> for V {
    fn into_field_value(self) -> V {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<V> ComparableWith<Option<V>> for V {
    fn into_field_value(self) -> Option<V> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl ComparableWith<String> for &str {
    fn into_field_value(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl ComparableWith<Option<String>> for &str {
    fn into_field_value(self) -> Option<String> {
        Some(self.to_owned())
    }
}

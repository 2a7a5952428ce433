/// What can be assigned to a field of this type.
///
/// `Self` is the field's type and `X` the value's: that way `.into()`, `.parse()?` and `.collect()`
/// are inferred.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be assigned a `{X}`",
    label = "this field holds `{Self}`"
)]
pub trait AssignFrom<X>: Sized {
    /// The field's value.
    fn assign(value: X) -> Self;
}

#[diagnostic::do_not_recommend]
impl<V> AssignFrom<V> for V {
    fn assign(value: V) -> V {
        value
    }
}

#[diagnostic::do_not_recommend]
impl<V> AssignFrom<V> for Option<V> {
    fn assign(value: V) -> Option<V> {
        Some(value)
    }
}

#[diagnostic::do_not_recommend]
impl<'a> AssignFrom<&'a str> for String {
    fn assign(value: &'a str) -> String {
        value.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl<'a> AssignFrom<&'a str> for Option<String> {
    fn assign(value: &'a str) -> Option<String> {
        Some(value.to_owned())
    }
}

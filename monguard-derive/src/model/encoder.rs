use syn::ExprPath;

use crate::attr::SerdeField;

/// What serde does to a field beyond its type's own `Serialize`. A field that has it gets an
/// encoder of its own, so that an update stores what serde would have written.
#[derive(Clone)]
pub(crate) struct Encoder {
    /// `skip_serializing_if`
    pub(crate) skip_if: Option<ExprPath>,
    /// The function of `with` or `serialize_with`.
    pub(crate) serialize: Option<ExprPath>,
}

impl Encoder {
    /// `None`: the type's own `Serialize` is all there is.
    pub(super) fn of(serde: &SerdeField) -> Option<Self> {
        let SerdeField {
            skip_serializing_if,
            serialize,
            ..
        } = serde;
        (skip_serializing_if.is_some() || serialize.is_some()).then(|| Encoder {
            skip_if: skip_serializing_if.clone(),
            serialize: serialize
                .as_ref()
                .map(|function| function.path("serialize")),
        })
    }
}

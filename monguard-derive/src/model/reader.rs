use syn::ExprPath;

use crate::attr::{SerdeContainer, SerdeDefault, SerdeField};

/// What serde does to read a field beyond its type's own `Deserialize`. A field that has it tells
/// the runtime, so that it is read alone as serde would have read it in the whole document.
#[derive(Clone)]
pub(crate) struct Reader {
    /// The function of `with` or `deserialize_with`.
    pub(crate) deserialize: Option<ExprPath>,
    pub(crate) missing: Option<MissingValue>,
}

/// What stands in the place of a field that a document does not have.
#[derive(Clone)]
pub(crate) enum MissingValue {
    /// The field's own `default`.
    OfField(SerdeDefault),
    /// The field of the struct's `default`.
    OfStruct(SerdeDefault),
}

impl Reader {
    /// `None`: the type's own `Deserialize` is all there is.
    pub(super) fn of(field: &SerdeField, container: &SerdeContainer) -> Option<Self> {
        let own = field.default.clone().map(MissingValue::OfField);
        let missing = own.or_else(|| container.default.clone().map(MissingValue::OfStruct));
        let deserialize = field.deserialize.as_ref();
        (missing.is_some() || deserialize.is_some()).then(|| Reader {
            deserialize: deserialize.map(|function| function.path("deserialize")),
            missing,
        })
    }
}

use super::Operation;
use crate::document::{FieldMeta, Meta, names};
use crate::field::Step;

/// The top-level fields of a document that an update looks at.
pub(crate) struct Touched<'u> {
    meta: &'u Meta,
    version_field: &'u str,
    operations: &'u [Operation],
}

impl<'u> Touched<'u> {
    /// Those of these operations; `None` where that may be any.
    pub(crate) fn by(
        meta: &'u Meta,
        version_field: &'u str,
        operations: &'u [Operation],
    ) -> Option<Self> {
        let is_by_name = |operation: &Operation| head(operation).is_some();
        operations.iter().all(is_by_name).then_some(Touched {
            meta,
            version_field,
            operations,
        })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        let mut shard_key = self.meta.shard_key().map(FieldMeta::stored_name);
        names::is_of_every_write(name, self.version_field)
            || self.operations.iter().any(|it| self.is_at(it, name))
            || shard_key.any(|field| field == name)
    }

    /// Whether the operation is on this field or in it, or on what is stored under this alias.
    fn is_at(&self, operation: &Operation, name: &str) -> bool {
        let Some(head) = head(operation) else {
            return false;
        };
        let aliases = || self.meta.field(head).map(FieldMeta::other_names);
        head == name || aliases().is_some_and(|aliases| aliases.contains(&name))
    }
}

/// The top-level field, where it is one of the model's.
fn head(operation: &Operation) -> Option<&'static str> {
    match operation.path.first() {
        Some(Step::Name(name)) => Some(name),
        _ => None,
    }
}

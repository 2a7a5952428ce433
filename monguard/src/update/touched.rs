use super::Operation;
use super::evaluate::other_names;
use crate::document::{Meta, Place, names};
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
        names::is_of_every_write(name, self.version_field)
            || self.operations.iter().any(|it| self.is_at(it, name))
            || Place::has_field(self.meta, name)
    }

    /// Whether the operation is on this field or in it, or on what is stored under this alias.
    fn is_at(&self, operation: &Operation, name: &str) -> bool {
        let Some(head) = head(operation) else {
            return false;
        };
        head == name || other_names(Some(self.meta.fields()), head).contains(&name)
    }
}

/// The top-level field, where it is one of the model's.
fn head(operation: &Operation) -> Option<&'static str> {
    match operation.path.first() {
        Some(Step::Name(name)) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::Bson;

    use super::*;
    use crate::document::FieldMeta;
    use crate::update::Operator;

    static FIELDS: [FieldMeta; 3] = [
        FieldMeta::new("amount", "net").aliases(&["price"]),
        FieldMeta::new("gross", "amount").aliases(&["sum"]),
        FieldMeta::new("region", "region").shard_key(),
    ];
    static META: Meta = Meta::new("Model", &FIELDS);

    fn set(step: Step) -> [Operation; 1] {
        [Operation {
            path: vec![step, Step::Name("inside")],
            operator: Operator::Set(Bson::Null),
            is_raw: false,
        }]
    }

    #[test]
    fn a_field_is_looked_at_under_each_of_its_stored_names() {
        let operations = set(Step::Name("amount"));
        let touched = Touched::by(&META, "rev", &operations).unwrap();
        let of_every_write = ["_id", "__w", "updatedAt", "updatedBy", "deletedAt", "rev"];
        for name in ["amount", "sum", "region"]
            .into_iter()
            .chain(of_every_write)
        {
            assert!(touched.has(name), "{name}");
        }
        for name in ["net", "price", "gross", "inside", "createdAt"] {
            assert!(!touched.has(name), "{name}");
        }
    }

    #[test]
    fn what_no_field_leads_to_may_be_anywhere() {
        let operations = set(Step::All);
        assert!(Touched::by(&META, "rev", &operations).is_none());
    }
}

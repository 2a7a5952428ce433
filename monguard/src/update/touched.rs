use super::Operation;
use super::evaluate::other_names;
use crate::document::{Meta, Place, names};
use crate::field::Step;

/// The top-level fields of a document that an update looks at.
pub(crate) struct Touched<'u> {
    names: Vec<&'u str>,
}

impl<'u> Touched<'u> {
    /// Those of these operations; `None` where that may be any.
    pub(crate) fn by(
        meta: &'u Meta,
        version_field: &'u str,
        operations: &[Operation],
    ) -> Option<Self> {
        let mut names: Vec<&str> = Place::fields(meta).collect();
        names.extend(names::of_every_write(version_field));
        for operation in operations {
            let head = head(operation)?;
            names.push(head);
            // What is in the field may be stored under an alias.
            names.extend(other_names(Some(meta.fields()), head));
        }
        Some(Touched { names })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
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

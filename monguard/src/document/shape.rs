use super::meta::{AuditPolicy, FieldMeta};

/// How a value is built, as far as the audit must know.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A struct with these fields.
    Struct(&'static [FieldMeta]),
    /// A list of values of one shape.
    List(fn() -> Shape),
    /// A map from strings to values of one shape.
    Map(fn() -> Shape),
}

impl Shape {
    /// Nested lists and maps beyond this many levels count as hiding something: a type that
    /// contains itself without a struct in between never ends.
    const MAX_LEVELS: usize = 100;

    /// Whether a value of this shape can hold a field that the log must not show, at any depth.
    #[must_use]
    pub fn hides(self) -> bool {
        self.hides_unseen(&mut Vec::new(), 0)
    }

    fn hides_unseen(self, seen: &mut Vec<*const FieldMeta>, level: usize) -> bool {
        if level > Self::MAX_LEVELS {
            return true;
        }
        match self {
            Shape::Struct(fields) => {
                if seen.contains(&fields.as_ptr()) {
                    return false;
                }
                seen.push(fields.as_ptr());
                fields.iter().any(|field| {
                    field.audit_policy() != AuditPolicy::Log
                        || field
                            .shape()
                            .is_some_and(|shape| shape.hides_unseen(seen, level + 1))
                })
            }
            Shape::List(item) | Shape::Map(item) => item().hides_unseen(seen, level + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Meta;
    use super::*;

    static LEAF: [FieldMeta; 1] = [FieldMeta::new("secret", "secret").audit_redact()];
    static TREE: [FieldMeta; 2] = [
        FieldMeta::new("label", "label"),
        FieldMeta::new("children", "children").nested(children),
    ];
    static MODEL: [FieldMeta; 2] = [
        FieldMeta::new("tree", "tree").nested(tree),
        FieldMeta::new("by_name", "byName").nested(leaves),
    ];

    fn leaf() -> Shape {
        Shape::Struct(&LEAF)
    }
    fn leaves() -> Shape {
        Shape::Map(leaf)
    }
    fn tree() -> Shape {
        Shape::Struct(&TREE)
    }
    fn children() -> Shape {
        Shape::List(tree)
    }
    fn endless() -> Shape {
        Shape::List(endless)
    }

    #[test]
    fn a_recursive_shape_has_an_answer() {
        assert!(!tree().hides());
        assert!(endless().hides());
    }

    #[test]
    fn a_redacted_field_is_found_in_a_map_of_structs() {
        assert!(Meta::new("Model", &MODEL).redacts());
        assert!(!Meta::new("Model", &TREE).redacts());
    }
}

//! How large a document is as BSON, without writing it.

use mongodb::bson::{Bson, Document, doc, spec::BinarySubtype};

/// The size of a value and how deeply it nests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Length of the value in BSON, in bytes, without its type and its name.
    pub(crate) bytes: usize,
    /// Levels of documents and arrays: 0 for a scalar, 1 for a document of scalars.
    pub(crate) depth: usize,
}

impl Measure {
    /// Measures a document.
    pub(crate) fn of_document(document: &Document) -> Self {
        Self::of_elements(
            document
                .iter()
                .map(|(key, value)| (key.len(), Self::of(value))),
        )
    }

    /// The measure of a document with one field more.
    pub(crate) fn with_field(self, name: &str, value: Self) -> Self {
        Self {
            // The type, and the end of the name.
            bytes: self.bytes + name.len() + 2 + value.bytes,
            depth: self.depth.max(1 + value.depth),
        }
    }

    /// Measures an array, by its items.
    pub(crate) fn of_array(items: impl Iterator<Item = Self>) -> Self {
        let names = (0_usize..).map(digits);
        Self::of_elements(names.zip(items))
    }

    /// Measures a value.
    pub(crate) fn of(value: &Bson) -> Self {
        let bytes = match value {
            Bson::Document(document) => return Self::of_document(document),
            Bson::Array(items) => return Self::of_array(items.iter().map(Self::of)),
            Bson::Null | Bson::Undefined | Bson::MinKey | Bson::MaxKey => 0,
            Bson::Boolean(_) => 1,
            Bson::Int32(_) => 4,
            Bson::Int64(_) | Bson::Double(_) | Bson::DateTime(_) | Bson::Timestamp(_) => 8,
            Bson::ObjectId(_) => 12,
            Bson::Decimal128(_) => 16,
            Bson::String(text) | Bson::Symbol(text) | Bson::JavaScriptCode(text) => text.len() + 5,
            Bson::Binary(binary) => {
                let inner_length = if binary.subtype == BinarySubtype::BinaryOld {
                    4
                } else {
                    0
                };
                binary.bytes.len() + 5 + inner_length
            }
            Bson::RegularExpression(regex) => regex.pattern.len() + regex.options.len() + 2,
            Bson::JavaScriptCodeWithScope(code) => {
                let scope = Self::of_document(&code.scope);
                return Self {
                    bytes: 4 + code.code.len() + 5 + scope.bytes,
                    depth: scope.depth,
                };
            }
            // A deprecated type whose parts the driver keeps to itself: written, it has the type,
            // an empty name and the length and end of the document around it.
            Bson::DbPointer(_) => {
                let written = doc! { "": value.clone() }.to_vec().unwrap_or_default();
                written.len().saturating_sub(7)
            }
        };
        Self { bytes, depth: 0 }
    }

    /// A document or array of elements, given by the length of their names and by their values.
    fn of_elements(elements: impl Iterator<Item = (usize, Self)>) -> Self {
        // The length in front and the zero at the end.
        let empty = Self { bytes: 5, depth: 1 };
        elements.fold(empty, |sum, (name, value)| Self {
            // The type, the name, its zero.
            bytes: sum.bytes + 1 + name + 1 + value.bytes,
            depth: sum.depth.max(value.depth + 1),
        })
    }
}

/// The length of an array index as text.
fn digits(index: usize) -> usize {
    index.checked_ilog10().unwrap_or_default() as usize + 1
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Binary, JavaScriptCodeWithScope, Timestamp, bson};
    use proptest::prelude::*;

    use super::*;
    use crate::value::arbitrary;

    #[test]
    fn depth_counts_documents_and_arrays() {
        assert_eq!(Measure::of(&bson!(1)).depth, 0);
        assert_eq!(Measure::of_document(&doc! {}).depth, 1);
        assert_eq!(
            Measure::of_document(&doc! { "a": 1, "b": [{ "c": [] }], "d": {} }).depth,
            4
        );
    }

    #[test]
    fn rare_types_have_their_size() {
        let document = doc! {
            "list": (0..1001).collect::<Vec<i32>>(),
            "old": Binary { subtype: BinarySubtype::BinaryOld, bytes: vec![1, 2, 3] },
            "code": Bson::JavaScriptCode("f()".into()),
            "scope": Bson::JavaScriptCodeWithScope(JavaScriptCodeWithScope { code: "f()".into(), scope: doc! { "a": 1 } }),
            "stamp": Timestamp { time: 1, increment: 2 },
            "symbol": Bson::Symbol("s".into()),
            "ends": [Bson::MinKey, Bson::MaxKey, Bson::Undefined, Bson::Null],
            "pointer": serde_json::from_str::<Bson>(r#"{"$dbPointer":{"$ref":"db.c","$id":{"$oid":"64b000000000000000000001"}}}"#).unwrap(),
            "regex": serde_json::from_str::<Bson>(r#"{"$regularExpression":{"pattern":"a.b","options":"i"}}"#).unwrap(),
        };
        assert!(matches!(document.get("pointer"), Some(Bson::DbPointer(_))));
        assert_eq!(
            Measure::of_document(&document).bytes,
            document.to_vec().unwrap().len()
        );
    }

    proptest! {
        #[test]
        fn the_size_is_that_of_the_bytes(document in arbitrary::document(4)) {
            prop_assert_eq!(Measure::of_document(&document).bytes, document.to_vec().unwrap().len());
        }
    }
}

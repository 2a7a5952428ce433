//! Conditions on fields that old documents have under another name.
//!
//! A field with serde's `alias` may be stored under either name, and under one of them alone: serde
//! refuses a document with both. A condition on the field is one on both places, so that it means
//! the same for old documents and new ones, its opposite too.

use mongodb::bson::Bson;

use super::{Comparison, Node};
use crate::document::{FieldMeta, Meta, Scope, Shape};

/// The condition on documents of a model, with the names that old documents have.
pub(crate) fn with_aliases(meta: &Meta, node: &Node) -> Node {
    rewritten(Scope::Document(meta), node)
}

/// The other paths at which old documents may have what is stored at `path`.
pub(crate) fn old_places(meta: &Meta, path: &str) -> Vec<String> {
    places(Scope::Document(meta), path).split_off(1)
}

/// The condition on a value of this shape, with the names that old documents have.
pub(crate) fn with_aliases_inside(shape: Shape, node: &Node) -> Node {
    rewritten(Scope::Shape(shape), node)
}

fn rewritten(scope: Scope<'_>, node: &Node) -> Node {
    let all = |nodes: &[Node]| nodes.iter().map(|node| rewritten(scope, node)).collect();
    match node {
        Node::All(nodes) => Node::All(all(nodes)),
        Node::Any(nodes) => Node::Any(all(nodes)),
        Node::Not(node) => Node::Not(Box::new(rewritten(scope, node))),
        // The opposite of equality, of all places together.
        Node::Compare {
            path,
            comparison: Comparison::Ne,
            value,
        } if places(scope, path).len() > 1 => {
            let equal = Node::Compare {
                path: path.clone(),
                comparison: Comparison::Eq,
                value: value.clone(),
            };
            Node::Not(Box::new(rewritten(scope, &equal)))
        }
        Node::In { path, values } if places(scope, path).len() > 1 => {
            let (nulls, others): (Vec<Bson>, Vec<Bson>) = values
                .iter()
                .cloned()
                .partition(|value| matches!(value, Bson::Null));
            let listed = |values| Node::In {
                path: path.clone(),
                values,
            };
            let parts = [nulls, others].into_iter().filter(|part| !part.is_empty());
            Node::Any(parts.map(|part| spread(scope, &listed(part))).collect())
        }
        leaf => spread(scope, leaf),
    }
}

/// A condition on one field, at each place that the field may be at. What holds of an absent field
/// must hold at every place, since all but one are empty; anything else at one of them.
fn spread(scope: Scope<'_>, leaf: &Node) -> Node {
    let Some(path) = path(leaf) else {
        return leaf.clone();
    };
    let mut nodes: Vec<Node> = places(scope, path)
        .into_iter()
        .map(|place| at(scope, leaf, path, place))
        .collect();
    match nodes.pop() {
        Some(only) if nodes.is_empty() => only,
        Some(last) => {
            nodes.push(last);
            if holds_of_absent(leaf) {
                Node::All(nodes)
            } else {
                Node::Any(nodes)
            }
        }
        None => leaf.clone(),
    }
}

/// Every path that the value of this path may be stored at, the current one first.
fn places(scope: Scope<'_>, path: &str) -> Vec<String> {
    let mut places = vec![String::new()];
    let mut scope = scope;
    for name in path.split('.') {
        let aliases = scope.field(name).map_or(&[][..], FieldMeta::other_names);
        let names = std::iter::once(name).chain(aliases.iter().copied());
        places = names
            .flat_map(|name| {
                places.iter().map(move |place| match place.as_str() {
                    "" => name.to_owned(),
                    place => format!("{place}.{name}"),
                })
            })
            .collect();
        scope = scope.inside(name).unwrap_or(Scope::Open);
    }
    places
}

fn holds_of_absent(leaf: &Node) -> bool {
    match leaf {
        Node::Compare {
            comparison, value, ..
        } => {
            matches!(value, Bson::Null)
                && matches!(
                    comparison,
                    Comparison::Eq | Comparison::Gte | Comparison::Lte
                )
        }
        Node::In { values, .. } => values.contains(&Bson::Null),
        Node::Presence { present, .. } => !present,
        Node::IsNull { .. }
        | Node::Text { .. }
        | Node::Regex { .. }
        | Node::Size { .. }
        | Node::ElemMatch { .. }
        | Node::All(_)
        | Node::Any(_)
        | Node::Not(_)
        | Node::Document(_)
        | Node::Invalid { .. }
        | Node::Refused(_) => false,
    }
}

/// The path of a condition on one field; none, where it is on an element itself.
fn path(leaf: &Node) -> Option<&str> {
    match leaf {
        Node::Compare { path, .. }
        | Node::In { path, .. }
        | Node::Presence { path, .. }
        | Node::IsNull { path }
        | Node::Text { path, .. }
        | Node::Regex { path, .. }
        | Node::Size { path, .. }
        | Node::ElemMatch { path, .. } => Some(path.as_str()),
        Node::All(_)
        | Node::Any(_)
        | Node::Not(_)
        | Node::Document(_)
        | Node::Invalid { .. }
        | Node::Refused(_) => None,
    }
    .filter(|path| !path.is_empty())
}

/// The condition `leaf`, which is on `path`, at another place.
fn at(scope: Scope<'_>, leaf: &Node, path: &str, place: String) -> Node {
    let mut leaf = leaf.clone();
    match &mut leaf {
        Node::Compare { path, .. }
        | Node::In { path, .. }
        | Node::Presence { path, .. }
        | Node::IsNull { path }
        | Node::Text { path, .. }
        | Node::Regex { path, .. }
        | Node::Size { path, .. } => *path = place,
        Node::ElemMatch { path: at, element } => {
            let list = scope.follow(path).unwrap_or(Scope::Open);
            **element = rewritten(list.element(), element);
            *at = place;
        }
        Node::All(_)
        | Node::Any(_)
        | Node::Not(_)
        | Node::Document(_)
        | Node::Invalid { .. }
        | Node::Refused(_) => {}
    }
    leaf
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Document, bson, doc};

    use super::*;
    use crate::filter::{matches, render};

    static LINE: [FieldMeta; 1] = [FieldMeta::new("sku", "sku").aliases(&["code"])];
    static ADDRESS: [FieldMeta; 1] = [FieldMeta::new("zip", "zip").aliases(&["postcode"])];
    static FIELDS: [FieldMeta; 4] = [
        FieldMeta::new("total", "total").aliases(&["sum"]),
        FieldMeta::new("address", "address")
            .aliases(&["addr"])
            .nested(address),
        FieldMeta::new("lines", "lines").nested(lines),
        FieldMeta::new("note", "note"),
    ];
    const META: Meta = Meta::new("Invoice", &FIELDS);

    fn address() -> Shape {
        Shape::Struct(&ADDRESS)
    }
    fn lines() -> Shape {
        Shape::List(line)
    }
    fn line() -> Shape {
        Shape::Struct(&LINE)
    }

    fn compared(path: &str, comparison: Comparison, value: impl Into<Bson>) -> Node {
        Node::Compare {
            path: path.into(),
            comparison,
            value: value.into(),
        }
    }

    fn eq(path: &str, value: impl Into<Bson>) -> Node {
        compared(path, Comparison::Eq, value)
    }

    #[test]
    fn a_field_of_one_name_stays_as_it_is() {
        let node = eq("note", 1);
        assert_eq!(
            render(&with_aliases(&META, &node)).unwrap(),
            doc! { "note": { "$eq": 1 } }
        );
    }

    #[test]
    fn the_names_of_nested_fields_multiply() {
        let node = with_aliases(&META, &eq("address.zip", 1));
        let expected = [
            "address.zip",
            "addr.zip",
            "address.postcode",
            "addr.postcode",
        ]
        .map(|path| doc! { path: { "$eq": 1 } });
        assert_eq!(render(&node).unwrap(), doc! { "$or": expected.to_vec() });
    }

    /// The document under its current names.
    fn renamed(old: &Document) -> Document {
        old.iter()
            .map(|(name, value)| match name.as_str() {
                "sum" => ("total".to_owned(), value.clone()),
                name => (name.to_owned(), value.clone()),
            })
            .collect()
    }

    #[test]
    fn old_documents_match_as_new_ones_do() {
        let listed = Node::In {
            path: "total".into(),
            values: vec![Bson::Null, bson!(2)],
        };
        let present = |present| Node::Presence {
            path: "total".into(),
            present,
        };
        let nodes = [
            eq("total", 1),
            eq("total", Bson::Null),
            compared("total", Comparison::Ne, 1),
            compared("total", Comparison::Ne, Bson::Null),
            compared("total", Comparison::Gt, 1),
            compared("total", Comparison::Lte, Bson::Null),
            listed,
            present(true),
            present(false),
            Node::IsNull {
                path: "total".into(),
            },
        ];
        let documents = [
            doc! {},
            doc! { "sum": null },
            doc! { "sum": 1 },
            doc! { "sum": 2 },
            doc! { "total": null },
            doc! { "total": 1 },
            doc! { "total": 2 },
        ];
        for node in nodes {
            for document in &documents {
                let expected = matches(&node, &renamed(document).into()).unwrap();
                let found = matches(&with_aliases(&META, &node), &document.clone().into());
                assert_eq!(found.unwrap(), expected, "{node:?} {document}");
                let not = Node::Not(Box::new(node.clone()));
                let found = matches(&with_aliases(&META, &not), &document.clone().into());
                assert_eq!(found.unwrap(), !expected, "not {node:?} {document}");
            }
        }
    }

    #[test]
    fn elements_of_lists_have_old_names_too() {
        let node = Node::ElemMatch {
            path: "lines".into(),
            element: Box::new(compared("sku", Comparison::Ne, "a")),
        };
        let node = with_aliases(&META, &node);
        let is = |lines: Bson| matches(&node, &bson!({ "lines": lines })).unwrap();
        assert!(!is(bson!([{ "code": "a" }, { "sku": "a" }])));
        assert!(is(bson!([{ "code": "b" }])));
        let element = with_aliases_inside(line(), &eq("sku", "a"));
        assert!(matches(&element, &bson!({ "code": "a" })).unwrap());
    }
}

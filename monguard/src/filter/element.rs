//! Conditions on one element of a list.

use mongodb::bson::{Bson, Document};

use super::Node;

/// What a condition on an element is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Its fields.
    Fields,
    /// The element as it is.
    Itself,
    /// The one and the other, which `$elemMatch` cannot say.
    Both,
}

/// What `element` is about. What demands nothing is about the element as it is.
pub(super) fn subject(element: &Node) -> Subject {
    match about(element) {
        (true, false) => Subject::Fields,
        (true, true) => Subject::Both,
        (false, _) => Subject::Itself,
    }
}

/// Whether a part is about fields, and whether one is about the element itself.
fn about(node: &Node) -> (bool, bool) {
    match node {
        Node::Compare { path, .. }
        | Node::In { path, .. }
        | Node::Presence { path, .. }
        | Node::IsNull { path }
        | Node::Text { path, .. }
        | Node::Regex { path, .. }
        | Node::Size { path, .. }
        | Node::ElemMatch { path, .. } => (!path.is_empty(), path.is_empty()),
        Node::All(nodes) | Node::Any(nodes) => {
            let parts = nodes.iter().map(about);
            parts.fold((false, false), |(a, b), (c, d)| (a || c, b || d))
        }
        Node::Not(node) => about(node),
        Node::Document(_) => (true, false),
        Node::Invalid { .. } | Node::Refused(_) => (false, false),
    }
}

/// Two tests of one value as one, where MongoDB has a form for both together.
pub(super) fn merged(a: &Document, b: &Document) -> Option<Document> {
    let mut both = a.clone();
    for (name, value) in b {
        // True of every element.
        if name == "$exists" && both.len() > 1 {
            continue;
        }
        both.remove("$exists");
        let unlike = match name.as_str() {
            "$ne" => Some(vec![value.clone()]),
            "$nin" => value.as_array().cloned(),
            _ => None,
        };
        match (unlike, both.get(name)) {
            (Some(more), _) => {
                let mut values = match (both.remove("$nin"), both.remove("$ne")) {
                    (Some(Bson::Array(values)), _) => values,
                    (_, Some(value)) => vec![value],
                    _ => Vec::new(),
                };
                values.extend(more);
                both.insert("$nin", values);
            }
            (None, None) => {
                both.insert(name, value.clone());
            }
            (None, Some(other)) if other == value => {}
            (None, Some(_)) => return None,
        }
    }
    Some(both)
}

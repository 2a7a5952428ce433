//! Conditions on one element of a list.

use super::Node;

/// What a condition on an element is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Its fields.
    Fields,
    /// The element as it is.
    Itself,
    /// The one and the other, which `$elemMatch` cannot say.
    Both,
}

/// What `element` is about. What demands nothing is about the element as it is.
pub(crate) fn subject(element: &Node) -> Subject {
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

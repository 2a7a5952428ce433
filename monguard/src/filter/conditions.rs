//! The conditions on one path that handles make.

use mongodb::bson::Bson;

use super::{Comparison, Filter, Node, Pattern, TextPlace};
use crate::value::EncodeError;

/// A value as it would be stored; `None` where serde leaves the field out.
type Encoded = Result<Option<Bson>, EncodeError>;

impl<R> Filter<R> {
    pub(crate) fn compare(path: String, comparison: Comparison, value: Encoded) -> Self {
        Filter::of(match value {
            Ok(Some(value)) => Node::Compare {
                path,
                comparison,
                value,
            },
            // Serde leaves the field out for this value, so that is what the value looks like.
            Ok(None) => match comparison {
                Comparison::Eq | Comparison::Gte | Comparison::Lte => Node::Presence {
                    path,
                    present: false,
                },
                Comparison::Ne => Node::Presence {
                    path,
                    present: true,
                },
                Comparison::Gt | Comparison::Lt => Node::Any(Vec::new()),
            },
            Err(error) => Node::Invalid { path, error },
        })
    }

    pub(crate) fn one_of(path: String, encoded: impl Iterator<Item = Encoded>) -> Self {
        let mut values = Vec::new();
        let mut may_be_absent = false;
        for value in encoded {
            match value {
                Ok(Some(value)) => values.push(value),
                Ok(None) => may_be_absent = true,
                Err(error) => return Filter::of(Node::Invalid { path, error }),
            }
        }
        let listed = Node::In {
            path: path.clone(),
            values,
        };
        Filter::of(if may_be_absent {
            Node::Any(vec![
                listed,
                Node::Presence {
                    path,
                    present: false,
                },
            ])
        } else {
            listed
        })
    }

    pub(crate) fn presence(path: String, present: bool) -> Self {
        Filter::of(Node::Presence { path, present })
    }

    pub(crate) fn null(path: String) -> Self {
        Filter::of(Node::IsNull { path })
    }

    pub(crate) fn null_or_absent(path: String) -> Self {
        Filter::of(Node::Compare {
            path,
            comparison: Comparison::Eq,
            value: Bson::Null,
        })
    }

    pub(crate) fn text(path: String, place: TextPlace, text: &str) -> Self {
        Filter::of(Node::Text {
            path,
            place,
            text: text.to_owned(),
        })
    }

    pub(crate) fn regex(path: String, pattern: Pattern) -> Self {
        let (pattern, options) = pattern.into_parts();
        Filter::of(Node::Regex {
            path,
            pattern,
            options,
        })
    }

    pub(crate) fn size(path: String, size: usize) -> Self {
        Filter::of(match u32::try_from(size) {
            Ok(size) => Node::Size { path, size },
            // No document holds so many.
            Err(_) => Node::Any(Vec::new()),
        })
    }

    pub(crate) fn element(path: String, element: Node) -> Self {
        Filter::of(Node::ElemMatch {
            path,
            element: Box::new(element),
        })
    }

    pub(crate) fn containing(path: String, item: Encoded) -> Self {
        Filter::containing_any(path, std::iter::once(item))
    }

    pub(crate) fn containing_any(path: String, items: impl Iterator<Item = Encoded>) -> Self {
        let mut plain = Vec::new();
        // Compared with the list itself, null would match where it is absent, and a list where it is
        // that list.
        let mut elements = Vec::new();
        for item in items {
            match item {
                Ok(Some(item @ (Bson::Null | Bson::Array(_)))) => elements.push(item),
                Ok(Some(item)) => plain.push(item),
                Ok(None) => {}
                Err(error) => return Filter::of(Node::Invalid { path, error }),
            }
        }
        let mut ways = Vec::new();
        if let Some(condition) = one_of(&path, plain) {
            ways.push(condition);
        }
        if let Some(element) = one_of("", elements) {
            ways.push(Node::ElemMatch {
                path,
                element: Box::new(element),
            });
        }
        Filter::of(match (ways.pop(), ways.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                ways.extend(last);
                Node::Any(ways)
            }
        })
    }
}

/// That the value at the path equals one of `values`.
fn one_of(path: &str, mut values: Vec<Bson>) -> Option<Node> {
    let path = path.to_owned();
    if values.len() > 1 {
        return Some(Node::In { path, values });
    }
    values.pop().map(|value| Node::Compare {
        path,
        comparison: Comparison::Eq,
        value,
    })
}

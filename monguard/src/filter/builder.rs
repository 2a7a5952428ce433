use std::fmt;
use std::marker::PhantomData;

use mongodb::bson::{Bson, Document};

use super::{Comparison, Node, matches};
use crate::error::Result;
use crate::value::EncodeError;

/// A condition on documents of the model `R`.
///
/// Made from the handles of `R`, or with [`filter!`](crate::filter!).
#[must_use = "a filter does nothing by itself: hand it to an operation"]
pub struct Filter<R> {
    node: Node,
    document: PhantomData<fn() -> R>,
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Filter::of(self.node.clone())
    }
}

/// Shows no values: a filter may name a redacted field.
impl<R> fmt::Debug for Filter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filter(..)")
    }
}

impl<R> Filter<R> {
    fn of(node: Node) -> Self {
        Filter {
            node,
            document: PhantomData,
        }
    }

    /// Matches every document.
    pub fn all() -> Self {
        Filter::every([])
    }

    /// Matches documents that meet all of `filters`.
    pub fn every(filters: impl IntoIterator<Item = Filter<R>>) -> Self {
        Filter::of(Node::All(
            filters.into_iter().map(|filter| filter.node).collect(),
        ))
    }

    /// Matches documents that meet at least one of `filters`; none of them, where there are none.
    pub fn any(filters: impl IntoIterator<Item = Filter<R>>) -> Self {
        Filter::of(Node::Any(
            filters.into_iter().map(|filter| filter.node).collect(),
        ))
    }

    /// Matches documents that meet this and `other`.
    pub fn and(self, other: Filter<R>) -> Self {
        Filter::every([self, other])
    }

    /// Matches documents that meet this or `other`.
    pub fn or(self, other: Filter<R>) -> Self {
        Filter::any([self, other])
    }

    /// Whether `document`, in the form that it is stored in, meets this. Decided in memory, as the
    /// server decides it in a collection without a collation.
    ///
    /// ```
    /// use mongodb::bson::doc;
    /// use monguard::prelude::*;
    ///
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[monguard(collection = "orders")]
    /// struct Order {
    ///     amount: i64,
    /// }
    ///
    /// let expensive = Order::fields().amount.gt(100);
    /// assert!(expensive.matches(&doc! { "amount": 101 })?);
    /// # Ok::<(), monguard::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidFilter`](crate::Error::InvalidFilter) where only the server can decide it
    /// (regular expressions, raw documents), or a value has no BSON form.
    pub fn matches(&self, document: &Document) -> Result<bool> {
        Ok(matches(&self.node, &Bson::Document(document.clone()))?)
    }

    pub(crate) fn compare(
        path: String,
        comparison: Comparison,
        value: Result<Option<Bson>, EncodeError>,
    ) -> Self {
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

    pub(crate) fn one_of(
        path: String,
        encoded: impl Iterator<Item = Result<Option<Bson>, EncodeError>>,
    ) -> Self {
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

    pub(crate) fn into_node(self) -> Node {
        self.node
    }
}

/// `!filter` matches the documents that `filter` does not.
impl<R> std::ops::Not for Filter<R> {
    type Output = Filter<R>;
    fn not(self) -> Filter<R> {
        Filter::of(Node::Not(Box::new(self.node)))
    }
}

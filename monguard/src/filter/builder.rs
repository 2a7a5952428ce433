use std::fmt;
use std::marker::PhantomData;

use mongodb::bson::{Bson, Document};

use super::document::check_document;
use super::{Node, matches, with_aliases};
use crate::document::Versioned;
use crate::error::Result;

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
    pub(super) fn of(node: Node) -> Self {
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

    pub(crate) fn into_node(self) -> Node {
        self.node
    }
}

impl<R: Versioned> Filter<R> {
    /// A filter in MongoDB's own words.
    ///
    /// The names in it are those of the stored document, and are checked when the operation runs: a
    /// name that the model does not have is refused, with the one that was probably meant. What is
    /// inside of a field that the model says nothing about (one that is not marked `nested`) is not
    /// checked. `$where`, `$jsonSchema`, and expressions that compute the names of fields, are
    /// refused.
    ///
    /// A field is not looked for under its aliases, and values are compared as they are given: write
    /// them as the model stores them.
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
    /// let odd = Filter::<Order>::document(doc! { "amount": { "$mod": [2, 1] } });
    /// ```
    pub fn document(document: Document) -> Self {
        Filter::of(match check_document(&R::META, &document) {
            Ok(()) => Node::Document(document),
            Err(error) => Node::Refused(error),
        })
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
        let node = with_aliases(&R::META, &self.node);
        let matches = matches(&node, &Bson::Document(document.clone()));
        Ok(matches.map_err(|error| error.hiding(&R::META))?)
    }
}

/// `!filter` matches the documents that `filter` does not.
impl<R> std::ops::Not for Filter<R> {
    type Output = Filter<R>;
    fn not(self) -> Filter<R> {
        Filter::of(Node::Not(Box::new(self.node)))
    }
}

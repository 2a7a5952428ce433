//! The only file of filters that knows MongoDB's operators.

use mongodb::bson::{Bson, Document, doc};

use super::{Comparison, Node, Order};
use crate::error::InvalidUpdate;

/// The filter as MongoDB reads it.
pub(crate) fn render(node: &Node) -> Result<Document, InvalidUpdate> {
    Ok(match node {
        Node::Compare {
            path,
            comparison,
            value,
        } => {
            doc! { path: { operator(*comparison): value.clone() } }
        }
        Node::In { path, values } => doc! { path: { "$in": values.clone() } },
        Node::Presence { path, present } => doc! { path: { "$exists": *present } },
        // MongoDB refuses an empty list of conditions.
        Node::All(nodes) if nodes.is_empty() => doc! {},
        Node::Any(nodes) if nodes.is_empty() => doc! { "$nor": [{}] },
        Node::All(nodes) => doc! { "$and": render_all(nodes)? },
        Node::Any(nodes) => doc! { "$or": render_all(nodes)? },
        Node::Not(node) => doc! { "$nor": [render(node)?] },
        Node::Invalid { path, error } => {
            return Err(InvalidUpdate::encode(path.clone(), error.clone()));
        }
    })
}

fn render_all(nodes: &[Node]) -> Result<Vec<Document>, InvalidUpdate> {
    nodes.iter().map(render).collect()
}

/// The sort as MongoDB reads it.
pub(crate) fn render_sort(keys: &[(String, Order)]) -> Document {
    keys.iter()
        .map(|(path, order)| (path.clone(), Bson::Int32(direction(*order))))
        .collect()
}

fn direction(order: Order) -> i32 {
    match order {
        Order::Ascending => 1,
        Order::Descending => -1,
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Eq => "$eq",
        Comparison::Ne => "$ne",
        Comparison::Gt => "$gt",
        Comparison::Gte => "$gte",
        Comparison::Lt => "$lt",
        Comparison::Lte => "$lte",
    }
}

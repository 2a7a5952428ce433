//! The only file of filters that knows MongoDB's operators.

use mongodb::bson::{Bson, Document, Regex, doc};

use super::{Comparison, Node, Order, TextPlace, element};
use crate::error::{InvalidFilter, InvalidFilterReason};

/// The filter as MongoDB reads it.
pub(crate) fn render(node: &Node) -> Result<Document, InvalidFilter> {
    Ok(match node {
        // MongoDB refuses an empty list of conditions.
        Node::All(nodes) if nodes.is_empty() => doc! {},
        Node::Any(nodes) if nodes.is_empty() => nothing(),
        Node::All(nodes) => doc! { "$and": render_all(nodes)? },
        Node::Any(nodes) => doc! { "$or": render_all(nodes)? },
        Node::Not(node) => doc! { "$nor": [render(node)?] },
        Node::ElemMatch { path, element } => {
            let mut ways = elements(path, element)?;
            match (ways.pop(), ways.is_empty()) {
                (None, _) => nothing(),
                (Some(only), true) => doc! { path: only },
                (Some(last), false) => {
                    ways.push(last);
                    let ways = ways.into_iter().map(|way| doc! { path: way });
                    doc! { "$or": ways.collect::<Vec<_>>() }
                }
            }
        }
        Node::Document(document) => document.clone(),
        leaf => doc! { path(leaf): test(leaf)? },
    })
}

/// Matches no document.
fn nothing() -> Document {
    doc! { "$nor": [{}] }
}

fn render_all(nodes: &[Node]) -> Result<Vec<Document>, InvalidFilter> {
    nodes.iter().map(render).collect()
}

/// The path that a condition is on.
fn path(leaf: &Node) -> &str {
    match leaf {
        Node::Compare { path, .. }
        | Node::In { path, .. }
        | Node::Presence { path, .. }
        | Node::IsNull { path }
        | Node::Text { path, .. }
        | Node::Regex { path, .. }
        | Node::Size { path, .. }
        | Node::ElemMatch { path, .. }
        | Node::Invalid { path, .. } => path,
        Node::All(_) | Node::Any(_) | Node::Not(_) | Node::Document(_) | Node::Refused(_) => "",
    }
}

/// What a condition demands of the value at its path.
fn test(leaf: &Node) -> Result<Document, InvalidFilter> {
    Ok(match leaf {
        Node::Compare {
            comparison, value, ..
        } => doc! { operator(*comparison): value.clone() },
        Node::In { values, .. } => doc! { "$in": values.clone() },
        Node::Presence { present, .. } => doc! { "$exists": *present },
        Node::IsNull { .. } => doc! { "$type": "null" },
        Node::Text { path, place, text } => {
            doc! { "$regex": expression(path, &spelled(*place, text), "")? }
        }
        Node::Regex {
            path,
            pattern,
            options,
        } => doc! { "$regex": expression(path, pattern, options)? },
        Node::Size { size, .. } => doc! { "$size": i64::from(*size) },
        Node::Invalid { path, error } => {
            return Err(InvalidFilter::encode(path.clone(), error.clone()));
        }
        Node::Refused(error) => return Err(error.clone()),
        Node::ElemMatch { .. } | Node::All(_) | Node::Any(_) | Node::Not(_) | Node::Document(_) => {
            return Err(InvalidFilter::new(path(leaf), InvalidFilterReason::Element));
        }
    })
}

/// What a list must have an element for: one of these. None of them, where none can be met.
fn elements(path: &str, element: &Node) -> Result<Vec<Document>, InvalidFilter> {
    let ways = match element::subject(element) {
        element::Subject::Fields => vec![render(element)?],
        element::Subject::Itself => itself(path, element, false)?,
        element::Subject::Both => {
            return Err(InvalidFilter::new(path, InvalidFilterReason::Element));
        }
    };
    let ways = ways.into_iter().map(|way| doc! { "$elemMatch": way });
    Ok(ways.collect())
}

/// The alternatives of a condition on an element itself. MongoDB takes operators there, and no
/// `$or`: that an element meets one or another is that one meets the one or one the other.
fn itself(path: &str, node: &Node, negated: bool) -> Result<Vec<Document>, InvalidFilter> {
    match node {
        Node::Not(node) => itself(path, node, !negated),
        Node::All(nodes) if !negated => both(path, nodes, negated),
        Node::Any(nodes) if negated => both(path, nodes, negated),
        Node::All(nodes) | Node::Any(nodes) => {
            let mut ways = Vec::new();
            for node in nodes {
                ways.extend(itself(path, node, negated)?);
            }
            Ok(ways)
        }
        Node::ElemMatch { element, .. } => {
            let ways = elements(path, element)?;
            if !negated {
                return Ok(ways);
            }
            let none = ways.into_iter().map(|way| vec![doc! { "$not": way }]);
            meet(path, none)
        }
        leaf => {
            let test = test(leaf)?;
            Ok(vec![if negated { negation(test) } else { test }])
        }
    }
}

/// The alternatives of conditions that must all hold.
fn both(path: &str, nodes: &[Node], negated: bool) -> Result<Vec<Document>, InvalidFilter> {
    let all: Result<Vec<_>, _> = nodes
        .iter()
        .map(|node| itself(path, node, negated))
        .collect();
    meet(path, all?.into_iter())
}

/// More than this many alternatives are refused: they would multiply on.
const MOST_ALTERNATIVES: usize = 100;

fn meet(
    path: &str,
    all: impl Iterator<Item = Vec<Document>>,
) -> Result<Vec<Document>, InvalidFilter> {
    let refuse = || InvalidFilter::new(path, InvalidFilterReason::Element);
    // Every element exists.
    let mut ways = vec![doc! { "$exists": true }];
    for more in all {
        let mut met = Vec::new();
        for (way, other) in ways
            .iter()
            .flat_map(|way| more.iter().map(move |other| (way, other)))
        {
            met.push(element::merged(way, other).ok_or_else(refuse)?);
        }
        if met.len() > MOST_ALTERNATIVES {
            return Err(refuse());
        }
        ways = met;
    }
    Ok(ways)
}

/// The opposite of one test.
fn negation(test: Document) -> Document {
    let opposite = |name: &str, value: Bson| match name {
        "$eq" => doc! { "$ne": value },
        "$ne" => doc! { "$eq": value },
        "$in" => doc! { "$nin": value },
        // An expression stands for itself there.
        "$regex" => doc! { "$not": value },
        name => doc! { "$not": { name: value } },
    };
    match test.into_iter().next() {
        Some((name, value)) => opposite(&name, value),
        None => nothing(),
    }
}

/// The regular expression for a text at this place.
///
/// Only what has a meaning is escaped: a plain prefix can use an index.
fn spelled(place: TextPlace, text: &str) -> String {
    let mut pattern = String::new();
    if place == TextPlace::Start {
        pattern.push('^');
    }
    for char in text.chars() {
        match char {
            // An expression cannot hold it.
            '\0' => pattern.push_str("\\x00"),
            '\\' | '^' | '$' | '.' | '[' | ']' | '|' | '(' | ')' | '?' | '*' | '+' | '{' | '}' => {
                pattern.push('\\');
                pattern.push(char);
            }
            other => pattern.push(other),
        }
    }
    if place == TextPlace::End {
        // `$` would also match before a last line break.
        pattern.push_str("\\z");
    }
    pattern
}

fn expression(path: &str, pattern: &str, options: &str) -> Result<Bson, InvalidFilter> {
    let refuse = |_| InvalidFilter::new(path, InvalidFilterReason::NulInPattern);
    Ok(Bson::RegularExpression(Regex {
        pattern: pattern.to_owned().try_into().map_err(refuse)?,
        options: options.to_owned().try_into().map_err(refuse)?,
    }))
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

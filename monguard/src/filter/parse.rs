//! A condition on an element in MongoDB's own words, read so that it can be decided in memory.

use mongodb::bson::{Bson, Document};

use super::{Comparison, Node};
use crate::error::{InvalidFilter, InvalidFilterReason};

type Parsed = Result<Node, InvalidFilter>;

/// Operators on the element itself, or conditions on its fields. What only the server can decide is
/// an error.
pub(crate) fn parse_element(condition: &Document) -> Parsed {
    if is_tests(condition) {
        return tests("", condition);
    }
    fields(condition)
}

/// Whether the names are operators on a value, and not fields, or `$and` and its kin.
pub(super) fn is_tests(condition: &Document) -> bool {
    let combines = |name: &str| matches!(name, "$and" | "$or" | "$nor" | "$expr" | "$where");
    let has_operators = condition
        .keys()
        .next()
        .is_some_and(|name| name.starts_with('$'));
    has_operators && !condition.keys().any(|name| combines(name))
}

fn fields(condition: &Document) -> Parsed {
    let parts = condition
        .iter()
        .map(|(name, value)| match (name.as_str(), value) {
            ("$and", Bson::Array(parts)) => Ok(Node::All(all(parts)?)),
            ("$or", Bson::Array(parts)) => Ok(Node::Any(all(parts)?)),
            ("$nor", Bson::Array(parts)) => Ok(Node::Not(Box::new(Node::Any(all(parts)?)))),
            ("$comment", _) => Ok(Node::All(Vec::new())),
            (name, _) if name.starts_with('$') => Err(only_on_server("")),
            (path, Bson::Document(value)) if is_tests(value) => tests(path, value),
            (path, value) => equal(path, value),
        });
    Ok(Node::All(parts.collect::<Result<_, _>>()?))
}

fn all(parts: &[Bson]) -> Result<Vec<Node>, InvalidFilter> {
    let part = |part: &Bson| match part {
        Bson::Document(condition) => fields(condition),
        _ => Err(only_on_server("")),
    };
    parts.iter().map(part).collect()
}

fn tests(path: &str, tests: &Document) -> Parsed {
    let parts = tests
        .iter()
        .map(|(operator, value)| test(path, operator, value));
    Ok(Node::All(parts.collect::<Result<_, _>>()?))
}

fn test(path: &str, operator: &str, value: &Bson) -> Parsed {
    let compared = |comparison| match value {
        Bson::RegularExpression(_) => Err(only_on_server(path)),
        value => Ok(Node::Compare {
            path: path.to_owned(),
            comparison,
            value: value.clone(),
        }),
    };
    let path = path.to_owned();
    match (operator, value) {
        ("$eq", _) => compared(Comparison::Eq),
        ("$ne", _) => compared(Comparison::Ne),
        ("$gt", _) => compared(Comparison::Gt),
        ("$gte", _) => compared(Comparison::Gte),
        ("$lt", _) => compared(Comparison::Lt),
        ("$lte", _) => compared(Comparison::Lte),
        ("$in", Bson::Array(values)) => Ok(listed(path, values)),
        ("$nin", Bson::Array(values)) => Ok(Node::Not(Box::new(listed(path, values)))),
        ("$exists", Bson::Boolean(present)) => Ok(Node::Presence {
            path,
            present: *present,
        }),
        ("$size", Bson::Int32(size)) if *size >= 0 => Ok(Node::Size {
            path,
            size: size.unsigned_abs(),
        }),
        ("$not", Bson::Document(value)) => Ok(Node::Not(Box::new(tests(&path, value)?))),
        ("$elemMatch", Bson::Document(element)) => Ok(Node::ElemMatch {
            path,
            element: Box::new(parse_element(element)?),
        }),
        _ => Err(only_on_server(&path)),
    }
}

fn equal(path: &str, value: &Bson) -> Parsed {
    test(path, "$eq", value)
}

fn listed(path: String, values: &[Bson]) -> Node {
    Node::In {
        path,
        values: values.to_vec(),
    }
}

fn only_on_server(path: &str) -> InvalidFilter {
    let reason = InvalidFilterReason::NotOnClient("an operator of the server's");
    InvalidFilter::new(path, reason)
}

#[cfg(test)]
mod unit {
    use mongodb::bson::{bson, doc};

    use super::*;
    use crate::filter::matches;

    #[test]
    fn conditions_mean_what_they_say() {
        for (condition, met, unmet) in [
            (doc! { "$gt": 1, "$lt": 4 }, bson!(2), bson!(5)),
            (doc! { "$not": { "$in": [1, 2] } }, bson!(3), bson!(2)),
            (
                doc! { "a": 1 },
                bson!({ "a": 1, "b": 2 }),
                bson!({ "b": 1 }),
            ),
            (
                doc! { "a": { "$exists": false } },
                bson!({ "b": 1 }),
                bson!({ "a": 1 }),
            ),
            (
                doc! { "a": { "b": 1 } },
                bson!({ "a": { "b": 1 } }),
                bson!({ "a": { "b": 1, "c": 1 } }),
            ),
            (
                doc! { "$or": [{ "a": { "$gte": 2 } }, { "$nor": [{ "b": 1 }] }] },
                bson!({ "a": 1, "b": 2 }),
                bson!({ "a": 1, "b": 1 }),
            ),
            (
                doc! { "a": { "$elemMatch": { "x": 1, "y": { "$ne": 1 } } } },
                bson!({ "a": [{ "x": 1, "y": 2 }] }),
                bson!({ "a": [{ "x": 1, "y": 1 }] }),
            ),
            (
                doc! { "a": { "$size": 1 } },
                bson!({ "a": [1] }),
                bson!({ "a": [] }),
            ),
        ] {
            let node = parse_element(&condition).unwrap();
            assert!(matches(&node, &met).unwrap(), "{condition} {met}");
            assert!(!matches(&node, &unmet).unwrap(), "{condition} {unmet}");
        }
    }

    #[test]
    fn what_the_server_alone_can_decide_is_refused() {
        for condition in [
            doc! { "$mod": [2, 1] },
            doc! { "a": { "$regex": "x" } },
            doc! { "$expr": true },
            doc! { "$or": [{ "a": { "$type": "int" } }] },
        ] {
            assert!(parse_element(&condition).is_err(), "{condition}");
        }
    }
}

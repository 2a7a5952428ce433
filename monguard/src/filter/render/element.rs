//! Conditions on one element of a list, as `$elemMatch` takes them.

use mongodb::bson::{Bson, Document, doc};

use super::{negation, path, render, test};
use crate::error::{InvalidFilter, InvalidFilterReason};
use crate::filter::Node;
use crate::filter::element::{Subject, subject};

/// Demands, of which an element must meet one.
type Ways = Vec<Document>;

/// What a list must have an element for: one of these. None of them, where none can be met.
pub(super) fn elements(list: &str, element: &Node) -> Result<Ways, InvalidFilter> {
    let refuse = || InvalidFilter::new(list, InvalidFilterReason::Element);
    let ways = match subject(element) {
        Subject::Fields => match ways(element, false, On::Fields)? {
            Some(ways) => ways,
            // Not every server takes `$and` and its kin there.
            None => vec![render(element)?],
        },
        Subject::Itself => ways(element, false, On::Itself)?.ok_or_else(refuse)?,
        Subject::Both => return Err(refuse()),
    };
    let ways = ways.into_iter().map(|way| doc! { "$elemMatch": way });
    Ok(ways.collect())
}

/// What the parts of a condition on an element are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    /// Its fields: each way has a path for each name.
    Fields,
    /// The element as it is: each way has an operator for each name.
    Itself,
}

/// The alternatives of a condition on an element. On an element itself MongoDB takes operators and
/// no `$or`: that one element meets this or that is that one meets this or one meets that.
///
/// None, where two demands have no form together.
fn ways(node: &Node, negated: bool, on: On) -> Result<Option<Ways>, InvalidFilter> {
    match node {
        Node::Not(node) => ways(node, !negated, on),
        Node::All(nodes) if !negated => both(nodes, negated, on),
        Node::Any(nodes) if negated => both(nodes, negated, on),
        Node::All(nodes) | Node::Any(nodes) => {
            let mut either = Vec::new();
            for node in nodes {
                match ways(node, negated, on)? {
                    Some(more) => either.extend(more),
                    None => return Ok(None),
                }
            }
            Ok(Some(either))
        }
        Node::Document(_) => Ok(None),
        Node::ElemMatch { path, element } => {
            let ways = elements(path, element)?.into_iter();
            if negated {
                let unmet = ways.map(|way| vec![placed(on, path, doc! { "$not": way })]);
                return Ok(meet(on, unmet));
            }
            Ok(Some(ways.map(|way| placed(on, path, way)).collect()))
        }
        leaf => {
            let test = test(leaf)?;
            let test = if negated { negation(test) } else { test };
            Ok(Some(vec![placed(on, path(leaf), test)]))
        }
    }
}

fn placed(on: On, path: &str, test: Document) -> Document {
    match on {
        On::Fields => doc! { path: test },
        On::Itself => test,
    }
}

/// The alternatives of conditions that must all hold.
fn both(nodes: &[Node], negated: bool, on: On) -> Result<Option<Ways>, InvalidFilter> {
    let mut all = Vec::new();
    for node in nodes {
        match ways(node, negated, on)? {
            Some(ways) => all.push(ways),
            None => return Ok(None),
        }
    }
    Ok(meet(on, all.into_iter()))
}

/// More alternatives than this are given up: they would multiply on.
const MOST_WAYS: usize = 100;

fn meet(on: On, all: impl Iterator<Item = Ways>) -> Option<Ways> {
    let mut ways = vec![match on {
        On::Fields => doc! {},
        // Every element exists.
        On::Itself => doc! { "$exists": true },
    }];
    for more in all {
        let pairs = ways
            .iter()
            .flat_map(|way| more.iter().map(move |other| (way, other)));
        let met: Option<Ways> = pairs
            .map(|(way, other)| match on {
                On::Fields => merged_fields(way, other),
                On::Itself => merged_elements(way, other),
            })
            .collect();
        ways = met.filter(|met| met.len() <= MOST_WAYS)?;
    }
    Some(ways)
}

fn merged_fields(a: &Document, b: &Document) -> Option<Document> {
    let mut both = a.clone();
    for (path, test) in b {
        let test = match (both.get(path), test) {
            (Some(Bson::Document(other)), Bson::Document(test)) => merged(other, test)?.into(),
            (_, test) => test.clone(),
        };
        both.insert(path, test);
    }
    Some(both)
}

fn merged_elements(a: &Document, b: &Document) -> Option<Document> {
    let needless = doc! { "$exists": true };
    match (*a == needless, *b == needless) {
        (true, _) => Some(b.clone()),
        (_, true) => Some(a.clone()),
        _ => merged(a, b),
    }
}

/// Two tests of one value as one, where MongoDB has a form for both together.
fn merged(a: &Document, b: &Document) -> Option<Document> {
    let mut both = a.clone();
    for (name, value) in b {
        let unlike = match name.as_str() {
            "$ne" => Some(vec![value.clone()]),
            "$nin" => value.as_array().cloned(),
            _ => None,
        };
        if let Some(more) = unlike
            && (both.contains_key("$ne") || both.contains_key("$nin"))
        {
            let mut values: Vec<Bson> = both.remove("$ne").into_iter().collect();
            if let Some(Bson::Array(listed)) = both.remove("$nin") {
                values.extend(listed);
            }
            values.extend(more);
            both.insert("$nin", values);
            continue;
        }
        match both.get(name) {
            None => drop(both.insert(name, value.clone())),
            Some(other) if other == value => {}
            Some(_) => return None,
        }
    }
    Some(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Comparison;

    fn compared(path: &str, comparison: Comparison, value: i32) -> Node {
        Node::Compare {
            path: path.into(),
            comparison,
            value: value.into(),
        }
    }

    fn rendered(element: Node) -> Document {
        render(&Node::ElemMatch {
            path: "list".into(),
            element: Box::new(element),
        })
        .unwrap()
    }

    #[test]
    fn conditions_on_fields_become_one_document_where_they_can() {
        let both = Node::All(vec![
            compared("a", Comparison::Gt, 1),
            compared("b", Comparison::Eq, 2),
            compared("a", Comparison::Lt, 5),
        ]);
        let expected =
            doc! { "list": { "$elemMatch": { "a": { "$gt": 1, "$lt": 5 }, "b": { "$eq": 2 } } } };
        assert_eq!(rendered(both), expected);
        let twice = Node::All(vec![
            compared("a", Comparison::Gt, 1),
            compared("a", Comparison::Gt, 2),
        ]);
        assert_eq!(
            rendered(twice),
            doc! { "list": { "$elemMatch": { "$and": [{ "a": { "$gt": 1 } }, { "a": { "$gt": 2 } }] } } }
        );
    }

    #[test]
    fn either_of_two_is_one_element_for_the_one_or_one_for_the_other() {
        for path in ["", "a"] {
            let either = Node::Any(vec![
                compared(path, Comparison::Gt, 1),
                Node::Not(Box::new(compared(path, Comparison::Eq, 2))),
            ]);
            let way = |test: Document| {
                let element = if path.is_empty() {
                    test
                } else {
                    doc! { path: test }
                };
                doc! { "list": { "$elemMatch": element } }
            };
            let expected = [way(doc! { "$gt": 1 }), way(doc! { "$ne": 2 })];
            assert_eq!(rendered(either), doc! { "$or": expected.to_vec() });
        }
    }

    #[test]
    fn all_unlike_values_become_one_list() {
        let unlike = |value| compared("", Comparison::Ne, value);
        let node = Node::All(vec![unlike(1), unlike(2), unlike(3)]);
        assert_eq!(
            rendered(node),
            doc! { "list": { "$elemMatch": { "$nin": [1, 2, 3] } } }
        );
        assert_eq!(
            rendered(Node::All(vec![])),
            doc! { "list": { "$elemMatch": { "$exists": true } } }
        );
    }

    #[test]
    fn alternatives_do_not_multiply_without_end() {
        let one = |value| {
            Node::Any(vec![
                compared("", Comparison::Eq, value),
                compared("", Comparison::Gt, value),
            ])
        };
        let node = Node::ElemMatch {
            path: "list".into(),
            element: Box::new(Node::All((0..30).map(one).collect())),
        };
        assert!(render(&node).is_err());
    }
}

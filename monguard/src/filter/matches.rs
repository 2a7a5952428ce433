//! Whether a condition holds for a value, decided in memory with the meaning that the server gives
//! it. What only the server can decide is an error.

use std::cmp::Ordering;

use mongodb::bson::{Bson, Document};

use super::element::{Subject, subject};
use super::places::{AtList, any_at};
use super::{Comparison, Node, TextPlace};
use crate::error::{InvalidFilter, InvalidFilterReason};
use crate::value::{bracket, compare, is_nan};

/// Whether `value` meets the condition: a document, or an element of a list.
///
/// Paths begin at the value. A condition with an empty path is on the value as it is, as in
/// `$elemMatch`: a list that is the value is not searched. A condition on fields holds for no value
/// that has none.
///
/// Strings are compared by their bytes, as in a collection without a collation.
pub(crate) fn matches(node: &Node, value: &Bson) -> Result<bool, InvalidFilter> {
    match value {
        Bson::Document(document) => holds(node, value, document),
        // The server takes a list for a document that has its indexes for names.
        Bson::Array(items) if is_on_fields(node) => {
            let named = items.iter().enumerate();
            let document = named.map(|(i, item)| (i.to_string(), item.clone()));
            holds(node, value, &document.collect())
        }
        _ if is_on_fields(node) => Ok(false),
        _ => holds(node, value, &Document::new()),
    }
}

fn is_on_fields(node: &Node) -> bool {
    subject(node) != Subject::Itself
}

/// Every part is looked at, so that what cannot be decided is refused whatever the other parts say.
fn holds(node: &Node, value: &Bson, document: &Document) -> Result<bool, InvalidFilter> {
    let any = |path: &str, at_list, test: &mut dyn FnMut(Option<&Bson>) -> Decided| {
        if path.is_empty() {
            return test(Some(value));
        }
        let names: Vec<&str> = path.split('.').collect();
        any_at(document, &names, at_list, &mut |found| test(found))
    };
    match node {
        Node::Compare {
            path,
            comparison,
            value,
        } => {
            let (wanted, negated) = match comparison {
                Comparison::Ne => (Comparison::Eq, true),
                other => (*other, false),
            };
            let found = any(path, AtList::ElementsToo, &mut |found| {
                compares(path, found, wanted, value)
            })?;
            Ok(found != negated)
        }
        Node::In { path, values } => any(path, AtList::ElementsToo, &mut |found| {
            is_one_of(path, found, values)
        }),
        Node::Presence { path, present } => {
            let found = any(path, AtList::ListAlone, &mut |found| Ok(found.is_some()))?;
            Ok(found == *present)
        }
        Node::IsNull { path } => any(path, AtList::ElementsToo, &mut |found| {
            Ok(matches!(found, Some(Bson::Null)))
        }),
        Node::Text { path, place, text } => any(path, AtList::ElementsToo, &mut |found| {
            has_text(path, found, *place, text)
        }),
        Node::Size { path, size } => any(path, AtList::ListAlone, &mut |found| {
            Ok(matches!(found, Some(Bson::Array(items)) if u32::try_from(items.len()) == Ok(*size)))
        }),
        Node::ElemMatch { path, element } => any(path, AtList::ListAlone, &mut |found| {
            let Some(Bson::Array(items)) = found else {
                return Ok(false);
            };
            count(items, |item| matches(element, item)).map(|count| count > 0)
        }),
        Node::All(nodes) => {
            count(nodes, |node| holds(node, value, document)).map(|count| count == nodes.len())
        }
        Node::Any(nodes) => {
            count(nodes, |node| holds(node, value, document)).map(|count| count > 0)
        }
        Node::Not(node) => holds(node, value, document).map(|holds| !holds),
        Node::Regex { path, .. } => Err(only_on_server(path, "a regular expression")),
        Node::Document(_) => Err(only_on_server("", "a raw document")),
        Node::Invalid { path, error } => Err(InvalidFilter::encode(path.clone(), error.clone())),
        Node::Refused(error) => Err(error.clone()),
    }
}

type Decided = Result<bool, InvalidFilter>;

/// How many of `all` pass. None is left out, so that no refusal depends on the order.
fn count<T>(all: &[T], test: impl Fn(&T) -> Decided) -> Result<usize, InvalidFilter> {
    all.iter()
        .try_fold(0, |count, one| Ok(count + usize::from(test(one)?)))
}

fn only_on_server(path: &str, what: &'static str) -> InvalidFilter {
    InvalidFilter::new(path, InvalidFilterReason::NotOnClient(what))
}

/// Servers differ in whether `undefined` is null, so it is compared with nothing here.
const UNDEFINED: &str = "the retired type `undefined`";

/// Whether one value found at the path, or its absence, compares like this. Never with
/// [`Comparison::Ne`], which is about all values at the path.
fn compares(path: &str, found: Option<&Bson>, comparison: Comparison, value: &Bson) -> Decided {
    let within = |order: Ordering| match comparison {
        Comparison::Eq => order.is_eq(),
        Comparison::Ne => order.is_ne(),
        Comparison::Gt => order.is_gt(),
        Comparison::Gte => order.is_ge(),
        Comparison::Lt => order.is_lt(),
        Comparison::Lte => order.is_le(),
    };
    Ok(match (found, value) {
        (Some(Bson::Undefined), _) | (_, Bson::Undefined) => {
            return Err(only_on_server(path, UNDEFINED));
        }
        // What is absent compares as null does.
        (None, Bson::Null) => within(Ordering::Equal),
        (found, Bson::MinKey) if found != Some(value) => {
            matches!(comparison, Comparison::Gt | Comparison::Gte)
        }
        (found, Bson::MaxKey) if found != Some(value) => {
            matches!(comparison, Comparison::Lt | Comparison::Lte)
        }
        (None, _) => false,
        (Some(found), value) if bracket(found) != bracket(value) => false,
        (Some(found), value) if is_nan(found) != is_nan(value) => false,
        (Some(found), value) => within(compare(found, value)),
    })
}

fn is_one_of(path: &str, found: Option<&Bson>, values: &[Bson]) -> Decided {
    let found_one = count(values, |value| match value {
        Bson::RegularExpression(_) => Err(only_on_server(path, "a regular expression")),
        value => compares(path, found, Comparison::Eq, value),
    })?;
    Ok(found_one > 0)
}

fn has_text(path: &str, found: Option<&Bson>, place: TextPlace, text: &str) -> Decided {
    match found {
        Some(Bson::String(found) | Bson::Symbol(found)) => Ok(match place {
            TextPlace::Start => found.starts_with(text),
            TextPlace::End => found.ends_with(text),
            TextPlace::Anywhere => found.contains(text),
        }),
        // Matches the expression that spells it.
        Some(Bson::RegularExpression(_)) => Err(only_on_server(path, "a regular expression")),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Document, Regex, bson, doc};

    use super::*;

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

    fn some(path: &str, element: Node) -> Node {
        Node::ElemMatch {
            path: path.into(),
            element: Box::new(element),
        }
    }

    fn is(node: &Node, document: Document) -> bool {
        matches(node, &Bson::Document(document)).unwrap()
    }

    #[test]
    fn values_compare_within_their_kind() {
        let over = compared("a", Comparison::Gt, 5);
        assert!(is(&over, doc! { "a": 5.5 }));
        assert!(is(&over, doc! { "a": [1, 6] }));
        for less in [
            doc! { "a": 5_i64 },
            doc! { "a": "9" },
            doc! {},
            doc! { "a": null },
        ] {
            assert!(!is(&over, less));
        }
        let nan = compared("a", Comparison::Gte, f64::NAN);
        assert!(is(&nan, doc! { "a": f64::NAN }));
        assert!(!is(&nan, doc! { "a": 1 }));
        assert!(!is(
            &compared("a", Comparison::Lt, 1),
            doc! { "a": f64::NAN }
        ));
    }

    #[test]
    fn null_is_absent_and_absent_is_not_null() {
        for document in [doc! { "a": null }, doc! {}, doc! { "a": [null] }] {
            assert!(is(&eq("a", Bson::Null), document.clone()));
            assert!(!is(&compared("a", Comparison::Ne, Bson::Null), document));
        }
        let null = Node::IsNull { path: "a".into() };
        assert!(is(&null, doc! { "a": null }));
        assert!(!is(&null, doc! {}));
        // A list leads to nothing where it has no documents, and into each where it has.
        assert!(!is(&eq("a.b", Bson::Null), doc! { "a": [1] }));
        assert!(is(&eq("a.b", Bson::Null), doc! { "a": [{ "c": 1 }] }));
        assert!(is(&eq("a.b", Bson::Null), doc! { "a": 1 }));
    }

    #[test]
    fn paths_go_through_lists_and_to_their_indexes() {
        let document = doc! { "a": [{ "b": 1 }, { "b": [2, 3] }, [4]] };
        for (path, value) in [("a.b", 1), ("a.b", 3), ("a.1.b", 2), ("a.2.0", 4)] {
            assert!(is(&eq(path, value), document.clone()), "{path} {value}");
        }
        assert!(!is(&eq("a.0.b", 2), document.clone()));
        assert!(!is(&eq("a.2", 4), document));
    }

    #[test]
    fn documents_are_the_same_in_the_same_order() {
        let node = eq("a", bson!({ "x": 1, "y": 2 }));
        assert!(is(&node, doc! { "a": { "x": 1.0, "y": 2_i64 } }));
        assert!(!is(&node, doc! { "a": { "y": 2, "x": 1 } }));
    }

    #[test]
    fn one_element_meets_all_of_a_condition() {
        let node = some("a", Node::All(vec![eq("x", 1), eq("y", 2)]));
        assert!(is(&node, doc! { "a": [{ "x": 1, "y": 2 }] }));
        assert!(!is(&node, doc! { "a": [{ "x": 1 }, { "y": 2 }] }));
        let between = Node::All(vec![
            compared("", Comparison::Gt, 1),
            compared("", Comparison::Lt, 4),
        ]);
        assert!(is(&some("a", between.clone()), doc! { "a": [0, 3] }));
        assert!(!is(&some("a", between.clone()), doc! { "a": [0, 5] }));
        assert!(matches(&between, &bson!(2)).unwrap());
        assert!(!matches(&eq("x", Bson::Null), &bson!(2)).unwrap());
    }

    #[test]
    fn what_only_the_server_can_decide_is_refused() {
        let regex = |pattern: &str| Node::Regex {
            path: "a".into(),
            pattern: pattern.into(),
            options: String::new(),
        };
        let listed = Node::In {
            path: "a".into(),
            values: vec![Bson::RegularExpression(Regex {
                pattern: "x".to_owned().try_into().unwrap(),
                options: String::new().try_into().unwrap(),
            })],
        };
        // Whatever the other parts say.
        let beside = Node::Any(vec![Node::All(vec![]), regex("x")]);
        for node in [regex("x"), Node::Document(doc! {}), listed, beside] {
            let error = matches(&node, &bson!({ "a": "x" })).unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("cannot be evaluated on the client"),
                "{error}"
            );
        }
        let undefined = doc! { "a": Bson::Undefined };
        assert!(matches(&eq("a", Bson::Null), &undefined.into()).is_err());
    }
}

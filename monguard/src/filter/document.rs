//! The names in a filter in MongoDB's own words, compared with those of the model.

use mongodb::bson::{Bson, Document};

use super::expression::check_expression;
use super::parse::is_tests;
use crate::document::{Meta, Scope, UnknownName};
use crate::error::{InvalidFilter, InvalidFilterReason};

type Checked = Result<(), InvalidFilter>;

/// Refuses a filter that names a field which the model does not have.
///
/// Fields that monguard owns may be named, and whatever is inside of a field that the model says
/// nothing about. What stands at the top and holds no names of fields (`$comment`, `$text`,
/// `$sampleRate` and such) is left to the server.
pub(super) fn check_document(meta: &Meta, filter: &Document) -> Checked {
    check_condition(Scope::Document(meta), filter, Some(meta))
}

/// Refuses a condition on an element that names a field which the element does not have.
pub(crate) fn check_element_document(scope: Scope<'_>, element: &Document) -> Checked {
    if is_tests(element) {
        return check_tests(scope, "", element, None);
    }
    check_condition(scope, element, None)
}

fn check_condition(scope: Scope<'_>, condition: &Document, root: Option<&Meta>) -> Checked {
    for (name, value) in condition {
        match (name.as_str(), value) {
            ("$and" | "$or" | "$nor", Bson::Array(conditions)) => {
                for condition in conditions.iter().filter_map(Bson::as_document) {
                    check_condition(scope, condition, root)?;
                }
            }
            ("$not", Bson::Document(condition)) => check_condition(scope, condition, root)?,
            ("$expr", expression) => match root {
                Some(root) => check_expression(root, expression)?,
                None => return Err(unchecked("$expr")),
            },
            ("$where", _) => return Err(unchecked("$where")),
            ("$jsonSchema", _) => return Err(unchecked("$jsonSchema")),
            (name, _) if name.starts_with('$') => {}
            (path, value) => check_value(follow(scope, path)?, path, value, root)?,
        }
    }
    Ok(())
}

/// What is asked of the value at a path.
fn check_value(scope: Scope<'_>, path: &str, value: &Bson, root: Option<&Meta>) -> Checked {
    match value {
        Bson::Document(tests) if has_operators(tests) => check_tests(scope, path, tests, root),
        value => check_literal(scope, path, value),
    }
}

fn check_tests(scope: Scope<'_>, path: &str, tests: &Document, root: Option<&Meta>) -> Checked {
    for (operator, value) in tests {
        match (operator.as_str(), value) {
            ("$not", Bson::Document(tests)) => check_tests(scope, path, tests, root)?,
            ("$elemMatch", Bson::Document(element)) => {
                check_element(scope.element(), path, element, root)?;
            }
            ("$in" | "$nin" | "$all", Bson::Array(values)) => {
                for value in values {
                    check_value(scope, path, value, root)?;
                }
            }
            ("$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte", value) => {
                check_literal(scope, path, value)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A condition on the fields of an element, or tests of the element itself.
fn check_element(scope: Scope<'_>, path: &str, element: &Document, root: Option<&Meta>) -> Checked {
    if is_tests(element) {
        return check_tests(scope, path, element, root);
    }
    check_condition(scope, element, root).map_err(|error| error.below(path))
}

/// A document that is compared as a whole: one with an unknown name equals none that is stored.
fn check_literal(scope: Scope<'_>, path: &str, value: &Bson) -> Checked {
    scope.check_value(path, value).map_err(unknown)
}

fn has_operators(document: &Document) -> bool {
    document
        .keys()
        .next()
        .is_some_and(|name| name.starts_with('$'))
}

pub(super) fn follow<'m>(scope: Scope<'m>, path: &str) -> Result<Scope<'m>, InvalidFilter> {
    scope.follow(path).map_err(unknown)
}

fn unknown(name: UnknownName) -> InvalidFilter {
    InvalidFilter::new(
        name.path,
        InvalidFilterReason::UnknownField(name.suggestion),
    )
}

pub(super) fn unchecked(operator: &'static str) -> InvalidFilter {
    InvalidFilter::new("", InvalidFilterReason::Unchecked(operator))
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;
    use crate::document::{FieldMeta, Shape};

    static LINE: [FieldMeta; 2] = [
        FieldMeta::new("sku", "sku").aliases(&["code"]),
        FieldMeta::new("unit_price", "unitPrice"),
    ];
    static MODEL: [FieldMeta; 4] = [
        FieldMeta::new("checkout_id", "checkoutId"),
        FieldMeta::new("status", "status"),
        FieldMeta::new("lines", "lines").nested(lines),
        FieldMeta::new("extra", "extra"),
    ];
    const META: Meta = Meta::new("Order", &MODEL);

    fn line() -> Shape {
        Shape::Struct(&LINE)
    }
    fn lines() -> Shape {
        Shape::List(line)
    }

    #[test]
    fn what_the_model_has_passes() {
        for filter in [
            doc! {},
            doc! { "status": "x", "__v": 3, "_id": { "$in": [1] }, "deletedAt": null },
            doc! { "$or": [{ "status": { "$not": { "$eq": "x" } } }, { "$and": [{ "extra.a.b": 1 }] }] },
            doc! { "lines": { "$elemMatch": { "sku": "a", "$or": [{ "unitPrice": 1 }] } } },
            doc! { "lines.sku": "a", "lines.0.unitPrice": { "$gt": 1 } },
            doc! { "lines": { "$all": [{ "$elemMatch": { "sku": "a" } }] } },
            doc! { "lines": [{ "sku": "a", "unitPrice": 1 }], "extra": { "any": "thing" } },
            doc! { "lines": { "$elemMatch": { "$eq": { "sku": "a" } } } },
            doc! { "$comment": "version", "$text": { "$search": "version" }, "$sampleRate": 0.5 },
            doc! { "$expr": { "$gt": ["$__v", { "$size": "$lines" }] } },
        ] {
            assert!(check_document(&META, &filter).is_ok(), "{filter}");
        }
    }

    #[test]
    fn what_the_model_lacks_is_refused_wherever_it_stands() {
        for (filter, path) in [
            (doc! { "version": 1 }, "version"),
            (doc! { "checkout_id": "c" }, "checkout_id"),
            (
                doc! { "$or": [{ "status": 1 }, { "$and": [{ "version": 1 }] }] },
                "version",
            ),
            (doc! { "$nor": [{ "stat": 1 }] }, "stat"),
            (doc! { "lines.0.skew": 1 }, "lines.0.skew"),
            (doc! { "lines.$[].code": 1 }, "lines.$[].code"),
            (
                doc! { "lines": { "$elemMatch": { "code": 1 } } },
                "lines.code",
            ),
            (
                doc! { "lines": { "$not": { "$elemMatch": { "code": 1 } } } },
                "lines.code",
            ),
            (
                doc! { "lines": { "$elemMatch": { "$or": [{ "code": 1 }] } } },
                "lines.code",
            ),
            (
                doc! { "lines": { "$all": [{ "$elemMatch": { "code": 1 } }] } },
                "lines.code",
            ),
            (doc! { "lines": [{ "code": 1 }] }, "lines.code"),
            (
                doc! { "lines": { "$in": [{ "unit_price": 1 }] } },
                "lines.unit_price",
            ),
            (doc! { "$expr": { "$gt": ["$version", 1] } }, "version"),
            (
                doc! { "lines": { "$elemMatch": { "$eq": { "code": 1 } } } },
                "lines.code",
            ),
        ] {
            let error = check_document(&META, &filter).unwrap_err();
            let is_unknown = matches!(error.reason(), InvalidFilterReason::UnknownField(_));
            assert!(is_unknown, "{filter}");
            assert!(error.path().ends_with(path), "{filter}: {}", error.path());
        }
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        for (filter, operator) in [
            (doc! { "$where": "this.version" }, "$where"),
            (doc! { "$and": [{ "$jsonSchema": {} }] }, "$jsonSchema"),
            (
                doc! { "$expr": { "$getField": { "field": "version", "input": { "a": 1 } } } },
                "$getField",
            ),
        ] {
            let error = check_document(&META, &filter).unwrap_err();
            assert_eq!(*error.reason(), InvalidFilterReason::Unchecked(operator));
        }
    }
}

//! The names in an expression of `$expr`.

use mongodb::bson::{Bson, Document};

use super::document::{follow, unchecked};
use crate::document::{Meta, Scope};
use crate::error::InvalidFilter;

/// Refuses an expression with the path of a field that the model does not have: `$status`,
/// `$$ROOT.status`, `$$CURRENT.status`.
///
/// What a variable of the expression's own leads to (`$$line.sku`) is not known here. Operators that
/// name fields in other ways, or run JavaScript, are refused.
pub(super) fn check_expression(meta: &Meta, expression: &Bson) -> Result<(), InvalidFilter> {
    match expression {
        Bson::String(text) => match path(text) {
            Some(path) => follow(Scope::Document(meta), path).map(drop),
            None => Ok(()),
        },
        Bson::Array(items) => items
            .iter()
            .try_for_each(|item| check_expression(meta, item)),
        Bson::Document(parts) => check_parts(meta, parts),
        _ => Ok(()),
    }
}

fn check_parts(meta: &Meta, parts: &Document) -> Result<(), InvalidFilter> {
    for (name, value) in parts {
        match name.as_str() {
            "$literal" => {}
            "$getField" => return Err(unchecked("$getField")),
            "$setField" => return Err(unchecked("$setField")),
            "$unsetField" => return Err(unchecked("$unsetField")),
            "$function" => return Err(unchecked("$function")),
            // Another operator, or a field of a document that the expression makes.
            _ => check_expression(meta, value)?,
        }
    }
    Ok(())
}

/// The path that a text of an expression stands for, if it is one of the document's.
fn path(text: &str) -> Option<&str> {
    match text.strip_prefix("$$") {
        Some(variable) => variable
            .strip_prefix("ROOT.")
            .or_else(|| variable.strip_prefix("CURRENT.")),
        None => text.strip_prefix('$'),
    }
}

#[cfg(test)]
mod tests {
    use mongodb::bson::bson;

    use super::*;
    use crate::document::FieldMeta;

    static FIELDS: [FieldMeta; 2] = [
        FieldMeta::new("status", "status"),
        FieldMeta::new("extra", "extra"),
    ];
    const META: Meta = Meta::new("Order", &FIELDS);

    #[test]
    fn paths_of_the_document_are_checked_and_others_are_not() {
        for expression in [
            bson!("$status"),
            bson!("version"),
            bson!("$$ROOT.status"),
            bson!("$$line.version"),
            bson!({ "$literal": "$version" }),
            bson!({ "$let": { "vars": { "version": "$extra.version" }, "in": "$$version" } }),
        ] {
            assert!(check_expression(&META, &expression).is_ok(), "{expression}");
        }
        for expression in [
            bson!("$version"),
            bson!("$$CURRENT.version"),
            bson!({ "$and": [{ "$eq": [{ "$toUpper": "$stat" }, "X"] }] }),
            bson!({ "$function": { "body": "f", "args": [], "lang": "js" } }),
        ] {
            assert!(
                check_expression(&META, &expression).is_err(),
                "{expression}"
            );
        }
    }
}

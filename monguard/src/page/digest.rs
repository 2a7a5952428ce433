use mongodb::bson::{self, Bson, Document, doc};
use sha2::{Digest, Sha256};

use super::{Keys, is_hidden};
use crate::document::Meta;
use crate::value::EncodeError;

/// Bytes of a digest: enough to tell queries apart.
const BYTES: usize = 16;

/// What tells one query from another: the collection, the sort, and the filter.
///
/// A digest of a short value can be undone by trying all values, so that those which the model
/// hides are not in it.
pub(crate) fn digest(
    meta: &Meta,
    collection: &str,
    keys: &Keys,
    filter: &Document,
) -> Result<Vec<u8>, EncodeError> {
    let filter = if meta.redacts() {
        without_hidden(meta, "", filter)
    } else {
        filter.clone()
    };
    let query = doc! { "collection": collection, "sort": keys.render(), "filter": filter };
    let digest = Sha256::digest(bson::serialize_to_vec(&query)?);
    Ok(digest.iter().take(BYTES).copied().collect())
}

/// A filter without the values that it has for hidden fields, and without those of operators of
/// which nobody here knows which fields they are about.
fn without_hidden(meta: &Meta, path: &str, filter: &Document) -> Document {
    let fields = filter.iter();
    fields
        .map(|(name, value)| {
            let shown = match name.as_str() {
                "$and" | "$or" | "$nor" | "$not" | "$elemMatch" => inside(meta, path, value),
                name if name.starts_with('$') => shown_value(meta, path, name, value),
                name => {
                    let path = match path {
                        "" => name.to_owned(),
                        path => format!("{path}.{name}"),
                    };
                    condition(meta, &path, value)
                }
            };
            (name.clone(), shown)
        })
        .collect()
}

fn inside(meta: &Meta, path: &str, value: &Bson) -> Bson {
    match value {
        Bson::Document(filter) => without_hidden(meta, path, filter).into(),
        Bson::Array(filters) => filters
            .iter()
            .map(|filter| inside(meta, path, filter))
            .collect::<Vec<_>>()
            .into(),
        _ => Bson::Null,
    }
}

/// `path: value` or `path: { $operator: value }`
fn condition(meta: &Meta, path: &str, value: &Bson) -> Bson {
    match value {
        Bson::Document(operators) if operators.keys().any(|name| name.starts_with('$')) => {
            without_hidden(meta, path, operators).into()
        }
        _ if is_hidden(meta, path) => Bson::Null,
        value => value.clone(),
    }
}

fn shown_value(meta: &Meta, path: &str, operator: &str, value: &Bson) -> Bson {
    const OF_FIELDS: [&str; 15] = [
        "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$all", "$size",
        "$regex", "$options", "$type", "$mod",
    ];
    // `$exists: true` says nothing of a value.
    let is_shown = operator == "$exists" || !is_hidden(meta, path);
    if !path.is_empty() && OF_FIELDS.contains(&operator) && is_shown {
        value.clone()
    } else {
        Bson::Null
    }
}

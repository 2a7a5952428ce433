use mongodb::bson::{Bson, Document};

/// A field that monguard writes, and what it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrittenField {
    pub(crate) name: &'static str,
    /// Its BSON type, as validators name it; `None` where it may be of several.
    pub(crate) kind: Option<&'static str>,
}

/// Whether a validator takes no document that has this field, as far as that shows: it is read, not
/// evaluated.
pub(crate) fn forbids(validator: &Document, field: WrittenField) -> bool {
    validator
        .iter()
        .any(|(name, value)| match (name.as_str(), value) {
            ("$jsonSchema", Bson::Document(schema)) => schema_forbids(schema, field),
            ("$and", Bson::Array(all)) => all
                .iter()
                .filter_map(Bson::as_document)
                .any(|one| forbids(one, field)),
            ("$or", Bson::Array(any)) => {
                !any.is_empty()
                    && any
                        .iter()
                        .all(|one| one.as_document().is_some_and(|one| forbids(one, field)))
            }
            (name, Bson::Document(condition)) if name == field.name => {
                condition.get("$exists").is_some_and(is_false)
            }
            _ => false,
        })
}

fn is_false(value: &Bson) -> bool {
    matches!(
        value,
        Bson::Boolean(false) | Bson::Int32(0) | Bson::Int64(0)
    )
}

/// Of a schema of documents.
fn schema_forbids(schema: &Document, field: WrittenField) -> bool {
    let own = schema
        .get_document("properties")
        .ok()
        .and_then(|own| own.get(field.name));
    let by_property = match own {
        Some(own) => own
            .as_document()
            .is_some_and(|own| has_other_type(own, field)),
        // What the patterns take is not known here.
        None if schema.contains_key("patternProperties") => false,
        None => match schema.get("additionalProperties") {
            Some(Bson::Boolean(is_allowed)) => !is_allowed,
            Some(Bson::Document(others)) => has_other_type(others, field),
            _ => false,
        },
    };
    let parts = |name: &str| {
        schema
            .get_array(name)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let in_part = |part: &Bson| {
        part.as_document()
            .is_some_and(|part| schema_forbids(part, field))
    };
    let in_all = |parts: &[Bson]| !parts.is_empty() && parts.iter().all(in_part);
    by_property
        || parts("allOf").iter().any(in_part)
        || in_all(parts("anyOf"))
        || in_all(parts("oneOf"))
}

/// Whether the schema of a field takes no value of the type that it is written with.
fn has_other_type(schema: &Document, field: WrittenField) -> bool {
    let Some(kind) = field.kind else { return false };
    let is_other = |name: &str| match schema.get(name) {
        Some(Bson::String(only)) => only != kind,
        Some(Bson::Array(kinds)) => !kinds.iter().any(|one| one.as_str() == Some(kind)),
        _ => false,
    };
    // `type` has the types of JSON, of which only lists are called like those of BSON.
    is_other("bsonType") || is_other("type")
}

#[cfg(test)]
mod tests {
    use mongodb::bson::doc;

    use super::*;

    fn forbidden(validator: Document) -> Vec<&'static str> {
        let fields = [
            WrittenField {
                name: "__w",
                kind: Some("objectId"),
            },
            WrittenField {
                name: "__audit",
                kind: Some("array"),
            },
            WrittenField {
                name: "createdBy",
                kind: None,
            },
        ];
        let forbidden = fields
            .into_iter()
            .filter(|field| forbids(&validator, *field));
        forbidden.map(|field| field.name).collect()
    }

    fn schema(schema: Document) -> Vec<&'static str> {
        forbidden(doc! { "$jsonSchema": schema })
    }

    const ALL: [&str; 3] = ["__w", "__audit", "createdBy"];
    const NONE: [&str; 0] = [];

    #[test]
    fn what_a_schema_leaves_out_is_forbidden_only_where_it_takes_no_others() {
        let own = doc! { "total": { "bsonType": "int" } };
        assert_eq!(schema(doc! { "properties": own.clone() }), NONE);
        assert_eq!(
            schema(doc! { "properties": own.clone(), "additionalProperties": true }),
            NONE
        );
        assert_eq!(
            schema(doc! { "properties": own, "additionalProperties": false }),
            ALL
        );
        assert_eq!(schema(doc! { "additionalProperties": false }), ALL);
        let typed = doc! { "additionalProperties": { "bsonType": ["array", "int"] } };
        assert_eq!(schema(typed), ["__w"]);
        let patterns = doc! { "additionalProperties": false, "patternProperties": { "^__": {} } };
        assert_eq!(schema(patterns), NONE);
    }

    #[test]
    fn what_a_schema_names_is_forbidden_where_it_is_of_another_type() {
        let named = |w: Document, audit: Document| {
            schema(
                doc! { "additionalProperties": false, "properties": { "__w": w, "__audit": audit, "createdBy": { "bsonType": "int" } } },
            )
        };
        assert_eq!(named(doc! {}, doc! {}), NONE);
        let right = (doc! { "bsonType": "objectId" }, doc! { "type": "array" });
        assert_eq!(named(right.0, right.1), NONE);
        let several = (
            doc! { "bsonType": ["null", "objectId"] },
            doc! { "bsonType": "object" },
        );
        assert_eq!(named(several.0, several.1), ["__audit"]);
        assert_eq!(named(doc! { "type": "string" }, doc! {}), ["__w"]);
    }

    #[test]
    fn parts_are_taken_together_as_they_say() {
        let closed = || doc! { "additionalProperties": false };
        assert_eq!(schema(doc! { "allOf": [{}, closed()] }), ALL);
        assert_eq!(schema(doc! { "anyOf": [{}, closed()] }), NONE);
        assert_eq!(schema(doc! { "oneOf": [closed(), closed()] }), ALL);
        let closed = || doc! { "$jsonSchema": closed() };
        assert_eq!(forbidden(doc! { "$and": [{ "total": 1 }, closed()] }), ALL);
        assert_eq!(forbidden(doc! { "$or": [{ "total": 1 }, closed()] }), NONE);
        assert_eq!(forbidden(doc! { "$or": [closed(), closed()] }), ALL);
    }

    #[test]
    fn a_condition_can_ask_for_the_absence_of_a_field() {
        assert_eq!(
            forbidden(doc! { "__audit": { "$exists": false } }),
            ["__audit"]
        );
        assert_eq!(forbidden(doc! { "__audit": { "$exists": 0 } }), ["__audit"]);
        assert_eq!(forbidden(doc! { "__audit": { "$exists": true } }), NONE);
        assert_eq!(forbidden(doc! { "total": { "$exists": false } }), NONE);
        assert_eq!(forbidden(doc! { "$jsonSchema": 1, "$or": [] }), NONE);
    }
}

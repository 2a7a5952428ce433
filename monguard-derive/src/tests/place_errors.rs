//! What is refused about versions and shard keys.

use super::{assert_accepted, errors, field_error, one};
use crate::pipeline::Derive;

fn struct_error(attributes: &str, fields: &str) -> String {
    let source =
        format!("#[monguard(collection = \"orders\", {attributes})] struct Order {{ {fields} }}");
    one(Derive::Versioned, &source)
}

fn assert_struct_accepted(attributes: &str, fields: &str) {
    let source =
        format!("#[monguard(collection = \"orders\", {attributes})] struct Order {{ {fields} }}");
    assert_eq!(errors(Derive::Versioned, &source), [""; 0], "{source}");
}

#[test]
fn a_version_is_described_in_one_place() {
    assert_eq!(
        struct_error("version = \"uuid\"", "#[monguard(version)] rev: Uuid"),
        "a model says once what its version is\n\
         help: move it to the field `rev`: `#[monguard(version = \"uuid\")]`\n\
         note: field `rev` is marked `version`"
    );
    assert_eq!(
        struct_error(
            "version_name = \"v\"",
            "#[monguard(version = \"uuid\")] rev: Uuid"
        ),
        "`version_name` beside the field `rev`, which is the version\n\
         help: remove it; the version is stored as serde names the field, now `rev`"
    );
    let bare = struct_error("version", "a: i64");
    assert!(bare.starts_with("`version` on the struct expects a kind\nhelp: "));
    assert_struct_accepted(
        "version = \"counter\", version_name = \"rowVersion\"",
        "a: i64",
    );
    assert_accepted("#[monguard(version = \"uuid\")] rev: Uuid");
    assert_accepted("#[monguard(version = \"counter\")] rev: i64");
}

#[test]
fn a_kind_of_version_is_one_of_two() {
    assert_eq!(
        struct_error("version = \"uid\"", "a: i64"),
        "unknown value `uid` of `version`\nhelp: did you mean `version = \"uuid\"`?"
    );
    assert_eq!(
        field_error("#[monguard(version = \"timestamp\")] a: i64"),
        "unknown value `timestamp` of `version`\nnote: expected one of `counter`, `uuid`"
    );
}

#[test]
fn the_name_of_a_version_is_free() {
    let error = |name: &str, fields| struct_error(&format!("version_name = \"{name}\""), fields);
    assert_eq!(
        error("createdAt", "a: i64"),
        "the version cannot be stored as `createdAt`, a name that monguard owns\n\
         help: choose another name"
    );
    for name in ["", "a.b", "$v", "_id", "__w"] {
        error(name, "a: i64");
    }
    for fields in [
        "row_version: i64",
        "#[serde(rename = \"row_version\")] a: i64",
        "#[serde(alias = \"row_version\")] a: i64",
    ] {
        let error = error("row_version", fields);
        assert!(error.contains("is stored where the version is"), "{error}");
    }
    assert_struct_accepted("version_name = \"__v\"", "a: i64");
}

#[test]
fn a_field_of_a_shard_key_is_one_value_of_the_model_that_is_shown() {
    for pair in [
        "shard_key, nested",
        "shard_key, audit = \"redact\"",
        "audit = \"skip\", shard_key",
        "created_at, shard_key",
        "shard_key, version",
    ] {
        let error = field_error(&format!("#[monguard({pair})] a: A"));
        assert!(error.contains("cannot be combined with"), "{pair}: {error}");
    }
    assert_eq!(
        field_error("#[serde(alias = \"zone\")] #[monguard(shard_key)] region: String"),
        "field `region` of the shard key has a second stored name\nhelp: remove the alias\n\
         note: the server finds a document's shard by the first name alone"
    );
    assert_accepted("#[monguard(shard_key, idempotency_key)] region: String");
    assert_accepted("#[serde(rename = \"_id\")] #[monguard(id, shard_key)] number: String");
}

#[test]
fn a_unique_index_begins_with_the_shard_key() {
    let fields =
        "#[monguard(shard_key)] region: String, #[monguard(shard_key)] zone: String, sku: String";
    assert_eq!(
        struct_error("index(unique, fields(sku))", fields),
        "a unique index in a sharded collection begins with the shard key\n\
         help: list the fields above the struct: `index(unique, fields(region, zone, sku))`\n\
         note: the server keeps values unique on one shard alone, and documents of one shard key are on one shard"
    );
    for fields_of_index in ["zone, region, sku", "-region, zone", "region, -sku"] {
        struct_error(
            &format!("index(unique = \"live\", fields({fields_of_index}))"),
            fields,
        );
    }
    assert_struct_accepted(
        "index(unique, fields(region, zone, -sku)), index(fields(sku))",
        fields,
    );
}

#[test]
fn an_idempotency_key_is_not_kept_where_the_id_shards() {
    let id = "#[serde(rename = \"_id\")] #[monguard(id, shard_key)] number: String";
    let on_field = field_error(&format!("{id}, #[monguard(idempotency_key)] key: String"));
    let on_struct = struct_error("idempotency_key", id);
    assert_eq!(on_field, on_struct);
    assert!(on_field.starts_with("an idempotency key cannot be kept"));
}

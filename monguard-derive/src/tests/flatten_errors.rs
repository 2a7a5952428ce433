use super::{assert_accepted, errors, field_error, nested_field_error, one};
use crate::pipeline::Derive;

const INLINE: &str = "#[serde(flatten)] #[monguard(nested)] place: Place";
const UNKNOWN: &str = "#[serde(flatten)] extra: Document";

#[test]
fn structs_and_one_map_can_be_flattened() {
    assert_accepted(INLINE);
    assert_accepted(UNKNOWN);
    assert_accepted(&format!("{INLINE}, a: A, {UNKNOWN}, b: B"));
    assert_accepted(
        "#[serde(flatten, default)] #[monguard(nested, audit = \"redact\", idempotency = \"ignore\", plain)] a: A",
    );
    let nested = format!("struct Fulfilment {{ {INLINE}, a: A }}");
    assert_eq!(errors(Derive::Nested, &nested), [""; 0]);
}

#[test]
fn words_about_a_stored_name_or_value_do_not_fit_what_is_flattened() {
    for (word, written) in [
        ("rename", "rename = \"x\""),
        ("alias", "alias = \"x\""),
        ("skip_serializing_if", "skip_serializing_if = \"is\""),
        ("with", "with = \"m\""),
        ("serialize_with", "serialize_with = \"m\""),
        ("deserialize_with", "deserialize_with = \"m\""),
    ] {
        for field in [INLINE, UNKNOWN] {
            let error = field_error(&format!("#[serde({written})] {field}"));
            let headline = format!("serde's `{word}` cannot be combined with `flatten`\nhelp: ");
            assert!(error.starts_with(&headline), "{error}");
        }
    }
    assert_eq!(
        one(
            Derive::Nested,
            &format!("#[serde(deny_unknown_fields)] struct A {{ {INLINE} }}")
        ),
        "serde's `deny_unknown_fields` cannot be combined with `flatten`\nhelp: remove `deny_unknown_fields`\n\
         note: serde does not support the two together"
    );
}

#[test]
fn attributes_about_one_field_do_not_fit_what_is_many() {
    for attribute in ["idempotency_key", "id", "version", "updated_by"] {
        let error = field_error(&format!("#[serde(flatten)] #[monguard({attribute})] a: A"));
        let headline = format!("`{attribute}` cannot be on a map of unknown fields\nhelp: ");
        assert!(error.starts_with(&headline), "{error}");
    }
    for attribute in ["audit = \"redact\"", "idempotency = \"ignore\"", "plain"] {
        let error = field_error(&format!("#[monguard({attribute})] {UNKNOWN}"));
        assert!(
            error.contains("cannot be on a map of unknown fields"),
            "{error}"
        );
    }
}

#[test]
fn a_map_of_unknown_fields_is_one_of_a_model_and_the_last_to_take() {
    assert_eq!(
        nested_field_error(UNKNOWN),
        "field `extra` is flattened and not marked `nested`\n\
         help: add `#[monguard(nested)]` if its type is a struct that derives `Nested`\n\
         note: a map of unknown fields can be flattened into a model alone, not into a struct inside it"
    );
    assert_eq!(
        field_error(&format!("{UNKNOWN}, #[serde(flatten)] more: Document")),
        "a model has only one map of unknown fields\n\
         help: add `#[monguard(nested)]` if its type is a struct that derives `Nested`\n\
         note: the first is `extra`"
    );
    assert_eq!(
        field_error(&format!("{UNKNOWN}, {INLINE}")),
        "the map `extra` stands before the flattened `place`\n\
         help: move it behind `place`, or mark it `#[monguard(nested)]` if it is a struct\n\
         note: serde would show it the fields of that struct too"
    );
}

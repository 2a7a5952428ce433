use super::{assert_accepted, errors, field_error, nested_field_error, one};
use crate::pipeline::Derive;

#[test]
fn a_model_names_its_collection() {
    assert_eq!(
        one(Derive::Versioned, "struct Order { a: i64 }"),
        "`Order` does not name its collection\nhelp: add `#[monguard(collection = \"orders\")]`"
    );
    assert_eq!(
        one(
            Derive::Versioned,
            "#[monguard(collection = \"\")] struct Order { a: i64 }"
        ),
        "the name of the collection is empty\nhelp: write `#[monguard(collection = \"orders\")]`"
    );
    assert_eq!(
        one(
            Derive::Versioned,
            "#[monguard(collection = \"a$\")] struct Order { a: i64 }"
        ),
        "MongoDB takes no collection named `a$`\nhelp: write `#[monguard(collection = \"orders\")]`"
    );
}

#[test]
fn attributes_that_exclude_each_other_are_refused() {
    assert_eq!(
        field_error("#[serde(rename = \"_id\")] #[monguard(id, audit = \"skip\")] a: A"),
        "`id` cannot be combined with `audit = \"skip\"`\nhelp: keep one of the two\n\
         note: fields that monguard writes are no part of a change"
    );
    for pair in [
        "version, nested",
        "version, audit = \"redact\"",
        "plain, version",
        "version, id",
        "idempotency_key, idempotency = \"ignore\"",
        "idempotency_key, nested",
        "created_at, nested",
        "updated_by, idempotency_key",
        "deleted_at, idempotency = \"ignore\"",
    ] {
        let error = field_error(&format!("#[monguard({pair})] a: A"));
        assert!(error.contains("cannot be combined with"), "{pair}: {error}");
    }
    assert_accepted(
        "#[monguard(nested, audit = \"redact\")] a: A, #[monguard(nested, audit = \"skip\")] b: B",
    );
    assert_accepted("#[monguard(idempotency_key, audit = \"redact\")] a: A");
}

#[test]
fn a_role_has_one_field() {
    assert_eq!(
        field_error("#[monguard(version)] rev: i64, #[monguard(version)] version: i64"),
        "only one field can be `version`\nnote: the first is `rev`"
    );
    assert_eq!(
        field_error(
            "#[serde(rename = \"_id\")] #[monguard(id)] a: A, #[serde(rename = \"_id\")] #[monguard(id)] b: B"
        ),
        "only one field can be `id`\nnote: the first is `a`"
    );
    assert_eq!(
        field_error("#[monguard(idempotency_key)] a: A, #[monguard(idempotency_key)] b: B"),
        "a model has only one `idempotency_key`\nnote: the first is `a`"
    );
    let both = "#[monguard(collection = \"x\", idempotency_key)] struct A { #[monguard(idempotency_key)] a: A }";
    assert_eq!(
        one(Derive::Versioned, both),
        "a model has only one `idempotency_key`\nnote: the first is on the struct"
    );
}

#[test]
fn a_managed_field_is_stored_where_monguard_writes_it() {
    assert_eq!(
        field_error("#[monguard(id)] id: ObjectId"),
        "a field marked `id` must be stored as `_id`\nhelp: add `#[serde(rename = \"_id\")]`\nnote: it is stored as `id`"
    );
    assert!(
        field_error("#[monguard(created_by)] #[serde(rename = \"updatedBy\")] a: A")
            .contains("must be stored as `createdBy`")
    );
    assert_accepted(
        "#[monguard(version)] revision: i64, #[monguard(created_at)] #[serde(rename = \"createdAt\")] a: A",
    );
}

#[test]
fn names_that_monguard_owns_are_kept_free() {
    for owned in [
        "_id",
        "__v",
        "__w",
        "__audit",
        "__tombstone",
        "__replaced",
        "idempotentHash",
        "idempotentKey",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "deletedAt",
        "deletedBy",
    ] {
        let error = field_error(&format!("#[serde(rename = {owned:?})] a: A"));
        assert!(
            error.starts_with(&format!(
                "field `a` is stored as `{owned}`, a name that monguard owns"
            )),
            "{error}"
        );
        let nested = format!("struct A {{ #[serde(rename = {owned:?})] a: A }}");
        assert_eq!(errors(Derive::Nested, &nested), [""; 0]);
    }
    assert_eq!(
        one(
            Derive::Versioned,
            "#[serde(rename_all = \"camelCase\")] #[monguard(collection = \"x\")] struct A { created_at: D }"
        ),
        "field `created_at` is stored as `createdAt`, a name that monguard owns\n\
         help: mark it `#[monguard(created_at)]` if it is that field, or store it under another name: `#[serde(rename = \"...\")]`"
    );
    assert!(
        field_error("#[serde(alias = \"createdAt\")] a: A")
            .contains("is also read from `createdAt`")
    );
    assert_accepted("#[serde(rename = \"idempotentKey\")] #[monguard(idempotency_key)] a: A");
    assert_accepted("#[serde(rename = \"__v\")] #[monguard(version)] a: i64");
}

#[test]
fn what_looks_like_a_lock_version_must_say_what_it_is() {
    assert_eq!(
        field_error("version: i64"),
        "field `version` looks like a lock version\n\
         help: mark it `#[monguard(version)]` if it is one, or `#[monguard(plain)]` if it is data\n\
         note: monguard counts versions in `__v`, or in the field marked `version`"
    );
    for name in ["_v", "v", "rev", "revision", "row_version", "rowVersion"] {
        assert!(field_error(&format!("{name}: i64")).contains("looks like a lock version"));
        assert!(
            field_error(&format!("#[serde(rename = {name:?})] a: i64"))
                .contains("looks like a lock version")
        );
        assert_accepted(&format!("#[monguard(plain)] {name}: i64"));
        assert_accepted(&format!("#[monguard(version)] {name}: i64"));
    }
    assert_eq!(
        errors(Derive::Nested, "struct A { version: i64, __v: i64 }"),
        [""; 0]
    );
}

#[test]
fn stored_names_are_ones_that_a_path_can_reach() {
    for (name, what) in [
        ("", "cannot be empty"),
        ("a.b", "contains a `.`"),
        ("$a", "begins with `$`"),
        ("a\0", "contains a NUL"),
    ] {
        assert!(field_error(&format!("#[serde(rename = {name:?})] a: A")).contains(what));
        assert!(nested_field_error(&format!("#[serde(alias = {name:?})] a: A")).contains(what));
    }
}

#[test]
fn two_fields_have_two_names() {
    assert_eq!(
        field_error("a: A, #[serde(rename = \"a\")] b: B"),
        "fields `a` and `b` are both stored as `a`\nhelp: rename one of the two"
    );
    assert!(
        field_error("#[serde(alias = \"old\")] a: A, #[serde(alias = \"old\")] b: B")
            .contains("both stored as `old`")
    );
    assert!(
        nested_field_error("#[serde(alias = \"b\")] a: A, b: B").contains("both stored as `b`")
    );
    assert_accepted(
        "#[serde(alias = \"a\", alias = \"old\", alias = \"old\")] a: A, #[serde(skip, rename = \"a\")] b: B",
    );
}

#[test]
fn generated_names_do_not_collide() {
    assert_eq!(
        field_error("foo_1: A, foo1: B"),
        "fields `foo_1` and `foo1` would both be `OrderChange::Foo1`\n\
         help: rename one of the two; `#[serde(rename = \"...\")]` keeps its stored name"
    );
    assert!(field_error("__mg_end: A").starts_with("field `__mg_end` begins with `__mg_`"));
    assert_accepted("self_: A, r#type: B, _1: C");
}

#[test]
fn serde_attributes_that_hide_the_stored_form_are_refused() {
    for word in [
        "deny_unknown_fields",
        "transparent",
        "into = \"X\"",
        "from = \"X\"",
        "try_from = \"X\"",
        "remote = \"X\"",
        "tag = \"type\"",
    ] {
        let error = one(
            Derive::Versioned,
            &format!("#[serde({word})] #[monguard(collection = \"x\")] struct A {{ a: A }}"),
        );
        assert!(
            error.contains("is not supported on a monguard struct\nhelp: "),
            "{error}"
        );
    }
    assert_eq!(
        errors(
            Derive::Nested,
            "#[serde(deny_unknown_fields, default)] struct A { a: A }"
        ),
        [""; 0]
    );
    for word in ["with", "serialize_with"] {
        let error = nested_field_error(&format!(
            "#[serde({word} = \"m\")] #[monguard(nested)] a: A"
        ));
        let headline = format!("`nested` cannot be combined with serde's `{word}`\nhelp: ");
        assert!(error.starts_with(&headline), "{error}");
    }
    assert_accepted("#[serde(deserialize_with = \"m\", default)] #[monguard(nested)] a: A");
}

#[test]
fn fields_are_written_and_read_under_one_name() {
    assert_eq!(
        field_error("#[serde(rename(serialize = \"x\"))] a: A"),
        "field `a` is written as `x` and read as `a`\n\
         help: write `#[serde(rename = \"x\")]`, with `alias = \"a\"` for old documents\n\
         note: a document that monguard writes must be readable under the same names"
    );
    assert_accepted(
        "#[serde(rename(serialize = \"x\", deserialize = \"x\", deserialize = \"y\"))] a: A",
    );
    let rules = "#[serde(rename_all(serialize = \"camelCase\"))] #[monguard(collection = \"x\")] struct A { a_b: A, c_d: A }";
    assert!(one(Derive::Versioned, rules).starts_with("fields are written under other names"));
    let same = "#[serde(rename_all(serialize = \"camelCase\", deserialize = \"camelCase\"))] #[monguard(collection = \"x\")] struct A { a_b: A }";
    assert_eq!(errors(Derive::Versioned, same), [""; 0]);
}

#[test]
fn a_field_is_stored_or_it_is_not() {
    assert!(field_error("#[serde(skip_serializing)] a: A").contains("`skip_serializing` alone"));
    assert!(
        field_error("#[serde(skip_deserializing)] a: A").contains("`skip_deserializing` alone")
    );
    assert_accepted("#[serde(skip_serializing)] #[monguard(version)] version: i64");
    assert_accepted(
        "#[serde(skip_serializing, skip_deserializing)] a: A, #[serde(skip)] version: i64",
    );
    assert!(
        field_error("#[serde(skip)] #[monguard(nested)] a: A")
            .starts_with("`nested` on field `a`, which serde skips")
    );
}

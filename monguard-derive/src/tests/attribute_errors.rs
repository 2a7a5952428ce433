use super::{assert_accepted, errors, field_error, nested_field_error, one};
use crate::pipeline::Derive;

fn struct_error(attributes: &str) -> String {
    one(
        Derive::Versioned,
        &format!("{attributes} struct Order {{ a: i64 }}"),
    )
}

#[test]
fn unknown_attributes_are_named_with_what_was_meant() {
    assert_eq!(
        field_error("#[monguard(nestd)] a: A"),
        "unknown field attribute `nestd`\nhelp: did you mean `nested`?"
    );
    assert_eq!(
        field_error("#[monguard(lock)] a: A"),
        "unknown field attribute `lock`\nnote: expected one of `idempotency_key`, `id`, `version`, `shard_key`, \
         `created_at`, `updated_at`, `created_by`, `updated_by`, `deleted_at`, `deleted_by`, `plain`, `nested`, `idempotency`, `audit`, `index`"
    );
    assert_eq!(
        field_error("#[monguard(rename = \"x\")] a: A"),
        "unknown field attribute `rename`\nhelp: `rename` is an attribute of serde: write it in `#[serde(...)]`"
    );
    assert_eq!(
        nested_field_error("#[monguard(lock)] a: A"),
        "unknown field attribute `lock`\nnote: expected one of `nested`, `audit`"
    );
}

#[test]
fn a_misspelt_attribute_is_one_error() {
    // Neither the missing collection nor the unmarked version is a second mistake.
    assert_eq!(
        struct_error("#[monguard(colection = \"orders\")]"),
        "unknown struct attribute `colection`\nhelp: did you mean `collection`?"
    );
    assert_eq!(
        field_error("#[monguard(verison)] version: i64"),
        "unknown field attribute `verison`\nhelp: did you mean `version`?"
    );
}

#[test]
fn misplaced_attributes_are_sent_where_they_belong() {
    assert_eq!(
        field_error("#[monguard(collection = \"x\")] a: A"),
        "`collection` belongs on the struct, not on a field\n\
         help: move it to `#[monguard(collection = \"orders\")]` above `struct Order`"
    );
    assert_eq!(
        struct_error("#[monguard(collection = \"orders\", nested)]"),
        "`nested` belongs on a field, not on the struct\n\
         help: write `#[monguard(nested)]` above the field of `Order` that it is about"
    );
    assert_eq!(
        nested_field_error("#[monguard(version)] version: i64"),
        "`version` belongs on a model, not on a nested struct\n\
         help: remove it, or derive `Versioned` for `Fulfilment`\n\
         note: monguard owns fields at the top level of a document; inside a nested struct every field is data"
    );
    assert!(
        one(
            Derive::Nested,
            "#[monguard(collection = \"x\")] struct A { a: i64 }"
        )
        .starts_with("`collection` belongs")
    );
    let misplaced = "struct Order { #[monguard(collection = \"x\")] a: A }";
    assert!(one(Derive::Versioned, misplaced).starts_with("`collection` belongs"));
}

#[test]
fn an_attribute_is_given_once() {
    let duplicate = "duplicate attribute `nested`\nhelp: remove one of the two";
    assert_eq!(field_error("#[monguard(nested, nested)] a: A"), duplicate);
    assert_eq!(
        field_error("#[monguard(nested)] #[monguard(nested)] a: A"),
        duplicate
    );
    assert_eq!(
        struct_error("#[monguard(collection = \"a\", collection = \"b\")]"),
        "duplicate attribute `collection`\nhelp: remove one of the two"
    );
}

#[test]
fn a_value_has_the_form_of_its_key() {
    let collection = "`collection` expects a string\nhelp: the correct form is `#[monguard(collection = \"orders\")]`";
    for wrong in [
        "collection = 5",
        "collection = orders",
        "collection",
        "collection =",
    ] {
        assert_eq!(struct_error(&format!("#[monguard({wrong})]")), collection);
    }
    assert_eq!(
        struct_error("#[monguard(collection(\"orders\"))]"),
        "`collection` takes no list\nhelp: the correct form is `#[monguard(collection = \"orders\")]`"
    );
    assert_eq!(
        struct_error("#[monguard(collection = \"orders\", crate = \"a b\")]"),
        "`crate` expects a path\nhelp: the correct form is `#[monguard(crate = \"path::to::monguard\")]`"
    );
    let takes_none = "`id` takes no value\nhelp: the correct form is `#[monguard(id)]`";
    assert_eq!(field_error("#[monguard(id = true)] a: A"), takes_none);
    assert_eq!(field_error("#[monguard(id = )] a: A"), takes_none);
    assert_eq!(
        field_error("#[monguard(audit = \"skp\")] a: A"),
        "unknown value `skp` of `audit`\nhelp: did you mean `audit = \"skip\"`?"
    );
    assert_eq!(
        field_error("#[monguard(audit = \"never\")] a: A"),
        "unknown value `never` of `audit`\nnote: expected one of `skip`, `redact`"
    );
    assert_eq!(
        field_error("#[monguard(idempotency = \"x\")] a: A"),
        "unknown value `x` of `idempotency`\nnote: expected `ignore`"
    );
}

#[test]
fn empty_lists_are_refused() {
    assert_eq!(
        field_error("#[monguard()] a: A"),
        "`monguard()` is empty\nhelp: the correct form is `#[monguard(nested)]`"
    );
    assert_eq!(
        field_error("#[monguard(nested())] a: A"),
        "`nested()` is empty\nhelp: the correct form is `#[monguard(nested)]`"
    );
    for wrong in ["#[monguard]", "#[monguard = \"nested\"]"] {
        assert_eq!(
            field_error(&format!("{wrong} a: A")),
            "`monguard` expects a list\nhelp: the correct form is `#[monguard(nested)]`"
        );
    }
}

/// What is advised may stand where the empty list stands.
#[test]
fn an_empty_list_is_answered_with_a_form_that_is_accepted_there() {
    let model = "#[monguard(collection = \"orders\")] struct S { @ a: i64 }";
    let projection = "#[monguard(model = \"Order\")] struct S { @ a: i64 }";
    for (derive, source) in [
        (Derive::Versioned, "@ struct S { a: i64 }"),
        (Derive::Nested, "@ struct S { a: i64 }"),
        (Derive::Projection, "@ struct S { a: i64 }"),
        (Derive::Versioned, model),
        (Derive::Nested, "struct S { @ a: i64 }"),
        (Derive::Projection, projection),
    ] {
        let empty = errors(derive, &source.replace('@', "#[monguard()]"));
        let start = "`monguard()` is empty\nhelp: the correct form is `";
        let advised = empty
            .iter()
            .find_map(|error| error.strip_prefix(start)?.strip_suffix('`'))
            .unwrap_or_else(|| panic!("{source}: {empty:#?}"));
        let followed = source.replace('@', advised);
        assert_eq!(errors(derive, &followed), [""; 0], "{followed}");
    }
}

#[test]
fn what_is_no_attribute_at_all_is_shown() {
    assert!(
        field_error("#[monguard(\"nested\")] a: A")
            .starts_with("expected a field attribute, found `\"nested\"`")
    );
    assert!(
        field_error("#[monguard(a::b)] a: A")
            .starts_with("expected a field attribute, found `a :: b`")
    );
    assert_eq!(
        field_error("#[monguard(nested audit)] a: A"),
        "expected a comma after `nested`\nhelp: separate the attributes with commas"
    );
}

#[test]
fn every_mistake_is_reported_at_once() {
    let found = errors(
        Derive::Versioned,
        "#[monguard(indx)] struct Order { #[monguard(nested = 1, audt)] a: A, #[monguard(id())] b: B }",
    );
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn fragments_of_a_users_macro_are_read() {
    assert_accepted(
        "#[monguard(audit = \"redact\", nested,)] a: A, #[monguard()] #[monguard(nested)] b: B"
            .replace("#[monguard()] ", "")
            .as_str(),
    );
}

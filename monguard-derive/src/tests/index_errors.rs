use super::{assert_accepted, errors, field_error, one};
use crate::pipeline::Derive;

fn listed_error(list: &str) -> String {
    let source = format!(
        "#[monguard(collection = \"orders\", {list})] struct Order {{ a: A, b: B, #[serde(skip)] c: C }}"
    );
    one(Derive::Versioned, &source)
}

#[test]
fn options_are_those_of_the_table() {
    assert_eq!(
        field_error("#[monguard(index(uniqe))] a: A"),
        "unknown option `uniqe` of `index`\nhelp: did you mean `unique`?"
    );
    assert_eq!(
        field_error("#[monguard(index(text))] a: A"),
        "unknown option `text` of `index`\nnote: expected one of `unique`, `descending`, `sparse`, \
         `expire_after`, `partial`, `name`"
    );
    assert_eq!(
        field_error("#[monguard(index(unique = \"life\"))] a: A"),
        "unknown value `life` of `unique`\nhelp: did you mean `unique = \"live\"`?"
    );
    assert_eq!(
        field_error("#[monguard(index(expire_after))] a: A"),
        "`expire_after` expects a string\n\
         help: the correct form is `#[monguard(index(expire_after = \"30 days\"))]`"
    );
    assert_eq!(
        field_error("#[monguard(index())] a: A"),
        "`index()` is empty\nhelp: the correct form is `#[monguard(index(unique))]`"
    );
}

#[test]
fn every_mistake_in_a_list_is_reported() {
    let source = "#[monguard(collection = \"orders\")] struct Order { #[monguard(index(uniqe, name = 3), nestd)] a: A }";
    assert_eq!(errors(Derive::Versioned, source).len(), 3);
    let source =
        "#[monguard(collection = \"orders\", index(fields(\"a\", 3)))] struct Order { a: A }";
    assert_eq!(errors(Derive::Versioned, source).len(), 2);
}

#[test]
fn a_list_names_stored_fields_once() {
    assert_eq!(
        listed_error("index(fields(a, -a))"),
        "`a` is listed twice\nhelp: remove one of the two"
    );
    assert_eq!(
        listed_error("index(fields(a, c))"),
        "`c` cannot be indexed: serde skips it\nhelp: remove it from the list\n\
         note: a skipped field is no part of the stored document"
    );
    assert_eq!(
        listed_error("index(fields())"),
        "`fields()` is empty\n\
         help: the correct form is `#[monguard(index(fields(status, -created_at)))]`"
    );
    let unlisted = "an `index` on the struct must list its fields";
    assert!(listed_error("index").starts_with(unlisted));
    assert!(listed_error("index(unique)").starts_with(unlisted));
}

#[test]
fn an_index_that_is_there_anyway_is_refused() {
    assert!(listed_error("index(fields(id))").starts_with("the id needs no index"));
    assert!(
        listed_error("index(fields(a)), index(fields(a), unique)")
            .starts_with("there is an index on `a` already")
    );
    assert!(
        listed_error("index(fields(a)), index(fields(a), partial = \"x\")")
            .starts_with("two indexes on `a` would have one name")
    );
    assert_accepted("#[monguard(index)] a: A, #[monguard(index(unique = \"live\"))] b: B");
    let several = "#[monguard(collection = \"orders\", index(fields(a)), index(fields(-a)), index(fields(a, id)), \
         index(fields(a, b), unique), index(fields(a, b), unique = \"live\"), index(fields(b), partial = \"x\"), \
         index(fields(b), partial = \"y\", name = \"y\"))] struct Order { a: A, b: B }";
    assert!(errors(Derive::Versioned, several).is_empty());
}

#[test]
fn what_is_flattened_is_indexed_by_what_is_inside() {
    let model = |fields: &str| {
        format!(
            "#[monguard(collection = \"orders\", index(fields({fields})))] struct Order {{ a: A, \
             #[serde(flatten)] #[monguard(nested)] b: B, \
             #[serde(flatten)] c: std::collections::BTreeMap<String, i64> }}"
        )
    };
    assert!(errors(Derive::Versioned, &model("b.x, -a")).is_empty());
    assert_eq!(
        errors(Derive::Versioned, &model("b")),
        ["`b` cannot be indexed: it is flattened\n\
          help: index one of its fields instead, as in `index(fields(b.some_field))`\n\
          note: a flattened struct has no place of its own in the document"]
    );
    for path in ["c", "c.x"] {
        assert_eq!(
            errors(Derive::Versioned, &model(path)),
            [
                "`c` cannot be indexed: it takes fields that the model does not know\n\
              help: remove it from the list, and declare the field that it is about\n\
              note: a map of unknown fields has no place of its own in the document"
            ]
        );
    }
}

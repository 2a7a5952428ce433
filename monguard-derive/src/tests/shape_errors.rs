use super::{errors, one};
use crate::pipeline::{Derive, derive};

#[test]
fn only_structs_with_named_fields_have_handles() {
    for source in [
        "enum Order { A, B }",
        "union Order { a: u8 }",
        "struct Order(i64);",
        "struct Order;",
        "enum Order<T> { A(T) }",
    ] {
        assert_eq!(
            one(Derive::Versioned, source),
            "`Versioned` can be derived only for structs with named fields"
        );
        assert_eq!(
            one(Derive::Nested, source),
            "`Nested` can be derived only for structs with named fields"
        );
    }
}

#[test]
fn generics_are_refused() {
    for source in [
        "struct Order<T> { item: T }",
        "struct Order<'a> where Self: Sized { item: &'a str }",
    ] {
        assert_eq!(
            one(Derive::Versioned, source),
            "generic documents are not supported"
        );
        assert_eq!(
            one(Derive::Nested, source),
            "generic nested structs are not supported"
        );
    }
}

#[test]
fn an_attribute_of_an_unsupported_shape_is_reported_too() {
    let found = errors(
        Derive::Versioned,
        "#[monguard(colection = \"x\")] enum Order {}",
    );
    assert_eq!(found.len(), 2, "{found:#?}");
}

#[test]
fn auditable_leaves_the_errors_to_versioned() {
    let source = "#[monguard(nothing)] enum Order {}".parse().unwrap();
    assert!(
        !derive(Derive::Auditable, source)
            .to_string()
            .contains("compile_error")
    );
    let source = "#[monguard(nothing)] enum Order {}".parse().unwrap();
    assert!(
        derive(Derive::Versioned, source)
            .to_string()
            .contains("compile_error")
    );
}

//! The macros from end to end, on token streams: what they report, and what they generate.

mod attribute_errors;
mod expanded;
mod flatten_errors;
mod index_errors;
mod keys;
mod place_errors;
mod rule_errors;
mod shape_errors;

use crate::diag::Diagnostics;
use crate::pipeline::{Derive, collect};

/// The errors of a derive on `source`.
fn errors(derive: Derive, source: &str) -> Vec<String> {
    let diagnostics = Diagnostics::new();
    let expansion = collect(derive, source.parse().expect(source), &diagnostics);
    // Whatever is wrong, what is generated is Rust.
    syn::parse2::<syn::File>(expansion).expect(source);
    diagnostics.finish_texts()
}

/// The one error of a model with these fields.
fn field_error(fields: &str) -> String {
    one(
        Derive::Versioned,
        &format!("#[monguard(collection = \"orders\")] struct Order {{ {fields} }}"),
    )
}

/// The one error of a nested struct with these fields.
fn nested_field_error(fields: &str) -> String {
    one(Derive::Nested, &format!("struct Fulfilment {{ {fields} }}"))
}

fn one(derive: Derive, source: &str) -> String {
    let errors = errors(derive, source);
    assert_eq!(errors.len(), 1, "{source}: {errors:#?}");
    errors.concat()
}

fn assert_accepted(fields: &str) {
    let source = format!("#[monguard(collection = \"orders\")] struct Order {{ {fields} }}");
    assert_eq!(errors(Derive::Versioned, &source), [""; 0], "{source}");
}

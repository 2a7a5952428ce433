use crate::diag::{Diagnostics, Message};
use crate::model::{Field, Model, RESERVED};

/// The generated names of two fields differ, and none is one that generated code needs.
pub(super) fn check_generated_names(model: &Model, diagnostics: &Diagnostics) {
    for field in &model.fields {
        if field.is_reserved() {
            diagnostics.report(
                Message::new(
                    field.ident.span(),
                    format!("field `{}` begins with `{RESERVED}`", field.name),
                )
                .help("rename the field; `#[serde(rename = \"...\")]` keeps its stored name")
                .note("generated code uses such names"),
            );
        }
    }
    for field in model.tracked_fields() {
        let Some(first) = first_of_variant(model, field) else {
            continue;
        };
        let (change, variant) = (model.header.change_ident(), field.variant());
        diagnostics.report(
            Message::new(
                field.ident.span(),
                format!(
                    "fields `{}` and `{}` would both be `{change}::{variant}`",
                    first.name, field.name
                ),
            )
            .help("rename one of the two; `#[serde(rename = \"...\")]` keeps its stored name"),
        );
    }
}

/// Whether an earlier field has the variant already, so that this one can have none.
pub(crate) fn is_second_of_variant(model: &Model, field: &Field) -> bool {
    first_of_variant(model, field).is_some()
}

fn first_of_variant<'a>(model: &'a Model, field: &Field) -> Option<&'a Field> {
    let variant = field.variant();
    model
        .tracked_fields()
        .take_while(|other| other.ident != field.ident)
        .find(|other| other.variant() == variant)
}

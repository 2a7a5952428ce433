use crate::attr::{Key, Value};
use crate::diag::{Diagnostics, Message};
use crate::model::{ProjectedField, Projection};

pub(crate) fn check_projection(projection: &Projection, diagnostics: &Diagnostics) {
    check_names_model(projection, diagnostics);
    for field in &projection.fields {
        check_path(field, diagnostics);
    }
}

/// A projection names the model whose fields it holds, because nothing else says which that is.
fn check_names_model(projection: &Projection, diagnostics: &Diagnostics) {
    let header = &projection.header;
    // A misspelt or misplaced `model` has been reported as what it is.
    let fields = &mut projection.fields.iter();
    let meant = header.attributes.means(Key::Model)
        || fields.any(|field| field.attributes.means(Key::Model));
    if !meant {
        let headline = format!("`{}` does not name its model", header.ident);
        diagnostics.report(
            Message::new(header.ident.span(), headline)
                .help("add `#[monguard(model = \"Order\")]`"),
        );
    }
}

/// A path leads from field to field, by their names in Rust.
fn check_path(field: &ProjectedField, diagnostics: &Diagnostics) {
    if let Some(Value::Text(path)) = field.attributes.get(Key::Path).map(|given| &given.value)
        && field.path.is_empty()
    {
        diagnostics.report(
            Message::new(
                path.span(),
                format!("`{}` is no path of fields", path.value()),
            )
            .help("the correct form is `#[monguard(path = \"fulfilment.tracking\")]`")
            .note("the names are those of the model's handles, in Rust, with a dot between two"),
        );
    }
}

use proc_macro2::Span;

use super::names::check_valid;
use crate::attr::{Key, Value};
use crate::diag::{Diagnostics, Message};
use crate::model::{Model, OWNED, StoredName};

/// The version is described in one place: by the field that is marked `version`, or, where no field
/// is, by the struct. On the struct there is nothing to say but which kind it is.
pub(super) fn check_version(model: &Model, diagnostics: &Diagnostics) {
    let given = |key| model.header.attributes.get(key);
    let field = model.version_field();
    match (given(Key::Version), field) {
        (Some(on_struct), Some(field)) => diagnostics.report(
            Message::new(on_struct.span, "a model says once what its version is")
                .help(format!(
                    "move it to the field `{}`: `#[monguard({})]`",
                    field.name,
                    on_struct.written()
                ))
                .note(format!("field `{}` is marked `version`", field.name)),
        ),
        (Some(on_struct), None) if matches!(on_struct.value, Value::Flag) => diagnostics.report(
            Message::new(on_struct.span, "`version` on the struct expects a kind")
                .help("the correct form is `#[monguard(version = \"uuid\")]`")
                .note("without it the version is a counter; a field that shows it is marked `#[monguard(version)]` itself"),
        ),
        (Some(_) | None, _) => {}
    }
    let Some(named) = given(Key::VersionName) else {
        return;
    };
    match (&named.value, field) {
        (_, Some(field)) => diagnostics.report(
            Message::new(
                named.span,
                format!(
                    "`version_name` beside the field `{}`, which is the version",
                    field.name
                ),
            )
            .help(format!(
                "remove it; the version is stored as serde names the field, now `{}`",
                field.stored.name
            )),
        ),
        (Value::Text(literal), None) => {
            check_name(model, &literal.value(), literal.span(), diagnostics);
        }
        (Value::Flag | Value::Path(_) | Value::Choice(_) | Value::Index(_), None) => {}
    }
}

/// The name of the version can be addressed, and nothing else is stored under it.
fn check_name(model: &Model, name: &str, span: Span, diagnostics: &Diagnostics) {
    let stored = StoredName {
        name: name.to_owned(),
        span,
    };
    if !check_valid(&stored, "choose another name", diagnostics) {
        return;
    }
    let is_owned =
        |(owned, key): &(&str, Option<Key>)| *owned == name && *key != Some(Key::Version);
    if OWNED.iter().any(is_owned) {
        let headline =
            format!("the version cannot be stored as `{name}`, a name that monguard owns");
        diagnostics.report(Message::new(span, headline).help("choose another name"));
        return;
    }
    let taken = model.fields.iter().find(|field| {
        field.is_stored()
            && (field.stored.name == name || field.aliases.iter().any(|alias| alias.name == name))
    });
    if let Some(field) = taken {
        let headline = format!("field `{}` is stored where the version is", field.name);
        diagnostics.report(
            Message::new(span, headline)
                .help("remove `version_name` and mark the field `#[monguard(version)]` if it is the version, or choose another name"),
        );
    }
}

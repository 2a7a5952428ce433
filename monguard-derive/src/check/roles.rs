use proc_macro2::Span;

use crate::attr::Key;
use crate::diag::{Diagnostics, Message};
use crate::model::{Field, Managed, Model, Role};

use super::conflicts::is_in_conflict;

/// A model has at most one field of each role, because one stored field is behind it, and that
/// field's name is fixed.
pub(super) fn check_roles(model: &Model, diagnostics: &Diagnostics) {
    for field in &model.fields {
        let Role::Managed(managed, key) = field.role else {
            continue;
        };
        match first_of(model, managed) {
            Some(first) if first.ident != field.ident => {
                let headline = format!("only one field can be `{}`", managed.key().name());
                diagnostics.report(
                    Message::new(key, headline).note(format!("the first is `{}`", first.name)),
                );
            }
            Some(_) | None if is_in_conflict(field) || field.serde.flatten.is_some() => {}
            Some(_) | None => check_stored_name(field, managed, diagnostics),
        }
    }
}

/// Whether an earlier field has the same role, so that this one's name means nothing.
pub(super) fn is_second_of_role(model: &Model, field: &Field) -> bool {
    match field.role {
        Role::Managed(managed, _) => {
            first_of(model, managed).is_some_and(|first| first.ident != field.ident)
        }
        Role::Data | Role::IdempotencyKey => false,
    }
}

fn first_of(model: &Model, managed: Managed) -> Option<&Field> {
    model.managed_field(managed)
}

/// A declared field is stored where monguard writes it; else it would read as missing.
fn check_stored_name(field: &Field, managed: Managed, diagnostics: &Diagnostics) {
    let Some(stored) = managed.stored_name() else {
        return;
    };
    if field.stored.name == stored || !field.is_stored() {
        return;
    }
    let headline = format!(
        "a field marked `{}` must be stored as `{stored}`",
        managed.key().name()
    );
    diagnostics.report(
        Message::new(field.stored.span, headline)
            .help(format!("add `#[serde(rename = \"{stored}\")]`"))
            .note(format!("it is stored as `{}`", field.stored.name)),
    );
}

/// A model has one idempotency key: a field, or (on the struct) one that the create carries.
pub(super) fn check_idempotency_keys(model: &Model, diagnostics: &Diagnostics) {
    let on_struct = model
        .header
        .attributes
        .get(Key::IdempotencyKey)
        .map(|_| "on the struct".to_owned());
    let mut first = on_struct;
    for field in &model.fields {
        let Some(span) = key_span(field) else {
            continue;
        };
        match &first {
            None => first = Some(format!("`{}`", field.name)),
            Some(first) => diagnostics.report(
                Message::new(span, "a model has only one `idempotency_key`")
                    .note(format!("the first is {first}")),
            ),
        }
    }
}

fn key_span(field: &Field) -> Option<Span> {
    field
        .attributes
        .get(Key::IdempotencyKey)
        .map(|given| given.span)
}

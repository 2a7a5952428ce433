use crate::attr::{Given, Key, Word};
use crate::diag::{Diagnostics, Message};
use crate::model::{Field, Flat, Model};

use super::conflicts::is_in_conflict;

/// What is flattened is a nested struct, whose fields monguard can list, or a map of everything
/// that the model does not know, which sees what is left when all fields have been taken.
pub(super) fn check_flatten(model: &Model, diagnostics: &Diagnostics) {
    for field in model.stored_fields() {
        if field.serde.flatten.is_none() {
            continue;
        }
        check_words(field, diagnostics);
        let flat = if field.is_nested() {
            Flat::Inline
        } else {
            Flat::Unknown
        };
        if !is_in_conflict(field) {
            check_attributes(field, flat, diagnostics);
        }
        if field.flat() == Some(Flat::Unknown) && !field.attributes.has_errors() {
            check_unknown(model, field, diagnostics);
        }
    }
    check_unknown_fields_are_taken(model, diagnostics);
}

/// A flattened field has no name, and is there or not as its own fields are.
fn check_words(field: &Field, diagnostics: &Diagnostics) {
    for Word { name, span } in &field.serde.words {
        let why = match name.as_str() {
            "rename" | "alias" => "a flattened field has no name in the document",
            "skip_serializing_if" => {
                "the fields inside would be stored or not by a rule that their own updates do not know"
            }
            "with" | "serialize_with" | "deserialize_with" => {
                "the fields inside are addressed as their own struct writes them"
            }
            _ => continue,
        };
        diagnostics.report(
            Message::new(
                *span,
                format!("serde's `{name}` cannot be combined with `flatten`"),
            )
            .help("remove one of the two")
            .note(why),
        );
    }
}

/// What holds for one stored field cannot be said of many, and of unknown fields nothing is said.
fn check_attributes(field: &Field, flat: Flat, diagnostics: &Diagnostics) {
    // No catch-all: a new key must decide what it means on a flattened field.
    let fits = |given: &&Given| match given.key {
        Key::Nested => true,
        Key::Audit | Key::Idempotency | Key::Plain => flat == Flat::Inline,
        Key::Collection
        | Key::Crate
        | Key::Index
        | Key::Model
        | Key::Path
        | Key::IdempotencyKey
        | Key::Id
        | Key::Version
        | Key::VersionName
        | Key::ShardKey
        | Key::CreatedAt
        | Key::UpdatedAt
        | Key::CreatedBy
        | Key::UpdatedBy
        | Key::DeletedAt
        | Key::DeletedBy => false,
    };
    let Some(given) = field.attributes.iter().find(|given| !fits(given)) else {
        return;
    };
    let (headline, note) = match flat {
        Flat::Inline => (
            format!("`{}` cannot be on a flattened field", given.written()),
            "a flattened struct is many fields of the document, and the attribute is about one",
        ),
        Flat::Unknown => (
            format!("`{}` cannot be on a map of unknown fields", given.written()),
            "fields that the model does not know are data like any other: declare those that are not",
        ),
    };
    diagnostics.report(
        Message::new(given.span, headline)
            .help("remove the attribute, or declare the field that it is about")
            .note(note),
    );
}

/// One map takes what is left, after everything else has taken its own: serde shows a map all that
/// no field before it has taken.
fn check_unknown(model: &Model, field: &Field, diagnostics: &Diagnostics) {
    let Some(span) = field.serde.flatten else {
        return;
    };
    if !model.is_document() {
        diagnostics.report(
            Message::new(span, format!("field `{}` is flattened and not marked `nested`", field.name))
                .help("add `#[monguard(nested)]` if its type is a struct that derives `Nested`")
                .note("a map of unknown fields can be flattened into a model alone, not into a struct inside it"),
        );
        return;
    }
    let first = model.unknown_fields().map_or("", |first| &first.name);
    let later = model
        .stored_fields()
        .skip_while(|other| other.ident != field.ident)
        .find(|other| other.flat() == Some(Flat::Inline));
    if first != field.name {
        diagnostics.report(
            Message::new(span, "a model has only one map of unknown fields")
                .help("add `#[monguard(nested)]` if its type is a struct that derives `Nested`")
                .note(format!("the first is `{first}`")),
        );
    } else if let Some(later) = later {
        diagnostics.report(
            Message::new(
                span,
                format!(
                    "the map `{}` stands before the flattened `{}`",
                    field.name, later.name
                ),
            )
            .help(format!(
                "move it behind `{}`, or mark it `#[monguard(nested)]` if it is a struct",
                later.name
            ))
            .note("serde would show it the fields of that struct too"),
        );
    }
}

/// `deny_unknown_fields` takes the fields that a flattened struct leaves for mistakes.
fn check_unknown_fields_are_taken(model: &Model, diagnostics: &Diagnostics) {
    let words = &model.header.serde.words;
    let denies = words.iter().find(|word| word.name == "deny_unknown_fields");
    if let (Some(Word { name, span }), true, false) =
        (denies, model.flattens(), model.is_document())
    {
        diagnostics.report(
            Message::new(
                *span,
                format!("serde's `{name}` cannot be combined with `flatten`"),
            )
            .help(format!("remove `{name}`"))
            .note("serde does not support the two together"),
        );
    }
}

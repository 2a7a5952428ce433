use proc_macro2::Span;

use crate::attr::{Renames, Word};
use crate::diag::{Diagnostics, Message};
use crate::model::{Field, Model};

/// What a document looks like must be what its fields say: monguard addresses each by the path that
/// serde writes, and stores fields of its own beside them.
pub(super) fn check_container(model: &Model, diagnostics: &Diagnostics) {
    for Word { name, span } in &model.header.serde.words {
        let message = Message::new(
            *span,
            format!("serde's `{name}` is not supported on a monguard struct"),
        );
        let message = match name.as_str() {
            // Inside a nested struct monguard stores nothing of its own.
            "deny_unknown_fields" if model.is_document() => {
                message.help(format!("remove `{name}`")).note(
                    "a stored document has fields of monguard's own, which the struct would refuse to read",
                )
            }
            "transparent" => message.help(format!("remove `{name}`")).note(
                "the struct would be stored as the value of its one field, and that field would have no path",
            ),
            "into" | "from" | "try_from" | "remote" => {
                message.help("derive serde for the struct as it is stored").note(
                    "fields are addressed by the paths that serde writes, and another type would decide them",
                )
            }
            "tag" => message
                .help("add a field that holds the tag")
                .note("the tag would be a stored field that the struct does not declare"),
            _ => continue,
        };
        diagnostics.report(message);
    }
    check_rename_all(&model.header.serde.rename_all, diagnostics);
}

/// A document that monguard writes must be readable under the same names.
fn check_rename_all(rename_all: &Renames, diagnostics: &Diagnostics) {
    let Renames {
        serialize,
        deserialize,
    } = rename_all;
    let (written, read) = (serialize.as_ref(), deserialize.first());
    if written.map(syn::LitStr::value) == read.map(syn::LitStr::value) {
        return;
    }
    if let Some(either) = read.or(written) {
        let rule = written.or(read).map(syn::LitStr::value).unwrap_or_default();
        diagnostics.report(
            Message::new(
                either.span(),
                "fields are written under other names than they are read under",
            )
            .help(format!("write `#[serde(rename_all = \"{rule}\")]`"))
            .note("a document that monguard writes must be readable under the same names"),
        );
    }
}

/// A field is written and read, or neither; and what is stored inside a nested one is what its own
/// fields say.
pub(super) fn check_field(field: &Field, diagnostics: &Diagnostics) {
    if !field.is_stored() {
        return check_skipped(field, diagnostics);
    }
    let lone = |span: Option<Span>, name, otherwise: &str| {
        // A field that monguard writes may be left out of what the user's struct writes.
        if let (Some(span), false) = (span, field.is_managed()) {
            diagnostics.report(
                Message::new(span, format!("field `{}` has `{name}` alone", field.name))
                    .help("write `#[serde(skip)]` to leave the field out of the document")
                    .note(otherwise),
            );
        }
    };
    lone(
        field.serde.skip_serializing,
        "skip_serializing",
        "the field would be read, and lost with the next write",
    );
    lone(
        field.serde.skip_deserializing,
        "skip_deserializing",
        "the field would be written, and never read back",
    );
    check_written_by_its_type(field, diagnostics);
}

fn check_written_by_its_type(field: &Field, diagnostics: &Diagnostics) {
    if !field.has_inner_handles() || field.serde.flatten.is_some() {
        return;
    }
    let words = &field.serde.words;
    let writes = |word: &&Word| matches!(word.name.as_str(), "with" | "serialize_with");
    if let Some(Word { name, span }) = words.iter().find(writes) {
        diagnostics.report(
            Message::new(*span, format!("`nested` cannot be combined with serde's `{name}`"))
                .help("keep one of the two")
                .note("the function decides what is stored, so that the fields inside have no known place"),
        );
    }
}

/// A field that is not stored has nothing that an attribute could be about.
fn check_skipped(field: &Field, diagnostics: &Diagnostics) {
    if let Some(given) = field.attributes.iter().next() {
        let headline = format!(
            "`{}` on field `{}`, which serde skips",
            given.written(),
            field.name
        );
        diagnostics.report(
            Message::new(given.span, headline)
                .help("remove one of the two")
                .note("a skipped field is no part of the stored document"),
        );
    }
}

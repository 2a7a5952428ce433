use quote::ToTokens;

use crate::attr::without_fields;
use crate::diag::{Diagnostics, Message};
use crate::model::{Flat, Index, IndexKey, Managed, Model};

/// The most fields that an index may have.
const MOST_FIELDS: usize = 32;

/// Each index is one that the server can make, and that is not there anyway.
pub(super) fn check_indexes(model: &Model, diagnostics: &Diagnostics) {
    for (place, index) in model.indexes.iter().enumerate() {
        if index.keys.is_empty() {
            diagnostics.report(without_fields(index.span));
            continue;
        }
        let before = &model.indexes[..place];
        check_name(index, before, diagnostics);
        check_options(index, diagnostics);
        if !check_keys(model, index, diagnostics) {
            continue;
        }
        if let Some(message) = is_there_anyway(model, index, before) {
            diagnostics.report(message);
        }
    }
}

/// A name is one that the server takes, and one index has it.
fn check_name(index: &Index, before: &[Index], diagnostics: &Diagnostics) {
    let Some(literal) = &index.name else {
        return;
    };
    let name = literal.value();
    let message = |headline: String| Message::new(literal.span(), headline);
    let taken = before
        .iter()
        .filter_map(|other| other.name.as_ref())
        .any(|other| other.value() == name);
    let message = if name.is_empty() {
        message("the name of the index is empty".to_owned())
            .help("write a name, or leave it out: MongoDB's default is made of the fields")
    } else if name == "_id_" || name == "*" || name.contains('\0') {
        message(format!(
            "MongoDB takes no index named `{}`",
            name.escape_debug()
        ))
        .help("choose another name, or leave it out")
    } else if name.starts_with("monguard_") {
        message(format!("the name `{name}` begins with `monguard_`"))
            .help("choose another name")
            .note("the indexes that monguard's promises rest on have such names")
    } else if taken {
        message(format!("two indexes are named `{name}`")).help("rename one of the two")
    } else {
        return;
    };
    diagnostics.report(message);
}

/// Two options must make sense together; what expires is one date.
fn check_options(index: &Index, diagnostics: &Diagnostics) {
    let clash = |span, one: &str, other: &str, why: &str| {
        let headline = format!("`{one}` cannot be combined with `{other}`");
        diagnostics.report(
            Message::new(span, headline)
                .help("keep one of the two")
                .note(why),
        );
    };
    if let (Some(_), Some((_, span))) = (index.sparse, &index.partial) {
        let why = "MongoDB refuses both on one index; `partial` can say what `sparse` says";
        clash(*span, "sparse", "partial", why);
    }
    let Some((_, span)) = index.expire_after else {
        return;
    };
    if index.is_unique_among_live() {
        let why = "such an index has `deletedAt` as a second field, and MongoDB expires documents by indexes on one field";
        clash(span, "expire_after", "unique = \"live\"", why);
    } else if index.keys.len() > 1 {
        diagnostics.report(
            Message::new(span, "`expire_after` needs an index on one field")
                .help("give the date an index of its own, as in `index(expire_after = \"30 days\")` above it")
                .note("MongoDB expires documents by indexes on one field"),
        );
    }
}

/// The fields of an index are stored, and each is listed once. Returns whether they are so.
fn check_keys(model: &Model, index: &Index, diagnostics: &Diagnostics) -> bool {
    let mut sound = true;
    let mut refuse = |message| {
        sound = false;
        diagnostics.report(message);
    };
    for (place, key) in index.keys.iter().enumerate() {
        let path = key.rust_path();
        let again = index.keys[..place]
            .iter()
            .any(|other| other.rust_path() == path);
        if again {
            refuse(
                Message::new(key.span, format!("`{path}` is listed twice"))
                    .help("remove one of the two"),
            );
        } else if let Some(message) = index.is_listed.then(|| no_handle(model, key)).flatten() {
            refuse(message);
        } else if index.is_unique_among_live() && key.is_managed(model, Managed::DeletedAt) {
            refuse(
                Message::new(
                    key.span,
                    "`unique = \"live\"` has `deletedAt` as its last field already",
                )
                .help(format!("remove `{path}`")),
            );
        }
    }
    let most = MOST_FIELDS - usize::from(index.is_unique_among_live());
    if let Some(key) = index.keys.get(most) {
        refuse(
            Message::new(key.span, format!("an index can have at most {most} fields"))
                .help("remove the others"),
        );
    }
    // Above a field that is not stored, the attribute itself has been reported.
    sound && index.keys.iter().all(|key| key.has_handle(model))
}

fn no_handle(model: &Model, key: &IndexKey) -> Option<Message> {
    let field = key.root(model)?;
    let message = |headline: String| Message::new(key.path[0].span(), headline);
    if !field.is_stored() {
        return Some(
            message(format!(
                "`{}` cannot be indexed: serde skips it",
                field.name
            ))
            .help("remove it from the list")
            .note("a skipped field is no part of the stored document"),
        );
    }
    match field.flat()? {
        Flat::Inline if key.path.len() > 1 => None,
        Flat::Inline => Some(
            message(format!(
                "`{}` cannot be indexed: it is flattened",
                field.name
            ))
            .help(format!(
                "index one of its fields instead, as in `index(fields({}.some_field))`",
                field.name
            ))
            .note("a flattened struct has no place of its own in the document"),
        ),
        Flat::Unknown => Some(
            message(format!(
                "`{}` cannot be indexed: it takes fields that the model does not know",
                field.name
            ))
            .help("remove it from the list, and declare the field that it is about")
            .note("a map of unknown fields has no place of its own in the document"),
        ),
    }
}

/// Two indexes on the same fields are one too many: those of MongoDB's and monguard's own count.
/// Only partial ones may cover different documents.
fn is_there_anyway(model: &Model, index: &Index, before: &[Index]) -> Option<Message> {
    // Above a field, it is reported as two attributes that exclude each other.
    if let ([key], true) = (&index.keys[..], index.is_listed) {
        if key.is_id(model) {
            return Some(
                Message::new(index.span, "the id needs no index")
                    .help("remove `index`")
                    .note("MongoDB keeps a unique index on `_id` in every collection"),
            );
        }
        let is_key = key
            .own_field(model)
            .is_some_and(|field| matches!(field.role, crate::model::Role::IdempotencyKey));
        if is_key && !index.is_unique_among_live() {
            return Some(
                Message::new(index.span, format!("`{}` needs no index", key.rust_path()))
                    .help("remove `index`")
                    .note("monguard keeps a unique index on the idempotency key"),
            );
        }
    }
    let same = |other: &&Index| {
        other.written() == index.written()
            && other.is_unique_among_live() == index.is_unique_among_live()
            && (!differ_in_filter(other, index) || (other.name.is_none() && index.name.is_none()))
    };
    before.iter().find(same).map(|other| {
        if differ_in_filter(other, index) {
            let headline = format!("two indexes on `{}` would have one name", index.written());
            return Message::new(index.span, headline).help(
                "give one of the two a name, as in `index(partial = \"...\", name = \"paying\")`",
            );
        }
        let headline = format!("there is an index on `{}` already", index.written());
        Message::new(index.span, headline)
            .help("remove one of the two, or join their options")
            .note("MongoDB keeps one index for the same fields in the same order and directions")
    })
}

fn differ_in_filter(one: &Index, other: &Index) -> bool {
    let filter = |index: &Index| {
        let path = index
            .partial
            .as_ref()
            .map(|(path, _)| path.to_token_stream());
        path.map(|path| path.to_string())
    };
    filter(one) != filter(other)
}

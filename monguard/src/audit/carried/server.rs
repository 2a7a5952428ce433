//! Entries that the server makes, in a command over many documents: as expressions.
//!
//! Every value that is not an expression is a `$literal`: a text that begins with `$` is a text.

use mongodb::bson::{Bson, DateTime, Document, bson, doc, oid::ObjectId};

use super::names;
use super::write::FORMAT;
use crate::audit::mask;
use crate::document::{AuditPolicy, FieldMeta, Meta, Shape, names as stored};

/// Who makes the entries of a command over many documents, and when.
#[derive(Clone, Debug)]
pub(crate) struct ManyHeader {
    pub(crate) operation: ObjectId,
    /// No entry has an earlier time.
    pub(crate) at: DateTime,
    pub(crate) by: Bson,
    pub(crate) trace_id: Option<String>,
    pub(crate) custom_data: Option<Document>,
}

/// A changed place of such an entry: all of them expressions.
#[derive(Clone, Debug)]
pub(crate) struct ManyChange {
    pub(crate) path: String,
    /// `None` where it is known to be.
    pub(crate) is_changed: Option<Bson>,
    pub(crate) old: Bson,
    pub(crate) new: Bson,
    pub(crate) policy: AuditPolicy,
}

/// A value, whatever it looks like.
pub(crate) fn literal(value: impl Into<Bson>) -> Bson {
    bson!({ "$literal": value.into() })
}

/// Texts to look for one in: one value for the server, which works an array of expressions out again
/// for each document.
fn literals<'a>(texts: impl IntoIterator<Item = &'a str>) -> Bson {
    literal(texts.into_iter().map(Bson::from).collect::<Vec<_>>())
}

/// The value of a field of the document, by its path.
pub(crate) fn field(path: &str) -> Bson {
    Bson::String(format!("${path}"))
}

/// The name of a value's type; `missing` where there is none.
pub(crate) fn kind(value: &Bson) -> Bson {
    bson!({ "$type": value.clone() })
}

/// Whether a value is of one of these types.
pub(crate) fn is_of(value: &Bson, kinds: &[&str]) -> Bson {
    bson!({ "$in": [kind(value), literals(kinds.iter().copied())] })
}

/// Whether a document can take one more entry by such a command: it carries less than `most`, and
/// what is owed can be put in by the server.
pub(crate) fn has_room(meta: &Meta, most: usize) -> Bson {
    let trail = field(stored::AUDIT);
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let is_last_of_all = bson!({ "$not": [{ "$anyElementTrue": [{ "$map": {
        "input": trail.clone(), "as": "e", "in": owes_otherwise(image(meta).is_some()),
    } }] }] });
    bson!({ "$switch": {
        "branches": [
            { "case": { "$eq": [kind(&trail), literal("missing")] }, "then": true },
            {
                "case": { "$eq": [kind(&trail), literal("array")] },
                "then": { "$and": [
                    { "$lt": [{ "$size": trail }, literal(most)] },
                    is_last_of_all,
                ] },
            },
        ],
        "default": false,
    } })
}

/// Whether an element owes what cannot be put in by the server: an image before.
fn owes_otherwise(has_image: bool) -> Bson {
    let owes = owes();
    if !has_image {
        return owes;
    }
    let action = format!("$$e.{}", names::ACTION);
    bson!({ "$and": [owes, { "$ne": [action, literal(names::CREATE)] }] })
}

/// Whether the element `e` owes an image, and does not hold it.
fn owes() -> Bson {
    let owed = Bson::String(format!("$$e.{}", names::OWED));
    let is_held = |side: &str| {
        let held = Bson::String(format!("$$e.{side}"));
        bson!({ "$eq": [kind(&held), literal("object")] })
    };
    bson!({ "$and": [
        { "$eq": [kind(&owed), literal("object")] },
        { "$not": [{ "$or": [is_held(names::AFTER), is_held(names::BEFORE)] }] },
    ] })
}

/// What the document is to carry: what it carries, with the image that its create entry owes, and
/// the entry of this command.
pub(crate) fn trail(
    meta: &Meta,
    version_field: &str,
    header: &ManyHeader,
    (version, at): (&Bson, &Bson),
    changes: &[ManyChange],
) -> Bson {
    let kept = field(stored::AUDIT);
    let settled = match image(meta) {
        None => kept.clone(),
        Some(image) => bson!({ "$map": { "input": kept.clone(), "as": "e", "in": { "$cond": [
            owes(),
            { "$mergeObjects": ["$$e", { names::AFTER: image }] },
            "$$e",
        ] } } }),
    };
    let kept = bson!({ "$cond": [{ "$isArray": [kept] }, settled, []] });
    let element = element(version_field, header, (version, at), changes);
    bson!({ "$concatArrays": [kept, [element]] })
}

fn element(
    version_field: &str,
    header: &ManyHeader,
    (version, at): (&Bson, &Bson),
    changes: &[ManyChange],
) -> Document {
    let mut element = doc! {
        names::FORMAT: literal(FORMAT),
        names::OPERATION: literal(header.operation),
        names::IS_OF_MANY: literal(true),
        names::VERSION: version.clone(),
        // Absent where the document has none.
        names::FROM: field(version_field),
        names::PREV: field(stored::OPERATION),
        names::ACTION: literal(names::UPDATE),
        names::BY: literal(header.by.clone()),
        names::AT: at.clone(),
    };
    if let Some(trace_id) = &header.trace_id {
        element.insert(names::TRACE_ID, literal(trace_id.clone()));
    }
    if let Some(data) = &header.custom_data {
        element.insert(names::CUSTOM_DATA, literal(data.clone()));
    }
    let shown = changes
        .iter()
        .filter(|change| change.policy != AuditPolicy::Skip);
    let changes: Vec<Bson> = shown.map(changed_place).collect();
    let changes = if changes.is_empty() {
        literal(Vec::<Bson>::new())
    } else {
        bson!({ "$concatArrays": changes })
    };
    element.insert(names::CHANGES, changes);
    element
}

fn changed_place(change: &ManyChange) -> Bson {
    let hidden = |value: &Bson| {
        bson!({ "$cond": [
            { "$eq": [kind(value), literal("missing")] },
            "$$REMOVE",
            literal(mask::marker()),
        ] })
    };
    let (old, new) = if change.policy == AuditPolicy::Redact {
        (hidden(&change.old), literal(mask::marker()))
    } else {
        (change.old.clone(), change.new.clone())
    };
    let place =
        bson!({ names::PATH: literal(change.path.clone()), names::OLD: old, names::NEW: new });
    match &change.is_changed {
        None => bson!([place]),
        Some(is_changed) => bson!({ "$cond": [is_changed.clone(), [place], []] }),
    }
}

/// The document as the log shows it, [`mask::image`] as an expression; `None` where the model is
/// too deep for one.
fn image(meta: &Meta) -> Option<Bson> {
    let is_shown = |name: &str| !stored::is_left_out_of_images(name);
    let left_out = stored::OWNED.into_iter().filter(|name| !is_shown(name));
    masked_fields(
        &Bson::String("$$ROOT".to_owned()),
        meta.fields(),
        left_out.collect(),
        0,
    )
}

/// The deepest level of a model whose values an expression masks.
const DEEPEST: usize = 12;

/// The fields of a document, masked, without those that are left out.
fn masked_fields(
    document: &Bson,
    fields: &'static [FieldMeta],
    mut left_out: Vec<&'static str>,
    level: usize,
) -> Option<Bson> {
    let name = format!("f{level}");
    let (key, value) = (format!("$${name}.k"), format!("$${name}.v"));
    let mut branches = Vec::new();
    for field in fields {
        let names = std::iter::once(field.stored_name()).chain(field.other_names().iter().copied());
        let names: Vec<&str> = names.collect();
        let masked = match field.audit_policy() {
            AuditPolicy::Skip => {
                left_out.extend(names);
                continue;
            }
            AuditPolicy::Redact => literal(mask::marker()),
            AuditPolicy::Log => match mask::hiding(field.shape()) {
                None => continue,
                Some(shape) => masked(&Bson::String(value.clone()), shape, level + 1)?,
            },
        };
        let names = literals(names);
        branches.push(bson!({ "case": { "$in": [key.clone(), names] }, "then": masked }));
    }
    let mut pairs = bson!({ "$objectToArray": document.clone() });
    if !left_out.is_empty() {
        let left_out = literals(left_out);
        pairs = bson!({ "$filter": {
            "input": pairs, "as": name.clone(), "cond": { "$not": [{ "$in": [key.clone(), left_out] }] },
        } });
    }
    if !branches.is_empty() {
        let shown = bson!({ "$switch": { "branches": branches, "default": value } });
        pairs = bson!({ "$map": { "input": pairs, "as": name, "in": { "k": key, "v": shown } } });
    }
    Some(bson!({ "$arrayToObject": [pairs] }))
}

/// A value, masked, as [`mask::masked`] does it.
fn masked(value: &Bson, shape: Shape, level: usize) -> Option<Bson> {
    if level > DEEPEST {
        return None;
    }
    let (fitting, inside) = match shape {
        Shape::Struct(fields) => ("object", masked_fields(value, fields, Vec::new(), level)?),
        Shape::List(item) => {
            let name = format!("e{level}");
            let element = masked_item(&Bson::String(format!("$${name}")), item(), level)?;
            let map = bson!({ "$map": { "input": value.clone(), "as": name, "in": element } });
            ("array", map)
        }
        Shape::Map(item) => {
            let name = format!("m{level}");
            let value_of = Bson::String(format!("$${name}.v"));
            let shown = masked_item(&value_of, item(), level)?;
            let pair = bson!({ "k": format!("$${name}.k"), "v": shown });
            let pairs = bson!({ "$objectToArray": value.clone() });
            let pairs = bson!({ "$map": { "input": pairs, "as": name, "in": pair } });
            ("object", bson!({ "$arrayToObject": [pairs] }))
        }
    };
    Some(bson!({ "$switch": {
        "branches": [
            { "case": { "$eq": [kind(value), literal(fitting)] }, "then": inside },
            { "case": { "$eq": [kind(value), literal("null")] }, "then": value.clone() },
        ],
        // Of another kind than the model says: nobody knows which part of it is secret.
        "default": literal(mask::marker()),
    } }))
}

fn masked_item(value: &Bson, shape: Shape, level: usize) -> Option<Bson> {
    match mask::hiding(Some(shape)) {
        None => Some(value.clone()),
        Some(shape) => masked(value, shape, level + 1),
    }
}

/// The moment of the write: this one, and never before the state that is replaced.
pub(crate) fn moment(at: DateTime) -> Bson {
    bson!({ "$max": [field(stored::UPDATED_AT), literal(at)] })
}

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use mongodb::bson::{Bson, Document, RawDocument, RawDocumentBuf};

use super::{Meta, Versioned, names};
use crate::error::{InvalidReason, InvalidUpdate};
use crate::value::document_of;

/// A map that serde can flatten: it takes the fields of a document that the model does not declare.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened as it is",
    label = "neither marked `nested` nor a map",
    note = "mark it `#[monguard(nested)]` if it is a struct that derives `Nested`; a map of unknown fields is a bson `Document`, or a `BTreeMap` or `HashMap` from `String`"
)]
pub trait UnknownFields {
    /// The type of a field.
    type Item;
    /// The names of the fields.
    fn keys(&self) -> Vec<&str>;
}

#[diagnostic::do_not_recommend]
impl UnknownFields for Document {
    type Item = Bson;
    fn keys(&self) -> Vec<&str> {
        Document::keys(self).map(String::as_str).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<V> UnknownFields for BTreeMap<String, V> {
    type Item = V;
    fn keys(&self) -> Vec<&str> {
        BTreeMap::keys(self).map(String::as_str).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<V, S: BuildHasher> UnknownFields for HashMap<String, V, S> {
    type Item = V;
    fn keys(&self) -> Vec<&str> {
        HashMap::keys(self).map(String::as_str).collect()
    }
}

/// The document of a model's value, as serde writes it. A name among its unknown fields that is
/// taken would be written twice, or where monguard writes.
pub(crate) fn written<T: Versioned>(value: &T) -> Result<Document, InvalidUpdate> {
    let taken = |name: &&&str| T::META.is_taken(name);
    if let Some(name) = value.unknown_keys().iter().find(taken) {
        return Err(InvalidUpdate::new(*name, InvalidReason::NameTaken));
    }
    document_of(value).map_err(|error| InvalidUpdate::encode("", error))
}

/// What a model's value is read from: where it takes unknown fields, the document without those
/// that monguard owns and the model does not declare. `None`: the document as it is.
pub(super) fn readable(meta: &Meta, document: &RawDocument) -> Option<RawDocumentBuf> {
    if !meta.has_unknown_fields() {
        return None;
    }
    let mut shown = RawDocumentBuf::new();
    for element in document {
        // What cannot be parsed is reported by reading the document.
        let (name, value) = element.ok()?;
        if meta.declares(name.as_str()) || !names::is_owned(name.as_str(), meta.version_name()) {
            shown.append(name, value);
        }
    }
    Some(shown)
}

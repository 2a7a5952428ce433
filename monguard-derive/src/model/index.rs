use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::{Field, Flat, Header, Managed, Model};
use crate::attr::{Attributes, IndexField, IndexWords, Key, Unique, Value};
use crate::syntax::{ends, unraw};

/// An index that a model declares, above a field or above the struct.
pub(crate) struct Index {
    /// The word `index`.
    pub(crate) span: Span,
    /// At least one, but for an index above a struct that lists none.
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) unique: Option<(Unique, Span)>,
    pub(crate) sparse: Option<Span>,
    /// In seconds.
    pub(crate) expire_after: Option<(u32, Span)>,
    pub(crate) partial: Option<(syn::Path, Span)>,
    pub(crate) name: Option<LitStr>,
    /// Whether it stands above the struct.
    pub(crate) is_listed: bool,
}

/// A field of an index, with its direction.
pub(crate) struct IndexKey {
    pub(crate) descending: bool,
    /// The names in Rust, from the model's field inwards; at least one.
    pub(crate) path: Vec<Ident>,
    /// Where rustc's words about the field's type stand: the type, or the last name of the path.
    pub(crate) span: Span,
}

/// The indexes of a model, those of the struct first.
pub(super) fn resolve_indexes(header: &Header, fields: &[Field]) -> Vec<Index> {
    let listed = given(&header.attributes).map(|words| {
        let keys = words.fields.iter().flatten().map(listed_key).collect();
        resolve_index(words, keys, true)
    });
    let own = fields.iter().flat_map(|field| {
        given(&field.attributes).map(|words| {
            let key = IndexKey {
                descending: words.descending.is_some(),
                path: vec![field.ident.clone()],
                span: ends(&field.ty).0,
            };
            resolve_index(words, vec![key], false)
        })
    });
    listed.chain(own).collect()
}

fn given(attributes: &Attributes) -> impl Iterator<Item = &IndexWords> {
    attributes.iter().filter_map(|given| match &given.value {
        Value::Index(words) if given.key == Key::Index => Some(&**words),
        _ => None,
    })
}

fn listed_key(field: &IndexField) -> IndexKey {
    let IndexField { descending, path } = field;
    let span = path.last().map_or_else(Span::call_site, Ident::span);
    IndexKey {
        descending: *descending,
        path: path.clone(),
        span,
    }
}

fn resolve_index(words: &IndexWords, keys: Vec<IndexKey>, is_listed: bool) -> Index {
    let IndexWords {
        span,
        fields: _,
        unique,
        descending: _,
        sparse,
        expire_after,
        partial,
        name,
    } = words.clone();
    Index {
        span,
        keys,
        unique,
        sparse,
        expire_after,
        partial,
        name,
        is_listed,
    }
}

impl IndexKey {
    /// As it is written in a list: `-created_at`.
    pub(crate) fn written(&self) -> String {
        let sign = if self.descending { "-" } else { "" };
        format!("{sign}{}", self.rust_path())
    }

    /// `fulfilment.tracking`
    pub(crate) fn rust_path(&self) -> String {
        let names: Vec<String> = self.path.iter().map(unraw).collect();
        names.join(".")
    }

    /// The model's field that the path begins with, if there is one.
    pub(crate) fn root<'a>(&self, model: &'a Model) -> Option<&'a Field> {
        let name = self.path.first().map(unraw)?;
        model.fields.iter().find(|field| field.name == name)
    }

    /// The field that is indexed, where it is one of the model's own and not inside of one.
    pub(crate) fn own_field<'a>(&self, model: &'a Model) -> Option<&'a Field> {
        (self.path.len() == 1).then(|| self.root(model)).flatten()
    }

    /// Whether the field is the document's id, declared or not.
    pub(crate) fn is_id(&self, model: &Model) -> bool {
        match model.id_field() {
            Some(id) => self
                .own_field(model)
                .is_some_and(|field| field.ident == id.ident),
            None => self.path.len() == 1 && self.rust_path() == "id" && !model.declares_id_handle(),
        }
    }

    /// Whether the field is one of the stamps or ids that monguard writes.
    pub(crate) fn is_managed(&self, model: &Model, wanted: Managed) -> bool {
        let field = model.managed_field(wanted).map(|field| &field.ident);
        field.is_some() && self.own_field(model).map(|field| &field.ident) == field
    }

    /// Whether there is a handle to index by. What is not declared at all is rustc's to report.
    pub(crate) fn has_handle(&self, model: &Model) -> bool {
        self.root(model).is_none_or(|field| {
            // What is inside of a flattened struct has a place, the struct itself has none.
            let is_inside = self.path.len() > 1 && field.flat() == Some(Flat::Inline);
            field.is_stored()
                && !field.is_reserved()
                && (field.serde.flatten.is_none() || is_inside)
        })
    }
}

impl Index {
    pub(crate) fn is_unique(&self) -> bool {
        self.unique.is_some()
    }

    /// Whether values must be the only ones among the documents that are not soft-deleted.
    pub(crate) fn is_unique_among_live(&self) -> bool {
        matches!(self.unique, Some((Unique::Live, _)))
    }

    /// The keys as they are written in a list, which two indexes cannot share.
    pub(crate) fn written(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(IndexKey::written).collect();
        keys.join(", ")
    }
}

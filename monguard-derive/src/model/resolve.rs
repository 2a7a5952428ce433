use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, DeriveInput, FieldsNamed, Visibility};

use super::field::resolve_field;
use super::index::resolve_indexes;
use super::{Field, Index, Kind};
use crate::attr::{
    Attributes, Key, Place, SerdeContainer, Value, parse_monguard, parse_serde_container,
};
use crate::diag::Diagnostics;

/// What is known of any item that a derive stands on, whatever its shape.
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// The path of the runtime's door for generated code.
    pub(crate) door: TokenStream,
    pub(crate) attributes: Attributes,
    pub(crate) serde: SerdeContainer,
}

/// A struct with named fields, understood.
pub(crate) struct Model {
    pub(crate) header: Header,
    pub(crate) fields: Vec<Field>,
    /// In the order in which they are written, those above the struct first.
    pub(crate) indexes: Vec<Index>,
}

pub(crate) fn resolve_header(input: &DeriveInput, kind: Kind, diagnostics: &Diagnostics) -> Header {
    let DeriveInput {
        attrs,
        vis,
        ident,
        generics: _,
        data: _,
    } = input;
    let attributes = parse_container(attrs, ident, kind, diagnostics);
    let given = attributes.get(Key::Crate).map(|given| &given.value);
    let krate = if let Some(Value::Path(path)) = given {
        path.to_token_stream()
    } else {
        quote!(::monguard)
    };
    Header {
        kind,
        vis: vis.clone(),
        ident: ident.clone(),
        door: quote!(#krate::__private),
        attributes,
        serde: parse_serde_container(attrs),
    }
}

fn parse_container(
    attrs: &[Attribute],
    ident: &Ident,
    kind: Kind,
    diagnostics: &Diagnostics,
) -> Attributes {
    let place = match kind {
        Kind::Model => Place::Model,
        Kind::Nested => Place::NestedStruct,
    };
    parse_monguard(attrs, place, ident, diagnostics)
}

pub(crate) fn resolve_model(
    header: Header,
    fields: &FieldsNamed,
    diagnostics: &Diagnostics,
) -> Model {
    let resolve = |field: &syn::Field| {
        let ident = field
            .ident
            .clone()
            .unwrap_or_else(|| Ident::new("_unnamed", Span::call_site()));
        resolve_field(
            field,
            &ident,
            &header.ident,
            header.kind,
            &header.serde,
            diagnostics,
        )
    };
    let fields: Vec<Field> = fields.named.iter().map(resolve).collect();
    let indexes = resolve_indexes(&header, &fields);
    Model {
        header,
        fields,
        indexes,
    }
}

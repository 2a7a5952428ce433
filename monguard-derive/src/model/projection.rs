use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{FieldsNamed, LitStr};

use super::{Header, Kind};
use crate::attr::{Attributes, Key, Place, Value, parse_monguard};
use crate::diag::Diagnostics;
use crate::syntax::name_self;

/// A struct that holds some fields of a model.
pub(crate) struct Projection {
    pub(crate) header: Header,
    pub(crate) fields: Vec<ProjectedField>,
}

/// One field of a projection.
pub(crate) struct ProjectedField {
    pub(crate) ident: Ident,
    /// The type, with the struct's name for `Self`.
    pub(crate) ty: TokenStream,
    /// The names of the handles that lead to the model's field; none where they are no names, which
    /// `check` reports.
    pub(crate) path: Vec<Ident>,
    pub(crate) attributes: Attributes,
}

pub(crate) fn resolve_projection(
    header: Header,
    fields: &FieldsNamed,
    diagnostics: &Diagnostics,
) -> Projection {
    let fields = fields.named.iter().filter_map(|field| {
        let ident = field.ident.clone()?;
        let place = Place::field_of(Kind::Projection);
        let attributes = parse_monguard(&field.attrs, place, &header.ident, diagnostics);
        let path = match attributes.get(Key::Path).map(|given| &given.value) {
            Some(Value::Text(path)) => names(path),
            // One that could not be read was meant to lead somewhere else.
            _ if attributes.means(Key::Path) => Vec::new(),
            Some(_) | None => vec![ident.clone()],
        };
        Some(ProjectedField {
            ty: name_self(field.ty.to_token_stream(), &header.ident),
            ident,
            path,
            attributes,
        })
    });
    let fields = fields.collect();
    Projection { header, fields }
}

/// `"fulfilment.tracking"`, as the names of handles; none where it is something else.
fn names(path: &LitStr) -> Vec<Ident> {
    let name = |name: &str| {
        let ident = syn::parse_str::<Ident>(name)
            .or_else(|_| syn::parse_str::<Ident>(&format!("r#{name}")));
        ident.ok().map(|mut ident| {
            // Not the literal's own place: rustc would suggest a name in the place of the path.
            ident.set_span(Span::call_site().located_at(path.span()));
            ident
        })
    };
    let names: Option<Vec<Ident>> = path.value().split('.').map(name).collect();
    names.unwrap_or_default()
}

impl Header {
    /// The model that a projection names.
    pub(crate) fn model(&self) -> Option<&syn::Path> {
        match self.attributes.get(Key::Model).map(|given| &given.value) {
            Some(Value::Path(model)) => Some(model),
            Some(_) | None => None,
        }
    }
}

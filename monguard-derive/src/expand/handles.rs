use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::encoders::encoder_ident;
use crate::model::Field;
use crate::syntax::{across, at};

/// How a field's handle is declared and made, in a model or in a nested struct.
pub(super) struct Place<'a> {
    pub(super) door: &'a TokenStream,
    /// The document: the model, or the parameter of a nested struct's handles.
    pub(super) root: TokenStream,
    /// The kind of path; `None` for that of the top level, which handles have by default.
    pub(super) path: Option<TokenStream>,
}

impl Place<'_> {
    /// `pub status: ::monguard::__private::Field<Order, OrderStatus>`
    pub(super) fn expand_declaration(&self, field: &Field) -> TokenStream {
        let Place { door, root, path } = self;
        let Field { vis, ident, ty, .. } = field;
        let path = match (path, field.is_written_whole()) {
            (None, false) => None,
            (Some(path), false) => Some(path.clone()),
            (None, true) => Some(quote!(#door::Undivided)),
            (Some(path), true) => Some(quote!(#door::Undivided<#path>)),
        };
        if field.has_inner_handles() {
            let handles = path.as_ref().map_or_else(
                || quote!(#door::Handles<#root, #ty>),
                |path| quote!(<#ty as #door::Nested>::Fields<#root, #ty, #path>),
            );
            // All tokens at the type: rustc shows one error where the type is not `Nested`.
            let handles = at(ty, handles);
            quote!(#vis #ident: #handles)
        } else if field.is_read_only() {
            quote!(#vis #ident: #door::ReadOnly<#root, #ty>)
        } else {
            let path = path.map(|path| quote!(, #path));
            quote!(#vis #ident: #door::Field<#root, #ty #path>)
        }
    }
}

/// `<Fulfilment as __mg::Nested>::name`, at the place of the type: the path of the trait too, which
/// is what rustc underlines in some positions.
pub(super) fn expand_nested_item(field: &Field, name: &str) -> TokenStream {
    let (ty, name) = (&field.ty, format_ident!("{name}"));
    let nested = across(ty, quote!(__mg::Nested));
    across(ty, quote!(<#ty as #nested>::#name))
}

/// `tracking: <Tracking as __mg::Nested>::fields(path, encoder)`, at the place of the type.
pub(super) fn expand_nested_init(field: &Field, path: &TokenStream) -> TokenStream {
    let (ident, encoder) = (&field.ident, expand_encoder(field));
    let make = expand_nested_item(field, "fields");
    let handles = across(&field.ty, quote!(#make(#path, #encoder)));
    across(&field.ty, quote!(#ident: #handles))
}

/// The path of a field: undivided where nothing inside can be addressed.
pub(super) fn expand_path(field: &Field, path: TokenStream) -> TokenStream {
    if field.is_written_whole() {
        quote!(__mg::Undivided(#path))
    } else {
        path
    }
}

/// The function that writes the field: serde's own, or the generated one.
pub(super) fn expand_encoder(field: &Field) -> TokenStream {
    let ty = &field.ty;
    match &field.encoder {
        Some(_) => {
            let encoder: Ident = encoder_ident(field);
            quote!(#encoder)
        }
        // Named, because nothing infers it where the type is not `Nested`.
        None if field.has_inner_handles() => quote!(__mg::encode::<#ty>),
        None => quote!(__mg::encode),
    }
}

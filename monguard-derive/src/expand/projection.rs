use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Generics;

use super::header::expand_block;
use crate::model::{Header, ProjectedField, Projection};
use crate::syntax::{across, ends};

/// Everything that `#[derive(Projection)]` generates:
///
/// ```text
/// impl __mg::Projection<Order> for OrderLine {
///     fn columns(__mg_columns: &mut __mg::Columns<Order>) {
///         let __mg_fields = <Order as __mg::Versioned>::fields();
///         __mg_columns.field(&__mg_fields.fulfilment.tracking).read_into::<Option<String>>();
///     }
///     fn read(__mg_values: &mut __mg::Values<'_>) -> __mg::Result<Self, __mg::Unreadable> {
///         __mg::Ok(Self { tracking: __mg_values.next()? })
///     }
/// }
/// ```
pub(crate) fn expand_projection(projection: &Projection) -> TokenStream {
    let Projection { header, fields } = projection;
    let Some(model) = header.model() else {
        return expand_projection_fallback(header, &Generics::default());
    };
    let ident = &header.ident;
    let model = model.to_token_stream();
    // At the model's name, where rustc says that it is none.
    let versioned = across(&model, quote!(__mg::Versioned));
    let handles = across(&model, quote!(<#model as #versioned>::fields));
    let handles = across(&model, quote!(#handles()));
    let columns = fields.iter().map(expand_column);
    let values = fields.iter().map(expand_value);
    let body = quote! {
        #[automatically_derived]
        impl __mg::Projection<#model> for #ident {
            fn columns(__mg_columns: &mut __mg::Columns<#model>) {
                let __mg_fields = #handles;
                #(#columns)*
            }
            fn read(__mg_values: &mut __mg::Values<'_>) -> __mg::Result<Self, __mg::Unreadable> {
                __mg::Ok(Self { #(#values),* })
            }
        }
    };
    expand_block(&header.door, &[], &body)
}

/// `__mg_columns.field(&__mg_fields.fulfilment.tracking).read_into::<Option<String>>();`
///
/// At the field's type, where rustc says that the model has another.
fn expand_column(field: &ProjectedField) -> TokenStream {
    let ProjectedField { ty, path, .. } = field;
    // No path: it has been reported.
    if path.is_empty() {
        return TokenStream::new();
    }
    let here = Span::call_site().located_at(ends(ty).0);
    let method = quote_spanned!(here=> read_into);
    quote!(__mg_columns.field(&__mg_fields #(.#path)*).#method::<#ty>();)
}

/// `tracking: __mg_values.next()?`
fn expand_value(field: &ProjectedField) -> TokenStream {
    let (ident, ty) = (&field.ident, &field.ty);
    let here = Span::call_site().located_at(ends(ty).0);
    let method = quote_spanned!(here=> next);
    quote!(#ident: __mg_values.#method::<#ty>()?)
}

/// A projection of any model, which is never read: what it lacks has been reported.
pub(crate) fn expand_projection_fallback(header: &Header, generics: &Generics) -> TokenStream {
    let ident = &header.ident;
    let mut with_model = generics.clone();
    with_model.params.push(syn::parse_quote!(__Mg));
    let (before, _, _) = with_model.split_for_impl();
    let (_, after, _) = generics.split_for_impl();
    let own = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let body = quote! {
        #[automatically_derived]
        impl #before __mg::Projection<__Mg> for #ident #after
        where #(#own,)* __Mg: __mg::Versioned
        {
            fn columns(_: &mut __mg::Columns<__Mg>) {}
            fn read(__mg_values: &mut __mg::Values<'_>) -> __mg::Result<Self, __mg::Unreadable> {
                __mg::Err(__mg_values.nothing())
            }
        }
    };
    expand_block(&header.door, &[], &body)
}

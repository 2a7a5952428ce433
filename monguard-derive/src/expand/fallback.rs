//! What is generated where the shape is not supported: enough that the uses of the item are not
//! errors too. The one that matters has been reported.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Generics;

use super::docs::{doc_change, doc_fields};
use super::header::{expand_block, expand_lints};
use crate::model::Header;

pub(crate) fn expand_versioned_fallback(header: &Header, generics: &Generics) -> TokenStream {
    let (vis, ident, fields) = (&header.vis, &header.ident, header.fields_ident());
    let (doc, lints, name) = (doc_fields(header), expand_lints(), ident.to_string());
    let (before, after, _) = generics.split_for_impl();
    let bounds = expand_bounds(header, generics);
    let block = expand_block(
        &header.door,
        &[],
        &quote! {
            #[automatically_derived]
            impl #before __mg::Versioned for #ident #after #bounds {
                type Fields = #fields;
                type Id = __mg::ObjectId;
                type Locator = __mg::ObjectId;
                type Version = __mg::Counter;
                const COLLECTION: &'static __mg::str = "";
                const META: __mg::Meta = __mg::Meta::new(#name, &[]);
                fn fields() -> #fields { #fields {} }
                fn locator(_: &Self, __mg_id: __mg::ObjectId) -> __mg::ObjectId { __mg_id }
            }
        },
    );
    quote! {
        #[doc = #doc]
        #lints
        #vis struct #fields {}
        #block
    }
}

pub(crate) fn expand_auditable_fallback(header: &Header, generics: &Generics) -> TokenStream {
    let ident = &header.ident;
    let (before, after, _) = generics.split_for_impl();
    let bounds = expand_bounds(header, generics);
    let (change, diff) = (expand_change_fallback(header), expand_diff_fallback(header));
    let block = expand_block(
        &header.door,
        &[],
        &quote! {
            #[automatically_derived]
            impl #before __mg::Auditable for #ident #after #bounds {}
            #[automatically_derived]
            impl #before __mg::Diff for #ident #after #bounds {
                #diff
                fn replay(_: &Self::Change, _: __mg::Fixed, _: &mut __mg::Replay) {}
            }
        },
    );
    quote!(#change #block)
}

pub(crate) fn expand_nested_fallback(header: &Header, generics: &Generics) -> TokenStream {
    let ident = &header.ident;
    let (before, after, _) = generics.split_for_impl();
    let (change, diff) = (expand_change_fallback(header), expand_diff_fallback(header));
    let bounds = expand_where(generics, &quote!(::core::clone::Clone + 'static));
    let block = expand_block(
        &header.door,
        &[],
        &quote! {
            #[automatically_derived]
            impl #before __mg::Nested for #ident #after #bounds {
                const DEPTH: __mg::usize = 1;
                const REDACTS: __mg::bool = false;
                type Fields<__R, __V, __P: __mg::Path> = __mg::Field<__R, __V, __P>;
                fn fields<__R, __V, __P: __mg::Path>(
                    __mg_path: __P,
                    __mg_encode: __mg::Encode<__V>
                ) -> __mg::Field<__R, __V, __P> {
                    __mg::Field::new(__mg_path, __mg_encode)
                }
                fn shape() -> __mg::Shape { __mg::Shape::Struct(&[]) }
                #diff
                fn replay<__P: __mg::Path>(
                    _: &Self::Change,
                    _: __P,
                    _: &__mg::WholeAt<'_, Self>,
                    _: &mut __mg::Replay
                ) {}
            }
        },
    );
    quote!(#change #block)
}

/// A comparison that finds nothing.
fn expand_diff_fallback(header: &Header) -> TokenStream {
    let change = header.change_ident();
    quote! {
        type Change = #change;
        fn diff(&self, _: &Self, _: &mut __mg::Differ<#change>) {}
    }
}

/// A change enum without changes, of which there could be a value: else rustc would find the code
/// that handles one unreachable.
fn expand_change_fallback(header: &Header) -> TokenStream {
    let (vis, change) = (&header.vis, header.change_ident());
    let (doc, lints) = (doc_change(header), expand_lints());
    quote! {
        #[doc = #doc]
        #lints
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[non_exhaustive]
        #vis enum #change {
            #[doc(hidden)]
            __Mg,
        }
    }
}

/// The supertraits of a model, of which a generic struct cannot know whether it has them.
fn expand_bounds(header: &Header, generics: &Generics) -> TokenStream {
    let door = &header.door;
    expand_where(
        generics,
        &quote!(#door::Serialize + #door::DeserializeOwned + ::core::marker::Send + ::core::marker::Sync + 'static),
    )
}

/// The user's bounds, and `bounds` of the type itself if it has parameters.
fn expand_where(generics: &Generics, bounds: &TokenStream) -> TokenStream {
    let own = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let of_self = (!generics.params.is_empty()).then(|| quote!(Self: #bounds));
    quote!(where #(#own,)* #of_self)
}

use proc_macro2::TokenStream;
use quote::quote;

use super::changes::{
    expand_change_enum, expand_change_impls, expand_change_name, expand_diff, expand_replay,
};
use super::docs::doc_fields;
use super::encoders::expand_encoders;
use super::flatten::{expand_depth, expand_flat_table};
use super::handles::{Place, expand_encoder, expand_nested_init, expand_nested_item, expand_path};
use super::header::{expand_block, expand_handles_impl, expand_impl, expand_lints_of_handles};
use super::meta::expand_field_table;
use super::readers::expand_readers;
use super::type_checks::expand_type_checks;
use crate::model::{Flat, Model};

/// Everything that `#[derive(Nested)]` generates:
///
/// ```text
/// pub struct FulfilmentFields<R, V = Fulfilment, P: Path = Fixed> { pub tracking: Field<R, String, P>, __mg_whole: Field<R, V, P> }
/// const _: () = {
///     impl __mg::Nested for Fulfilment { … }
///     impl<R, V, P: Path> __mg::Deref for FulfilmentFields<R, V, P> { … }
///     impl<R, V, P: Path> __mg::FieldOf<R> for FulfilmentFields<R, V, P> { … }
///     impl<R, V, P: Path> __mg::SettableField<R> for FulfilmentFields<R, V, P> {}
/// };
/// ```
pub(crate) fn expand_nested(model: &Model) -> TokenStream {
    let header = &model.header;
    let handles = expand_handles(model);
    let nested = expand_impl(&quote!(Nested), &header.ident, &expand_items(model));
    let whole = expand_whole(model);
    let (encoders, checks) = (expand_encoders(model), expand_type_checks(model));
    let (table, readers) = (expand_flat_table(model), expand_readers(model));
    let (changes, impls) = (expand_change_enum(model), expand_change_impls(model));
    let name = expand_change_name(model);
    let items = quote!(#name #table #nested #whole #impls #encoders #readers #checks);
    let block = expand_block(&header.door, &["NotNested", "Path"], &items);
    quote!(#handles #changes #block)
}

// The type parameters have names of their own kind, because a field's type may be called `R`.
fn expand_handles(model: &Model) -> TokenStream {
    let header = &model.header;
    let (vis, door, ident, fields) = (
        &header.vis,
        &header.door,
        &header.ident,
        header.fields_ident(),
    );
    let (doc, lints) = (doc_fields(header), expand_lints_of_handles());
    let place = Place {
        door,
        root: quote!(__R),
        path: Some(quote!(__P)),
    };
    let declarations = model
        .stored_fields()
        .map(|field| place.expand_declaration(field));
    quote! {
        #[doc = #doc]
        #lints
        #vis struct #fields<__R, __V = #ident, __P: #door::Path = #door::Fixed> {
            #(#declarations,)*
            __mg_whole: #door::Field<__R, __V, __P>
        }
    }
}

/// The items of `impl Nested for Fulfilment`.
fn expand_items(model: &Model) -> TokenStream {
    let fields = model.header.fields_ident();
    let depths = model.nested_fields().map(|field| {
        let depth = expand_depth(field);
        quote!(.max(#depth))
    });
    let redacts = expand_redacts(model);
    let (table, diff) = (expand_field_table(model), expand_diff(model));
    let replay = expand_replay(model);
    let inits = model.stored_fields().map(|field| {
        let (ident, stored, encoder) = (&field.ident, &field.stored.name, expand_encoder(field));
        let path = match field.flat() {
            None => expand_path(field, quote!(__mg_path.name(#stored))),
            Some(Flat::Inline) => quote!(__mg::Clone::clone(&__mg_path)),
            Some(Flat::Unknown) => return quote!(#ident: __mg::Unknown::new()),
        };
        if field.has_inner_handles() {
            expand_nested_init(field, &path)
        } else {
            quote!(#ident: __mg::Field::new(#path, #encoder))
        }
    });
    quote! {
        const DEPTH: __mg::usize = 1 + __mg::Depth(0) #(#depths)* .0;
        const REDACTS: __mg::bool = #redacts;
        const FIELDS: __mg::Option<&'static [__mg::FieldMeta]> = __mg::Some(#table);
        type Fields<__R, __V, __P: __mg::Path> = #fields<__R, __V, __P>;
        fn fields<__R, __V, __P: __mg::Path>(
            __mg_path: __P,
            __mg_encode: __mg::Encode<__V>
        ) -> #fields<__R, __V, __P> {
            #fields { #(#inits,)* __mg_whole: __mg::Field::new(__mg_path, __mg_encode) }
        }
        #diff
        #replay
    }
}

/// Whether a parent that logs the struct whole would show what it hides.
fn expand_redacts(model: &Model) -> TokenStream {
    if model.hides_own_fields() {
        return quote!(true);
    }
    // A list of the struct itself hides what the struct hides, and asking it would never end.
    let inner = model.nested_fields().filter(|field| !field.recursive);
    let inner: Vec<_> = inner
        .map(|field| expand_nested_item(field, "REDACTS"))
        .collect();
    if inner.is_empty() {
        quote!(false)
    } else {
        quote!(#(#inner)||*)
    }
}

/// The handles stand for the struct as a whole too: it can be compared and set.
fn expand_whole(model: &Model) -> TokenStream {
    let fields = model.header.fields_ident();
    let deref = expand_handles_impl(
        &quote!(Deref),
        &fields,
        &quote! {
            type Target = __mg::Field<__R, __V, __P>;
            fn deref(&self) -> &Self::Target { &self.__mg_whole }
        },
    );
    let field_of = expand_handles_impl(
        &quote!(FieldOf<__R>),
        &fields,
        &quote! {
            type Value = <__V as __mg::Whole>::Value;
            type Path = __P;
            fn whole(&self) -> &__mg::Field<__R, __V, __P> { &self.__mg_whole }
        },
    );
    let settable = expand_handles_impl(&quote!(Settable), &fields, &TokenStream::new());
    quote!(#deref #field_of #settable)
}

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::docs::doc_fields;
use super::encoders::expand_encoders;
use super::flatten::expand_flat_table;
use super::handles::{Place, expand_encoder, expand_nested_init, expand_path};
use super::header::{expand_block, expand_impl, expand_lints_of_handles};
use super::indexes::expand_indexes;
use super::locator::expand_locator;
use super::meta::expand_meta;
use super::readers::expand_readers;
use super::type_checks::expand_type_checks;
use crate::model::{Field, Flat, Model};
use crate::syntax::across;

/// Everything that `#[derive(Versioned)]` generates:
///
/// ```text
/// pub struct OrderFields { pub status: Field<Order, OrderStatus, Fixed>, …, pub id: ReadOnly<Order, ObjectId> }
/// const _: () = {
///     impl __mg::Versioned for Order { … }
///     const _: () = __mg::opaque(__mg::Probe::<OrderStatus>::REDACTS);
/// };
/// ```
pub(crate) fn expand_versioned(model: &Model) -> TokenStream {
    let header = &model.header;
    let handles = expand_handles(model);
    let imp = expand_impl(&quote!(Versioned), &header.ident, &expand_items(model));
    let (encoders, checks) = (expand_encoders(model), expand_type_checks(model));
    let (table, readers) = (expand_flat_table(model), expand_readers(model));
    let block = expand_block(
        &header.door,
        &["NotNested"],
        &quote!(#table #imp #encoders #readers #checks),
    );
    quote!(#handles #block)
}

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
        root: ident.to_token_stream(),
        path: None,
    };
    let declarations = model
        .stored_fields()
        .map(|field| place.expand_declaration(field));
    let id = (!model.declares_id_handle()).then(|| {
        let id = expand_id_type(model, door);
        quote!(#vis id: #door::ReadOnly<#ident, #id>,)
    });
    // The last field is sized whatever the others are: a type that is not `Nested` is one error.
    let end = model
        .ends_on_nested_handle()
        .then(|| quote!(__mg_end: [(); 0]));
    quote! {
        #[doc = #doc]
        #lints
        #vis struct #fields { #(#declarations,)* #id #end }
    }
}

/// The items of `impl Versioned for Order`.
fn expand_items(model: &Model) -> TokenStream {
    let (fields, collection) = (model.header.fields_ident(), model.header.collection());
    let (id, meta) = (expand_id_type(model, &quote!(__mg)), expand_meta(model));
    let inits = model.stored_fields().map(expand_init);
    let id_handle = (!model.declares_id_handle()).then(|| quote!(id: __mg::read_only("_id"),));
    let end = model.ends_on_nested_handle().then(|| quote!(__mg_end: []));
    let keys = model.unknown_fields().map(expand_unknown_keys);
    let version = format_ident!("{}", model.version_kind().type_name());
    let locator = expand_locator(model, &id);
    let indexes = expand_indexes(model);
    quote! {
        type Fields = #fields;
        type Id = #id;
        type Version = __mg::#version;
        const COLLECTION: &'static __mg::str = #collection;
        const META: __mg::Meta = #meta;
        fn fields() -> #fields {
            #fields { #(#inits,)* #id_handle #end }
        }
        #keys
        #locator
        #indexes
    }
}

/// `fn unknown_keys(&self) -> __mg::Vec<&__mg::str> { <Document as __mg::UnknownFields>::keys(&self.extra) }`
fn expand_unknown_keys(field: &Field) -> TokenStream {
    let (ident, ty) = (&field.ident, &field.ty);
    let unknown = across(ty, quote!(__mg::UnknownFields));
    let keys = across(ty, quote!(<#ty as #unknown>::keys));
    let call = across(ty, quote!(#keys(&self.#ident)));
    quote! {
        fn unknown_keys(&self) -> __mg::Vec<&__mg::str> { #call }
    }
}

/// The type of the field marked `id`, else the runtime's.
fn expand_id_type(model: &Model, door: &TokenStream) -> TokenStream {
    model
        .id_field()
        .map_or_else(|| quote!(#door::ObjectId), |field| field.ty.clone())
}

/// `status: __mg::leaf("status")`, and so on for the other kinds of handle.
fn expand_init(field: &Field) -> TokenStream {
    let (ident, stored) = (&field.ident, &field.stored.name);
    let encoder = expand_encoder(field);
    match field.flat() {
        None => {}
        Some(Flat::Inline) => return expand_nested_init(field, &quote!(__mg::Fixed::DOCUMENT)),
        Some(Flat::Unknown) => return quote!(#ident: __mg::Unknown::new()),
    }
    if field.has_inner_handles() {
        let path = expand_path(field, quote!(__mg::Fixed::root(#stored)));
        return expand_nested_init(field, &path);
    }
    match (field.is_read_only(), field.encoder.is_some()) {
        (false, false) => quote!(#ident: __mg::leaf(#stored)),
        (false, true) if field.is_written_whole() => {
            quote!(#ident: __mg::undivided(#stored, #encoder))
        }
        (false, true) => quote!(#ident: __mg::leaf_with(#stored, #encoder)),
        (true, false) => quote!(#ident: __mg::read_only(#stored)),
        (true, true) => quote!(#ident: __mg::read_only_with(#stored, #encoder)),
    }
}

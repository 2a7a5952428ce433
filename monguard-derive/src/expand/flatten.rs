use proc_macro2::TokenStream;
use quote::quote;

use super::handles::expand_nested_item;
use super::meta::expand_field_metas;
use crate::attr::Key;
use crate::model::{Field, Flat, Model};
use crate::syntax::{across, at};

/// The table of fields of a struct that flattens others, the fields of which are in the place of
/// the structs:
///
/// ```text
/// const __MG_FIELDS: &[__mg::FieldMeta] = &[…, __mg::FieldMeta::new("place", "place").flattened(…)];
/// const __MG_FLAT: [__mg::FieldMeta; __mg::count_flattened(__MG_FIELDS)] = __mg::flatten(__MG_FIELDS);
/// const _: () = __mg::assert_free(__MG_FIELDS, 1, __mg::Around::Nested);
/// ```
pub(super) fn expand_flat_table(model: &Model) -> TokenStream {
    if !model.flattens() {
        return TokenStream::new();
    }
    let metas = expand_field_metas(model);
    let inline = model
        .listed_fields()
        .enumerate()
        .filter(|(_, field)| field.flat() == Some(Flat::Inline));
    let checks = inline.map(|(place, field)| {
        let around = expand_around(model, field);
        let assert = at(&field.ty, quote!(__mg::assert_free));
        let check = across(
            &field.ty,
            quote!(#assert(__MG_FIELDS, #place, __mg::Around::#around)),
        );
        quote!(const _: () = #check;)
    });
    quote! {
        const __MG_FIELDS: &[__mg::FieldMeta] = &[#metas];
        const __MG_FLAT: [__mg::FieldMeta; __mg::count_flattened(__MG_FIELDS)] = __mg::flatten(__MG_FIELDS);
        #(#checks)*
    }
}

fn expand_around(model: &Model, field: &Field) -> TokenStream {
    if !model.is_document() {
        return quote!(Nested);
    }
    let version = model
        .version_field()
        .map_or("__v", |field| &field.stored.name);
    let plain = field.attributes.has(Key::Plain);
    let unknown = model.unknown_fields().is_some();
    quote!(Document { version: #version, plain: #plain, unknown: #unknown })
}

/// `.flattened(__mg::assert_flat(<Place as __mg::Nested>::FIELDS))`, at the place of the type.
pub(super) fn expand_inside(field: &Field) -> TokenStream {
    let (ty, fields) = (&field.ty, expand_nested_item(field, "FIELDS"));
    let assert = at(ty, quote!(__mg::assert_flat));
    let fields = across(ty, quote!(#assert(#fields)));
    quote!(.flattened(#fields))
}

/// The levels of names that a field adds to a path. Fields of a flattened struct are on the level
/// around it.
pub(super) fn expand_depth(field: &Field) -> TokenStream {
    let depth = expand_nested_item(field, "DEPTH");
    if field.flat().is_some() {
        quote!(#depth - 1)
    } else {
        depth
    }
}

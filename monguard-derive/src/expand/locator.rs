use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::handles::expand_encoder;
use crate::model::{Field, Model};

/// What finds a document: its id, or a tuple that begins with it.
///
/// ```text
/// type Locator = ObjectId;
/// fn locator(_: &Self, __mg_id: ObjectId) -> ObjectId { __mg_id }
/// ```
///
/// and where there is a shard key
///
/// ```text
/// type Locator = (ObjectId, String);
/// fn locator(__mg_model: &Self, __mg_id: ObjectId) -> Self::Locator { (__mg_id, __mg::copy(&__mg_model.region)) }
/// fn place(__mg_locator: &Self::Locator) -> __mg::Placed {
///     __mg::place(__mg::encode(&__mg_locator.0), [("region", __mg::encode(&__mg_locator.1))])
/// }
/// ```
pub(super) fn expand_locator(model: &Model, id: &TokenStream) -> TokenStream {
    let fields: Vec<&Field> = model.locating_fields().collect();
    if fields.is_empty() {
        return quote! {
            type Locator = #id;
            fn locator(_: &Self, __mg_id: #id) -> #id { __mg_id }
        };
    }
    let types = fields.iter().map(|field| &field.ty);
    let values = fields.iter().map(|field| {
        let ident = &field.ident;
        quote!(__mg::copy(&__mg_model.#ident))
    });
    let keys = fields.iter().zip(1_usize..).map(|(field, index)| {
        let (stored, encoder) = (&field.stored.name, expand_encoder(field));
        let index = Literal::usize_unsuffixed(index);
        quote!((#stored, #encoder(&__mg_locator.#index)))
    });
    quote! {
        type Locator = (#id, #(#types),*);
        fn locator(__mg_model: &Self, __mg_id: #id) -> Self::Locator {
            (__mg_id, #(#values),*)
        }
        fn place(__mg_locator: &Self::Locator) -> __mg::Placed {
            __mg::place(__mg::encode(&__mg_locator.0), [#(#keys),*])
        }
    }
}

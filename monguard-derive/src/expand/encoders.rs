use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ExprPath;

use crate::model::{Encoder, Field, Model};

pub(super) fn encoder_ident(field: &Field) -> Ident {
    format_ident!("__mg_encode_{}", field.name)
}

/// The encoders of the fields that serde is told to write in a special way:
///
/// ```text
/// fn __mg_encode_note(__mg_value: &Option<String>) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
///     if Option::is_none(__mg_value) { return __mg::Ok(__mg::None); }
///     __mg::encode(__mg_value)
/// }
/// ```
pub(super) fn expand_encoders(model: &Model) -> TokenStream {
    expand_encoders_of(model.stored_fields())
}

/// The same of some fields.
pub(super) fn expand_encoders_of<'a>(fields: impl Iterator<Item = &'a Field>) -> TokenStream {
    fields
        .filter_map(|field| Some(expand_encoder_function(field, field.encoder.as_ref()?)))
        .collect()
}

fn expand_encoder_function(field: &Field, encoder: &Encoder) -> TokenStream {
    let Encoder { skip_if, serialize } = encoder;
    let (name, ty) = (encoder_ident(field), &field.ty);
    let skip = skip_if
        .as_ref()
        .map(|skip_if| quote!(if #skip_if(__mg_value) { return __mg::Ok(__mg::None); }));
    let (wrapper, written) = expand_serialized(ty, serialize.as_ref(), &quote!(__mg_value));
    quote! {
        fn #name(__mg_value: &#ty) -> __mg::Result<__mg::Option<__mg::Bson>, __mg::EncodeError> {
            #skip
            #wrapper
            __mg::encode(#written)
        }
    }
}

/// What a value, of which `value` is a reference, is written as, and the items that this takes.
///
/// The user's function takes a serializer of its own choice of type, so that a wrapper with a
/// `Serialize` is the only way to hand it one.
pub(super) fn expand_serialized(
    ty: &TokenStream,
    serialize: Option<&ExprPath>,
    value: &TokenStream,
) -> (Option<TokenStream>, TokenStream) {
    let Some(function) = serialize else {
        return (None, value.clone());
    };
    let wrapper = quote! {
        struct __MgWith<'__mg>(&'__mg #ty);
        impl __mg::Serialize for __MgWith<'_> {
            fn serialize<__S: __mg::Serializer>(&self, __mg_to: __S) -> __mg::Result<__S::Ok, __S::Error> {
                #function(self.0, __mg_to)
            }
        }
    };
    (Some(wrapper), quote!(&__MgWith(#value)))
}

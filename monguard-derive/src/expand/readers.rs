use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::encoders::expand_serialized;
use crate::attr::SerdeDefault;
use crate::model::{Field, MissingValue, Model, Reader};

/// `.read_with(__mg_read_sent).or_default(__mg_missing_sent)`
pub(super) fn expand_reading(field: &Field) -> TokenStream {
    let Some(Reader {
        deserialize,
        missing,
    }) = own_reader(field)
    else {
        return TokenStream::new();
    };
    let (read, default) = (reader_ident(field), missing_ident(field));
    let read = deserialize.as_ref().map(|_| quote!(.read_with(#read)));
    let default = missing.as_ref().map(|_| quote!(.or_default(#default)));
    quote!(#read #default)
}

/// How the field is read, where it has a place of its own to be read from.
fn own_reader(field: &Field) -> Option<&Reader> {
    field.reader.as_ref().filter(|_| field.flat().is_none())
}

fn reader_ident(field: &Field) -> Ident {
    format_ident!("__mg_read_{}", field.name)
}

fn missing_ident(field: &Field) -> Ident {
    format_ident!("__mg_missing_{}", field.name)
}

/// How the fields are read that serde is told to read in a special way, and what stands for those
/// that are missing:
///
/// ```text
/// fn __mg_read_sent(__mg_cell: &__mg::RawDocument) -> __mg::Read {
///     struct __MgRead(Time);
///     impl<'__mg> __mg::Deserialize<'__mg> for __MgRead { … }
///     __mg::read_through(__mg_cell, |__mg_read: __MgRead| __mg_read.0)
/// }
/// fn __mg_missing_tags() -> __mg::Result<__mg::Bson, __mg::EncodeError> {
///     __mg::encode_missing::<Vec<String>>(&__mg::Default::default())
/// }
/// ```
pub(super) fn expand_readers(model: &Model) -> TokenStream {
    let readers = model.stored_fields().map(|field| {
        let Some(Reader {
            deserialize,
            missing,
        }) = own_reader(field)
        else {
            return TokenStream::new();
        };
        let read = deserialize
            .as_ref()
            .map(|function| expand_read(field, function));
        let missing = missing
            .as_ref()
            .map(|missing| expand_missing(model, field, missing));
        quote!(#read #missing)
    });
    readers.collect()
}

fn expand_read(field: &Field, function: &syn::ExprPath) -> TokenStream {
    let (name, ty) = (reader_ident(field), &field.ty);
    // The user's function takes a deserializer of its own choice of type, so that a wrapper with a
    // `Deserialize` is the only way to hand it one.
    quote! {
        fn #name(__mg_cell: &__mg::RawDocument) -> __mg::Read {
            struct __MgRead(#ty);
            impl<'__mg> __mg::Deserialize<'__mg> for __MgRead {
                fn deserialize<__D: __mg::Deserializer<'__mg>>(__mg_from: __D) -> __mg::Result<Self, __D::Error> {
                    __mg::Ok(__MgRead(#function(__mg_from)?))
                }
            }
            __mg::read_through(__mg_cell, |__mg_read: __MgRead| __mg_read.0)
        }
    }
}

fn expand_missing(model: &Model, field: &Field, missing: &MissingValue) -> TokenStream {
    let (name, ty, ident) = (missing_ident(field), &field.ty, &field.ident);
    let owner = &model.header.ident;
    let value = match missing {
        MissingValue::OfField(SerdeDefault::OfType) => quote!(<#ty as __mg::Default>::default()),
        MissingValue::OfField(SerdeDefault::From(function)) => quote!(#function()),
        MissingValue::OfStruct(SerdeDefault::OfType) => {
            quote!(<#owner as __mg::Default>::default().#ident)
        }
        MissingValue::OfStruct(SerdeDefault::From(function)) => quote!(#function().#ident),
    };
    let serialize = field
        .encoder
        .as_ref()
        .and_then(|encoder| encoder.serialize.as_ref());
    let (wrapper, written) = expand_serialized(ty, serialize, &quote!(__mg_value));
    quote! {
        fn #name() -> __mg::Result<__mg::Bson, __mg::EncodeError> {
            #wrapper
            let __mg_value: &#ty = &#value;
            __mg::encode_missing(#written)
        }
    }
}

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Index, IndexKey, Model};

/// The item of `impl Versioned for Order` that says which indexes it declares; none where there
/// are none.
///
/// ```text
/// fn indexes() -> __mg::Vec<__mg::Index<Order>> {
///     use __mg::{IndexElements as _, IndexMap as _, IndexStruct as _, IndexValue as _};
///     let __mg_fields = <Order as __mg::Versioned>::fields();
///     __mg::indexes([
///         __mg::Index::on([__mg::Indexing::of(&__mg_fields.email).key()]).unique(),
///         __mg::Index::on([__mg::Indexing::of(&__mg_fields.sent).date()]).expire_after(86400u32),
///     ])
/// }
/// ```
pub(super) fn expand_indexes(model: &Model) -> Option<TokenStream> {
    let ident = &model.header.ident;
    let indexes: Vec<TokenStream> = model
        .sound_indexes()
        .map(|index| expand_index(model, index))
        .collect();
    (!indexes.is_empty()).then(|| {
        quote! {
            fn indexes() -> __mg::Vec<__mg::Index<#ident>> {
                #[allow(unused_imports)]
                use __mg::{IndexElements as _, IndexMap as _, IndexStruct as _, IndexValue as _};
                let __mg_fields = <#ident as __mg::Versioned>::fields();
                __mg::indexes([#(#indexes),*])
            }
        }
    })
}

fn expand_index(model: &Model, index: &Index) -> TokenStream {
    let keys = index.keys.iter().map(|key| expand_key(model, index, key));
    let unique = index.is_unique().then(|| {
        if index.is_unique_among_live() {
            quote!(.unique_among_live())
        } else {
            quote!(.unique())
        }
    });
    let sparse = index.sparse.map(|_| quote!(.sparse()));
    let expire = index
        .expire_after
        .map(|(seconds, _)| quote!(.expire_after(#seconds)));
    let partial = index
        .partial
        .as_ref()
        .map(|(path, _)| quote!(.partial(#path)));
    let name = index.name.as_ref().map(|name| {
        let name = name.value();
        quote!(.name(#name))
    });
    quote!(__mg::Index::on([#(#keys),*]) #unique #sparse #expire #partial #name)
}

/// `__mg::Indexing::of(&(&__mg_fields.fulfilment).inside().tracking).key()`
fn expand_key(model: &Model, index: &Index, key: &IndexKey) -> TokenStream {
    // What serde writes of a field with a function of its own, its type does not say.
    let is_typed = key
        .own_field(model)
        .is_none_or(|field| field.encoder.is_none());
    let expires = index.expire_after.is_some() && index.keys.len() == 1;
    let how = if expires && is_typed { "date" } else { "key" };
    let span = Span::call_site().located_at(key.span);
    let how = Ident::new(how, span);
    let of = quote_spanned!(span=> __mg::Indexing::of);
    let descending = key.descending.then(|| quote!(.descending()));
    let path = expand_path(&key.path);
    quote!(#of(&#path).#how() #descending)
}

/// `__mg_fields.status`, or `(&__mg_fields.fulfilment).inside().tracking`: what is inside of a list
/// is reached as what is inside of a struct.
fn expand_path(path: &[Ident]) -> TokenStream {
    let mut names = path.iter();
    let first = names.next();
    names.fold(
        quote!(__mg_fields.#first),
        |outer, name| quote!((&#outer).inside().#name),
    )
}

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The lints that generated items would otherwise raise in the user's crate: handles that nothing
/// uses, fields and variants without docs, and a private type in a handle of a public struct.
pub(super) fn expand_lints() -> TokenStream {
    quote!(#[allow(dead_code, missing_docs, private_interfaces)])
}

/// `const _: () = { use ::monguard::__private as __mg; … };`
///
/// Keeps what is generated out of the user's module; `door` is absolute, so nothing that the user
/// has named can stand in its way.
pub(super) fn expand_block(door: &TokenStream, body: &TokenStream) -> TokenStream {
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #door::{self as __mg, NotNested as _, Path as _};
            #body
        };
    }
}

/// `impl __mg::Trait for Order { … }`
pub(super) fn expand_impl(name: &TokenStream, ident: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl __mg::#name for #ident { #body }
    }
}

/// `impl<R, V, P: Path> __mg::Trait for FulfilmentFields<R, V, P> { … }`
pub(super) fn expand_handles_impl(name: &TokenStream, fields: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<__MgR, __MgV, __MgP: __mg::Path> __mg::#name for #fields<__MgR, __MgV, __MgP> { #body }
    }
}

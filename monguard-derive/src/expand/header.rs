use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The lints that generated items would otherwise raise in the user's crate: handles that nothing
/// uses, fields and variants without docs, a private type in a handle of a public struct, and paths
/// at the place of a field's type where the user has imported what they lead to.
pub(super) fn expand_lints() -> TokenStream {
    quote!(#[allow(dead_code, missing_docs, private_interfaces, unused_qualifications)])
}

/// The same for handles, which are called what the user's fields are called: of a name in another
/// case the user's own struct has told, or been told not to.
pub(super) fn expand_lints_of_handles() -> TokenStream {
    let lints = expand_lints();
    quote!(#lints #[allow(non_snake_case, missing_debug_implementations)])
}

/// `const _: () = { use ::monguard::__private::{self as __mg, Path as _}; … };`
///
/// Keeps what is generated out of the user's module; `door` is absolute, so nothing that the user
/// has named can stand in its way. `traits` are those whose methods or constants `body` uses.
pub(super) fn expand_block(door: &TokenStream, traits: &[&str], body: &TokenStream) -> TokenStream {
    let traits = traits.iter().map(|name| format_ident!("{name}"));
    quote! {
        #[allow(unused_qualifications)]
        const _: () = {
            use #door::{self as __mg #(, #traits as _)*};
            #body
        };
    }
}

/// `impl __mg::Trait for Order { … }`
///
/// Without `#[diagnostic::do_not_recommend]`: the path does not resolve where the user's crate has
/// no prelude.
pub(super) fn expand_impl(name: &TokenStream, ident: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl __mg::#name for #ident { #body }
    }
}

/// `impl<R, V: Whole, P: Path> __mg::Trait for FulfilmentFields<R, V, P> { … }`
pub(super) fn expand_handles_impl(
    name: &TokenStream,
    fields: &Ident,
    body: &TokenStream,
) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<__R, __V: __mg::Whole<Value = __V>, __P: __mg::Path> __mg::#name for #fields<__R, __V, __P> { #body }
    }
}

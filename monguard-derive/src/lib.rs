//! Derives of monguard.
use proc_macro::TokenStream;
/// Stand-in.
#[proc_macro_derive(Versioned, attributes(monguard))]
pub fn versioned(_: TokenStream) -> TokenStream { TokenStream::new() }
/// Stand-in.
#[proc_macro_derive(Auditable, attributes(monguard))]
pub fn auditable(_: TokenStream) -> TokenStream { TokenStream::new() }
/// Stand-in.
#[proc_macro_derive(Nested, attributes(monguard))]
pub fn nested(_: TokenStream) -> TokenStream { TokenStream::new() }

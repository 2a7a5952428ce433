use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::LitStr;

/// The string literal that `tokens` are, if they are one.
pub(crate) fn string_literal(tokens: &TokenStream) -> Option<LitStr> {
    syn::parse2(strip_invisible_groups(tokens.clone())).ok()
}

/// A fragment of a user's `macro_rules!` (`$name:literal`) arrives in a group without delimiters.
pub(crate) fn strip_invisible_groups(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                strip_invisible_groups(group.stream())
            }
            other => other.into(),
        })
        .collect()
}

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

/// `Vec<Self>` as `Vec<Order>`: a field's type moves into items of which it is not the `Self`.
pub(crate) fn name_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let mut name = name.clone();
                name.set_span(ident.span());
                name.into()
            }
            TokenTree::Group(group) => {
                let mut renamed = Group::new(group.delimiter(), name_self(group.stream(), name));
                renamed.set_span(group.span());
                renamed.into()
            }
            other => other,
        })
        .collect()
}

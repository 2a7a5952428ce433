use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

/// The spans of the first and of the last token.
pub(crate) fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut spans = tokens.clone().into_iter().map(|token| match token {
        // The visible ends of a group that a `macro_rules!` fragment made are those of its tokens.
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
            ends(&group.stream())
        }
        TokenTree::Group(group) => (group.span_open(), group.span_close()),
        other => (other.span(), other.span()),
    });
    let (first, last) = spans
        .next()
        .unwrap_or_else(|| (Span::call_site(), Span::call_site()));
    (first, spans.last().map_or(last, |(_, last)| last))
}

/// Two tokens that underline everything from `first` to `last`, for `syn::Error::new_spanned`.
pub(crate) fn range(first: Span, last: Span) -> TokenStream {
    [first, last]
        .map(|span| TokenTree::from(Ident::new("x", span)))
        .into_iter()
        .collect()
}

/// `tokens` as if they all stood where `like` stands, so that rustc shows one error for equal ones
/// and underlines exactly `like`.
pub(crate) fn at(like: &TokenStream, tokens: TokenStream) -> TokenStream {
    let (first, last) = ends(like);
    let mut tokens: Vec<TokenTree> = tokens
        .into_iter()
        .map(|token| respan(token, first))
        .collect();
    if let Some(token) = tokens.pop() {
        tokens.push(respan(token, last));
    }
    if let Some(TokenTree::Punct(start)) = tokens.first_mut() {
        start.set_span(first);
    }
    tokens.into_iter().collect()
}

/// `tokens` so that the whole of them is underlined as `like`: its ends are moved, and what is
/// between them (a local, the user's type) stays what it is.
pub(crate) fn across(like: &TokenStream, tokens: TokenStream) -> TokenStream {
    let (first, last) = ends(like);
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if let Some(token) = tokens.first_mut() {
        token.set_span(first);
    }
    if let Some(token) = tokens.last_mut() {
        token.set_span(last);
    }
    tokens.into_iter().collect()
}

fn respan(mut token: TokenTree, span: Span) -> TokenTree {
    if let TokenTree::Group(group) = &token {
        let inner = group
            .stream()
            .into_iter()
            .map(|token| respan(token, span))
            .collect();
        let mut group = Group::new(group.delimiter(), inner);
        group.set_span(span);
        return group.into();
    }
    token.set_span(span);
    token
}

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// One error in the shape that all errors of monguard's derives have: a headline that names the
/// thing in backticks, a `help` line that can be pasted, a `note` line that says why.
#[derive(Debug)]
pub(crate) struct Message {
    at: At,
    text: String,
}

#[derive(Debug)]
enum At {
    One(Span),
    /// From the first to the last of several tokens. Joining two spans needs a nightly compiler;
    /// `syn` can underline a range on stable.
    Range(Span, Span),
}

impl Message {
    pub(crate) fn new(span: Span, headline: impl Display) -> Self {
        Self {
            at: At::One(span),
            text: headline.to_string(),
        }
    }

    /// Points at all of `tokens`.
    pub(crate) fn over(tokens: impl ToTokens, headline: impl Display) -> Self {
        let (first, last) = crate::syntax::ends(&tokens.into_token_stream());
        Self {
            at: At::Range(first, last),
            text: headline.to_string(),
        }
    }

    #[must_use]
    pub(crate) fn help(self, help: impl Display) -> Self {
        self.line("help", help)
    }

    #[must_use]
    pub(crate) fn note(self, note: impl Display) -> Self {
        self.line("note", note)
    }

    fn line(mut self, kind: &str, text: impl Display) -> Self {
        self.text = format!("{}\n{kind}: {text}", self.text);
        self
    }

    pub(super) fn into_error(self) -> syn::Error {
        match self.at {
            At::One(span) => syn::Error::new(span, self.text),
            At::Range(first, last) => {
                syn::Error::new_spanned(crate::syntax::range(first, last), self.text)
            }
        }
    }
}

/// One mistake where several can be reported.
impl From<Message> for Vec<Message> {
    fn from(message: Message) -> Self {
        vec![message]
    }
}

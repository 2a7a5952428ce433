use std::cell::RefCell;

use proc_macro2::TokenStream;

use super::Message;

/// Every error of one derive.
///
/// Must be consumed by [`Diagnostics::finish`]: an error that is collected and then forgotten would
/// let a mistake through.
#[derive(Debug)]
pub(crate) struct Diagnostics {
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Self {
            errors: RefCell::new(Some(Vec::new())),
        }
    }

    pub(crate) fn report(&self, message: Message) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(message.into_error());
        }
    }

    /// The collected errors as `compile_error!` invocations, in the order of reporting.
    pub(crate) fn finish(self) -> TokenStream {
        let errors = self.errors.borrow_mut().take().unwrap_or_default();
        errors.iter().map(syn::Error::to_compile_error).collect()
    }

    /// The texts of the collected errors.
    #[cfg(test)]
    pub(crate) fn finish_texts(self) -> Vec<String> {
        let errors = self.errors.borrow_mut().take().unwrap_or_default();
        errors.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
impl Drop for Diagnostics {
    fn drop(&mut self) {
        let forgotten = self.errors.borrow().is_some();
        assert!(
            !forgotten || std::thread::panicking(),
            "diagnostics were collected and not shown"
        );
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn every_error_is_shown() {
        let diagnostics = Diagnostics::new();
        diagnostics.report(Message::new(Span::call_site(), "one"));
        diagnostics.report(
            Message::new(Span::call_site(), "two")
                .help("do this")
                .note("why"),
        );
        assert_eq!(
            diagnostics.finish_texts(),
            ["one", "two\nhelp: do this\nnote: why"]
        );
    }

    #[test]
    #[should_panic(expected = "collected and not shown")]
    fn forgotten_diagnostics_panic() {
        drop(Diagnostics::new());
    }
}

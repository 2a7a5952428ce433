use monguard_ui_tests::compiler::Diagnostic;

use super::table::Place;

/// One wrong attribute, where it stands, and what is to be said about it.
#[derive(Debug)]
pub(crate) struct Mistake {
    /// The key whose correct use is replaced, or beside whose place the wrong one is put.
    pub(crate) key: &'static str,
    pub(crate) place: Place,
    /// What stands in the parentheses of `#[monguard(...)]`.
    pub(crate) written: String,
    pub(crate) headline: String,
    /// The line of help or of a note, or how it begins.
    pub(crate) advice: String,
    /// What the caret underlines.
    pub(crate) token: String,
}

impl Mistake {
    pub(crate) fn is_reported_by(&self, error: &Diagnostic) -> bool {
        error.headline == self.headline
            && error.token == self.token
            && error
                .text
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with(&self.advice))
    }
}

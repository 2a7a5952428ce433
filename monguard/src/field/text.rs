//! Conditions on text.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Field, Path, ReadablePath};
use crate::filter::{Filter, IntoPattern, TextPlace};

/// A field type that is stored as a string.
///
/// Implement it for a type of your own that is.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` is not text",
    label = "not text",
    note = "for a list of strings use `elem_match(|text| text.starts_with(..))`; implement `monguard::Text` for a type of your own that is stored as a string"
)]
pub trait Text {}

#[diagnostic::do_not_recommend]
impl Text for String {}
#[diagnostic::do_not_recommend]
impl Text for char {}
#[diagnostic::do_not_recommend]
impl Text for Box<str> {}
#[diagnostic::do_not_recommend]
impl Text for Arc<str> {}
#[diagnostic::do_not_recommend]
impl Text for Cow<'static, str> {}
#[diagnostic::do_not_recommend]
impl<T: Text> Text for Option<T> {}

impl<R, V, P: Path> Field<R, V, P> {
    /// Matches documents in which the field begins with `text`, to the letter.
    ///
    /// An index on the field is used: the server reads no more of it than the prefix. The other
    /// conditions on text read the whole index, or the whole collection.
    ///
    /// ```
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "parts")]
    /// # struct Part { number: String }
    /// // No character has a meaning of its own.
    /// let series: Filter<Part> = Part::fields().number.starts_with("A.1(");
    /// ```
    pub fn starts_with(&self, text: &str) -> Filter<R>
    where
        V: Text,
        P: ReadablePath,
    {
        self.at_path(|path| Filter::text(path, TextPlace::Start, text))
    }

    /// Matches documents in which the field ends with `text`, to the letter.
    pub fn ends_with(&self, text: &str) -> Filter<R>
    where
        V: Text,
        P: ReadablePath,
    {
        self.at_path(|path| Filter::text(path, TextPlace::End, text))
    }

    /// Matches documents in which the field has `text` in it, to the letter.
    pub fn contains_text(&self, text: &str) -> Filter<R>
    where
        V: Text,
        P: ReadablePath,
    {
        self.at_path(|path| Filter::text(path, TextPlace::Anywhere, text))
    }

    /// Matches documents in which the field matches a regular expression, in PCRE's syntax: its
    /// pattern, or a [`Pattern`](crate::filter::Pattern) with options.
    ///
    /// It matches anywhere in the text unless it is anchored. Text from elsewhere belongs into
    /// [`starts_with`](Field::starts_with), [`ends_with`](Field::ends_with) or
    /// [`contains_text`](Field::contains_text), where nothing has a meaning of its own. An
    /// operation with a pattern that has NUL in it fails with
    /// [`Error::InvalidFilter`](crate::Error::InvalidFilter); one that is no regular expression is
    /// refused by the server.
    ///
    /// ```
    /// use monguard::filter::Pattern;
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "parts")]
    /// # struct Part { number: String }
    ///
    /// let number = Part::fields().number;
    /// let series: Filter<Part> = number.regex("^[AB]-[0-9]+$");
    /// let any_case: Filter<Part> = number.regex(Pattern::new("^a-").ignore_case());
    /// ```
    pub fn regex(&self, pattern: impl IntoPattern) -> Filter<R>
    where
        V: Text,
        P: ReadablePath,
    {
        self.at_path(|path| Filter::regex(path, pattern.into_pattern()))
    }
}

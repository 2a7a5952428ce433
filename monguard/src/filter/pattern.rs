use std::collections::BTreeSet;

/// A regular expression with its options, in PCRE's syntax.
///
/// ```
/// use monguard::filter::Pattern;
///
/// let pattern = Pattern::new("^total:").ignore_case().multi_line();
/// ```
#[derive(Clone, Debug)]
#[must_use = "a pattern does nothing by itself: hand it to `regex`"]
pub struct Pattern {
    text: String,
    /// The letters of the options, in the order that BSON has them in.
    options: BTreeSet<char>,
}

impl Pattern {
    /// A regular expression that minds case, and in which `^` and `$` stand for the ends of the
    /// text.
    pub fn new(text: impl Into<String>) -> Self {
        Pattern {
            text: text.into(),
            options: BTreeSet::new(),
        }
    }

    /// Takes upper and lower case for the same (`i`). No index helps then.
    pub fn ignore_case(self) -> Self {
        self.with('i')
    }

    /// Lets `^` and `$` stand for the ends of each line too (`m`).
    pub fn multi_line(self) -> Self {
        self.with('m')
    }

    /// Lets `.` stand for a line break too (`s`).
    pub fn dot_matches_line_breaks(self) -> Self {
        self.with('s')
    }

    /// Takes white space and comments for no part of the pattern (`x`).
    pub fn verbose(self) -> Self {
        self.with('x')
    }

    fn with(mut self, option: char) -> Self {
        self.options.insert(option);
        self
    }

    /// The pattern, and the letters of its options.
    pub(super) fn into_parts(self) -> (String, String) {
        (self.text, self.options.into_iter().collect())
    }
}

/// What can be given as a regular expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a regular expression",
    label = "expected a pattern",
    note = "write the pattern as text, or as `Pattern::new(..)` with its options"
)]
pub trait IntoPattern {
    /// The regular expression.
    fn into_pattern(self) -> Pattern;
}

#[diagnostic::do_not_recommend]
impl IntoPattern for Pattern {
    fn into_pattern(self) -> Pattern {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoPattern for &str {
    fn into_pattern(self) -> Pattern {
        Pattern::new(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoPattern for String {
    fn into_pattern(self) -> Pattern {
        Pattern::new(self)
    }
}

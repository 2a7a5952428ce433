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
    ignore_case: bool,
    multi_line: bool,
    dot_matches_line_breaks: bool,
    verbose: bool,
}

impl Pattern {
    /// A regular expression that minds case, and in which `^` and `$` stand for the ends of the
    /// text.
    pub fn new(text: impl Into<String>) -> Self {
        Pattern {
            text: text.into(),
            ignore_case: false,
            multi_line: false,
            dot_matches_line_breaks: false,
            verbose: false,
        }
    }

    /// Takes upper and lower case for the same (`i`). No index helps then.
    pub fn ignore_case(mut self) -> Self {
        self.ignore_case = true;
        self
    }

    /// Lets `^` and `$` stand for the ends of each line too (`m`).
    pub fn multi_line(mut self) -> Self {
        self.multi_line = true;
        self
    }

    /// Lets `.` stand for a line break too (`s`).
    pub fn dot_matches_line_breaks(mut self) -> Self {
        self.dot_matches_line_breaks = true;
        self
    }

    /// Takes white space and comments for no part of the pattern (`x`).
    pub fn verbose(mut self) -> Self {
        self.verbose = true;
        self
    }

    /// The pattern, and the letters of its options in the order that BSON has them in.
    pub(super) fn into_parts(self) -> (String, String) {
        let options = [
            (self.ignore_case, 'i'),
            (self.multi_line, 'm'),
            (self.dot_matches_line_breaks, 's'),
            (self.verbose, 'x'),
        ];
        let letters = options.into_iter().filter(|(is_on, _)| *is_on);
        (self.text, letters.map(|(_, letter)| letter).collect())
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

/// One step of a path into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The field of this stored name.
    Name(&'static str),
}

/// How a path owns its steps. [`Fixed`] paths know all of them when the program is compiled.
pub trait Path: Clone + Send + Sync + 'static {
    /// The path of the field `name` inside this one.
    #[must_use]
    fn name(&self, name: &'static str) -> Self;
    #[doc(hidden)]
    fn steps(&self) -> Vec<Step>;
}

/// A path of stored names alone.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    names: [&'static str; Fixed::MAX],
    length: usize,
}

impl Fixed {
    const MAX: usize = 8;

    /// The document itself: the place of a flattened struct's fields.
    #[doc(hidden)]
    pub const DOCUMENT: Fixed = Fixed {
        names: [""; Fixed::MAX],
        length: 0,
    };

    /// The path of a top-level field.
    #[doc(hidden)]
    #[must_use]
    pub const fn root(name: &'static str) -> Self {
        let mut names = [""; Fixed::MAX];
        names[0] = name;
        Fixed { names, length: 1 }
    }
}

impl Path for Fixed {
    fn name(&self, name: &'static str) -> Self {
        let mut longer = *self;
        // The derive refuses a nesting that is deeper than this (`assert_depth`).
        if let Some(place) = longer.names.get_mut(self.length) {
            *place = name;
            longer.length += 1;
        }
        longer
    }

    fn steps(&self) -> Vec<Step> {
        self.names
            .iter()
            .take(self.length)
            .map(|name| Step::Name(name))
            .collect()
    }
}

/// The path as MongoDB writes it: `fulfilment.tracking`.
pub(crate) fn dotted(steps: &[Step]) -> String {
    let mut path = String::new();
    for Step::Name(name) in steps {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    }
    path
}

use std::fmt::Write as _;

/// A place in a document. It is written out as a path only where something changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
    /// Names and indexes from the root to here.
    pub(super) depth: usize,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(super) const ROOT: Self = Self {
        parent: None,
        step: Step::Root,
        depth: 0,
    };

    pub(super) fn key(&'a self, key: &'a str) -> Self {
        self.child(Step::Key(key))
    }

    pub(super) fn index(&'a self, index: usize) -> Self {
        self.child(Step::Index(index))
    }

    fn child(&'a self, step: Step<'a>) -> Self {
        Self {
            parent: Some(self),
            step,
            depth: self.depth + 1,
        }
    }

    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        self.write(&mut path);
        path
    }

    fn write(&self, path: &mut String) {
        if let Some(parent) = self.parent
            && parent.parent.is_some()
        {
            parent.write(path);
            path.push('.');
        }
        match self.step {
            Step::Root => {}
            Step::Key(key) => path.push_str(key),
            Step::Index(index) => {
                // Writing to a string does not fail.
                let _ = write!(path, "{index}");
            }
        }
    }
}

/// Whether a path can lead through `key` without being taken for another one.
///
/// The parent holds the change as a whole where it cannot: a dot would read as two names, an
/// empty name as the parent itself, and a leading dollar as an operator.
pub(super) fn is_addressable(key: &str) -> bool {
    !key.is_empty() && !key.starts_with('$') && !key.contains('.')
}

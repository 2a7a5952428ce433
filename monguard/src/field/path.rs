use std::fmt;
use std::sync::Arc;

use super::Step;

/// How a path owns its steps.
///
/// [`Fixed`] paths are names alone, all known when the program is compiled. [`Keyed`] paths may hold
/// indexes and keys, known when it runs. [`Positional`] paths lead to elements that only the stored
/// document tells, and are for updates alone. Below an [`Undivided`] one nothing can be addressed.
pub trait Path: Clone + fmt::Debug + Send + Sync + 'static {
    /// The path of the field `name` inside this one.
    #[must_use]
    fn name(&self, name: &'static str) -> Self;
    #[doc(hidden)]
    fn steps(&self) -> Vec<Step>;
}

/// A path below which elements, keys and positions can be addressed.
#[diagnostic::on_unimplemented(
    message = "what is inside this field cannot be addressed on its own",
    label = "one value as a whole",
    note = "it is read-only, or written in a way of its own (`with`, `serialize_with`), which its elements do not have: set the whole"
)]
pub trait Addressable: Path {
    /// The kind of path that an index or a key makes of this one.
    type Inside: Addressable;
    /// The path with an index or a key behind it.
    #[doc(hidden)]
    fn inside(&self, step: Step) -> Self::Inside;
    /// The path with a step behind it that the stored document decides.
    #[doc(hidden)]
    fn position(&self, step: Step) -> Positional;
}

/// A path that filters, sorts and reads can follow.
#[diagnostic::on_unimplemented(
    message = "only an update can follow a path with `.all()` or `.first_match(..)`",
    label = "a path for updates only",
    note = "to filter by elements use `contains` or `elem_match`; to filter or sort by one of them, `.index(i)`"
)]
pub trait ReadablePath: Path {}

/// A path of stored names alone.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    names: [&'static str; Fixed::MAX],
    length: usize,
}

impl Fixed {
    /// How many names a path may have in a row.
    pub(crate) const MAX: usize = 8;

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

#[diagnostic::do_not_recommend]
impl Addressable for Fixed {
    type Inside = Keyed;
    fn inside(&self, step: Step) -> Keyed {
        Keyed(self.chain().with(step))
    }
    fn position(&self, step: Step) -> Positional {
        Positional(self.chain().with(step))
    }
}

#[diagnostic::do_not_recommend]
impl ReadablePath for Fixed {}

impl Fixed {
    fn chain(self) -> Chain {
        self.steps().into_iter().fold(Chain::default(), Chain::with)
    }
}

/// A path with indexes of lists or keys of maps in it.
#[derive(Clone, Debug)]
pub struct Keyed(Chain);

impl Keyed {
    /// The path of no steps: that of an element on its own.
    pub(crate) fn here() -> Self {
        Keyed(Chain::default())
    }
}

impl Path for Keyed {
    fn name(&self, name: &'static str) -> Self {
        Keyed(self.0.clone().with(Step::Name(name)))
    }
    fn steps(&self) -> Vec<Step> {
        self.0.steps()
    }
}

#[diagnostic::do_not_recommend]
impl Addressable for Keyed {
    type Inside = Keyed;
    fn inside(&self, step: Step) -> Keyed {
        Keyed(self.0.clone().with(step))
    }
    fn position(&self, step: Step) -> Positional {
        Positional(self.0.clone().with(step))
    }
}

#[diagnostic::do_not_recommend]
impl ReadablePath for Keyed {}

/// A path through elements that the stored document decides: all of a list, or the first that meets
/// a condition.
#[derive(Clone, Debug)]
pub struct Positional(Chain);

impl Path for Positional {
    fn name(&self, name: &'static str) -> Self {
        Positional(self.0.clone().with(Step::Name(name)))
    }
    fn steps(&self) -> Vec<Step> {
        self.0.steps()
    }
}

#[diagnostic::do_not_recommend]
impl Addressable for Positional {
    type Inside = Positional;
    fn inside(&self, step: Step) -> Positional {
        Positional(self.0.clone().with(step))
    }
    fn position(&self, step: Step) -> Positional {
        Positional(self.0.clone().with(step))
    }
}

/// A path that ends at a value which is written as a whole: by a function of the model's, or by
/// monguard alone.
#[derive(Clone, Copy, Debug)]
pub struct Undivided<P = Fixed>(#[doc(hidden)] pub P);

impl<P: Path> Path for Undivided<P> {
    fn name(&self, name: &'static str) -> Self {
        Undivided(self.0.name(name))
    }
    fn steps(&self) -> Vec<Step> {
        self.0.steps()
    }
}

#[diagnostic::do_not_recommend]
impl<P: ReadablePath> ReadablePath for Undivided<P> {}

/// Steps that share their beginning with those of other paths: a handle has one for each field.
#[derive(Clone, Default)]
struct Chain(Option<Arc<Link>>);

struct Link {
    before: Chain,
    step: Step,
}

impl Chain {
    fn with(self, step: Step) -> Self {
        Chain(Some(Arc::new(Link { before: self, step })))
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut last = self;
        while let Some(link) = &last.0 {
            steps.push(link.step.clone());
            last = &link.before;
        }
        steps.reverse();
        steps
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::dotted;
    use super::*;

    #[test]
    fn steps_go_behind_a_path_of_any_kind() {
        let lines = Fixed::root("order").name("lines");
        let second = lines.inside(Step::Index(1)).name("sku");
        assert_eq!(dotted(&second.steps()), "order.lines.1.sku");
        let each = second.position(Step::All).inside(Step::Index(2)).name("n");
        assert_eq!(dotted(&each.steps()), "order.lines.1.sku.$[].2.n");
        assert_eq!(dotted(&Keyed::here().name("n").steps()), "n");
        assert_eq!(dotted(&Undivided(lines).steps()), "order.lines");
    }

    #[test]
    fn a_fixed_path_holds_as_many_names_as_the_derive_allows() {
        let mut path = Fixed::root("a");
        for _ in 1..Fixed::MAX {
            path = path.name("a");
        }
        assert_eq!(path.steps().len(), Fixed::MAX);
    }
}

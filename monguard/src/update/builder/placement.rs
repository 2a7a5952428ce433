use std::fmt;
use std::marker::PhantomData;

use crate::filter::Sort;
use crate::update::{Keep, Push};

/// Where [`push_all_with`](super::Update::push_all_with) puts elements, and what becomes of the list
/// then: it is sorted first, and cut last. `I` is the type of an element, `E` its handles.
#[must_use = "a placement does nothing by itself: return it from the closure"]
pub struct Placement<I, E> {
    push: Push,
    element: E,
    item: PhantomData<fn() -> I>,
}

impl<I, E> fmt::Debug for Placement<I, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Placement")
            .field("at", &self.push.at)
            .field("keep", &self.push.keep)
            .finish_non_exhaustive()
    }
}

impl<I, E> Placement<I, E> {
    pub(super) fn new(element: E) -> Self {
        Placement {
            push: Push::default(),
            element,
            item: PhantomData,
        }
    }

    pub(super) fn into_push(self) -> Push {
        self.push
    }

    /// In front of the element that is at this place now, counted from 0; at the end, where the
    /// list is shorter. Default: at the end.
    pub fn at(mut self, index: usize) -> Self {
        self.push.at = Some(index);
        self
    }

    /// Sorts the whole list. An element without the field comes where null does.
    pub fn sort_by(mut self, sort: impl FnOnce(&E) -> Sort<I>) -> Self {
        self.push.sort = sort(&self.element).into_keys();
        self
    }

    /// Keeps at most so many elements, from the first on.
    pub fn keep_first(mut self, most: usize) -> Self {
        self.push.keep = Some(Keep::First(most));
        self
    }

    /// Keeps at most so many elements, up to the last.
    pub fn keep_last(mut self, most: usize) -> Self {
        self.push.keep = Some(Keep::Last(most));
        self
    }
}

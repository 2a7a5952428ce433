use std::fmt;
use std::marker::PhantomData;

/// The direction of a sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// An order of documents of the model `R`, made with
/// [`ascending`](crate::field::Field::ascending) and
/// [`descending`](crate::field::Field::descending).
#[must_use = "a sort does nothing by itself: hand it to `sort`"]
pub struct Sort<R> {
    keys: Vec<(String, Order)>,
    document: PhantomData<fn() -> R>,
}

impl<R> Sort<R> {
    pub(crate) fn by(path: String, order: Order) -> Self {
        Sort {
            keys: vec![(path, order)],
            document: PhantomData,
        }
    }

    /// Sorts documents that this does not tell apart by `next`.
    pub fn then(mut self, next: Sort<R>) -> Self {
        self.keys.extend(next.keys);
        self
    }

    pub(crate) fn into_keys(self) -> Vec<(String, Order)> {
        self.keys
    }
}

/// Shows no paths: one may hold a key of a redacted map.
impl<R> fmt::Debug for Sort<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let orders = self.keys.iter().map(|(_, order)| order);
        f.debug_tuple("Sort")
            .field(&orders.collect::<Vec<_>>())
            .finish()
    }
}

use std::fmt;
use std::marker::PhantomData;

use super::{Column, Unreadable, Values};
use crate::document::Versioned;
use crate::error::InvalidRead;
use crate::field::{Field, FieldOf, Path, Step};

/// A struct that holds some fields of the model `T`, for reads that need no more.
///
/// Derived with `#[derive(Projection)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of `{T}`",
    label = "not a projection of `{T}`",
    note = "add `#[derive(Projection)]` to `{Self}`, and name the model: `#[monguard(model = \"{T}\")]`"
)]
pub trait Projection<T>: Sized {
    #[doc(hidden)]
    fn columns(columns: &mut Columns<T>);
    #[doc(hidden)]
    fn read(values: &mut Values<'_>) -> Result<Self, Unreadable>;
}

/// That a field of a projection is of the type of the model's field, which is `V`.
#[diagnostic::on_unimplemented(
    message = "the model's field is of type `{V}`, and this one of type `{Self}`",
    label = "the model has `{V}`"
)]
pub trait SameAs<V> {}

#[diagnostic::do_not_recommend]
impl<V> SameAs<V> for V {}

/// The fields of `R` that are asked for.
pub struct Columns<R> {
    steps: Vec<Vec<Step>>,
    document: PhantomData<fn() -> R>,
}

impl<R> Columns<R> {
    pub(super) fn new() -> Self {
        Columns {
            steps: Vec::new(),
            document: PhantomData,
        }
    }

    pub(super) fn push<F: FieldOf<R>>(&mut self, field: &F) {
        self.steps.push(field.whole().steps());
    }

    /// Asks for a field.
    #[doc(hidden)]
    pub fn field<W, P: Path>(&mut self, field: &Field<R, W, P>) -> Asked<W> {
        self.push(field);
        Asked(PhantomData)
    }
}

/// A field of type `W` that was asked for: known before it is compared with another type.
#[doc(hidden)]
pub struct Asked<W>(PhantomData<fn() -> W>);

impl<W> fmt::Debug for Asked<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked")
    }
}

impl<W> Asked<W> {
    /// Reads it into a `V`.
    #[doc(hidden)]
    pub fn read_into<V: SameAs<W>>(self) {}
}

impl<R: Versioned> Columns<R> {
    pub(super) fn resolve(self) -> Result<Vec<Column>, InvalidRead> {
        let resolve = |steps: &Vec<Step>| Column::resolve(&R::META, steps);
        self.steps.iter().map(resolve).collect()
    }
}

impl<R> fmt::Debug for Columns<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Columns").field(&self.steps).finish()
    }
}

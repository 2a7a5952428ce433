use super::{Columns, Readable, Unreadable, Values};
use crate::field::{FieldOf, ReadablePath};

/// The mark of a selection of one field.
#[derive(Debug)]
pub enum One {}

/// The mark of a selection of several fields.
#[derive(Debug)]
pub enum Many {}

/// What [`select`](crate::Query::select) takes: a field of `R`, or a tuple of up to twelve.
#[diagnostic::on_unimplemented(
    message = "this closure must return fields of `{R}`, not `{Self}`",
    label = "not a field, nor a tuple of fields",
    note = "write `|o| o.some_field` or `|o| (o.some_field, o.another)`, with at most 12 fields, of types that implement `serde::Deserialize`; a struct of more derives `Projection`"
)]
pub trait Selection<R, M> {
    /// The field's type, or a tuple of the fields' types.
    type Output;
    #[doc(hidden)]
    fn columns(&self, columns: &mut Columns<R>);
    #[doc(hidden)]
    fn read(values: &mut Values<'_>) -> Result<Self::Output, Unreadable>;
}

#[diagnostic::do_not_recommend]
impl<R, F> Selection<R, One> for F
where
    F: FieldOf<R, Value: Readable, Path: ReadablePath>,
{
    type Output = F::Value;
    fn columns(&self, columns: &mut Columns<R>) {
        columns.push(self);
    }
    fn read(values: &mut Values<'_>) -> Result<Self::Output, Unreadable> {
        values.next()
    }
}

macro_rules! tuple {
    ($($field:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<R, $($field),*> Selection<R, Many> for ($($field,)*)
        where
            $($field: FieldOf<R, Value: Readable, Path: ReadablePath>,)*
        {
            type Output = ($($field::Value,)*);
            #[allow(non_snake_case)] // the types' names, for the values
            fn columns(&self, columns: &mut Columns<R>) {
                let ($($field,)*) = self;
                $(columns.push($field);)*
            }
            fn read(values: &mut Values<'_>) -> Result<Self::Output, Unreadable> {
                Ok(($(values.next::<$field::Value>()?,)*))
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);

//! Typed paths: the handles that closures pick, and what may be done with a field of each type.

mod assign;
mod compare;
mod handle;
mod kind;
mod number;
mod path;
mod read_only;
mod unknown;

pub use crate::value::{EncodeError, encode};
pub use assign::AssignFrom;
pub use compare::ComparableWith;
pub use handle::{Encode, Field, FieldOf, Settable, SettableField};
pub use kind::{List, Ordered};
pub use number::{AmountFrom, Number, NumberKind, Numeric};
pub(crate) use path::dotted;
pub use path::{Fixed, Path, Step};
pub use read_only::ReadOnly;
pub use unknown::Unknown;

//! Typed paths: the handles that closures pick, and what may be done with a field of each type.

mod assign;
mod compare;
mod elements;
mod handle;
mod inside;
mod kind;
mod list;
mod map;
mod nested_list;
mod nested_map;
mod number;
mod path;
mod read_only;
mod step;

pub use crate::value::{EncodeError, encode};
pub use assign::AssignFrom;
pub use compare::ComparableWith;
pub use elements::ListOf;
pub use handle::{Encode, Field, FieldOf, Settable, SettableField};
pub use kind::Ordered;
pub use list::{Appendable, Indexed, List, Resizable};
pub use map::{KeyOf, Map};
pub use nested_list::NestedList;
pub use nested_map::NestedMap;
pub use number::{AmountFrom, Number, NumberKind, Numeric};
pub use path::{Addressable, Fixed, Keyed, Path, Positional, ReadablePath, Undivided};
pub use read_only::ReadOnly;
pub use step::{ElementFilter, MapKey, Step};
pub(crate) use step::{dotted, dotted_without_keys};

//! Small facts about Rust syntax that the phases share.

mod entries;
mod inner_types;
mod literal;
mod mentions;
mod self_type;
mod spans;

pub(crate) use entries::{Entry, EntryValue, NoEntry, entries};
pub(crate) use inner_types::unasked_types;
pub(crate) use literal::{string_literal, strip_invisible_groups};
pub(crate) use mentions::mentions;
pub(crate) use self_type::name_self;
pub(crate) use spans::{across, at, ends, range};

/// An identifier's name as serde sees it: without `r#`.
pub(crate) fn unraw(ident: &proc_macro2::Ident) -> String {
    let written = ident.to_string();
    written.strip_prefix("r#").unwrap_or(&written).to_owned()
}

//! The stored form of every field is that of serde: of a zoo of structs, one field after another is
//! written by monguard, and the document is compared with the whole struct as the driver writes it.

mod containers;
mod enums;
mod flat;
mod libraries;
mod names;
mod old_names;
mod options;
mod scalars;
mod stage;
mod unknown;
mod written;

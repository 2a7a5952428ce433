//! The audit trail: an entry for each version, in every guarantee, whatever happens in between.

mod carried;
mod stage;

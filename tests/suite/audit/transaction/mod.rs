//! Writes of several documents, and their entries, all or none.

mod bank;
mod creates;
mod cut;
mod dropped;
mod errors;
mod many;
mod races;
mod reads;
mod single;
mod standalone;
mod together;

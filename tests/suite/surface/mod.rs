//! The typed surface: what filters, updates and reads can say, on the server.

mod contents;
mod fidelity;
mod filters;
mod matcher;
mod raw_filters;
mod raw_updates;
mod reads;
mod stage;
mod updates;

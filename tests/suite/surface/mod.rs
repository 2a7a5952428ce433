//! The typed surface: what can be said of a model, and done with it, on the server.

mod audit_of_a_model;
mod contents;
mod create_or_modify;
mod etags;
mod fidelity;
mod filters;
mod get_or_create;
mod including_deleted;
mod index_plan;
mod indexed;
mod indexes;
mod latest;
mod matcher;
mod raw_filters;
mod raw_updates;
mod reads;
mod setup;
mod sharded;
mod stage;
mod together;
mod tokens;
mod unique_live;
mod updates;

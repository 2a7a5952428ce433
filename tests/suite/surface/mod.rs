//! The typed surface: what can be said of a model, and done with it, on the server.

mod audit_of_a_model;
mod contents;
mod create_or_modify;
mod fidelity;
mod filters;
mod get_or_create;
mod index_plan;
mod indexed;
mod indexes;
mod latest;
mod matcher;
mod raw_filters;
mod raw_updates;
mod reads;
mod stage;
mod unique_live;
mod updates;

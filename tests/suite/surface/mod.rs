//! What can be said of a model, and done with it, on the server.

mod audit_of_a_model;
mod create_or_modify;
mod get_or_create;
mod index_plan;
mod indexed;
mod indexes;
mod latest;
mod unique_live;

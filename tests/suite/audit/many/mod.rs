//! Writes of many documents, each versioned and audited for itself.

mod at_once;
mod batches;
mod bulk;
mod copies;
mod creates;
mod failures;
mod faults;
mod late;
mod outage;
mod races;
mod refused;
mod secrets;
mod stage;
mod transactional;

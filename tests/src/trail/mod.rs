//! What the audit promises, checked on a database itself: on its documents and its log as they are
//! stored, whoever wrote them and whatever happened in between.
//!
//! ```no_run
//! # use monguard_tests::trail::{Promise, Trail};
//! # async fn example(database: mongodb::Database) {
//! let trail = Trail::read(&database, "orders").await;
//! trail.assert_keeps(Promise::EveryVersion);
//! # }
//! ```

mod alike;
mod life;
mod many;
mod replay;
mod stored;

#[cfg(test)]
mod tests;

pub use stored::{Promise, Trail};

//! Transactions: writes of any number of documents and collections, and their entries, all or none.

mod attempts;
mod commit;
mod entries;
mod fate;
mod pending;
mod settings;
mod single;
mod tx;

pub(crate) use attempts::{Body, run};
pub(crate) use fate::About;
pub(crate) use settings::TransactionSettings;
pub(crate) use single::{SingleFailure, SingleWrite, run_single};
pub use tx::Tx;
pub(crate) use tx::{Failed, Held};

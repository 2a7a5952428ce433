//! Writes of many documents, each checked, versioned and audited for itself.

mod bulk;
mod bulk_report;
mod bulk_run;
mod create_many;
mod gather;
mod latest_many;
mod report;
mod sweep;
mod update_many;
mod waited;

pub use bulk::Bulk;
pub use bulk_report::{BulkOutcome, BulkReport};
pub use create_many::CreateMany;
pub use latest_many::LatestMany;
pub use report::{FailedWrite, ManyReport};
pub use update_many::OnMany;

//! What can be done: one file for each operation.

mod aggregate;
mod attempts;
mod count;
mod create;
mod create_or_modify;
mod delete;
mod distinct;
mod ensure_indexes;
mod exists;
mod find;
mod find_by_ids;
mod find_one;
mod find_page;
mod future;
mod get_or_create;
mod hard_delete;
mod history;
mod index_plan;
mod latest;
mod many;
mod modify;
mod options;
mod perform;
mod query;
mod read;
mod replace;
mod restore;
mod update;
mod update_latest;

pub use aggregate::{Aggregate, Piped, ResultStream};
pub use count::{Count, Counted};
pub use create::Create;
pub use create_or_modify::CreateOrModify;
pub use delete::Delete;
pub use distinct::{Distinct, UnfilteredKind, ValuesOf};
pub use ensure_indexes::EnsureIndexes;
pub use exists::{Exists, Tested};
pub use find::{All, Find, StoredStream};
pub use find_by_ids::{ByIds, FindByIds};
pub use find_one::{FindOne, First};
pub use find_page::{FindPage, Paged};
pub use future::ActionFuture;
pub use get_or_create::GetOrCreate;
pub use hard_delete::HardDelete;
pub use history::History;
pub use index_plan::PlanIndexes;
pub use latest::Latest;
pub use many::{
    Bulk, BulkOutcome, BulkReport, CreateMany, FailedWrite, LatestMany, ManyReport, OnMany,
};
pub use modify::Modify;
pub use query::{DocumentsKind, Query, QueryKind, SelectingKind, SortKeys, SortedKind};
pub use replace::Replace;
pub use restore::Restore;
pub use update::OnVersion;
pub use update_latest::OnLatest;

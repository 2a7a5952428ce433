//! What can be done: one file for each operation.

mod attempts;
mod count;
mod create;
mod delete;
mod ensure_indexes;
mod exists;
mod find;
mod find_one;
mod future;
mod hard_delete;
mod history;
mod modify;
mod perform;
mod read;
mod replace;
mod restore;
mod update;
mod update_latest;

pub use count::Count;
pub use create::Create;
pub use delete::Delete;
pub use ensure_indexes::{EnsureIndexes, EnsuredIndexes};
pub use exists::Exists;
pub use find::{Find, StoredStream};
pub use find_one::FindOne;
pub use future::ActionFuture;
pub use hard_delete::HardDelete;
pub use history::History;
pub use modify::Modify;
pub use replace::Replace;
pub use restore::Restore;
pub use update::OnVersion;
pub use update_latest::OnLatest;

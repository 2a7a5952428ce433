use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::error::{Result, Settled};

/// A write whose outcome can be asked for.
pub(crate) trait Settle: Send + Sync {
    /// Asks the server what became of the write.
    fn settle(self: Arc<Self>) -> BoxFuture<'static, Result<Settled>>;
}

use std::future::Future;

use tracing::Instrument;

/// Runs a write to its end even if the future that waits for it is dropped: a write that was sent
/// shall have its entry. It begins now, and whoever waits for it does not hold it.
pub(crate) fn to_the_end<R: Send + 'static>(
    write: impl Future<Output = R> + Send + 'static,
) -> impl Future<Output = R> + Send {
    let task = tokio::spawn(write.in_current_span());
    async move {
        match task.await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down: this future will not be polled again either.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

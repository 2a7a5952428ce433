//! Writes that go on when nobody waits for them any more: what was sent shall have its entry.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tracing::Instrument;

/// Runs a write to its end even if the future that waits for it is dropped, or not polled for long:
/// as a task.
pub(crate) async fn to_the_end<W>(write: W) -> W::Output
where
    W: Future<Output: Send + 'static> + Send + 'static,
{
    match tokio::spawn(write.in_current_span()).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down: this future will not be polled again either.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Runs a write to its end even if the future that waits for it is dropped, for writes that lack
/// nothing while they are not polled: they become a task only then. From the start, a task costs
/// two changes of thread where the runtime has some to spare.
pub(super) fn to_the_end_in_place<W>(write: W) -> InPlace<W::Output>
where
    W: Future<Output: Send + 'static> + Send + 'static,
{
    InPlace {
        write: Some(Box::pin(write.in_current_span())),
        runtime: Handle::try_current().ok(),
    }
}

/// A write that becomes a task when this is dropped.
#[must_use = "futures do nothing unless they are awaited"]
pub(super) struct InPlace<R: Send + 'static> {
    /// `None`: it is over.
    write: Option<Pin<Box<dyn Future<Output = R> + Send>>>,
    /// `None`: there is none, as its first command will say.
    runtime: Option<Handle>,
}

impl<R: Send + 'static> Future for InPlace<R> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        // Taken out: what panics is not to be polled again.
        let Some(mut write) = self.write.take() else {
            return Poll::Pending;
        };
        let polled = write.as_mut().poll(context);
        if polled.is_pending() {
            self.write = Some(write);
        }
        polled
    }
}

impl<R: Send + 'static> Drop for InPlace<R> {
    fn drop(&mut self) {
        if let (Some(write), Some(runtime)) = (self.write.take(), &self.runtime) {
            runtime.spawn(write);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn what_is_dropped_goes_on_as_a_task() {
        let (go, gone) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let mut write = to_the_end_in_place(async move {
            gone.await.ok();
            done.send(7).ok();
        });
        let is_pending = futures_util::poll!(&mut write).is_pending();
        assert!(is_pending);
        drop(write);
        go.send(()).unwrap();
        assert_eq!(is_done.await, Ok(7));
    }

    #[tokio::test]
    async fn what_was_never_polled_goes_on_as_well() {
        let (done, is_done) = oneshot::channel();
        drop(to_the_end_in_place(async move { done.send(7) }));
        assert_eq!(is_done.await, Ok(7));
    }

    #[tokio::test]
    async fn what_panics_is_not_polled_again() {
        let write = to_the_end_in_place(async { panic!("in the write") });
        let panicked: Result<(), _> = tokio::spawn(write).await;
        assert!(panicked.unwrap_err().is_panic());
    }
}

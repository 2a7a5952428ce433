use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The future of every action: boxed and `Send`.
#[must_use = "futures do nothing unless polled"]
pub struct ActionFuture<'a, O> {
    future: Pin<Box<dyn Future<Output = O> + Send + 'a>>,
}

impl<'a, O> ActionFuture<'a, O> {
    pub(crate) fn new(future: impl Future<Output = O> + Send + 'a) -> Self {
        ActionFuture {
            future: Box::pin(future),
        }
    }
}

impl<O> Future for ActionFuture<'_, O> {
    type Output = O;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<O> {
        self.future.as_mut().poll(context)
    }
}

impl<O> fmt::Debug for ActionFuture<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActionFuture")
    }
}

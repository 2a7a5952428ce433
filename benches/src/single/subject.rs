//! What writes in these benchmarks.

use std::future::Future;

use crate::Outcome;

/// A program that updates one field of one document at a time.
pub trait Subject: Send + Sync + 'static {
    /// What a task keeps of its document between two updates.
    type State: Send + Sync;

    /// Creates a document, and returns its state.
    fn create(&self) -> impl Future<Output = Outcome<Self::State>> + Send;

    /// Another task's view of the same document.
    fn share(&self, state: &Self::State) -> Self::State;

    /// Sets the counter, based on the state.
    fn update(
        &self,
        state: &mut Self::State,
        value: i64,
    ) -> impl Future<Output = Outcome<()>> + Send;

    /// Sets the counter of a document that others write too: reads it first, and begins anew when
    /// another write came first.
    fn update_shared(
        &self,
        state: &mut Self::State,
        value: i64,
    ) -> impl Future<Output = Outcome<()>> + Send;

    /// Ends what is done behind the updates.
    fn drain(&self) -> impl Future<Output = Outcome<()>> + Send;
}

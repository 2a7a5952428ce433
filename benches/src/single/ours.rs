//! The same with monguard.

use mongodb::Database;
use monguard::prelude::*;
use monguard::{Audit, Monguard};

use super::Subject;
use crate::Outcome;
use crate::models::Sample;
use crate::stage::write_concern;

/// A program that uses monguard.
#[derive(Debug)]
pub(super) struct Ours<T> {
    monguard: Monguard,
    writer: Writer<T>,
}

impl<T: Sample> Ours<T> {
    /// With this guarantee, in a database of its own.
    ///
    /// # Errors
    /// The server cannot keep the guarantee.
    pub(super) async fn new(database: Database, audit: Audit) -> Outcome<Self> {
        let monguard = Monguard::builder(database)
            .audit(audit)
            .write_concern(write_concern())
            // As many attempts as it takes, like the others.
            .retry(Retry::default().attempts(u32::MAX))
            .build()
            .await?;
        let writer = monguard.collection::<T>().by("desk");
        Ok(Ours { monguard, writer })
    }
}

impl<T: Sample> Subject for Ours<T> {
    type State = Stored<T>;

    async fn create(&self) -> Outcome<Stored<T>> {
        Ok(self.writer.create(T::sample()).await?.into_stored())
    }

    fn share(&self, state: &Stored<T>) -> Stored<T> {
        state.clone()
    }

    async fn update(&self, state: &mut Stored<T>, value: i64) -> Outcome<()> {
        *state = T::set_counter(self.writer.update(&*state), value).await?;
        Ok(())
    }

    async fn update_shared(&self, state: &mut Stored<T>, value: i64) -> Outcome<()> {
        let change = |_: &Stored<T>, update: Update<T>| T::set_counter(update, value);
        *state = self.writer.modify(state.id(), change).await?;
        Ok(())
    }

    async fn drain(&self) -> Outcome<()> {
        self.monguard.flush().await?;
        Ok(())
    }
}

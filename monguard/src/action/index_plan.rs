use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use tracing::Instrument;

use super::ActionFuture;
use super::read::read_span;
use super::survey::survey;
use crate::client::{Collection, Store};
use crate::document::Versioned;
use crate::error::Result;
use crate::index::{IndexPlan, Standing, others};

/// A look at the indexes, started with [`Collection::index_plan`].
#[must_use = "nothing is done unless awaited"]
pub struct PlanIndexes<'a, T> {
    collection: &'a Collection<T>,
}

impl<T> fmt::Debug for PlanIndexes<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanIndexes")
            .field("collection", self.collection)
            .finish()
    }
}

impl<T: Versioned> Collection<T> {
    /// Says what [`ensure_indexes`](Collection::ensure_indexes) would do, and does not do it: it
    /// only reads. `await` returns what is missing, found, in conflict, and in the way of the
    /// audit.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "accounts")]
    /// # struct Account { #[monguard(index(unique))] email: String }
    /// # async fn example(accounts: Collection<Account>) -> monguard::Result<()> {
    /// let plan = accounts.index_plan().await?;
    /// if !plan.is_done() {
    ///     println!("to make: {:?}; in conflict: {:?}", plan.missing, plan.conflicts);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Driver`](crate::Error::Driver): the server could not be asked.
    pub fn index_plan(&self) -> PlanIndexes<'_, T> {
        PlanIndexes { collection: self }
    }
}

impl<'a, T: Versioned> IntoFuture for PlanIndexes<'a, T> {
    type Output = Result<IndexPlan>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "index_plan");
        ActionFuture::new(plan::<T>(store).instrument(span))
    }
}

async fn plan<T: Versioned>(store: &Arc<Store>) -> Result<IndexPlan> {
    let mut plan = IndexPlan::default();
    let survey = survey::<T>(store).await?;
    plan.hazards = survey.hazards;
    for collection in survey.collections {
        let mut found = Vec::new();
        for wanted in &collection.wanted {
            match collection.standing(wanted) {
                Standing::Found(name) => {
                    plan.found.push(collection.place(&name));
                    found.push(name);
                }
                Standing::Missing => plan.missing.push(collection.place(&wanted.name)),
                Standing::Conflict(existing) => {
                    plan.conflicts.push(collection.conflict(wanted, existing));
                }
            }
        }
        let others = others(&found, &collection.existing);
        let places = others.iter().map(|name| collection.place(name));
        plan.others.extend(places);
    }
    Ok(plan)
}

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use mongodb::error::ErrorKind;
use tracing::Instrument;

use super::ActionFuture;
use super::read::read_span;
use super::survey::{IndexedCollection, survey};
use crate::client::{Collection, Store};
use crate::document::Versioned;
use crate::error::{AuditAtRisk, DriverError, Error, IndexConflict, IndexRefused, Result, code_of};
use crate::index::{ConflictingIndex, EnsuredIndexes, Standing, WantedIndex, others};

/// The making of the indexes, started with [`Collection::ensure_indexes`].
#[must_use = "nothing is done unless awaited"]
pub struct EnsureIndexes<'a, T> {
    collection: &'a Collection<T>,
}

impl<T> fmt::Debug for EnsureIndexes<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnsureIndexes")
            .field("collection", self.collection)
            .finish()
    }
}

impl<T: Versioned> Collection<T> {
    /// Makes the indexes that are missing: those that the model declares, and those that
    /// monguard's promises rest on (the unique index of the idempotency key, and the one of the
    /// audit log). `await` returns what it made and found. Run it when the service starts; it is
    /// safe to repeat, also from several services at once, and never drops or changes an index.
    ///
    /// A conflict does not keep the others from being made. To look first, use
    /// [`index_plan`](Collection::index_plan).
    ///
    /// It also looks for what would take entries from the audit, or keep writes from being made (a
    /// [`Hazard`](crate::Hazard)): with [`Audit::carried`](crate::Audit::carried), an index that
    /// expires documents with the entries that they carry, which is not made even if the model
    /// declares it; a validator that forbids fields which monguard writes; an audit log that is
    /// capped, a time-series collection, or has an index that expires or refuses entries.
    ///
    /// # Errors
    /// - [`Error::AuditAtRisk`]: something of that kind was found.
    /// - [`Error::IndexConflict`]: an index with other keys or options is in the way.
    /// - [`Error::IndexRefused`]: the server refuses, for instance because stored documents already
    ///   share a value.
    /// - [`Error::Driver`]: the server could not be asked.
    /// - [`Error::Unsupported`]: the collection of the model is that of the audit log.
    ///
    /// The first three carry the whole report.
    ///
    /// ```no_run
    /// # use monguard::prelude::*;
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[monguard(collection = "accounts")]
    /// # struct Account { #[monguard(index(unique))] email: String }
    /// # async fn example(accounts: Collection<Account>) -> monguard::Result<()> {
    /// match accounts.ensure_indexes().await {
    ///     Ok(indexes) => println!("made {:?}, found {:?}", indexes.made, indexes.found),
    ///     Err(Error::IndexConflict(error)) => {
    ///         for conflict in &error.report().conflicts {
    ///             eprintln!("{conflict}");
    ///         }
    ///     }
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure_indexes(&self) -> EnsureIndexes<'_, T> {
        EnsureIndexes { collection: self }
    }
}

impl<'a, T: Versioned> IntoFuture for EnsureIndexes<'a, T> {
    type Output = Result<EnsuredIndexes>;
    type IntoFuture = ActionFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let store = self.collection.store();
        let span = read_span(store, "ensure_indexes");
        ActionFuture::new(ensure::<T>(store).instrument(span))
    }
}

async fn ensure<T: Versioned>(store: &Arc<Store>) -> Result<EnsuredIndexes> {
    let mut work = Work {
        store,
        report: EnsuredIndexes::default(),
        refusal: None,
    };
    let survey = survey::<T>(store).await?;
    work.report.hazards = survey.hazards;
    for collection in survey.collections {
        work.ensure_in(collection).await?;
    }
    let Work {
        report, refusal, ..
    } = work;
    if let Some(first) = report.hazards.first().cloned() {
        return Err(AuditAtRisk::new(first, report).into());
    }
    if let Some(first) = report.conflicts.first().cloned() {
        return Err(IndexConflict::new(first, report).into());
    }
    match refusal {
        Some(refused) => Err(IndexRefused { report, ..refused }.into()),
        None => Ok(report),
    }
}

/// The indexes as they are being made.
struct Work<'a> {
    store: &'a Store,
    report: EnsuredIndexes,
    /// The first that the server refused.
    refusal: Option<IndexRefused>,
}

/// What became of one index.
enum Made {
    Now,
    /// Somebody else was first.
    Found(String),
    Conflict(ConflictingIndex),
    Refused(Box<DriverError>),
}

impl Work<'_> {
    async fn ensure_in(&mut self, collection: IndexedCollection) -> Result<()> {
        let place = |name: &str| collection.place(name);
        let mut found = Vec::new();
        for wanted in &collection.wanted {
            let standing = collection.standing(wanted);
            let made = match standing {
                Standing::Found(name) => Made::Found(name),
                Standing::Conflict(existing) => {
                    Made::Conflict(collection.conflict(wanted, existing))
                }
                Standing::Missing => make(self.store, &collection, wanted).await?,
            };
            match made {
                Made::Now => self.report.made.push(place(&wanted.name)),
                Made::Found(name) => {
                    self.report.found.push(place(&name));
                    found.push(name);
                }
                Made::Conflict(conflict) => self.report.conflicts.push(conflict),
                Made::Refused(error) => self.refuse(&collection, wanted, *error),
            }
        }
        let others = others(&found, &collection.existing);
        self.report
            .others
            .extend(others.iter().map(|name| place(name)));
        Ok(())
    }

    fn refuse(&mut self, collection: &IndexedCollection, wanted: &WantedIndex, error: DriverError) {
        self.report.refused.push(collection.place(&wanted.name));
        self.refusal.get_or_insert_with(|| IndexRefused {
            collection: collection.name().to_owned(),
            name: wanted.name.clone(),
            code: error.code(),
            report: EnsuredIndexes::default(),
            cause: Box::new(error.into()),
        });
    }
}

/// Makes one index.
async fn make(
    store: &Store,
    collection: &IndexedCollection,
    wanted: &WantedIndex,
) -> Result<Made, Error> {
    /// `IndexOptionsConflict` and `IndexKeySpecsConflict`: somebody made another one meanwhile, or
    /// the server tells apart less than monguard does.
    const CONFLICTS: [i32; 2] = [85, 86];
    let Err(error) = collection.handle.create_index(wanted.model()).await else {
        return Ok(Made::Now);
    };
    let (code, _) = code_of(&error);
    let was_answered = matches!(*error.kind, ErrorKind::Command(_) | ErrorKind::Write(_));
    let error = store.driver_failure("ensure_indexes", None, error);
    if !was_answered || error.is_transient() {
        return Err(error.into());
    }
    if !code.is_some_and(|code| CONFLICTS.contains(&code)) {
        return Ok(Made::Refused(Box::new(error)));
    }
    let now = collection.read_again(store).await?;
    Ok(match now.standing(wanted) {
        Standing::Found(name) => Made::Found(name),
        Standing::Conflict(existing) => Made::Conflict(now.conflict(wanted, existing)),
        Standing::Missing => Made::Refused(Box::new(error)),
    })
}

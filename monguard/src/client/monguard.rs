use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mongodb::Database;

use super::{Capabilities, Collection, LogStore, MonguardBuilder, Settings};
use crate::document::Versioned;
use crate::error::{EntryRefused, code_of};
use crate::guard::Copies;
use crate::relay::{Relay, RelayStatus};

/// A database whose writes are version-checked, audited and typed.
///
/// Cheap to clone. Built once, with [`Monguard::builder`].
#[derive(Clone)]
pub struct Monguard {
    shared: Arc<Shared>,
}

/// What all handles of a guard have in common.
pub(crate) struct Shared {
    pub(crate) database: Database,
    pub(crate) settings: Settings,
    pub(crate) capabilities: Capabilities,
    /// Copies carried entries to the log.
    pub(crate) relay: Relay,
    /// Entries on their way from their documents to the relay.
    pub(crate) copies: Arc<Copies>,
    unwritten_entries: AtomicU64,
    /// Whether a write and its entry are sent as one command.
    sends_together: AtomicBool,
    /// Collections whose idempotency index was seen, as (collection, field).
    keyed: Mutex<HashSet<(Arc<str>, String)>>,
}

impl Shared {
    pub(crate) fn new(database: Database, settings: Settings, capabilities: Capabilities) -> Self {
        let log = LogStore::new(&database, &settings, capabilities);
        let relay = Relay::new(log, &settings, capabilities.limits());
        let sends_together = settings.bulk_write && capabilities.has_bulk_write();
        Shared {
            database,
            settings,
            capabilities,
            relay,
            copies: Copies::new(),
            unwritten_entries: AtomicU64::new(0),
            sends_together: AtomicBool::new(sends_together),
            keyed: Mutex::default(),
        }
    }

    pub(crate) fn count_unwritten_entry(&self) {
        self.unwritten_entries.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a write and its entry are sent as one command.
    pub(crate) fn sends_together(&self) -> bool {
        self.sends_together.load(Ordering::Relaxed)
    }

    /// The server does not take a write and its entry as one command.
    pub(crate) fn sends_apart(&self, error: &mongodb::error::Error) {
        // Without its text: that an account may not send a command quotes the command.
        let code = code_of(error).0;
        tracing::debug!(
            code,
            "`bulkWrite` is not taken: a write and its entry are sent apart"
        );
        self.sends_together.store(false, Ordering::Relaxed);
    }

    /// Whether the unique index on `field` was seen to be in place.
    pub(crate) fn has_seen_key_index(&self, collection: &Arc<str>, field: &str) -> bool {
        // A panic elsewhere cannot leave a set half-changed.
        let keyed = self.keyed.lock().unwrap_or_else(PoisonError::into_inner);
        keyed.contains(&(collection.clone(), field.to_owned()))
    }

    pub(crate) fn remember_key_index(&self, collection: Arc<str>, field: String) {
        let mut keyed = self.keyed.lock().unwrap_or_else(PoisonError::into_inner);
        keyed.insert((collection, field));
    }
}

impl Monguard {
    /// Starts to build a guard of this database.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use monguard::{Audit, Monguard};
    ///
    /// let client = mongodb::Client::with_uri_str("mongodb://localhost:27017").await?;
    /// let monguard = Monguard::builder(client.database("shop"))
    ///     .audit(Audit::carried().full()) // default: as deltas
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(database: Database) -> MonguardBuilder {
        MonguardBuilder::new(database)
    }

    pub(crate) fn from_shared(shared: Shared) -> Self {
        Monguard {
            shared: Arc::new(shared),
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The collection of a model. Nothing is sent.
    pub fn collection<T: Versioned>(&self) -> Collection<T> {
        Collection::new(self.shared.clone())
    }

    /// What the server can do, as found when this was built.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.shared.capabilities
    }

    /// How many writes through this guard (and its clones) were made whose audit entry could not
    /// be written, and is missing: with [`Audit::after_write`](crate::Audit::after_write) only.
    #[must_use]
    pub fn unwritten_entries(&self) -> u64 {
        self.shared.unwritten_entries.load(Ordering::Relaxed)
    }

    /// How the relay of this guard (and its clones) stands, which copies carried entries to the
    /// audit log. Nothing is sent.
    ///
    /// ```no_run
    /// # async fn example(monguard: monguard::Monguard) {
    /// let relay = monguard.relay_status();
    /// println!("{} entries wait, {} were refused", relay.waiting(), relay.refused());
    /// if let Some(since) = relay.failing_since() {
    ///     println!("the audit log has taken none since {since}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn relay_status(&self) -> RelayStatus {
        self.shared.relay.status()
    }

    /// The entries that the audit log has refused for good, and not taken since: the newest
    /// 1,000, the newest last. They stay on their documents. Nothing is sent.
    ///
    /// Remove the cause, which is named with each (another unique index of the log, or its
    /// validator), then run `recover`.
    #[must_use]
    pub fn refused_entries(&self) -> Vec<EntryRefused> {
        self.shared.relay.refused_entries()
    }

    /// Waits until the relay has the entries of all writes of many documents that were made.
    pub(crate) async fn entries_are_handed_over(&self) {
        self.shared.copies.done().await;
    }

    pub(crate) fn relay(&self) -> &Relay {
        &self.shared.relay
    }
}

impl fmt::Debug for Monguard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monguard")
            .field("database", &self.shared.database.name())
            .field("settings", &self.shared.settings)
            .field("capabilities", &self.shared.capabilities)
            .finish_non_exhaustive()
    }
}
